"""Old notes as a council's own system gives them out: thousands of rows, some of which are wrong.

Everyone and everything in them is invented, and the same random numbers give the same rows.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from random import Random

TITLES = ("Date of contact", "Worker", "Job title", "Team", "Contact type", "Case note")
WORKERS = (("Odile Samphire", "social worker", "Northam Council"), ("B. Tarn", "nurse", "Northam"),
           ("Zed Iveson", "teacher", "Bridge School"), ("", "", "Out of hours"))  # fmt: skip
WORDS = ["kettle", "orchard", "tidy", "quiet", "gate", "wellies", "laughing", "register", "bus",
         "blue", "slow", "morning", "reading", "came", "left", "rang", "mother"]  # fmt: skip
#: What is wrong with a row, and a word that the reason has to have.
WRONG = {
    "31/02/2024": "has no day 31", "05/31/2024": "day first", "next Tuesday": "not a date",
    "31/12/2899": "still to come", "": "is empty",
}  # fmt: skip
FIRST, LAST = date(2019, 9, 2), date(2025, 7, 18)


@dataclass(frozen=True, slots=True)
class Notes:
    """Rows under their titles, and which rows (as a spreadsheet counts them) are wrong, and how."""

    rows: list[list[str | date]]
    wrong: dict[int, str]

    @property
    def table(self) -> list[list[str]]:
        """Return the rows as they are read from a file."""
        return [list(TITLES), *([str(cell) for cell in row] for row in self.rows)]

    def xlsx(self) -> bytes:
        """Return them as a workbook: some days are real days, others as somebody typed them."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Case notes")
        sheet.append(TITLES)
        for row in self.rows:
            sheet.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()


def notes(random: Random, rows: int, wrong: int) -> Notes:
    """Return so many rows, so many of which are wrong."""
    bad = dict(zip(sorted(random.sample(range(rows), wrong)), _in_turn(wrong), strict=True))
    return Notes(
        [_row(random, at, bad.get(at)) for at in range(rows)],
        {at + 2: WRONG[said] for at, said in bad.items()},
    )


def _in_turn(count: int) -> list[str]:
    return [list(WRONG)[at % len(WRONG)] for at in range(count)]


def _row(random: Random, at: int, wrong: str | None) -> list[str | date]:
    day = FIRST + timedelta(days=random.randint(0, (LAST - FIRST).days))
    written = random.choice((day, day.strftime("%d/%m/%Y"), day.strftime("%d %B %Y"), day))
    # Now and then a note is far longer than a post.
    words = random.choices(WORDS, k=random.choice((6, 12, 20, 20, 30, 30, 90)))
    said = f"Note {at + 1}: {' '.join(words)}."
    sort = random.choice(("Visit", "Phone", "Email", ""))
    if wrong is not None:
        written, sort, said = (wrong, sort, said) if wrong else (written, "", "")
    return [written, *random.choice(WORKERS), sort, said]
