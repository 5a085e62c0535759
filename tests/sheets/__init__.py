"""Spreadsheets, in both languages."""
