"""Whether what a client made of a lie is what it had to make of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from microblog.protocol.encoding import decode_array
from microblog.protocol.entry import DIRECTORY, Entry, decode_entry, open_body
from microblog.protocol.epoch import commit, read_history
from microblog.protocol.errors import Unreadable
from microblog.protocol.primitives import open_box
from tests.lying.scenario import Scenario
from tests.vectors.recorded import ANN, BEA, CAS, DAN, EVE

STAFF = {who.id: who for who in (ANN, BEA, CAS, DAN, EVE)}


def complaints(scenario: Scenario, results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what came out otherwise than it must, in words; empty if nothing did."""
    if len(results) != len(scenario.steps):
        return [f"{scenario.name}: {len(results)} of {len(scenario.steps)} steps were made"]
    found = []
    for number, (step, result) in enumerate(zip(scenario.steps, results, strict=True)):
        if "skipped" in result:
            continue
        attempts = [list(map(decode_entry, raw)) for raw in result["sent"]]
        shown = {**result, **_sent(scenario, attempts)}
        for name, wanted in step.expect.items():
            if shown.get(name) != wanted:
                place = f"{scenario.name}, step {number} ({step.do})"
                found.append(f"{place}: {name} is {shown.get(name)!r}, not {wanted!r}")
    return found


def _sent(scenario: Scenario, attempts: list[list[Entry]]) -> dict[str, Any]:
    """Return what was sent: kinds by attempt, who can read the last post, if all was fresh."""
    kinds = [[entry.header.kind for entry in attempt] for attempt in attempts]
    if not attempts:
        return {"sent": kinds}
    entries = [entry for attempt in attempts for entry in attempt]
    randoms = [piece for e in entries for piece in (e.salt, e.body[:24], e.body[24:])]
    randoms += [e.header.payload[0] for e in entries if e.header.kind == "epoch"]
    fresh = len(set(randoms)) == len(randoms)
    sent: dict[str, Any] = {"sent": kinds, "fresh": fresh, "stolen": _stolen(scenario, entries)}
    sent["boxes"] = sum(len(entry.boxes) for entry in entries)
    sent["sizes"] = sorted({len(entry.body) for entry in entries if entry.header.kind == "post"})
    last, epochs = entries[-1], [entry for entry in entries if entry.header.kind == "epoch"]
    if last.header.log == DIRECTORY:
        return sent
    if not epochs:
        return {**sent, "readable_by": _listed_readers(scenario, last)}
    readers = _boxed_readers(epochs[-1], last)
    return {**sent, "readable_by": readers, "history": _history(scenario, epochs[-1])}


def _listed_readers(scenario: Scenario, post: Entry) -> list[bytes]:
    """Return who was handed the secret that opens a post in an epoch of the recorded stream."""
    open_body(post, scenario.secrets[post.header.epoch])
    served = scenario.steps[-1].served.logs[scenario.log]
    readers: set[bytes] = set()
    for entry in map(decode_entry, served):
        if entry.header.epoch == post.header.epoch:
            readers |= {person for person, _ in entry.boxes}
    return sorted(readers)


def _boxed_readers(epoch: Entry, post: Entry) -> list[bytes]:
    """Return whose reading key opens a box of a new epoch, whoever it is for, and so the post."""
    readers = []
    for who in STAFF.values():
        for _, box in epoch.boxes:
            try:
                secret = decode_array(open_box(who.reading_secret, box))[5]
                assert isinstance(secret, bytes)
                open_body(post, secret)
            except Unreadable:
                continue
            readers.append(who.id)
    return sorted(readers)


def _history(scenario: Scenario, epoch: Entry) -> int:
    """Return how many earlier secrets the bundle carries, each the right one."""
    person, box = epoch.boxes[0]
    secret = decode_array(open_box(STAFF[person].reading_secret, box))[5]
    assert isinstance(secret, bytes)
    assert secret not in scenario.secrets
    known = [commit(s, scenario.log, n) for n, s in enumerate(scenario.secrets)]
    count = epoch.header.epoch
    commitments = [*known[:count], commit(secret, scenario.log, count)]
    return len(read_history(open_body(epoch, secret), scenario.log, commitments, ()))


def _stolen(scenario: Scenario, entries: Sequence[Entry]) -> int:
    """Return how many things that were sent a thief opens, who has all earlier secrets besides."""
    thief = scenario.thief
    if thief is None:
        return 0
    held, secrets, opened = (thief.reading_secret, thief.box_secret), list(scenario.secrets), 0
    for sealed in (piece for entry in entries for piece in _sealed(entry)):
        for secret in held:
            with suppress(Unreadable):
                open_box(secret, sealed)
                opened += 1
    for entry in entries:
        for secret in secrets if entry.header.log != DIRECTORY else ():
            with suppress(Unreadable):
                open_body(entry, secret)
                opened += 1
    return opened


def _sealed(entry: Entry) -> list[bytes]:
    """Return all that an entry has sealed to someone's key."""
    rows = entry.header.payload[1] if entry.header.kind == "rekey" else []
    assert isinstance(rows, list | tuple)
    return [box for _, box in entry.boxes] + [row[1] for row in rows]  # type: ignore[index,misc]
