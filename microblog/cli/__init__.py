"""The words to the person in a terminal."""
