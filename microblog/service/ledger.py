"""What is told by mail, to whom; and that it is told, once.

To look is to write down, in one transaction, each mail that is due and how far its reader has then
been told. What is written down is tried until the mail server has taken it. Only where an attempt
ended between its words and the answer to them is it unknown whether they arrived: then the same
mail goes again, under the same Message-ID, and that is counted. What is refused for good, or was
waiting when the next fell due, is counted by the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from microblog.protocol.post import NUDGE, QUIET
from microblog.service.line import write_line
from microblog.service.rounds import Choice, choice_of
from microblog.service.schedule import last_due
from microblog.store import mailings, people, rounds
from microblog.store.mailings import BEGUN, DROPPED, REFUSED, SENT, Mark, RoundUpRow
from microblog.store.rounds import NewsRow

__all__ = [
    "REFUSED",
    "SENT",
    "Looking",
    "News",
    "Place",
    "RoundUpRow",
    "begin",
    "count_waiting",
    "end",
    "look",
    "lower_marks",
    "put_off",
    "settle",
    "take_waiting",
]

MINUTE_MS = 60 * 1000
DAY_MS = 24 * 60 * MINUTE_MS
#: How many minutes an attempt that failed is waited for, by how many did; the last goes on.
BACK_OFF = (1, 2, 5, 15, 60)
EXPIRY_MS = 3 * DAY_MS
KEPT_MS = 30 * DAY_MS


@dataclass(frozen=True, slots=True)
class Place:
    """Where the link leads, and the practice's clock."""

    origin: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who may be told: of which streams, from which marks on, and what is unsettled."""

    person: bytes
    choice: Choice
    #: The newest seq, by log.
    heads: Mapping[bytes, int]
    marks: Mapping[bytes, Mark]
    until: int
    unsettled: tuple[RoundUpRow, ...]

    def is_due(self, zone: ZoneInfo, now: int) -> bool:
        """Return whether a moment of theirs has passed since they were last looked after."""
        moment, chosen = last_due(self.choice, zone, now), self.choice.time
        # A choice from a time to come was made when some clock was wrong.
        return moment is not None and moment > max(self.until, chosen if chosen <= now else 0)


@dataclass(slots=True)
class News:
    """The posts of each log, read once."""

    session: Session
    known: dict[bytes, tuple[int, list[NewsRow]]] = field(default_factory=dict)

    def count(
        self, reader: Reader, after: Mapping[bytes, int], *, nudges: bool
    ) -> dict[bytes, int]:
        """Return how many posts of others come after these seqs, by log, where there are any."""
        found = {log: self._count(reader, log, seq, nudges) for log, seq in after.items()}
        return {log: count for log, count in found.items() if count}

    def _count(self, reader: Reader, log: bytes, after: int, nudges: bool) -> int:
        if reader.heads[log] <= after:
            return 0
        first, rows = self.known.get(log, (after + 1, []))
        if first > after:
            rows = rounds.read_news(self.session, log, after, QUIET)
            self.known[log] = (after, rows)
        return sum(
            row.seq > after and row.author != reader.person and (not nudges or row.mark == NUDGE)
            for row in rows
        )


@dataclass(frozen=True, slots=True)
class Looking:
    """What one look works with; `address_of` gives whom a mail can reach, `new_id` a Message-ID."""

    book: Session
    news: News
    place: Place
    now: int
    address_of: Callable[[bytes], str | None]
    new_id: Callable[[], str]


def look(main: Session, looking: Looking) -> int:
    """Write down every mail that is due, in the ledger's transaction; return how many there are."""
    book, now = looking.book, looking.now
    known, told = mailings.read_marks(book), mailings.read_told(book)
    readers = _read_readers(main, looking, known, told)
    made = 0
    told_now: dict[bytes, int] = {}
    marks_now: list[tuple[bytes, bytes, Mark]] = []
    for reader in readers:
        due = reader.is_due(looking.place.zone, now)
        made += _tell(looking, reader, due)
        # Until then by this clock, should it have been wrong and ahead before.
        if due or told.get(reader.person, now + 1) > now:
            told_now[reader.person] = now
        before = known.get(reader.person, {})
        for log, mark in _marks_after(reader, due).items():
            if before.get(log) != mark:
                marks_now.append((log, reader.person, mark))
    mailings.put_told(book, told_now.items())
    mailings.put_marks(book, marks_now)
    _forget(book, {reader.person: reader for reader in readers}, known, told)
    mailings.delete_old(book, now - KEPT_MS)
    mailings.put_looked(book, now)
    return made


