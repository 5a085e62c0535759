"""Round-ups by mail: look who is to be told, write it down, and send what is written down."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import click

from microblog.mail.courier import Courier, Unreachable
from microblog.mail.message import message_id, write_message
from microblog.ops.addresses import Addresses
from microblog.ops.refusal import Refusal
from microblog.ops.site import site_of
from microblog.service import ledger, restoring
from microblog.service.directory import Directories
from microblog.service.ledger import Looking, News, Place, RoundUpRow
from microblog.settings import Mail, Settings, WrongSettings
from microblog.store.db import (
    Ledger,
    Session,
    Site,
    has_ledger,
    hold_ledger,
    open_marks,
    read_in,
)

TOKEN_BYTES = 16
# A mail server that could not be had so often in a row is left alone until the next time.
FAILURES = 2


@dataclass(slots=True)
class Report:
    """What was done: mails written down, sent, refused for good and waiting; and what is wrong."""

    made: int = 0
    sent: int = 0
    refused: int = 0
    waiting: int = 0
    trouble: str = ""

    def __str__(self) -> str:
        """Say it, without saying of whom."""
        return (
            f"round-ups: {self.made} made, {self.sent} sent, {self.refused} refused,"
            f" {self.waiting} waiting"
        )


@dataclass(frozen=True, slots=True)
class Work:
    """What every round works with; `now` gives milliseconds since 1970."""

    settings: Settings
    mail: Mail
    password: str
    now: Callable[[], int]
    directories: Directories = field(default_factory=Directories)


@dataclass(slots=True)
class Round:
    """One round: the ledger, held; where mails go; the dialogue, while there is one."""

    work: Work
    book: Ledger
    addresses: Addresses
    report: Report = field(default_factory=Report)
    courier: Courier | None = None
    failures: int = 0
    code: int = 0


def send_once(settings: Settings) -> None:
    """Look after everyone's round-ups once.

    Raises:
        WrongSettings: no mail is set up.
        StoreError: the data cannot be used.
        Refusal: the mail server cannot be used; what was to be sent waits.
    """
    report = run_round(prepare(settings))
    if report is None:
        click.echo("round-ups: another process is sending them")
        return
    if report.made or report.sent or report.refused:
        click.echo(str(report))
    if report.trouble:
        raise Refusal(f"{report.trouble}: {report.waiting} round-ups wait", "see deploy/MAIL.md")


def send_forever(settings: Settings, every_seconds: int) -> None:
    """Look after everyone's round-ups again and again, until stopped.

    Raises:
        WrongSettings: no mail is set up.
        StoreError: the data cannot be used.
    """
    work = prepare(settings)
    while True:
        report = run_round(work)
        if report is not None and (report.made or report.sent or report.refused or report.trouble):
            click.echo(f"{report}: {report.trouble}" if report.trouble else str(report))
        time.sleep(every_seconds)


def prepare(settings: Settings) -> Work:
    """Return what rounds work with.

    Raises:
        WrongSettings: no mail is set up, or the password cannot be read.
    """
    mail = settings.mail
    if mail is None:
        raise WrongSettings("no mail is set up: MICROBLOG_MAIL and MICROBLOG_MAIL_FROM say how")
    return Work(settings, mail, _read_password(mail), lambda: time.time_ns() // 1_000_000)


def run_round(work: Work) -> Report | None:
    """Look once, send what waits, and say what was done; None where another process does so."""
    site = site_of(work.settings)
    with hold_ledger(site) as book:
        if book is None:
            return None
        now = Round(work, book, Addresses(site, work.directories))
        # While streams are put back, nobody knows what was told of them.
        if not restoring.is_restoring(open_marks(site)):
            now.report.made = _look(now)
            _send_waiting(now)
        now.report.waiting = book.write(ledger.count_waiting)
        return now.report


def settle_restored(site: Site) -> None:
    """Have nothing that is posted after a restore taken for what was told before it."""
    if not has_ledger(site):
        return
    with hold_ledger(site, wait=True) as book:
        if book is not None:
            read_in(site, lambda main: book.write(lambda it: ledger.lower_marks(main, it)))


def _read_password(mail: Mail) -> str:
    if mail.password_file is None:
        return ""
    try:
        found = mail.password_file.read_text("ascii").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise WrongSettings("MICROBLOG_MAIL_PASSWORD_FILE cannot be read") from None
    if not found or not found.isprintable():
        raise WrongSettings("MICROBLOG_MAIL_PASSWORD_FILE is not one line of plain text")
    return found


def _look(here: Round) -> int:
    """Write down what is due, and return how many mails that is."""
    work, settings = here.work, here.work.settings
    place = Place(settings.public_url, ZoneInfo(settings.zone))

    def new_id() -> str:
        return message_id(secrets.token_hex(TOKEN_BYTES), work.mail.sender)

    def look(main: Session) -> int:
        news, now = News(main), work.now()
        return here.book.write(
            lambda it: ledger.look(
                main, Looking(it, news, place, now, here.addresses.address_of, new_id)
            )
        )

    return read_in(site_of(settings), look)


def _send_waiting(here: Round) -> None:
    """Try all that is waiting; once the mail server cannot be had, the rest is put off."""
    now = here.work.now
    try:
        for row in here.book.write(lambda it: ledger.take_waiting(it, now())):
            state = _send(here, row)
            here.report.sent += state == ledger.SENT
            here.report.refused += state == ledger.REFUSED
    finally:
        if here.courier is not None:
            here.courier.close()


def _send(here: Round, row: RoundUpRow) -> str:
    """Try one mail, and return the state that it is in then."""
    book, now = here.book, here.work.now
    address = here.addresses.address_of(row.person)
    if address is None:
        return book.write(lambda it: ledger.end(it, row))
    if here.failures >= FAILURES:
        return book.write(lambda it: ledger.put_off(it, row, here.code, now()))
    begun = False
    try:
        if here.courier is None:
            here.courier = Courier(here.work.mail, here.work.password)
        code = here.courier.offer(address)
        if code < 300:
            book.write(lambda it: ledger.begin(it, row))
            begun = True
            sender = here.work.mail.sender
            code = here.courier.give(
                write_message(sender, address, row.line, row.message_id, row.made)
            )
        here.failures = 0
        return book.write(lambda it: ledger.settle(it, row, code, now()))
    except Unreachable as trouble:
        _note(here, trouble)
        return book.write(lambda it: ledger.put_off(it, row, here.code, now(), unanswered=begun))


def _note(here: Round, trouble: Unreachable) -> None:
    here.report.trouble, here.code = str(trouble), trouble.code
    here.failures += 1
    if here.courier is not None:
        here.courier.close()
        here.courier = None
