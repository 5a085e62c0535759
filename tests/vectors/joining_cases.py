"""Vectors of how people come into a directory and leave it: each takes entries of its own."""

from collections.abc import Sequence
from typing import Any

from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.invitation import sign_join
from microblog.protocol.primitives import signing_key
from tests.vectors.case import Case, Upto
from tests.vectors.practice import DirectoryLog, Staff, staff
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    COUNCIL,
    DAN,
    SCHOOL,
    invite_payload,
    invite_seed,
)

FRANK = staff("Frank")


def cases(log: DirectoryLog) -> list[Case]:
    return [*_founders(), *_times(log), *_keys(log), *_inviters(log), *_leavers(log)]


class _Longer(DirectoryLog):
    """The recorded directory, to which a case adds."""

    def __init__(self, log: DirectoryLog) -> None:
        super().__init__()
        self.entries = list(log.entries)
        self.recorded = len(log.entries)

    def invite(self, author: Staff = ANN) -> Entry:
        """Invite Frank."""
        payload = invite_payload(self, FRANK, "practitioner", COUNCIL)
        return self.add(author, "invite", payload, ["Frank Example", "nurse"])

    def case(self, name: str, error: str, last: Entry) -> Case:
        added = [*self.entries[self.recorded :], last]
        then = Upto("directory", self.recorded, list(map(encode_entry, added)))
        return Case(name, "directory.extend", [self.entries[0].id, then], error)


def _founders() -> list[Case]:
    def found(name: str, error: str, person: bytes, keys: Sequence[Value]) -> Case:
        entry = DirectoryLog().then(ANN, "found", ["Westmere", person, *keys], ["Ann", "", ""])
        return Case(name, "directory.extend", [None, [encode_entry(entry)]], error)

    return [
        found("a founding", "", ANN.id, ANN.keys),
        found("a founding for someone else", "Malformed", BEA.id, ANN.keys),
        found("a founding with one key twice", "BadKey", ANN.id, ANN.keys[:1] * 2),
    ]


def _times(before: DirectoryLog) -> list[Case]:
    log = _Longer(before)
    invite = log.invite()
    payload, expiry = log.join_payload(invite, invite_seed(FRANK), FRANK), invite.header.payload[3]

    def join(name: str, error: str, time: Any) -> Case:
        return log.case(name, error, log.then(FRANK, "join", payload, ["phone"], time=time))

    return [
        join("a join at the last millisecond", "", expiry),
        join("a join one millisecond late", "BadInvitation", int(str(expiry)) + 1),
    ]


def _keys(before: DirectoryLog) -> list[Case]:
    log = _Longer(before)
    invite = log.invite()
    seed, fingerprint, (box, reading) = invite_seed(FRANK), log.entries[0].id, FRANK.keys

    def join(
        name: str, error: str, keys: Sequence[bytes], device: bytes = FRANK.seed, by: bytes = seed
    ) -> Case:
        signature = sign_join(by, fingerprint, invite.id, signing_key(device), keys[0], keys[1])
        changes = {"device": signing_key(device), "seed": device}
        payload = [invite.id, signature, *keys]
        return log.case(name, error, log.then(FRANK, "join", payload, ["phone"], **changes))

    return [
        join("a join", "", [box, reading]),
        join("a join signed with another invitation", "BadInvitation", [box, reading],
             by=invite_seed(BEA)),
        join("a join signed with the joiner's device", "BadInvitation", [box, reading],
             by=FRANK.seed),
        join("a join with another's device", "BadKey", [box, reading], device=BEA.seed),
        join("a join with the invitation's key", "BadKey", [box, reading], device=seed),
        join("a join with another's box key", "BadKey", [BEA.keys[0], reading]),
        join("a join with another's reading key", "BadKey", [box, DAN.reading_key]),
        join("a join with a box key once a reading key", "BadKey", [DAN.reading_key, reading]),
        join("a join with one key twice", "BadKey", [box, box]),
        join("a join with a low key", "BadKey", [bytes(32), reading]),
    ]  # fmt: skip


def _inviters(before: DirectoryLog) -> list[Case]:
    def join(name: str, error: str, role: str, left: int) -> Case:
        log = _Longer(before)
        log.add(ANN, "change", [CAS.id, COUNCIL, "steward", 0], ["Cas Example", "manager"])
        invite = log.invite(CAS)
        log.add(ANN, "change", [CAS.id, COUNCIL, role, left], ["Cas Example", "manager"])
        payload = log.join_payload(invite, invite_seed(FRANK), FRANK)
        return log.case(name, error, log.then(FRANK, "join", payload, ["phone"]))

    return [
        join("a join whose inviter is a steward", "", "steward", 0),
        join("a join whose inviter is no steward now", "BadInvitation", "supervisor", 0),
        join("a join whose inviter has left", "BadInvitation", "steward", 1),
    ]


def _leavers(before: DirectoryLog) -> list[Case]:
    log = _Longer(before)
    log.add(ANN, "change", [BEA.id, SCHOOL, "practitioner", 1], ["Bea Example", "teacher"])
    back: list[Value] = [BEA.id, SCHOOL, "practitioner", 0]
    return [
        log.case("a profile by who has left", "UnknownDevice", log.then(
            BEA, "profile", [b"", []], ["", ""])),
        log.case("an advisory by who has left", "UnknownDevice", log.then(BEA, "+nod", [])),
        log.case("who has left comes back", "NotAllowed", log.then(ANN, "change", back, ["x", ""])),
    ]  # fmt: skip
