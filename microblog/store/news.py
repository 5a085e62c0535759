"""What is newer of many streams than what someone has: one statement for all of them.

Each stream is a range of one index, and whether someone may read it is looked up on the way; what
they want is read in the order in which they named it, and no further than they take it.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from microblog.store.quick import Line, line_of, run


class Wanted(NamedTuple):
    """A stream, and the first and the last seq that are wanted of it."""

    log: bytes
    first: int
    last: int


#: An entry: the place of its stream among those that were asked for, its seq, header, signature,
#: and body and salt where there are any. As the driver has it: there are fifty in an answer.
News: TypeAlias = tuple[int, int, bytes, bytes, bytes | None, bytes | None]


# Statements are kept for so many streams, or the next more; what is left over asks for nothing.
_STEP = 8
_NOTHING = (None, 0, -1)
_AT_ONCE, _AT_ONCE_SHARED = 64, 512

_MAY_READ = """follower.person = {person} AND EXISTS (
  SELECT 1 FROM person WHERE person.person = follower.person AND person.left_seq IS NULL)"""


def walk_news(
    session: Session, person: bytes, wanted: Sequence[Wanted], *, lean: bool = False
) -> Iterator[News]:
    """Yield what streams have that someone may read, of each in order.

    Of a stream that they were taken off, up to the epoch that did it; `lean`: posts without words.
    """
    line = line_of(session)
    read, most = (_read_shared, _AT_ONCE_SHARED) if line.is_shared else (_read_lite, _AT_ONCE)
    place, following = 0, wanted
    while following:
        rows = read(line, person, following, lean=lean)
        yield from ((place + row[0], *row[1:]) for row in rows) if place else rows
        if len(rows) < most:
            return
        # Where it ended it goes on.
        at, seq = rows[-1][:2]
        following = [following[at]._replace(first=seq + 1), *following[at + 1 :]]
        place += at


def _read_lite(line: Line, person: bytes, wanted: Sequence[Wanted], *, lean: bool) -> list[News]:
    size = -(-len(wanted) // _STEP) * _STEP
    values: list[bytes | int | None] = [it for row in wanted for it in row]
    values += _NOTHING * (size - len(wanted))
    ((sizes, *columns),) = run(line, _lite(size, lean=lean), (*values, person, _AT_ONCE))
    return _taken_apart(map(int, sizes.split(",")), *columns) if sizes else []


def _taken_apart(
    sizes: Iterator[int], headers: bytes, signatures: bytes, bodies: bytes, salts: bytes
) -> list[News]:
    found: list[News] = []
    h = s = b = z = 0
    for place, seq, header, signature, body, salt in zip(*[sizes] * 6, strict=True):
        # What is not there has a size of less than nothing.
        words = bodies[b : b + body] if body >= 0 else None
        salted = salts[z : z + salt] if salt >= 0 else None
        signed = signatures[s : s + signature]
        found.append((place, seq, headers[h : h + header], signed, words, salted))
        h, s = h + header, s + signature
        if body > 0:
            b += body
        if salt > 0:
            z += salt
    return found


def _read_shared(line: Line, person: bytes, wanted: Sequence[Wanted], *, lean: bool) -> list[News]:
    # Arrays in PostgreSQL's own words: its driver looks at each item several times.
    logs = ",".join([f'"\\\\x{row.log.hex()}"' for row in wanted])
    firsts, lasts = (",".join(map(str, some)) for some in list(zip(*wanted, strict=True))[1:])
    spans = (f"{{{logs}}}", f"{{{firsts}}}", f"{{{lasts}}}")
    values = (*spans, person, _AT_ONCE_SHARED, _AT_ONCE_SHARED)
    return run(line, _shared(lean=lean), values)


@cache
def _lite(size: int, *, lean: bool) -> str:
    """Return it for SQLite: CROSS JOIN keeps to the order in which the tables stand.

    All comes as one row: sizes, and the bytes of each column put together. At each row the driver
    lets another thread take the turn, which takes longer than to take them apart.
    """
    rows = ", ".join(f"({place}, ?, ?, ?)" for place in range(size))
    words = "entry.kind != 'post' AND" if lean else ""
    columns = ("header", "signature", "body", "salt")
    together = ", ".join(f"CAST(group_concat({it}, '') AS BLOB)" for it in columns)
    lengths = ", ".join(f"ifnull(length({it}), -1)" for it in columns)
    return f"""
WITH wanted (place, log, first, last) AS (VALUES {rows}),
found AS (
  SELECT wanted.place, entry.seq, entry.header, entry.signature, body.body, body.salt
  FROM wanted
  CROSS JOIN follower ON follower.log = wanted.log
  CROSS JOIN entry ON entry.log = wanted.log AND entry.seq >= wanted.first
    AND entry.seq <= min(wanted.last, ifnull(follower.until_seq, wanted.last))
  LEFT JOIN body ON {words} body.log = entry.log AND body.seq = entry.seq
  WHERE {_MAY_READ.format(person="?")}
  LIMIT ?)
SELECT group_concat(printf('%d,%d,%d,%d,%d,%d', place, seq, {lengths})), {together}
FROM found"""  # noqa: S608  (all of it is ours)


@cache
def _shared(*, lean: bool) -> str:
    """Return it for PostgreSQL: LATERAL reads each range by itself, and ids before words."""
    words = "found.kind <> 'post' AND" if lean else ""
    return f"""
WITH found AS (
  SELECT wanted.place, newer.log, newer.seq, newer.kind, newer.header, newer.signature
  FROM unnest(%s::bytea[], %s::bigint[], %s::bigint[])
    WITH ORDINALITY AS wanted (log, first, last, place)
  JOIN follower ON follower.log = wanted.log AND {_MAY_READ.format(person="%s")}
  CROSS JOIN LATERAL (
    SELECT log, seq, kind, header, signature FROM entry
    WHERE entry.log = wanted.log AND entry.seq >= wanted.first
      AND entry.seq <= least(wanted.last, follower.until_seq)
    ORDER BY seq LIMIT %s) AS newer
  ORDER BY wanted.place, newer.seq LIMIT %s)
SELECT found.place - 1, found.seq, found.header, found.signature, body.body, body.salt
FROM found LEFT JOIN body ON {words} body.log = found.log AND body.seq = found.seq
ORDER BY found.place, found.seq"""  # noqa: S608
