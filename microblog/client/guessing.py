"""What the columns of a spreadsheet are, guessed from titles: our own, and those others use."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from microblog.client.columns import COLUMNS
from microblog.client.shown_rows import Column, Table

_Titles: TypeAlias = Sequence[tuple[str, str]]

# As they are compared: in small letters, without signs. The first that fits is taken, and each
# field once.
_ROWS: _Titles = (
    ("date", "date|date of contact|contact date|date of event|event date|date of incident"),
    ("date", "incident date|date of visit|visit date|date of note|note date|case note date"),
    ("date", "date of call|activity date|date of activity|start date|date and time|date time"),
    ("date", "date occurred|occurred|when|happened|when it happened|day"),
    ("time", "time|time of contact|contact time|time of event|event time|time of visit"),
    ("time", "visit time|start time"),
    ("text", "text|note|notes|case note|case notes|detail|details|description|narrative|summary"),
    ("text", "content|what happened|comment|comments|observation|observations|concern|concerns"),
    ("text", "account|information|entry|log entry|record|body"),
    ("kind", "kind|type|contact type|type of contact|event type|type of event|note type"),
    ("kind", "case note type|entry type|category|activity|activity type|method"),
    ("kind", "method of contact|contact method"),
    ("source", "source|source of information|information from|told by|reported by|informant"),
    ("source", "referrer"),
    ("who", "who|worker|author|recorded by|written by|entered by|created by|completed by|staff"),
    ("who", "staff member|practitioner|professional|social worker|worker name|name of worker"),
    ("who", "staff name|author name|by"),
    ("job", "job|job title|role|position|profession|designation"),
    ("agency", "agency|team|agency team|organisation|organization|service|department|employer"),
    ("agency", "setting"),
    ("reason", "reason|rationale|reason for decision"),
    ("review", "review date|review|date of review|next review"),
    ("outcome", "outcome|outcome of visit|visit outcome"),
    ("sure", "how sure|certainty"),
    ("scale", "scale|scaling|scaling question|safety scale"),
    ("posted", "posted|date recorded|recorded|recorded on|date entered|entered on|created"),
    ("posted", "created on|date created|date added|entry date|date of entry"),
    ("remarks", "remarks|remark"),
)
_CHILDREN: _Titles = (
    ("name", "name|child|childs name|child name|name of child|full name|pupil|pupil name"),
    ("name", "household name"),
    ("first", "first name|forename|first names|forenames|given name|given names|christian name"),
    ("last", "last name|surname|family name"),
    ("known-as", "known as|also known as|aka|preferred name|other name|other names|alias"),
    ("known-as", "nickname"),
    ("birth", "date of birth|dob|d o b|birth date|birth|born|birthday|due date|born or due"),
    ("birth", "date due|edd"),
    ("school", "school|nursery|school or nursery|nursery or school|current school"),
    ("school", "education setting|setting"),
    ("household", "household|lives in|lives with|household of|family"),
    ("sort", "sort|child or household|type"),
)


def heading_of(table: Table) -> int:
    """Return where in a table its titles are: the first row that is not empty; below 0: none."""
    found = (at for at, cells in enumerate(table) if not is_empty_row(cells))
    return next(found, -1)


def is_empty_row(cells: Sequence[str]) -> bool:
    """Return whether nothing is in a row."""
    return not any(cell.strip() for cell in cells)


def guess_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table of posts."""
    return _guess(table, {_plain(one.title): one.field for one in COLUMNS}, _ROWS)


def guess_child_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns of a list of children and households."""
    return _guess(table, {}, _CHILDREN)


def _guess(table: Table, own: Mapping[str, str], known: _Titles) -> tuple[Column, ...]:
    titles = _titles(table)
    fields = [""] * len(titles)
    free: list[int] = []
    taken: set[str] = set()
    for at, title in enumerate(titles):
        field = own.get(_plain(title))
        if field is None:
            free.append(at)
        elif field and field not in taken:
            fields[at] = field
            taken.add(field)
    for field, words in known:
        for word in words.split("|"):
            found = next((at for at in free if _plain(titles[at]) == word), -1)
            if found < 0 or field in taken:
                continue
            fields[found] = field
            taken.add(field)
            free.remove(found)
    pairs = zip(titles, fields, strict=True)
    return tuple(Column(title=title, field=field) for title, field in pairs)


def _titles(table: Table) -> list[str]:
    """Return titles for as many columns as the widest row has cells."""
    heading = heading_of(table)
    if heading < 0:
        return []
    width = max(map(_length, table))
    cells = [*table[heading], *[""] * width]
    return [cell.strip() for cell in cells[:width]]


def _length(cells: Sequence[str]) -> int:
    return max((at + 1 for at, cell in enumerate(cells) if cell.strip()), default=0)


def _plain(title: str) -> str:
    text = re.sub("['\u2019]", "", title.lower())
    return re.sub(r"[^a-z0-9]+", " ", text).strip()