def lower_marks(main: Session, book: Session) -> None:
    """Bring down marks that a restored stream has not reached, before anything new is posted."""
    heads = rounds.read_heads(main)
    for person, its in mailings.read_marks(book).items():
        lowered = ((log, person, Mark(*(min(seq, heads.get(log, -1)) for seq in mark)))
                   for log, mark in its.items())  # fmt: skip
        mailings.put_marks(book, (row for row in lowered if row[2] != its[row[0]]))


def take_waiting(book: Session, now: int) -> list[RoundUpRow]:
    """Return the mails to be tried now; what was tried for three days is refused instead."""
    found = []
    for row in mailings.read_waiting(book, now, now + DAY_MS):
        if row.made <= now - EXPIRY_MS:
            mailings.change_round_up(book, row.id, state=REFUSED, answered=now)
        else:
            found.append(row)
    return found


def begin(book: Session, row: RoundUpRow) -> None:
    """Note that a mail's words are about to be sent, and may from here on have arrived."""
    again = row.repeats + (row.state == BEGUN)
    mailings.change_round_up(book, row.id, state=BEGUN, repeats=again)


def settle(book: Session, row: RoundUpRow, code: int, now: int) -> str:
    """Note the mail server's answer to a mail, and return what state the mail is in."""
    if 200 <= code < 300:
        mailings.delete_spans(book, row.id)
    elif not 500 <= code < 600:
        return put_off(book, row, code, now)
    state = SENT if code < 300 else REFUSED
    mailings.change_round_up(
        book, row.id, state=state, code=code, answered=now, tries=row.tries + 1
    )
    return state


def count_waiting(book: Session) -> int:
    """Return how many mails are to be tried, now or later."""
    return mailings.count_waiting(book)


def put_off(
    book: Session, row: RoundUpRow, code: int, now: int, *, unanswered: bool = False
) -> str:
    """Have a mail tried again later, whoever is to blame; `unanswered`: it may have arrived."""
    # What an attempt before may have brought there may still be there.
    state = BEGUN if unanswered else row.state
    minutes = BACK_OFF[min(row.tries, len(BACK_OFF) - 1)]
    mailings.change_round_up(
        book, row.id, state=state, code=code, answered=now, tries=row.tries + 1,
        next=now + minutes * MINUTE_MS,
    )  # fmt: skip
    return state


def end(book: Session, row: RoundUpRow) -> str:
    """End a mail that has nobody to go to, or whose counting another has taken over."""
    mailings.delete_spans(book, row.id)
    if row.state != REFUSED:
        mailings.change_round_up(book, row.id, state=DROPPED)
    return DROPPED


def _read_readers(
    main: Session,
    looking: Looking,
    known: Mapping[bytes, Mapping[bytes, Mark]],
    told: Mapping[bytes, int],
) -> list[Reader]:
    choices = rounds.read_choices(main)
    first = mailings.read_looked(looking.book) is None
    heads: dict[bytes, dict[bytes, int]] = {}
    marks: dict[bytes, dict[bytes, Mark]] = {}
    for log, person, since, head in rounds.read_listed(main):
        # Nothing from before someone came, or from before there were round-ups, is news.
        least = head if first else since
        mark = known.get(person, {}).get(log, Mark(least, least))
        heads.setdefault(person, {})[log] = head
        marks.setdefault(person, {})[log] = Mark(*(min(max(seq, since), head) for seq in mark))
    unsettled: dict[bytes, list[RoundUpRow]] = {}
    for row in mailings.read_unsettled(looking.book):
        unsettled.setdefault(row.person, []).append(row)
    return [
        Reader(
            it.person,
            choice_of(choices.get(it.person), it.role),
            heads.get(it.person, {}),
            marks.get(it.person, {}),
            min(told.get(it.person, looking.now), looking.now),
            tuple(unsettled.get(it.person, ())),
        )
        for it in people.read_persons(main)
        if it.left_seq is None
    ]


