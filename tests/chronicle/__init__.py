"""Chronologies: made alike by both clients, and lossless on the way out, in and out again."""
