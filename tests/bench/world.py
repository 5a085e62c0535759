"""The invented country that is measured: people who read, people who write, and everyone's posts.

Every entry is real: signed, sealed, verified where the server would have. The same numbers give
the same streams; only the times are new.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microblog.protocol.directory import Directory
from microblog.protocol.log import Head
from microblog.protocol.stream import Stream
from microblog.service.stored import body_row, entry_row
from microblog.service.streams import follow, head_row
from tests.bench.pen import Pen, View
from tests.practice import Child, Practice
from tests.vectors.practice import Staff, fresh, staff

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from microblog.protocol.entry import Entry
    from tests.bench.pen import Written

#: How many streams someone follows, and how many posts there are to catch up with.
FOLLOWED = 36
NEW_POSTS = 50
EACH = 50
READERS = 16
QUIET_POSTS = 3
SENDERS = 32
AT_ONCE = 200
TEXT = "Invented. Quieter than last week, and thinner; wore the same coat on Monday and today."
TABLES = ("entry", "body", "box", "follower", "log_head")
CROWD, QUIET, SHARED = "Crowd", "Quiet reader", "Shared stream"


@dataclass(frozen=True, slots=True)
class Plan:
    """A stream: who writes it, who else is on its list, and how many posts it has."""

    name: str
    author: str
    others: tuple[str, ...]
    posts: int

    @property
    def log(self) -> bytes:
        return fresh(self.name, 16)


@dataclass
class World:
    """So many posts, by one author for the most part; readers follow 36 streams each."""

    posts: int
    now: int
    each: int = EACH
    practice: Practice = field(init=False)

    def __post_init__(self) -> None:
        self.practice = Practice(self.now)
        for name in (CROWD, QUIET, *self.readers, *self.senders):
            self.practice.admit(name)

    @property
    def readers(self) -> list[str]:
        count = min(READERS, max(1, self.posts // self.each // FOLLOWED))
        return [f"Reader {number}" for number in range(count)]

    @property
    def senders(self) -> list[str]:
        return [f"Sender {number}" for number in range(SENDERS)]

    @cached_property
    def plans(self) -> list[Plan]:
        """All streams, in the order of their ids: so they are written from front to back."""
        plans = [self._filled(number) for number in range(max(FOLLOWED, self.posts // self.each))]
        plans += [
            Plan(f"quiet {number}", CROWD, (QUIET,), QUIET_POSTS) for number in range(FOLLOWED)
        ]
        plans += [Plan(f"of {name}", name, (), 0) for name in self.senders]
        plans.append(Plan(SHARED, self.senders[0], tuple(self.senders[1:]), 0))
        return sorted(plans, key=lambda plan: plan.log)

    def _filled(self, number: int) -> Plan:
        reader = number // FOLLOWED
        others = (self.readers[reader],) if reader < len(self.readers) else ()
        return Plan(f"stream {number}", CROWD, others, self.each)

    def followed(self, reader: str) -> list[Plan]:
        return [plan for plan in self.plans if reader in plan.others]

    @cached_property
    def directory(self) -> Directory:
        """The directory, verified."""
        directory, error = Directory().extend(self.practice.directory.entries)
        assert error is None, error
        return directory

    def rows(self) -> Iterator[dict[str, list[dict[str, Any]]]]:
        """Yield all streams as rows by table, some hundred streams at a time."""
        # Its processes have it from here: they are forked.
        _FILLING[:] = [self]
        assert self.directory
        some = [self.plans[at : at + AT_ONCE] for at in range(0, len(self.plans), AT_ONCE)]
        if len(some) == 1:
            yield _rows_of(some[0])
            return
        with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
            yield from pool.imap(_rows_of, some)

    def begin(self, plan: Plan) -> tuple[Child, Stream]:
        """Return a stream with its team, and what the server knows of it."""
        author = staff(plan.author)
        child = Child(plan.name, self.practice.directory, self.now)
        child.found(author)
        child.about(author, "Sample")
        for other in plan.others:
            child.grant(author, staff(other))
        stream = Stream(child.log)
        for entry in child.entries:
            stream = stream.apply(entry, self.directory)
        return child, stream

    def pen(self, child: Child, head: Head, author: Staff) -> Pen:
        newest = self.practice.directory.entries[-1]
        view = View(newest.header.seq, newest.id)
        return Pen(author, child.log, child.secrets[0], view, head)


_FILLING: list[World] = []


def _rows_of(plans: Sequence[Plan]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for plan in plans:
        _add_stream(_FILLING[0], plan, rows)
    return rows


def _add_stream(world: World, plan: Plan, rows: dict[str, list[dict[str, Any]]]) -> None:
    child, stream = world.begin(plan)
    _add_team(world, child, rows)
    assert stream.head is not None
    author = staff(plan.author)
    pen = world.pen(child, stream.head, author)
    for number in range(plan.posts):
        written = pen.write(f"{TEXT} {number}", world.now)
        rows["entry"].append(entry_of(child.log, author, written))
        rows["body"].append(body_of(child.log, written))
    rows["log_head"].append(head_row(stream, pen.head)._asdict())


def _add_team(world: World, child: Child, rows: dict[str, list[dict[str, Any]]]) -> None:
    before, known = Stream(child.log), {}
    for entry in child.entries:
        rows["entry"].append({**entry_row(entry)._asdict(), "withdrawn": 0})
        rows["body"].append(body_row(entry)._asdict())
        after = before.apply(entry, world.directory)
        known |= {row.person: row for row in follow(known, before, after, entry.header.seq)}
        rows["box"] += boxes_of(entry)
        before = after
    rows["follower"] += [row._asdict() for row in known.values()]


def boxes_of(entry: Entry) -> list[dict[str, Any]]:
    place = {"log": entry.header.log, "epoch": entry.header.epoch}
    return [{**place, "person": person, "box": box} for person, box in entry.boxes]


def entry_of(log: bytes, author: Staff, written: Written) -> dict[str, Any]:
    return {
        "log": log, "seq": written.seq, "id": written.id, "kind": "post", "author": author.id,
        "time": written.time, "nudge": 0, "withdrawn": 0, "header": written.header,
        "signature": written.signature,
    }  # fmt: skip


def body_of(log: bytes, written: Written) -> dict[str, Any]:
    return {"log": log, "seq": written.seq, "body": written.body, "salt": written.salt}
