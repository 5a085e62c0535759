"""Round-ups: when each person wants theirs, and what a steward is told of their mails.

The server keeps the choice because the server mails. Who chose nothing has what suits their role:
supervisors hear daily and of nudges at once, others hear nothing.
"""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from microblog.protocol.directory import Directory
from microblog.protocol.records import is_steward
from microblog.service.errors import Malformed, NotAllowed
from microblog.service.sessions import Who, check_stays
from microblog.store import mailings, people, rounds
from microblog.store.errors import StoreError
from microblog.store.ledger import read_ledger
from microblog.store.locks import BY_DIRECTORY, hold
from microblog.store.mailings import REFUSED, SENT, RoundUpRow
from microblog.store.rounds import ChoiceRow
from microblog.store.site import Site

EVERY = ("off", "daily", "weekly")
#: What is said of a mail: it is with the mail server, is tried again, or was refused for good.
STATES = ("sent", "waiting", "refused")
WEEKDAYS = range(7)
MINUTES = range(24 * 60)
EIGHT, WEEKEND = 8 * 60, frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Choice:
    """When someone wants their round-up: `at` minutes after midnight, weekdays from Monday, 0.

    `nudges` come at once, on quiet days too; `time` is when this was chosen, 0 if it never was.
    """

    every: str = "off"
    at: int = EIGHT
    weekday: int = 0
    nudges: bool = False
    quiet: frozenset[int] = frozenset()
    time: int = 0


@dataclass(frozen=True, slots=True)
class MailState:
    """What became of someone's newest mail; `code` is SMTP's, 0: the server was not reached."""

    person: bytes
    state: str
    time: int
    tries: int
    code: int


SUPERVISORS = Choice(every="daily", nudges=True, quiet=WEEKEND)


def check_choice(choice: Choice) -> None:
    """Check that there is a day left on which it can come.

    Raises:
        Malformed: there is none.
    """
    if len(choice.quiet) == len(WEEKDAYS):
        raise Malformed("quiet: no day of the week is left")


def read_choice(session: Session, person: bytes) -> Choice:
    """Return when someone wants their round-up."""
    known = people.read_person(session, person)
    return choice_of(rounds.read_choice(session, person), known.role if known else "")


def choice_of(row: ChoiceRow | None, role: str) -> Choice:
    """Return what a row says, or, without one, what suits a role."""
    if row is None:
        return SUPERVISORS if role == "supervisor" else Choice(quiet=WEEKEND)
    quiet = frozenset(day for day in WEEKDAYS if row.quiet >> day & 1)
    return Choice(row.every, row.at, row.weekday, bool(row.nudges), quiet, row.time)


def put_choice(session: Session, who: Who, choice: Choice, now: int) -> None:
    """Keep when someone wants their round-up, in the writer's transaction."""
    hold(session, BY_DIRECTORY)
    check_stays(session, who)
    quiet = sum(1 << day for day in choice.quiet)
    row = ChoiceRow(
        who.person, choice.every, choice.at, choice.weekday, int(choice.nudges), quiet, now
    )
    rounds.put_choice(session, row)


def check_steward(directory: Directory, who: Who) -> None:
    """Check that a steward asks.

    Raises:
        NotAllowed: somebody else does.
    """
    person = directory.persons.get(who.person)
    if person is None or not is_steward(person):
        raise NotAllowed("only a steward may do this")


def read_states(session: Session, site: Site) -> tuple[int, list[MailState]]:
    """Return when round-ups were last looked after, 0: never; and what became of the newest mail
    of each who works here. A ledger that cannot be read is as one that is not there: the command
    that writes it says so.
    """
    looked: int | None = None
    rows: list[RoundUpRow] = []
    with suppress(StoreError):
        looked, rows = read_ledger(site, mailings.read_states) or (None, [])
    here = {row.person for row in people.read_persons(session) if row.left_seq is None}
    states = [
        MailState(
            row.person,
            row.state if row.state in (SENT, REFUSED) else "waiting",
            row.answered or row.made,
            row.tries,
            row.code,
        )
        for row in rows
        if row.person in here
    ]
    return looked or 0, sorted(states, key=lambda it: it.person)
