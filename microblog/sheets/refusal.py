"""Why a file is not read as a table."""

from typing import Final

MAX_FILE_BYTES: Final = 20 * 2**20
MAX_UNPACKED_BYTES: Final = 200 * 2**20
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 60
MAX_CELL_UNITS: Final = 32_767
"""In UTF-16, as spreadsheets count."""

WORDS: Final = {
    "empty": "there is nothing in it",
    "too-big": "it is larger than 20 MiB",
    "too-big-inside": "unpacked it would be larger than 200 MiB",
    "too-many-rows": "it has more than 20,000 rows",
    "too-many-columns": "it has more than 60 columns",
    "cell-too-long": "a cell has more than 32,767 characters",
    "locked": "it has a password, or is of an Excel before 2007",
    "not-a-table": "it is neither CSV nor XLSX",
    "damaged": "it is damaged, or ends too early",
    "open-quote": 'a cell begins with " and does not end with one',
}


class NotATable(Exception):
    """The file cannot be read as a table: a reason of `WORDS`, and, where there is one, the row.

    Nothing of the file is in the message.
    """

    def __init__(self, reason: str, row: int = 0) -> None:
        super().__init__(WORDS[reason] + (f" (row {row})" if row else ""))
        self.reason = reason
        self.row = row


def check_place(row: int, column: int, text: str) -> None:
    """Raise unless a cell stands within the limits; row and column from 0."""
    if row >= MAX_ROWS:
        raise NotATable("too-many-rows")
    if column >= MAX_COLUMNS:
        raise NotATable("too-many-columns", row + 1)
    if utf16_units(text) > MAX_CELL_UNITS:
        raise NotATable("cell-too-long", row + 1)


def utf16_units(text: str) -> int:
    """Return how long a text is in UTF-16."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)
