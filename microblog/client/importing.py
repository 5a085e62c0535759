"""A spreadsheet's rows as posts, before anything is sent (PROTOCOL.md 7.6): pure.

Every row but the empty ones becomes a post, or is bad for a reason that names the column: none is
lost. A word that a column of ours does not know, such as "Telephone call" for a kind, stays as a
line of the text.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from microblog.client.cells import Bad, Cells, fold_name
from microblog.client.columns import (
    HOWS,
    KINDS,
    OUTCOMES,
    SIDES,
    SURES,
    join_original,
    join_remarks,
)
from microblog.client.cutting import cut_post
from microblog.client.dating import read_clock, read_date
from microblog.client.guessing import guess_columns, heading_of, is_empty_row
from microblog.client.shown_rows import BadRow, Column, Table
from microblog.client.when import add_days, today
from microblog.protocol.encoding import Value, encode
from microblog.protocol.post import SCALES, Post
from microblog.protocol.primitives import hash_labelled

_WORDS = (
    ("kind", KINDS), ("sure", SURES), ("side", SIDES), ("outcome", OUTCOMES), ("how", HOWS),
)  # fmt: skip
_ABOUT = "About"
_OWN_TITLES = ("Standing", "Brought in by", "Id")
_ANY_DAY = "9999-12-31"
_DAY = len("2026-01-01")
_MAX_REFERS = 2


@dataclass(slots=True, eq=False)
class Row:
    """A row that can be brought in: what it is recognised by, its posts, and what it answers.

    `row` is as a spreadsheet counts them, from 1; `id` that of the post that our own export made it
    of, empty if there is none.
    """

    row: int
    hash: bytes
    whole: Post
    parts: Sequence[Post]
    id: str
    answers: list["Row"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rows:
    """A spreadsheet read: every row of it but the empty ones is good or bad.

    A row comes after those that it answers.
    """

    columns: tuple[Column, ...]
    good: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a spreadsheet comes, where its rows do not say, and when it is brought in.

    `name` is that of the child or household that it is brought in about.
    """

    source: str
    now: int
    name: str


def read_rows(table: Table, columns: Sequence[Column] | None, origin: Origin) -> Rows:
    """Read a spreadsheet by its columns, or, without them, by those that its titles suggest."""
    named = tuple(columns if columns is not None else guess_columns(table))
    if not any(column.field in ("text", "how") for column in named):
        return Rows(named, (), (), ("text",))
    others = _others(table, named)
    reading = _Reading(named, origin, add_days(today(origin.now), 1), others)
    heading = heading_of(table)
    for at, cells in enumerate(table):
        if at > heading and not is_empty_row(cells):
            reading.take(at + 1, cells)
    return Rows(named, tuple(reading.in_order()), tuple(reading.bad), ())


def _others(table: Table, columns: Sequence[Column]) -> int | None:
    """Return where a chronology of several, such as siblings, says whom a row is about."""
    titles = [column.title for column in columns]
    if not {_ABOUT, *_OWN_TITLES} <= set(titles):
        return None
    at = titles.index(_ABOUT)
    rows = table[heading_of(table) + 1 :]
    named = {fold_name(cells[at]) for cells in rows if at < len(cells)} - {""}
    return at if len(named) > 1 else None


def count_rows(table: Table) -> int:
    """Return how many rows of a table name no columns and are not empty."""
    return max(0, sum(not is_empty_row(cells) for cells in table) - 1)


@dataclass(slots=True)
class _Reading:
    columns: Sequence[Column]
    origin: Origin
    latest: str
    others: int | None
    good: list[Row] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    numbers: dict[str, Row] = field(default_factory=dict)
    answered: list[tuple[Row, str]] = field(default_factory=list)

    def take(self, row: int, cells: Sequence[str]) -> None:
        found = Cells(self.columns, cells)
        try:
            self._check_about(cells)
            post, posted = _post(found, self.latest), _posted(found)
        except Bad as bad:
            self.bad.append(BadRow(row=row, cells=tuple(cells), reason=str(bad)))
            return
        hashed = self._hash(post, posted)
        whole = _finish(post, hashed, posted, self.origin)
        good = Row(row, hashed, whole, cut_post(whole), found.of("id").strip())
        self.good.append(good)
        self.numbers[found.of("number").strip()] = good
        self.answered.append((good, found.of("answers")))

    def _check_about(self, cells: Sequence[str]) -> None:
        if self.others is None:
            return
        about, name = (*cells, *[""] * self.others)[self.others], self.origin.name
        if fold_name(about) != fold_name(name):
            raise Bad(
                f"“{_ABOUT}” says “{about.strip()}”: rows of several are in this file, and here"
                f" only those about “{name}” are brought in."
            )

    def _hash(self, post: Post, posted: str) -> bytes:
        """Hash what a row says; equal ones are told apart by how many came before."""
        said = (
            post.happened, post.kind, post.sure, post.scale, post.side, post.outcome, post.text,
            post.source, post.original, post.reason, post.review, post.how,
            posted,
        )  # fmt: skip
        before = self.seen.get(said, 0)
        self.seen[said] = before + 1
        items: list[Value] = [*said, before]
        return hash_labelled("msb/1/row", encode(items))

    def in_order(self) -> list[Row]:
        for row, numbers in self.answered:
            for number in numbers.split(",")[:_MAX_REFERS]:
                answered = self.numbers.get(number.strip()) if number.strip() else None
                # How it answers is said of the first: another must not take that place.
                if answered is None or answered is row:
                    break
                row.answers.append(answered)
        return _sort_by_answers(self.good)


