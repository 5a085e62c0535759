"""What both sorts of log share: a chain that only grows, and pins (PROTOCOL.md 9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.protocol.entry import NO_ENTRY, Entry
from microblog.protocol.errors import BrokenChain, RolledBack, WrongLog


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log has come: its newest entry's seq and id. Kept by a client it is a pin."""

    seq: int
    id: bytes


def check_link(log: bytes, head: Head | None, entry: Entry) -> None:
    """Check that an entry is the next of this log.

    Raises:
        WrongLog: it belongs to another.
        BrokenChain: seq or prev is not what follows `head`.
    """
    header = entry.header
    if header.log != log:
        raise WrongLog("the entry belongs to another log")
    if header.seq != (head.seq + 1 if head else 0):
        raise BrokenChain("the entry's seq is not the next one")
    if header.prev != (head.id if head else NO_ENTRY):
        raise BrokenChain("the entry's prev is not the entry before it")


def check_pin(pin: Head, ids: Sequence[bytes]) -> None:
    """Check that the verified ids of a log, from 0, contain what was seen of it before.

    Raises:
        RolledBack: the log is shorter than the pin, or another.
    """
    if pin.seq >= len(ids):
        raise RolledBack("the log is shorter than it was")
    if ids[pin.seq] != pin.id:
        raise RolledBack("the log is not the one seen before")
