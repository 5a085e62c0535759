"""Spreadsheets as they come in and go out: a stranger's bytes to rows of cells, and back."""
