"""The cells of a row by what their columns are, and why they make the row bad."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from microblog.client.shown_rows import Column

_SAID = 60  # characters of a cell that a reason repeats


class Bad(Exception):
    """Why a row cannot be brought in: a sentence."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A row's cells by what their columns are."""

    columns: Sequence[Column]
    cells: Sequence[str]

    def of(self, name: str) -> str:
        """Return what stands there: the first that is not empty, but of texts all."""
        filled = [self.cells[at] for at in self._filled(name)]
        return "\n".join(filled if name == "text" else filled[:1])

    def _filled(self, name: str) -> list[int]:
        return [at for at in self._at(name) if at < len(self.cells) and self.cells[at].strip()]

    def _at(self, name: str) -> list[int]:
        return [at for at, column in enumerate(self.columns) if column.field == name]

    def title(self, name: str) -> str:
        """Return what the first column of a field that says something is called."""
        return title_of(self.columns, (self._filled(name) or self._at(name) or [-1])[0])

    def has_column(self, name: str) -> bool:
        """Return whether there is a column for that."""
        return bool(self._at(name))

    def refuse(self, name: str, why: str) -> NoReturn:
        """Say why a cell makes the row bad."""
        said = self.of(name).strip()
        words = f"{said[:_SAID]}…" if len(said) > _SAID else said
        raise Bad(f"{self.title(name)} says “{words}”: {why}.")


def title_of(columns: Sequence[Column], at: int) -> str:
    """Return how a sentence names a column: by its title, or by its letter."""
    if 0 <= at < len(columns) and columns[at].title:
        return f"“{columns[at].title}”"
    letters, left = "", at + 1
    while left > 0:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return f"Column {letters}"


def fold_name(name: str) -> str:
    """Return a name as names are compared."""
    return re.sub("[ \t\r\n\u00a0]+", " ", name).strip().lower()
