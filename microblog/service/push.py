"""Where each device wants to be told that something is new.

The address is given by the device's browser, and this server calls it: so only at push services
that the operator allows. A device has one, and a person ten; the oldest makes room.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from microblog.service.errors import Malformed, NotFound
from microblog.service.sessions import Who, check_stays
from microblog.store import notices, push
from microblog.store.errors import StoreError
from microblog.store.ledger import NOTICES, read_ledger
from microblog.store.locks import BY_DIRECTORY, hold, of_place
from microblog.store.notices import WokenRow
from microblog.store.push import PushRow
from microblog.store.site import Site

MOST = 10
MAX_ENDPOINT = 1024
WEEKDAYS = range(7)
#: Until someone says otherwise: nothing in the evening and at night, nothing at the weekend.
BEGIN, END, WEEKEND = 18 * 60, 8 * 60, frozenset({5, 6})
#: How soon a notice may be asked for again, to try it.
AGAIN_MS = 60 * 1000

_ENDPOINT = re.compile(
    r"https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?)"
    r"/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*"
)


#: Devices, and when each had asked.
Gone = frozenset[tuple[bytes, int]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where notices go: the push services that are allowed, and our public key; empty: none."""

    hosts: tuple[str, ...]
    key: bytes


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nothing comes: from `begin` to `end`, minutes after midnight; and on these weekdays."""

    begin: int = BEGIN
    end: int = END
    days: frozenset[int] = WEEKEND


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a device asks for: to be told at an address, made for a key of ours."""

    endpoint: str
    key: bytes
    quiet: Quiet


@dataclass(frozen=True, slots=True)
class State:
    """Whether this device is told, and when not; `looked`: when anybody last looked, 0: never.

    `sent` is when the newest notice was taken, `tries` how often the next was tried in vain.
    """

    on: bool
    quiet: Quiet
    looked: int
    sent: int
    tries: int
    tried: int


def is_allowed(endpoint: str, hosts: tuple[str, ...]) -> bool:
    """Return whether an address is one that this server may call.

    `*.example.org` is anything under it; a host with a port is that one only, one without is 443.
    """
    match = _ENDPOINT.fullmatch(endpoint)
    if match is None or len(endpoint) > MAX_ENDPOINT:
        return False
    host = match["host"].removesuffix(":443")
    return any(
        host == one or (one.startswith("*.") and ":" not in host and host.endswith(one[1:]))
        for one in hosts
    )


def check_wanted(place: Place, wanted: Wanted) -> None:
    """Check what a device asks for.

    Raises:
        Malformed: it cannot be.
    """
    if len(wanted.quiet.days) == len(WEEKDAYS):
        raise Malformed("quiet: no day of the week is left")
    if not is_allowed(wanted.endpoint, place.hosts):
        raise Malformed("endpoint: not a push service that this server may call")
    if not place.key:
        raise Malformed("key: this server sends no notices")
    if wanted.key != place.key:
        raise Malformed("key: not this server's")


def read_state(session: Session, who: Who, place: Place, site: Site) -> State:
    """Return whether, and when, a device is told."""
    row = push.read_push(session, who.key)
    looked, woken = _read_woken(site)
    if row is None or row.key != place.key or _is_gone(row, woken):
        return State(on=False, quiet=Quiet(), looked=looked, sent=0, tries=0, tried=0)
    its = woken.get(row.device)
    # What became of one that it asked for before is nothing to this one.
    if its is None or its.time != row.time:
        its = WokenRow(row.device, row.time)
    days = frozenset(day for day in WEEKDAYS if row.quiet >> day & 1)
    quiet = Quiet(row.begin, row.end, days)
    return State(True, quiet, looked, its.sent, its.tries, row.tried)


def put_wanted(session: Session, who: Who, wanted: Wanted, gone: Gone, now: int) -> None:
    """Keep where and when a device is to be told, in the writer's transaction."""
    # An address is kept once, whoever's it was, and a person has ten.
    hold(session, BY_DIRECTORY, of_place(b"push"))
    check_stays(session, who)
    _drop_gone(session, gone)
    endpoint, key, quiet = wanted.endpoint, wanted.key, wanted.quiet
    known = push.read_push(session, who.key)
    time, tried = now, 0
    # Whoever only changes the hours misses nothing that waits.
    if known is not None and (known.endpoint, known.key) == (endpoint, key):
        time, tried = known.time, known.tried
    days = sum(1 << day for day in quiet.days)
    push.put_push(
        session,
        PushRow(who.key, who.person, endpoint, key, quiet.begin, quiet.end, days, time, tried),
    )
    others = [it for it in push.read_pushes_of(session, who.person) if it.device != who.key]
    for row in others[: max(0, len(others) + 1 - MOST)]:
        push.delete_push(session, row.device)


def read_gone(site: Site) -> Gone:
    """Return the devices whose push service has said that there is no such address."""
    _, woken = _read_woken(site)
    return frozenset((its.device, its.time) for its in woken.values() if its.gone)


def drop_gone(session: Session, gone: Gone) -> None:
    """Forget what these devices have asked for then, in the writer's transaction.

    The process that sends notices hears of it and only reads here: whoever signs in next does it.
    """
    if gone:
        hold(session, of_place(b"push"))
        _drop_gone(session, gone)


def put_tried(session: Session, who: Who, now: int) -> None:
    """Note that a device wants a notice, to try it, in the writer's transaction.

    Raises:
        NotFound: it is told of nothing.
    """
    row = push.read_push(session, who.key)
    if row is None:
        raise NotFound
    if not row.tried <= now < row.tried + AGAIN_MS:
        push.put_tried(session, who.key, now)


def delete_wanted(session: Session, who: Who) -> None:
    """Tell a device nothing any more, in the writer's transaction."""
    push.delete_push(session, who.key)


def _drop_gone(session: Session, gone: Gone) -> None:
    for device, time in gone:
        push.delete_push_since(session, device, time)


def _is_gone(row: PushRow, woken: dict[bytes, WokenRow]) -> bool:
    """Return whether the push service has said that there is no such address."""
    its = woken.get(row.device)
    return its is not None and its.time == row.time and bool(its.gone)


def _read_woken(site: Site) -> tuple[int, dict[bytes, WokenRow]]:
    """Read what became of notices. A ledger that cannot be read is as one that is not there."""
    found = None
    with suppress(StoreError):
        found = read_ledger(site, notices.read_state, NOTICES)
    looked, woken = found or (None, {})
    return looked or 0, woken
