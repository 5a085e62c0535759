"""Spreadsheets, as they come in and go out.

A table is rows of cells; a real date in a cell stands as YYYY-MM-DD or YYYY-MM-DDTHH:MM.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Table: TypeAlias = Sequence[Sequence[str]]

#: What a column of a spreadsheet can be.
FIELDS = (
    "date", "time", "text", "kind", "sure", "scale", "side", "outcome", "source", "who", "job",
    "agency", "reason", "review", "posted", "number", "answers", "how", "remarks", "id",
)  # fmt: skip
#: The same of a list of children and households.
CHILD_FIELDS = ("name", "first", "last", "known-as", "birth", "school", "household", "sort")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as its first row calls it, and what it is; an empty field is not brought in."""

    title: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """What would become of a row; `row` as a spreadsheet counts them, from 1.

    `at` as in When; empty: not sure when. `parts`: 1 if it fits one post.
    """

    row: int
    at: str
    kind: str
    text: str
    source: str
    original: str
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be brought in; `reason` is a sentence that names the column."""

    row: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What would become of a spreadsheet.

    `rows` are all but the first, which names the columns, and empty ones: those that are `good`,
    those that are here already (`known`), and `bad` ones. `posts`: how many the good ones become.
    `undated`: good ones without a date. `sample`: the first few good ones. `needs`: without these
    fields nothing can be brought in.
    """

    columns: tuple[Column, ...]
    rows: int
    good: int
    posts: int
    known: int
    bad: tuple[BadRow, ...]
    undated: int
    sample: tuple[PlannedRow, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReader:
    """Someone on the team who was not on the screen."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How many rows were brought in now, were here already, and are left.

    Those left were cancelled or cut off: they can be brought in by asking again. It stopped at
    `newcomers`; `unvouched` as in Sent.
    """

    rows: int
    known: int
    left: int
    newcomers: tuple[NewReader, ...] = ()
    unvouched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChild:
    """A child or household on a list; `household` is the name of where it lives."""

    row: int
    name: str
    birth: str
    sort: str
    household: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChild:
    """One on a list whom I follow already: of that name and birth date, or household."""

    row: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenPlan:
    """What would become of a list of children and households."""

    columns: tuple[Column, ...]
    rows: int
    good: tuple[ListedChild, ...]
    known: tuple[KnownChild, ...]
    bad: tuple[BadRow, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronologyColumn:
    """A column of a chronology; `sort` is text, date, moment or number.

    A date is YYYY, YYYY-MM or YYYY-MM-DD; a moment may have the time as well.
    """

    title: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronologyRow:
    """A post as a row, its cells in the order of the columns."""

    log: str
    seq: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """Every post as a row, in order of when it happened; those not sure when come last."""

    columns: tuple[ChronologyColumn, ...]
    rows: tuple[ChronologyRow, ...]
    title: str
    unchecked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What a person may want to black out of a row: proposed, never decided.

    `row` is its place in the chronology; `why` is phone, address or name.
    """

    row: int
    column: int
    start: int
    end: int
    why: str
