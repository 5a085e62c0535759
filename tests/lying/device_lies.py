"""Lies about devices: who has which, until when, and with which reading key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microblog.protocol.device import sign_device
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.primitives import box_key, sign
from microblog.protocol.reading import Owner, seal_reading
from tests.lying.scenario import NOW, Scenario, Step, box_for, boxes_of, serve
from tests.lying.telling import (
    ALL,
    EVERYONE,
    READ_ALL,
    TEAM,
    add_epoch,
    denied,
    look,
    record,
    stopped,
    told,
    words,
)
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, fresh, rows
from tests.vectors.primitive_cases import SMALL_ORDER_BOX, SMALL_ORDER_SIGN
from tests.vectors.recorded import ANN, BEA, CAS, DAN, EVE

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR_MS = 60 * 60 * 1000


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_new_devices(), *_revocations(), *_rekeys(), *_old_devices(), *_next_epochs()]


def another(who: Staff, name: str = "laptop") -> Staff:
    """Return someone at another device of theirs."""
    name = f"{who.id.hex()} {name}"
    return Staff(who.id, fresh(f"{name} seed"), fresh(f"{name} box"), who.reading_secret)


def grown(directory: DirectoryLog) -> DirectoryLog:
    """Return a copy of a directory, to be written on."""
    copy = DirectoryLog()
    copy.entries = list(directory.entries)
    return copy


def sealed_to(directory: DirectoryLog, device: Staff, *secrets: bytes) -> bytes:
    """Return someone's reading keys, sealed to a device of theirs."""
    owner = Owner(directory.entries[0].id, device.id, device.device)
    given = secrets or (device.reading_secret,)
    return seal_reading(fresh(f"seal {device.device.hex()}"), owner, box_key(device.box_secret),
                        given)  # fmt: skip


def device_payload(directory: DirectoryLog, new: Staff, until: int = 0) -> list[Value]:
    """Return what a `device` entry says of a new device, which has signed it."""
    key, fingerprint = box_key(new.box_secret), directory.entries[0].id
    signature = sign_device(new.seed, fingerprint, new.id, key, until)
    return [new.device, key, until, sealed_to(directory, new), signature]


def link(directory: DirectoryLog, old: Staff, new: Staff, until: int = 0) -> Entry:
    """Let a person's next device in."""
    return directory.add(old, "device", device_payload(directory, new, until), ["laptop"])


def revoke(directory: DirectoryLog, by: Staff, device: bytes, since: int = START) -> Entry:
    """Take a device away."""
    return directory.add(by, "revoke", ["device", device, since])


def rekey_payload(directory: DirectoryLog, secret: bytes, *devices: Staff) -> list[Value]:
    """Return what a `rekey` says: the next reading key, sealed to these devices."""
    rows: list[Value] = [
        [device.device, sealed_to(directory, device, device.reading_secret, secret)]
        for device in sorted(devices, key=lambda device: device.device)
    ]
    return [box_key(secret), rows]


# One more.


def _new_devices() -> list[Scenario]:
    log = record()
    directory, new = log.directory, another(BEA)
    good = device_payload(directory, new)
    evil = device_payload(directory, another(EVE))

    def case(name: str, payload: Sequence[Value], error: str, /, who: Staff = BEA,
             **changes: Any) -> Scenario:  # fmt: skip
        lie = directory.then(who, "device", payload, ["laptop"], **changes)
        return denied(name, log, [*directory.raw, encode_entry(lie)], error)

    def changed(item: int, value: Value) -> list[Value]:
        return [*good[:item], value, *good[item + 1 :]]

    linked = grown(directory)
    link(linked, BEA, new)
    again = linked.then(BEA, "device", good, ["laptop"])
    return [
        case("adds a device to a person", evil, "UnknownDevice",
             device=EVE.device, seed=EVE.seed),
        case("adds a device in a person's name", good, "NotAuthentic", seed=EVE.seed),
        case("gives someone a device that never agreed", changed(4, bytes(64)), "NotAuthentic"),
        case("lifts a device's consent to another person", good, "NotAuthentic", who=DAN),
        case("lifts a device's consent onto another signing key", changed(0, EVE.device),
             "NotAuthentic"),
        case("swaps the box key of a device being linked", changed(1, EVE.keys[0]),
             "NotAuthentic"),
        case("makes a device for a shift last for ever", _for_a_shift(directory, new),
             "NotAuthentic"),
        case("makes a consent of a sign-in", changed(4, _as_login(directory, new)),
             "NotAuthentic"),
        case("links a device whose box key is of low order",
             _with_box(directory, new, SMALL_ORDER_BOX), "BadKey"),
        case("links a device whose signing key is of low order",
             [SMALL_ORDER_SIGN, *good[1:]], "BadKey"),
        case("links a colleague's device", changed(0, ANN.device), "NotAuthentic"),
        case("links a device with a colleague's box key",
             _with_box(directory, new, ANN.keys[0]), "BadKey"),
        case("links a device until before it was linked",
             device_payload(directory, new, START), "Malformed"),
        denied("links the same device again", log, [*linked.raw, encode_entry(again)], "BadKey",
               linked),
    ]  # fmt: skip


