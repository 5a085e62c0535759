"""Lies told while a device is being linked, to either end, and to who comes back from a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microblog.protocol.device import sign_device
from microblog.protocol.link import (
    CONSENT,
    OFFER,
    PINS,
    WELCOME,
    Offer,
    Welcome,
    derive_link,
    encode_code,
    seal_consent,
    seal_offer,
    seal_welcome,
)
from microblog.protocol.log import Head
from microblog.protocol.primitives import box_key
from microblog.protocol.recovery import (
    Sheet,
    derive_box_secret,
    derive_device_seed,
    encode_sheet,
    encode_sheet_link,
)
from tests.lying.device_lies import another, grown, link, revoke
from tests.lying.linking import NewDevice, OldDevice
from tests.lying.scenario import Scenario, Step, serve
from tests.lying.telling import record, told
from tests.vectors.practice import DirectoryLog, Staff, fresh
from tests.vectors.recorded import BEA, CAS, EVE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CODE, OTHER_CODE = encode_code(fresh("code", 13)), encode_code(fresh("other code", 13))
SECRET = fresh("sheet", 20)


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_to_the_new(), *_to_the_old(), *_from_a_sheet()]


# To the new device, whose person types its letters on an old one.


def _to_the_new() -> list[Scenario]:
    log = record()

    def case(name: str, error: str, **lie: Any) -> Scenario:
        def linked(outcome: str, **twisted: Any) -> Step:
            given = {"old": lambda: OldDevice(BEA, log.directory, **twisted)}
            expect = {"outcome": outcome}
            return Step(serve(log.directory, log), "link", expect, given=given)

        return told(name, log, linked(error, **lie), linked("done"))

    def in_place(slot: int, other: Callable[[bytes], bytes]) -> dict[str, Any]:
        return {"twist": lambda at, message: other(message) if at == slot else message}

    own = derive_link(OTHER_CODE)
    fingerprint = log.directory.entries[0].id
    welcome = Welcome(fingerprint, EVE.id, 0, "Westmere", "Bea Example")
    forged = seal_welcome(own, fresh("forged", 24), welcome)
    return [
        case("shows a newly linked device a whole false practice", "BrokenChain",
             shown=lambda _: _false_practice().raw),
        case("shows a newly linked device an older directory", "RolledBack",
             shown=lambda directory: directory.raw[:-2]),
        case("shows a newly linked device a directory without it", "RolledBack",
             shown=lambda _: log.directory.raw),
        case("shows a newly linked device another directory", "RolledBack", shown=_another),
        case("writes a welcome of its own", "NotAuthentic", **in_place(WELCOME, lambda _: forged)),
        case("flips a bit in a welcome", "NotAuthentic", **in_place(WELCOME, _flipped)),
        case("flips a bit in the pins", "NotAuthentic", **in_place(PINS, _flipped)),
        case("gives nothing for the pins", "NotAuthentic", **in_place(PINS, lambda _: b"")),
        case("gives the welcome for the pins", "NotAuthentic", twist=_Again(WELCOME, PINS)),
    ]  # fmt: skip


class _Again:
    """Gives what lay in one place for what is to lie in another."""

    def __init__(self, kept: int, instead: int) -> None:
        self.kept, self.instead, self.message = kept, instead, b""

    def __call__(self, slot: int, message: bytes) -> bytes:
        if slot == self.kept:
            self.message = message
        return self.message if slot == self.instead else message


def _flipped(message: bytes) -> bytes:
    return message[:-1] + bytes([message[-1] ^ 1])


def _false_practice() -> DirectoryLog:
    false = DirectoryLog()
    false.add(EVE, "found", ["Westmere", EVE.id, *EVE.keys], ["Ann Example", "manager", "laptop"])
    return false


def _another(directory: DirectoryLog) -> Sequence[bytes]:
    """Return as long a directory, in which another entry stands last."""
    other = grown(directory)
    other.entries.pop()
    other.add(BEA, "profile", [b"", []], ["01632 960 001", "bea@example.test"])
    return other.raw


# To the old device, which is given the letters of a new one.


def _to_the_old() -> list[Scenario]:
    log = record()
    phone = another(BEA, "phone")
    own = derive_link(OTHER_CODE)

    def case(name: str, error: str, slot: int, other: Callable[[bytes], bytes | None]) -> Scenario:
        def let_in(outcome: str, **twisted: Any) -> Step:
            given = {"letters": CODE, "new": lambda: NewDevice(phone, CODE, **twisted)}
            sent = [] if outcome else [["device"]]
            expect = {"outcome": outcome, "sent": sent}
            return Step(serve(log.directory, log), "let in", expect, given=given)

        twist = {"twist": lambda at, message: other(message) if at == slot else message}
        return told(name, log, let_in(error, **twist), let_in(""))

    evil = Offer(EVE.device, EVE.keys[0], "phone")
    offer = seal_offer(own, fresh("forged", 24), evil)
    right = derive_link(CODE)
    fingerprint = log.directory.entries[0].id

    def signed(who: Staff, person: bytes, until: int) -> bytes:
        signature = sign_device(who.seed, fingerprint, person, box_key(phone.box_secret), until)
        return seal_consent(right, fresh("forged", 24), signature)

    return [
        case("swaps the keys of a device being linked", "NotAuthentic", OFFER, lambda _: offer),
        case("flips a bit in an offer", "NotAuthentic", OFFER, _flipped),
        case("says that no device waits", "LinkOver", OFFER, lambda _: None),
        case("flips a bit in a consent", "NotAuthentic", CONSENT, _flipped),
        # With the letters besides: even so nothing is let in that was not asked.
        case("has a device consent to be another's", "NotAuthentic", CONSENT,
             lambda _: signed(phone, CAS.id, 0)),
        case("has a device consent for a shift only", "NotAuthentic", CONSENT,
             lambda _: signed(phone, BEA.id, 2**50)),
        case("consents in a device's place", "NotAuthentic", CONSENT,
             lambda _: signed(EVE, BEA.id, 0)),
    ]  # fmt: skip


# To who has nothing but a recovery sheet.


def _from_a_sheet() -> list[Scenario]:
    log = record()
    fingerprint = log.directory.entries[0].id
    paper = Staff(BEA.id, derive_device_seed(SECRET, fingerprint),
                  derive_box_secret(SECRET, fingerprint), BEA.reading_secret)  # fmt: skip
    link(log.directory, BEA, paper)
    newest = log.directory.entries[-1]
    pin = Head(newest.header.seq, newest.id)
    typed = {"letters": encode_sheet(SECRET)}
    scanned = {"fragment": encode_sheet_link(Sheet(SECRET, fingerprint, pin))}
    gone = grown(log.directory)
    revoke(gone, BEA, paper.device)
    honest = {"outcome": "", "offered": ["Westmere", "Someone Example"]}

    def case(name: str, lie: DirectoryLog, error: str, given: dict[str, str]) -> Scenario:
        return told(
            name,
            log,
            Step(serve(lie, log), "sheet", {"outcome": error, "sent": []}, given=given),
            Step(serve(log.directory, log), "sheet", honest, given=given),
        )

    before = grown(log.directory)
    before.entries.pop()
    return [
        case("shows who comes back with a sheet a false practice", _false_practice(),
             "BrokenChain", scanned),
        case("shows who types a sheet a false practice", _false_practice(), "UnknownDevice",
             typed),
        case("shows who comes back with a sheet an older directory", before, "RolledBack",
             scanned),
        case("shows who types a sheet a directory before it", before, "UnknownDevice", typed),
        case("lets in a sheet that was revoked", gone, "UnknownDevice", scanned),
        case("lets in letters of a sheet that was revoked", gone, "UnknownDevice", typed),
    ]  # fmt: skip
