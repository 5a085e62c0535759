"""Bringing in the rows of a spreadsheet: many posts in few requests, each row once.

What broke off can be gone on with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from microblog.client import writing
from microblog.client.feed import Feed
from microblog.client.freshness import ask_if_unvouched
from microblog.client.importing import Origin, Row, count_rows, read_rows
from microblog.client.known import Known
from microblog.client.posting import NotSent, Terms, check_readers, why_unsent
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, feed_of, read_id
from microblog.client.shown_rows import Brought, Column, ImportPlan, NewReader, PlannedRow, Table
from microblog.client.transport import Refused, Unreachable
from microblog.protocol.entry import MAX_APPEND, Entry
from microblog.protocol.post import QUIET, Post

_FEW = 5  # rows in a sample


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet and what its columns are, None for guesses; `source`: where no row says."""

    table: Table
    columns: Sequence[Column] | None
    source: str


def plan_import(session: Session, log: str, sheet: Sheet) -> ImportPlan:
    """Return what would become of a spreadsheet in a stream; nothing is sent."""
    feed = feed_of(session, read_id(log))
    origin = _origin(session, feed, sheet)
    found = read_rows(sheet.table, sheet.columns, origin)
    known = Known(feed, session.me)
    good = [row for row in found.good if not known.has(row)]
    return ImportPlan(
        columns=found.columns,
        rows=count_rows(sheet.table),
        good=len(good),
        posts=sum(len(row.parts) for row in good),
        known=len(found.good) - len(good),
        bad=found.bad,
        undated=sum(not row.whole.happened for row in good),
        sample=tuple(map(_show, sorted(good, key=lambda row: row.row)[:_FEW])),
        needs=found.needs,
    )


def _origin(session: Session, feed: Feed, sheet: Sheet) -> Origin:
    about = feed.about()
    return Origin(sheet.source, session.world.clock(), about.name if about else "")


def _show(row: Row) -> PlannedRow:
    whole = row.whole
    return PlannedRow(
        row=row.row, at=whole.happened, kind=whole.kind, text=whole.text, source=whole.source,
        original=whole.original, parts=len(row.parts),
    )  # fmt: skip


def bring_in(
    session: Session,
    log: str,
    sheet: Sheet,
    terms: Terms,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Brought:
    """Bring in the good rows of a spreadsheet that are not here yet; asked again, it goes on.

    Only if everyone who will be able to read them was on the screen. It stops after the request
    under way when `is_stopping` says so, when someone is new on the team, and when the server is
    not reached or refuses; what is in stays in.

    Raises:
        Unreachable, Refused: nothing could be brought in.
        As `send`.
    """
    feed = feed_of(session, read_id(log))
    good = read_rows(sheet.table, sheet.columns, _origin(session, feed, sheet)).good
    known = Known(feed, session.me)
    queue = _Queue(known, [row for row in good if not known.has(row)])
    before = len(good) - queue.left
    newcomers: tuple[NewReader, ...] = ()
    since = 0
    try:
        _send_rows(session, queue, terms, is_stopping)
    except (Unreachable, Refused):
        if not queue.done:
            raise
    except NotSent as reason:
        sent = why_unsent(session, reason)
        newcomers = tuple(NewReader(id=one.id, name=one.name) for one in sent.newcomers)
        since = sent.unvouched
    finally:
        session.world.progress("bring", 1, 1)
    return Brought(
        rows=queue.done, known=before, left=queue.left, newcomers=newcomers, unvouched=since
    )


def _send_rows(
    session: Session, queue: "_Queue", terms: Terms, is_stopping: Callable[[], bool]
) -> None:
    feed, total = queue.known.feed, queue.left

    def write(batch: Batch) -> None:
        check_readers(session, batch, terms)
        add_due_epoch(batch)
        queue.fill(batch)

    while queue.left and not is_stopping():
        session.world.progress("bring", queue.done, total)
        ask_if_unvouched(session, feed)
        send(session, feed.log, write, lambda _: queue.look() == 0)
        queue.look()


@dataclass(slots=True)
class _Queue:
    """The rows that are still to be brought in: those after the first `done`."""

    known: Known
    rows: list[Row]
    done: int = field(default=0)

    @property
    def left(self) -> int:
        return len(self.rows) - self.done

    def look(self) -> int:
        """Look at what has come in, and return how many are left."""
        self.known.look()
        while self.left and self.known.has(self.rows[self.done]):
            self.done += 1
        return self.left

    def fill(self, batch: Batch) -> None:
        """Add as many rows as go into a request.

        One is never cut, unless it alone is too long for any.
        """
        added: dict[Row, bytes] = {}
        for row in self.rows[self.done : self.done + MAX_APPEND]:
            missing, room = self.known.missing(row), MAX_APPEND - len(batch.entries)
            if len(missing) > room and added:
                return
            found = (self.known.id_of(one) or added.get(one, b"") for one in row.answers)
            # Until one is missing: how a row answers is said of the first.
            refers = tuple(takewhile(bool, found))
            for part in missing[:room]:
                words = replace(part, refers=refers) if part.part < 2 else part
                added.setdefault(row, _write(batch, words).id)
            if len(missing) > room:
                return


def _write(batch: Batch, words: Post) -> Entry:
    place, fresh, session = batch.place, batch.fresh(), batch.session
    entry = writing.post(session.writer, place, fresh, batch.secret, words, QUIET)
    batch.add(entry)
    return entry