def _for_a_shift(directory: DirectoryLog, new: Staff) -> list[Value]:
    payload = device_payload(directory, new, NOW + HOUR_MS)
    return [*payload[:2], 0, *payload[3:]]


def _as_login(directory: DirectoryLog, new: Staff) -> bytes:
    items: list[Value] = ["msb/1/device", directory.entries[0].id, new.id, new.device,
                          box_key(new.box_secret), 0]  # fmt: skip
    return sign(new.seed, "msb/1/login", encode(items))


def _with_box(directory: DirectoryLog, new: Staff, key: bytes) -> list[Value]:
    payload = device_payload(directory, new)
    signature = sign_device(new.seed, directory.entries[0].id, new.id, key, 0)
    return [new.device, key, *payload[2:4], signature]


# One less.


def _revocations() -> list[Scenario]:
    log = record()
    directory, new = log.directory, another(BEA)
    link(directory, BEA, new)
    gone = grown(directory)
    revoke(gone, BEA, new.device)

    def case(name: str, before: DirectoryLog, by: Staff, device: bytes, error: str) -> Scenario:
        lie = before.then(by, "revoke", ["device", device, START])
        return denied(name, log, [*before.raw, encode_entry(lie)], error, before)

    signed = gone.then(new, "profile", [b"", []], ["", ""])
    more = gone.then(new, "device", device_payload(gone, another(BEA, "third")), ["laptop"])
    back = gone.then(BEA, "device", device_payload(gone, new), ["laptop"])
    return [
        case("has a colleague revoke someone's device", directory, CAS, BEA.device, "NotAllowed"),
        case("revokes the only steward's only device", directory, ANN, ANN.device, "NotAllowed"),
        case("revokes a device twice", gone, BEA, new.device, "NotAllowed"),
        case("revokes a device that is none", directory, BEA, EVE.device, "NotAllowed"),
        case("has a revoked device revoke the others", gone, new, BEA.device, "UnknownDevice"),
        denied("has a revoked device write in the directory", log,
               [*gone.raw, encode_entry(signed)], "UnknownDevice", gone),
        denied("has a revoked device let in the next", log,
               [*gone.raw, encode_entry(more)], "UnknownDevice", gone),
        denied("brings a revoked device back", log,
               [*gone.raw, encode_entry(back)], "BadKey", gone),
    ]  # fmt: skip


# The next reading key.


def _rekeys() -> list[Scenario]:
    log = record()
    directory, new, secret = log.directory, another(BEA), fresh("next reading key")
    link(directory, BEA, new)
    good = rekey_payload(directory, secret, BEA, new)
    rows = good[1]
    assert isinstance(rows, list)

    def case(name: str, payload: Sequence[Value], error: str, /, who: Staff = BEA,
             **changes: Any) -> Scenario:  # fmt: skip
        lie = directory.then(who, "rekey", payload, **changes)
        return denied(name, log, [*directory.raw, encode_entry(lie)], error)

    evil = rekey_payload(directory, secret, BEA, new, another(EVE))
    return [
        case("seals someone's next reading key to a device of its own", evil, "WrongList"),
        case("leaves a device out of a rekey", [good[0], rows[:1]], "WrongList"),
        case("gives a rekey in another order", [good[0], rows[::-1]], "WrongList"),
        case("rekeys someone in their name", good, "NotAuthentic", seed=EVE.seed),
        case("has a colleague's rekey for someone's", good, "WrongList", who=CAS),
        case("makes a colleague's reading key someone's next", [CAS.reading_key, rows], "BadKey"),
        case("makes an old reading key the next again", [BEA.reading_key, rows], "BadKey"),
        case("makes a reading key of low order the next", [SMALL_ORDER_BOX, rows], "BadKey"),
    ]


