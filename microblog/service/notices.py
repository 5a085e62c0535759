"""Which devices are to be woken now, and what becomes of it.

A notice has no words: it says that something is new, and a device is told so once for all that has
come since. To look says who is due; only what a push service has taken moves the marks. So nothing
is lost by a kill, and a notice comes twice only where the answer to it was lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from microblog.protocol.post import NUDGE, QUIET
from microblog.store import notices, push, rounds
from microblog.store.notices import WokenRow
from microblog.store.push import PushRow
from microblog.store.rounds import ListedRow, NewsRow

__all__ = ["Due", "Looking", "look", "lower_marks", "settle"]

MINUTE_MS = 60 * 1000
DAY_MS = 24 * 60 * MINUTE_MS
#: Between two notices to one device, but for a nudge.
APART_MS = 10 * MINUTE_MS
#: How many minutes an attempt that failed is waited for, by how many did; the last goes on.
BACK_OFF = (1, 2, 5, 15, 60)
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Due:
    """A device that is to be woken, for all that there is up to these heads."""

    device: bytes
    endpoint: str
    heads: Mapping[bytes, int]
    tried: int


@dataclass(slots=True)
class Looking:
    """What one look works with: both databases, our public key, the practice's clock."""

    main: Session
    book: Session
    key: bytes
    zone: ZoneInfo
    now: int
    known: dict[bytes, tuple[int, list[NewsRow]]] = field(default_factory=dict)

    def news(self, log: bytes, after: int) -> list[NewsRow]:
        """Return the posts of a log after a seq, which are read once."""
        first, rows = self.known.get(log, (after + 1, []))
        if first > after:
            rows = rounds.read_news(self.main, log, after, QUIET)
            self.known[log] = (after, rows)
        return [row for row in rows if row.seq > after]


def look(looking: Looking) -> list[Due]:
    """Return who is to be woken now, in the ledger's transaction."""
    book, now = looking.book, looking.now
    woken, marks = notices.read_woken(book), notices.read_marks(book)
    listed: dict[bytes, list[ListedRow]] = {}
    for row in rounds.read_listed(looking.main):
        listed.setdefault(row.person, []).append(row)
    asked = push.read_pushes(looking.main, looking.key, now)
    for device in {*woken, *marks} - {it.device for it in asked}:
        notices.delete_device(book, device)
    found = []
    for it in asked:
        its, before = woken.get(it.device), marks.get(it.device, {})
        if its is None or its.time != it.time:
            notices.delete_device(book, it.device)
            # From now on: what was there before it asked is no news.
            its, before = WokenRow(it.device, it.time, tried=0), {}
            before = {row.log: row.head for row in listed.get(it.person, [])}
            notices.put_woken(book, its)
            notices.put_marks(book, it.device, before.items())
        due = _look_at(looking, it, its, before, listed.get(it.person, []))
        if due is not None:
            found.append(due)
    notices.put_looked(book, now)
    return found


def settle(book: Session, due: Due, code: int, now: int, retry_seconds: int = 0) -> bool:
    """Note a push service's answer, 0: none; return whether it has taken the notice."""
    row = notices.read_woken(book)[due.device]
    taken = 200 <= code < 300
    if taken:
        notices.put_marks(book, due.device, due.heads.items())
        row = row._replace(sent=now, tried=due.tried, next=0, tries=0, code=code)
    elif code in GONE:
        row = row._replace(code=code, gone=1)
    else:
        minutes = BACK_OFF[min(row.tries, len(BACK_OFF) - 1)]
        wait = min(DAY_MS, max(minutes * MINUTE_MS, retry_seconds * 1000))
        row = row._replace(next=now + wait, tries=row.tries + 1, code=code)
    notices.put_woken(book, row)
    return taken


def lower_marks(main: Session, book: Session) -> None:
    """Bring down marks that a restored stream has not reached, before anything new is posted."""
    heads = rounds.read_heads(main)
    for device, its in notices.read_marks(book).items():
        lowered = {log: min(seq, heads.get(log, -1)) for log, seq in its.items()}
        notices.put_marks(book, device, lowered.items())


def is_quiet(it: PushRow, zone: ZoneInfo, now: int) -> bool:
    """Return whether a device is not to be disturbed now, by the practice's clock."""
    local = datetime.fromtimestamp(now / 1000, zone)
    if it.quiet >> local.weekday() & 1:
        return True
    minute = local.hour * 60 + local.minute
    if it.begin <= it.end:
        return it.begin <= minute < it.end
    return minute >= it.begin or minute < it.end


def _look_at(
    looking: Looking, it: PushRow, its: WokenRow, before: Mapping[bytes, int],
    listed: list[ListedRow],
) -> Due | None:  # fmt: skip
    now, heads = looking.now, {row.log: row.head for row in listed}
    # Who comes to a stream, or back to one, is told of what is posted from then on.
    after = {
        row.log: min(row.head, max(row.since, before.get(row.log, row.since))) for row in listed
    }
    notices.delete_marks(looking.book, it.device, before.keys() - heads.keys())
    new = [
        row
        for log, seq in after.items()
        if seq < heads[log]
        for row in looking.news(log, seq)
        if row.author != it.person
    ]
    if not new:
        after = heads
    notices.put_marks(
        looking.book, it.device, ((log, at) for log, at in after.items() if before.get(log) != at)
    )
    # What is put off very far was put off when some clock was wrong.
    waits = now < its.next <= now + DAY_MS
    if its.gone or waits:
        return None
    due = Due(it.device, it.endpoint, heads, it.tried)
    if it.tried > its.tried:
        return due
    if not new or is_quiet(it, looking.zone, now):
        return None
    nudged = any(row.mark == NUDGE for row in new)
    return due if nudged or not its.sent <= now < its.sent + APART_MS else None
