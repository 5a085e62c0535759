"""What someone may want to black out of a chronology before it leaves: proposed, never decided."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from microblog.client.columns import COLUMNS
from microblog.client.session import Session
from microblog.client.shown_rows import Chronology, ChronologyRow, Proposed
from microblog.client.telltales import (
    HOUSE_IN_STREET,
    MAILBOX,
    PHONE,
    POSTCODE,
    TITLED,
    either_of,
)
from microblog.protocol.base64url import encode_base64url

# Its length is always the same, so that nothing is told of what stood there.
BLACK = "█████"
BLACK_ROW = "[blacked out]"

# Where people write freely. The writers and their agencies stand in columns of their own.
_FREE = ("text", "source", "reason", "remarks")

_Search: TypeAlias = tuple[str, re.Pattern[str]]

_SEARCHES: tuple[_Search, ...] = (
    ("phone", PHONE),
    ("address", HOUSE_IN_STREET),
    ("address", POSTCODE),
    ("address", MAILBOX),
    ("name", TITLED),
)


@dataclass(frozen=True, slots=True)
class Names:
    """People's and households' names to black out; `own`: whom the chronology is about."""

    people: tuple[str, ...]
    households: tuple[str, ...]
    own: tuple[str, ...]


def propose_blacking(rows: Sequence[ChronologyRow], names: Names) -> tuple[Proposed, ...]:
    """Return what a person may want to black out of some rows, in the order it stands there."""
    searches = (*_SEARCHES, *_searches_for(names))
    columns = [at for at, one in enumerate(COLUMNS) if one.field in _FREE]
    return tuple(
        Proposed(row=at, column=column, start=start, end=end, why=why)
        for at, row in enumerate(rows)
        for column in columns
        for start, end, why in _spans(row.cells[column], searches)
    )


def names_held(session: Session, logs: Sequence[str]) -> Names:
    """Return the names that I hold: who works here, children, households and their people."""
    people = [known.name for known in session.directory.persons.values()]
    households, own = list[str](), list[str]()
    for feed in session.feeds.values():
        about = feed.about()
        if about is None:
            continue
        is_own = about.sort == "child" and encode_base64url(feed.log) in logs
        whose = own if is_own else people if about.sort == "child" else households
        whose += (about.name, *about.known_as)
        people += (name for name, _ in about.people)
    return Names(tuple(people), tuple(households), tuple(own))


def black_out(
    found: Chronology, spans: Mapping[tuple[int, int], Sequence[tuple[int, int]]], rows: set[int]
) -> Chronology:
    """Return a chronology without what was marked.

    Args:
        found: it.
        spans: by row and column, from where to where words are black.
        rows: those that are black wholly; each keeps its number, and that it is there.
    """
    blacked = []
    for at, row in enumerate(found.rows):
        cells = [black_cell(cell, spans.get((at, n), ())) for n, cell in enumerate(row.cells)]
        if at in rows:
            kept = {"number": row.cells[0], "text": BLACK_ROW}
            cells = [kept.get(one.field, "") for one in COLUMNS]
        blacked.append(replace(row, cells=tuple(cells)))
    return replace(found, rows=tuple(blacked))


def black_cell(cell: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a cell as it will stand."""
    shown, done = "", 0
    for start, end in sorted(spans):
        # One that begins in the one before it goes on with it.
        shown += cell[done:start] + BLACK if start >= done else ""
        done = max(done, end)
    return shown + cell[done:]


def _searches_for(names: Names) -> list[_Search]:
    """Whole names however they are spelt, and each capitalised word of a person's as it is."""
    kept = {word for name in names.own for word in (name, *_words(name))}
    whole = [name for name in (*names.people, *names.households) if " " in name]
    words = [word for name in names.people for word in _words(name)]
    return [
        *_search_for([name for name in whole if name not in kept], re.IGNORECASE),
        *_search_for([word for word in words if word not in kept], re.NOFLAG),
    ]


def _search_for(words: Sequence[str], flags: re.RegexFlag) -> list[_Search]:
    found = either_of(words, flags)
    return [] if found is None else [("name", found)]


def _words(name: str) -> list[str]:
    return [word for word in re.split("[ ,]+", name) if len(word) > 2 and word[0].isupper()]


def _spans(text: str, searches: Sequence[_Search]) -> list[tuple[int, int, str]]:
    """Return them in the order in which they stand; two that overlap are one."""
    found = [(m.start(), m.end(), why) for why, pattern in searches for m in pattern.finditer(text)]
    spans: list[tuple[int, int, str]] = []
    for start, end, why in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end, why))
        else:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end), spans[-1][2])
    return spans