# What a lost, or ended, device may still sign.


def _old_devices() -> list[Scenario]:
    new = another(CAS)

    def case(name: str, log: StreamLog, who: Staff, error: str, **changes: Any) -> Scenario:
        lie = log.then(who, "post", [0], words("x"), **changes)
        return stopped(name, log, [*log.raw, encode_entry(lie)], error, 3)

    revoked = _with_device(new)
    older = revoked.directory.entries[-1]
    revoke(revoked.directory, CAS, new.device)
    answered = record("Sample A", revoked.directory)
    thrown_out = [revoked.commitment(1), rows({ANN: "keeper", BEA: "follower"}), [], b""]
    ended = revoked.then(BEA, "epoch", thrown_out, revoked.history_of(1))
    before = {"directory_seq": older.header.seq, "directory_head": older.id}
    shift = _with_device(new, NOW - 1000)
    return [
        case("has a revoked device post", revoked, new, "UnknownDevice"),
        case("has a revoked device post under an older directory", answered, new,
             "StaleDirectory", **before),
        case("has a device post after its shift", shift, new, "UnknownDevice", time=NOW),
        case("goes on in an epoch in which a lost device reads", revoked, BEA, "LossUnanswered"),
        stopped("answers a lost device by throwing its person out", revoked,
                [*revoked.raw, encode_entry(ended)], "NotAllowed", 3),
        _before_the_loss(new),
    ]  # fmt: skip


def _with_device(new: Staff, until: int = 0) -> StreamLog:
    log = record()
    link(log.directory, CAS, new, until)
    return record("Sample A", log.directory)


def _before_the_loss(new: Staff) -> Scenario:
    """What was signed before anyone knew stands, and is marked."""
    log = _with_device(new)
    log.add(new, "post", [0], words("By whom?"))
    revoke(log.directory, CAS, new.device)
    stands = {"trouble": "", "posts": [*ALL, [7, "shown", "By whom?"]], "doubtful": [7]}
    return told(
        "has a device post after it was lost, and before that was known",
        log,
        look(serve(log.directory, log), **stands),
    )


# The epoch after it, which any client makes by itself.


def _next_epochs() -> list[Scenario]:
    return [
        _stolen(),
        *_rekeyed(),
    ]


def _stolen() -> Scenario:
    """A stolen device holds its person's reading key: nobody seals anything to that any more."""
    log = _with_device(another(CAS))
    before = serve(log.directory, log)
    revoke(log.directory, ANN, another(CAS).device)
    after = serve(log.directory, log)
    epoch = {"outcome": "", "sent": [["epoch"]], "readable_by": sorted([ANN.id, BEA.id]),
             "history": 1, "changing": [], "members": TEAM}  # fmt: skip
    refused = replace(after, answers=["stale"] * 99)
    return told(
        "has a stolen device's reading key for the next epoch",
        log,
        look(before, **READ_ALL, sent=[], changing=[]),
        look(refused, changing=[CAS.id], members=TEAM, posts=ALL, trouble=""),
        Step(refused, "post", {"outcome": "refused"}, shown=TEAM, text="x"),
        look(after, **epoch),
    )


def _rekeyed() -> list[Scenario]:
    """Cas has another reading key; the server goes on giving boxes for the old one."""
    directory = _with_device(another(CAS)).directory
    log = record("Sample A", directory)
    revoke(directory, CAS, another(CAS).device)
    secret = fresh("Cas's next reading key")
    next_cas = replace(CAS, reading_secret=secret)
    directory.add(CAS, "rekey", rekey_payload(directory, secret, CAS))
    add_epoch(log, ANN, EVERYONE)
    honest = serve(directory, log)
    mended = [[CAS.id, box_for(log, 1, next_cas)]]

    def case(name: str, *boxes: tuple[bytes, bytes]) -> Scenario:
        others = [row for row in boxes_of(log)[1] if row[0] != CAS.id]
        lie = replace(honest, boxes={log.log: {**boxes_of(log), 1: sorted([*others, *boxes])}})
        return told(name, log, look(lie, **READ_ALL, sent=[], boxes_put=mended, changing=[]))

    return [
        case("gives someone a box for a reading key that is stale", (CAS.id, box_for(log, 1, CAS))),
        case("withholds the box for someone's next reading key"),
        case("gives a box of its own making for someone's next reading key",
             (CAS.id, bytes(len(mended[0][1])))),
    ]  # fmt: skip