def _tell(looking: Looking, reader: Reader, due: bool) -> int:
    """Write down the mail that someone is to get now, if any; return how many."""
    choice = reader.choice
    fresh = {log: mark.nudges for log, mark in reader.marks.items()}
    nudged = choice.nudges and looking.news.count(reader, fresh, nudges=True)
    for row in reader.unsettled:
        # They want it no longer, and it has not arrived.
        wanted = choice.nudges if row.nudge else choice.every != "off"
        if row.state != BEGUN and not wanted:
            end(looking.book, row)
    if not due and not nudged:
        return 0
    if looking.address_of(reader.person) is None:
        for row in reader.unsettled:
            end(looking.book, row)
        return 0
    return _write_down(looking, reader, nudge=not due)


def _write_down(looking: Looking, reader: Reader, *, nudge: bool) -> int:
    """Write down a mail, with all that others of its reader counted and that has not arrived."""
    book = looking.book
    taken = [row for row in reader.unsettled if row.state != BEGUN and (row.nudge or not nudge)]
    base = _base(book, reader, taken, nudge=nudge)
    posts = {} if nudge else _posts(looking.news, reader, base)
    nudges = looking.news.count(
        reader, {log: mark.nudges for log, mark in base.items()}, nudges=True
    )
    for row in taken:
        end(book, row)
    if not posts and not nudges:
        return 0
    line = write_line(posts, nudges, looking.place.origin)
    values = {"person": reader.person, "message_id": looking.new_id(), "line": line,
              "nudge": int(nudge), "made": looking.now, "next": looking.now}  # fmt: skip
    mailings.add_round_up(book, values, {log: base[log] for log in {**posts, **nudges}})
    return 1


def _posts(news: News, reader: Reader, base: Mapping[bytes, Mark]) -> dict[bytes, int]:
    return news.count(reader, {log: mark.posts for log, mark in base.items()}, nudges=False)


def _base(
    book: Session, reader: Reader, taken: list[RoundUpRow], *, nudge: bool
) -> dict[bytes, Mark]:
    """Return the marks from which a mail counts that takes others over."""
    base = dict(reader.marks)
    if not nudge:
        # The nudges of a day are those among its posts, told at once or not.
        base = {log: Mark(mark.posts, min(mark)) for log, mark in base.items()}
    for row in taken:
        for log, mark in mailings.read_spans(book, [row.id]):
            if log in base:
                posts = base[log].posts if row.nudge else min(base[log].posts, mark.posts)
                base[log] = Mark(posts, min(base[log].nudges, mark.nudges))
    return base


def _marks_after(reader: Reader, due: bool) -> dict[bytes, Mark]:
    """Return how far someone has been told after a look; nudges are told at once or not at all."""
    so_far = due or reader.choice.every == "off"
    return {
        log: Mark(head if so_far else reader.marks[log].posts, head)
        for log, head in reader.heads.items()
    }


def _forget(
    book: Session,
    readers: Mapping[bytes, Reader],
    known: Mapping[bytes, Mapping[bytes, Mark]],
    told: Mapping[bytes, int],
) -> None:
    """Forget who is here no longer, and streams that someone is on the list of no longer."""
    mailings.delete_told(book, told.keys() - readers.keys())
    for person, its in known.items():
        listed = readers[person].heads if person in readers else {}
        mailings.delete_marks(book, ((log, person) for log in its.keys() - listed.keys()))
    for row in mailings.read_unsettled(book):
        if row.person not in readers:
            end(book, row)