def _post(cells: Cells, latest: str) -> Post:
    found: dict[str, str] = {}
    lines = [text for text in [cells.of("text")] if text]
    for name, labels in _WORDS:
        said = cells.of(name).strip()
        found[name] = _code(said, labels)
        if said and not found[name]:
            lines.append(f"{re.sub('^“|”$', '', cells.title(name))}: {said}")
    text = join_remarks("\n".join(lines), cells.of("remarks"))
    if not text and not found["how"]:
        raise Bad(f"{cells.title('text')} is empty: there is nothing to bring in.")
    scale = re.sub(r"(?: ?/ ?10| of 10|\.0+)$", "", cells.of("scale").strip())
    if scale and scale not in SCALES:
        cells.refuse("scale", "the scale goes from 0 to 10")
    post = Post(
        text=text,
        kind=found["kind"] or "records",
        sure=found["sure"],
        side=found["side"],
        outcome=found["outcome"],
        how=found["how"],
        scale=scale,
        happened=_happened(cells, latest),
        source=cells.of("source"),
        original=join_original(cells.of("who"), cells.of("job"), cells.of("agency")),
        reason=cells.of("reason"),
        review=_review(cells),
    )
    for name in ("text", "source", "original", "reason"):
        if any("\ud800" <= letter <= "\udfff" for letter in getattr(post, name)):
            title = cells.title("who" if name == "original" else name)
            raise Bad(f"{title} has half a character in it, which cannot be kept.")
    return post


def _code(said: str, labels: Mapping[str, str]) -> str:
    word = said.lower().replace("\u2019", "'")
    found = (code for code, label in labels.items() if word in (code, label.lower()))
    return next(found, "")


def _happened(cells: Cells, latest: str) -> str:
    date = read_date(cells.of("date"), latest)
    if date.wrong:
        cells.refuse("date", date.wrong)
    if not cells.of("time").strip():
        return date.at
    time = read_clock(cells.of("time"))
    if not time:
        cells.refuse("time", "that is not a time that can be read")
    if len(date.at) < _DAY:
        cells.refuse("time", f"{cells.title('date')} does not say on which day")
    # A spreadsheet's day is often midnight.
    if date.at[_DAY + 1 :] not in ("", "00:00", time):
        cells.refuse("time", f"{cells.title('date')} says another time")
    return f"{date.at[:_DAY]}T{time}"


def _review(cells: Cells) -> str:
    date = read_date(cells.of("review"), _ANY_DAY)
    if date.wrong:
        cells.refuse("review", date.wrong)
    if date.at and len(date.at) < _DAY:
        cells.refuse("review", "that is not a whole date")
    return date.at[:_DAY]


def _posted(cells: Cells) -> str:
    date = read_date(cells.of("posted"), _ANY_DAY)
    if date.wrong:
        cells.refuse("posted", date.wrong)
    return date.at


def _finish(post: Post, hashed: bytes, posted: str, origin: Origin) -> Post:
    """Return it with what does not tell rows apart: where the file is from, and when written."""
    return replace(
        post,
        text=unicodedata.normalize("NFC", post.text),
        source=unicodedata.normalize("NFC", post.source or origin.source),
        original=unicodedata.normalize("NFC", post.original),
        reason=unicodedata.normalize("NFC", post.reason),
        written=origin.now if len(posted) < _DAY else _moment(posted),
        row=hashed,
    )


def _moment(at: str) -> int:
    """Return a time by this machine's own clock."""
    return max(0, int(datetime.fromisoformat(at).timestamp() * 1000))


def _sort_by_answers(rows: Sequence[Row]) -> list[Row]:
    """Return each after those that it answers; where rows answer each other, one goes first."""
    begun: set[Row] = set()
    ordered: dict[Row, None] = {}
    for row in rows:
        waiting = [row]
        while waiting:
            top = waiting[-1]
            begun.add(top)
            before = [one for one in top.answers if one not in begun]
            if before:
                waiting += before
                continue
            ordered[top] = None
            waiting.pop()
    return list(ordered)
