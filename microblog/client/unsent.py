"""Posts that wait because nobody vouched for the server: kept sealed on this device, never lost."""

from dataclasses import dataclass, fields

from microblog.client.session import Session
from microblog.client.shown import Draft
from microblog.protocol import shape
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import ProtocolError

KEPT = "unsent"
MANY = 2**16
MOST = 2**53 - 1
_NAMES = tuple(item.name for item in fields(Draft))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A post that waits: to which stream, its words, and since when nobody had vouched."""

    log: str
    draft: Draft
    since: int


def unsent(session: Session) -> tuple[Unsent, ...]:
    """Return the posts that wait, in the order in which they were written."""
    data = session.memory.aside(KEPT)
    if data is None:
        return ()
    try:
        return tuple(map(_read, decode_array(data)))
    except ProtocolError:
        return ()


def keep_unsent(session: Session, log: str, draft: Draft, since: int) -> None:
    """Keep a post that waits; the same one only once."""
    kept = [it for it in unsent(session) if (it.log, it.draft) != (log, draft)]
    _store(session, [*kept, Unsent(log=log, draft=draft, since=since)])


def drop_unsent(session: Session, log: str, draft: Draft) -> None:
    """Keep a post no longer: it was sent, or is not to be."""
    rows = unsent(session)
    kept = [it for it in rows if (it.log, it.draft) != (log, draft)]
    if len(kept) < len(rows):
        _store(session, kept)


def _store(session: Session, rows: list[Unsent]) -> None:
    session.memory.put_aside(KEPT, encode([_write(row) for row in rows]))


def _write(row: Unsent) -> Value:
    marks: list[Value] = [_value(getattr(row.draft, name)) for name in _NAMES]
    return [decode_base64url(row.log), row.since, marks]


def _value(mark: str | bool | tuple[str, ...]) -> Value:
    if isinstance(mark, tuple):
        return list(mark)
    return int(mark) if isinstance(mark, bool) else mark


def _read(value: Value) -> Unsent:
    log, since, marks = shape.array(value, 3, 3, "unsent post")
    found: dict[str, object] = {}
    row = shape.array(marks, len(_NAMES), len(_NAMES), "draft")
    for name, mark in zip(_NAMES, row, strict=True):
        if name == "refers":
            found[name] = tuple(
                shape.text(it, 0, MANY, name) for it in shape.array(mark, 0, MANY, name)
            )
        elif name == "nudge":
            found[name] = shape.uint(mark, 1, name) == 1
        else:
            found[name] = shape.text(mark, 0, MANY, name)
    draft = Draft(**found)  # type: ignore[arg-type]
    return Unsent(
        log=encode_base64url(shape.octets(log, (16,), "log")),
        draft=draft,
        since=shape.uint(since, MOST, "since"),
    )
