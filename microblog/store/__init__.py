"""What is kept, and how: tables, the one writer, and the questions that are asked of them."""
