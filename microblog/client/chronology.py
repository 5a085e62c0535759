"""What was posted about one or several, a row each, in order of when it happened.

There are never fewer rows out than posts in.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from microblog.client.columns import (
    COLUMNS,
    HOWS,
    KINDS,
    OUTCOMES,
    SIDES,
    STANDINGS,
    STATES,
    SURES,
    WITHDRAWN,
    lasting_remarks,
    split_original,
    split_remarks,
    was_taken_back,
)
from microblog.client.shown import Person, Post
from microblog.client.shown_picture import When
from microblog.client.shown_rows import Chronology, ChronologyColumn, ChronologyRow
from microblog.client.when import compare_when, local_time, when_of

DAY = len("2026-01-01")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
NOT_HERE = "a post that is not in this chronology"


@dataclass(slots=True)
class _Line:
    """A whole post, and its number in the chronology; 0: it is outside the dates."""

    post: Post
    when: When
    #: Of a row brought in, when its original was.
    posted: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a line: all there are by id, and those that answer a post, by its id."""

    names: Mapping[str, str]
    lines: Mapping[str, _Line]
    answers: Mapping[str, Sequence[_Line]]


def chronology_of(
    posts: Sequence[Post], names: Mapping[str, str], start: str, end: str
) -> Chronology:
    """Return the chronology of whole posts, of streams named by log.

    Empty dates: from the beginning, until now. What nobody is sure when it happened is always in
    it, last; what is only known to a month or a year, if it may lie between them.
    """
    lines = sorted(map(_line, posts), key=cmp_to_key(_compare))
    shown = [line for line in lines if _is_between(line.when, start, end)]
    for number, line in enumerate(shown, 1):
        line.number = number
    around = _Around(names, {line.post.id: line for line in lines}, _answers(lines))
    return Chronology(
        columns=tuple(ChronologyColumn(title=one.title, sort=one.sort) for one in COLUMNS),
        rows=tuple(
            ChronologyRow(log=line.post.log, seq=line.post.seq, cells=_cells(line, around))
            for line in shown
        ),
        title=", ".join(dict.fromkeys(names.values())),
        unchecked=0,
    )


def _line(post: Post) -> _Line:
    return _Line(post, when_of(post), local_time(post.written if post.row else post.time))


def _compare(a: _Line, b: _Line) -> int:
    # By what its cells say first, so that rows that went out and come in again stand in the same
    # order.
    placed = compare_when(a.when, b.when)
    if placed:
        return placed
    one, other = (a.posted, a.post.log, a.post.seq), (b.posted, b.post.log, b.post.seq)
    return (one > other) - (one < other)


def _is_between(when: When, start: str, end: str) -> bool:
    if not when.first:
        return True
    early = when.last[: len(start)] < start
    late = bool(end) and when.first[: len(end)] > end
    return not early and not late


def _answers(lines: Sequence[_Line]) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        post = line.post
        stands = post.state == "shown" and not was_taken_back(post.row, post.text)
        if post.how and post.refers and stands:
            found[post.refers[0]].append(line)
    return dict(found)


def _cells(line: _Line, around: _Around) -> tuple[str, ...]:
    """Return a line's cells, in the order of COLUMNS."""
    post, brought = line.post, bool(line.post.row)
    who, job, agency = _writer(post)
    text = split_remarks(post.text)[0] if brought else post.text
    # A row brought in without any words never had a kind: reading it back gave it one.
    kind = "" if brought and not text and not post.how else post.kind
    by = f"{_person(post.author)}, {say_day(local_time(post.time))}" if brought else ""
    return (
        str(line.number),
        line.when.at,
        line.posted,
        around.names.get(post.log, ""),
        agency,
        who,
        job,
        KINDS.get(kind, kind),
        STANDINGS.get(kind, ""),
        SURES.get(post.sure, post.sure),
        post.scale,
        SIDES.get(post.side, post.side),
        OUTCOMES.get(post.outcome, post.outcome),
        text,
        post.source,
        post.reason,
        post.review,
        ", ".join(str(number) for number in _numbers(line, around) if number),
        HOWS.get(post.how, post.how),
        _remarks(line, around),
        by,
        post.id,
    )


def _numbers(line: _Line, around: _Around) -> list[int]:
    found = (around.lines.get(refers) for refers in line.post.refers)
    return [line.number if line else 0 for line in found]


def _remarks(line: _Line, around: _Around) -> str:
    """Return what words and marks do not say: what became of the post, and who answers it."""
    post = line.post
    lasting = lasting_remarks(split_remarks(post.text)[1] if post.row else "")
    known = lasting.split("; ")
    own = [one for one in (*_became(post), *_copies(line, around)) if one not in known]
    if 0 in _numbers(line, around):
        own.append(f"Answers {NOT_HERE}")
    return "; ".join(one for one in (lasting, *own, *_pointers(line, around)) if one)


def _became(post: Post) -> list[str]:
    found = [STATES[post.state]] if post.state in STATES else []
    if post.withdrawn:
        back = post.withdrawn
        why = f": {_on_one_line(back.why)}" if back.why else ""
        day = say_day(local_time(back.time))
        found.append(f"{WITHDRAWN}{_name(back.by)} on {day}{why}")
    marks = (
        (post.nudge, "Supervisors were told"),
        (post.doubtful, "Signed by a device after it was lost"),
        (post.odd_time, "The time of posting looks wrong"),
        (post.newer, "Written with a newer version"),
    )
    return [*found, *(words for is_so, words in marks if is_so)]


def _copies(line: _Line, around: _Around) -> list[str]:
    found = []
    for answer in around.answers.get(line.post.id, ()):
        if answer.post.how == "copied":
            day = f" on {say_day(answer.when.at)}" if answer.when.at else ""
            found.append(f"Copied to the record by {_on_one_line(_writer(answer.post)[0])}{day}")
    return found


def _pointers(line: _Line, around: _Around) -> list[str]:
    words = {"correction": "Corrected by", "different": "Seen differently by"}
    return [
        f"{words[answer.post.how]} {f'number {answer.number}' if answer.number else NOT_HERE}"
        for answer in around.answers.get(line.post.id, ())
        if answer.post.how in words
    ]


def _writer(post: Post) -> tuple[str, str, str]:
    """Return who first wrote a post, their job, their agency; never who brought it in."""
    if post.row:
        return split_original(post.original)
    return _name(post.author), post.author.job, post.author.agency


def _person(person: Person) -> str:
    return ", ".join(part for part in (_name(person), person.job, person.agency) if part)


def _name(person: Person) -> str:
    return person.name or "name withheld"


def _on_one_line(text: str) -> str:
    """Return text without line ends: what is told apart by its first words begins no other."""
    return re.sub(r"[ \t\r\n]+", " ", text)


def say_day(at: str) -> str:
    """Return "3 May 2026", or as much of it as a date has."""
    year, *rest = at[:DAY].split("-")
    month = f"{MONTHS[int(rest[0]) - 1]} " if rest else ""
    day = f"{int(rest[1])} " if len(rest) > 1 else ""
    return f"{day}{month}{year}"
