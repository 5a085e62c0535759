"""A list of children and households, read out of a spreadsheet: pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from microblog.client.cells import Bad, Cells, fold_name
from microblog.client.dating import read_date
from microblog.client.guessing import guess_child_columns, heading_of, is_empty_row
from microblog.client.shown_rows import BadRow, Column, Table
from microblog.client.when import add_days
from microblog.protocol.about import MAX_KNOWN_AS, MAX_NAME

_NAMES = ("name", "first", "last")
_A_YEAR = 366  # days: nobody is due later
_DUE = re.compile("^(due|edd)[: ]*", re.IGNORECASE)
_HOUSEHOLDS = ("household", "family")
_CHILDREN = ("", "child", "unborn child", "baby")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A child or household on a list; `household` is the name of where it lives.

    `birth` is (born, due or unknown; date).
    """

    row: int
    name: str
    sort: str
    known_as: tuple[str, ...]
    birth: tuple[str, str]
    school: str
    household: str


@dataclass(frozen=True, slots=True)
class List:
    """A list read: every row of it but the empty ones is good or bad."""

    columns: tuple[Column, ...]
    good: tuple[Listed, ...] = ()
    bad: tuple[BadRow, ...] = ()
    needs: tuple[str, ...] = ()


def read_list(table: Table, columns: Sequence[Column] | None, day: str) -> List:
    """Read a list by its columns, or, without them, by guesses; `day` is today."""
    named = tuple(columns if columns is not None else guess_child_columns(table))
    if not any(column.field in _NAMES for column in named):
        return List(named, needs=("name",))
    good: dict[tuple[str, str, str], Listed] = {}
    bad = []
    first = heading_of(table) + 1
    for row, cells in enumerate(table[first:], first + 1):
        if is_empty_row(cells):
            continue
        try:
            listed = _listed(row, Cells(named, cells), day)
            before = good.setdefault(key_of(listed.sort, listed.name, listed.birth[1]), listed)
            if before is not listed:
                raise Bad(f"Row {before.row} has the same name and birth date.")
        except Bad as error:
            bad.append(BadRow(row=row, cells=tuple(cells), reason=str(error)))
    return List(named, tuple(good.values()), tuple(bad))


def key_of(sort: str, name: str, birth: str) -> tuple[str, str, str]:
    """Return by what two are the same: a child by name and birth date, a household by name."""
    return sort, fold_name(name), birth if sort == "child" else ""


def _listed(row: int, cells: Cells, day: str) -> Listed:
    name = _plain(cells.of("name")) or _plain(f"{cells.of('first')} {cells.of('last')}")
    named = next(one for one in _NAMES if cells.has_column(one))
    if not name:
        raise Bad(f"{cells.title(named)} is empty: whom is this row about?")
    others = (_plain(other) for other in re.split("[;,]", cells.of("known-as")))
    known_as = tuple(other for other in others if other)
    if len(known_as) > MAX_KNOWN_AS:
        cells.refuse("known-as", f"there is room for {MAX_KNOWN_AS} names")
    school, household = _plain(cells.of("school")), _plain(cells.of("household"))
    texts = (
        (named, (name,)), ("known-as", known_as), ("school", (school,)),
        ("household", (household,)),
    )  # fmt: skip
    for field, said in texts:
        if any(len(text) > MAX_NAME for text in said):
            cells.refuse(field, f"that is longer than {MAX_NAME} characters")
    sort = _sort(cells)
    return Listed(
        row=row,
        name=name,
        sort=sort,
        known_as=known_as,
        birth=_birth(cells, day),
        school=school,
        household=household if sort == "child" else "",
    )


def _sort(cells: Cells) -> str:
    word = fold_name(cells.of("sort"))
    if word in _HOUSEHOLDS:
        return "household"
    if word not in _CHILDREN:
        cells.refuse("sort", "it can be child or household")
    return "child"


def _birth(cells: Cells, day: str) -> tuple[str, str]:
    said = _plain(cells.of("birth"))
    found = read_date(_DUE.sub("", said), add_days(day, _A_YEAR))
    if found.wrong:
        cells.refuse("birth", found.wrong)
    date = found.at[: len(day)]
    if not date:
        return "unknown", ""
    return ("due" if _DUE.search(said) or date > day[: len(date)] else "born"), date


def _plain(text: str) -> str:
    return re.sub("[ \t\r\n\u00a0]+", " ", text).strip()
