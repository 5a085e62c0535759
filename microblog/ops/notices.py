"""Notices by web push: look who is to be woken, and wake them; and the key they are signed with."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from microblog.ops.refusal import Refusal
from microblog.ops.site import site_of
from microblog.push.courier import Courier, Unreachable
from microblog.push.vapid import BadKey, Vapid, encode, make_key, read_key
from microblog.service import notices, push, restoring
from microblog.service.notices import Due, Looking
from microblog.settings import Push, Settings, WrongSettings
from microblog.store.db import (
    NOTICES,
    Ledger,
    Session,
    Site,
    has_ledger,
    hold_ledger,
    make_folder,
    open_marks,
    read_in,
)

# A push service that could not be had so often in a row is left alone until the next time.
FAILURES = 2
HINT = "see deploy/PUSH.md"


@dataclass(slots=True)
class Report:
    """What was done: notices taken, devices gone and put off; and what is wrong."""

    sent: int = 0
    gone: int = 0
    waiting: int = 0
    trouble: str = ""

    def __str__(self) -> str:
        """Say it, without saying of whom."""
        return f"notices: {self.sent} sent, {self.gone} gone, {self.waiting} waiting"


@dataclass(frozen=True, slots=True)
class Work:
    """What every round works with; `now` gives milliseconds since 1970."""

    settings: Settings
    push: Push
    vapid: Vapid
    courier: Courier
    now: Callable[[], int]


def make_vapid(settings: Settings, *, replace: bool) -> None:
    """Make the key that notices are signed with, and print its public half.

    Raises:
        StoreError: the folder cannot be used.
        Refusal: there is a key, or it cannot be written.
    """
    make_folder(settings.data)
    try:
        public = make_key(settings.data, replace=replace)
    except FileExistsError:
        raise Refusal(
            "there is a key already: with another, everyone has to switch notices on again",
            "microblogd vapid --replace makes another all the same",
        ) from None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise Refusal(f"the key cannot be kept: {why}", "") from None
    click.echo(encode(public))


def send_once(settings: Settings) -> None:
    """Wake once whoever is to be woken.

    Raises:
        WrongSettings: web push is not set up.
        StoreError: the data cannot be used.
        Refusal: there is no key, or a push service cannot be used; what was to be sent waits.
    """
    report = run_round(prepare(settings))
    if report is None:
        click.echo("notices: another process is sending them")
        return
    if report.sent or report.gone:
        click.echo(str(report))
    if report.trouble:
        raise Refusal(f"{report.trouble}: {report.waiting} notices wait", HINT)


def send_forever(settings: Settings, every_seconds: int) -> None:
    """Wake whoever is to be woken, again and again, until stopped.

    Raises:
        WrongSettings: web push is not set up.
        StoreError: the data cannot be used.
        Refusal: there is no key.
    """
    work = prepare(settings)
    while True:
        report = run_round(work)
        if report is not None and (report.sent or report.gone or report.trouble):
            click.echo(f"{report}: {report.trouble}" if report.trouble else str(report))
        time.sleep(every_seconds)


def prepare(settings: Settings) -> Work:
    """Return what rounds work with.

    Raises:
        WrongSettings: web push is not set up.
        Refusal: there is no key, or it cannot be used.
    """
    if settings.push is None:
        raise WrongSettings("web push is not set up: MICROBLOG_PUSH says whom to write to")
    try:
        vapid = read_key(settings.data, settings.push.contact)
    except BadKey as error:
        raise Refusal(str(error), HINT) from None
    if vapid is None:
        raise Refusal("there is no key to sign notices with", "microblogd vapid makes it")
    courier = Courier(settings.push, vapid)
    return Work(settings, settings.push, vapid, courier, lambda: time.time_ns() // 1_000_000)


def run_round(work: Work) -> Report | None:
    """Look once, wake who is due, and say what was done; None: another process does so."""
    site = site_of(work.settings)
    with hold_ledger(site, NOTICES) as book:
        if book is None:
            return None
        report = Report()
        # While streams are put back, nobody knows what is new.
        if not restoring.is_restoring(open_marks(site)):
            failures: dict[str, int] = {}
            for due in _look(work, book):
                _wake(work, book, due, failures, report)
        return report


def settle_restored(site: Site) -> None:
    """Have nothing that is posted after a restore taken for what was told before it."""
    if not has_ledger(site, NOTICES):
        return
    with hold_ledger(site, NOTICES, wait=True) as book:
        if book is not None:
            read_in(site, lambda main: book.write(lambda it: notices.lower_marks(main, it)))


def _look(work: Work, book: Ledger) -> list[Due]:
    zone, key = ZoneInfo(work.settings.zone), work.vapid.public

    def look(main: Session) -> list[Due]:
        return book.write(lambda it: notices.look(Looking(main, it, key, zone, work.now())))

    return read_in(site_of(work.settings), look)


def _wake(work: Work, book: Ledger, due: Due, failures: dict[str, int], report: Report) -> None:
    """Try one device; once its push service cannot be had, the rest there is put off."""
    host, code, retry = urlsplit(due.endpoint).netloc, 0, 0
    # The operator may have allowed it once, and not now.
    if not push.is_allowed(due.endpoint, work.push.hosts):
        report.trouble = "a push service is not one that may be called"
    elif failures.get(host, 0) < FAILURES:
        try:
            answer = work.courier.wake(due.endpoint, work.now())
            code, retry, failures[host] = answer.code, answer.retry_seconds, 0
        except Unreachable as trouble:
            report.trouble = str(trouble)
            failures[host] = failures.get(host, 0) + 1
    taken = book.write(lambda it: notices.settle(it, due, code, work.now(), retry))
    report.sent += taken
    report.gone += code in notices.GONE
    if not taken and code not in notices.GONE:
        report.waiting += 1
        if code:
            report.trouble = f"a push service answers {code}"
