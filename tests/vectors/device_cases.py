"""Vectors of devices, reading keys and witnesses in the directory, each with its own entries."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from microblog.protocol.device import MAX_DEVICES, sign_device
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.primitives import box_key, sign, signing_key
from tests.vectors.case import Case, Upto
from tests.vectors.practice import START, DirectoryLog, Staff, fresh, staff
from tests.vectors.recorded import ANN, BEA, CAS, COUNCIL, EVE, invite_payload, invite_seed

FRANK = staff("Frank")
HOUR = 60 * 60 * 1000
SEALED = b"sealed"


def cases(log: DirectoryLog) -> list[Case]:
    """Return the cases of this subject."""
    return [
        *_devices(log), *_keys(log), *_many(log), *_revocations(log), *_stewards(log),
        *_rekeys(log), *_witnesses(log), *_signed(log), *_doubts(log),
    ]  # fmt: skip


def another(name: str) -> Staff:
    """Return another device of Bea's: herself, with keys of its own."""
    return Staff(BEA.id, fresh(f"{name} seed"), fresh(f"{name} box"), BEA.reading_secret)


class Longer(DirectoryLog):
    """The recorded directory, to which a case adds."""

    def __init__(self, log: DirectoryLog) -> None:
        super().__init__()
        self.entries = list(log.entries)
        self.recorded = len(log.entries)

    @property
    def now(self) -> int:
        """The time of the next entry."""
        return START + 1000 * len(self.entries)

    def payload(self, device: Staff, until: int = 0, **changes: Any) -> list[Value]:
        """Return what an entry says that lets a device in; `changes` by place in it."""
        box = box_key(device.box_secret)
        signature = sign_device(device.seed, self.entries[0].id, device.id, box, until)
        items: list[Value] = [device.device, box, until, SEALED, signature]
        return [changes.get(f"at{place}", item) for place, item in enumerate(items)]

    def let_in(self, device: Staff, by: Staff = BEA, until: int = 0) -> Entry:
        """Let a device in."""
        return self.add(by, "device", self.payload(device, until), ["tablet", ""])

    def revoke(self, device: Staff, by: Staff) -> Entry:
        """Revoke a device."""
        return self.add(by, "revoke", ["device", device.device, START])

    def rows(self, devices: Sequence[Staff]) -> list[Value]:
        """Return a person's next reading keys as sealed to devices."""
        return [[key, SEALED] for key in sorted(device.device for device in devices)]

    def rekey(self, by: Staff, devices: Sequence[Staff], name: str = "second") -> Entry:
        """Bring a reading key."""
        return self.add(by, "rekey", [box_key(fresh(name)), self.rows(devices)])

    def case(self, name: str, error: str, *last: Entry) -> Case:
        added = [*self.entries[self.recorded :], *last]
        then = Upto("directory", self.recorded, list(map(encode_entry, added)))
        return Case(name, "directory.extend", [self.entries[0].id, then], error)


def _devices(before: DirectoryLog) -> list[Case]:
    log = Longer(before)
    tablet, paper = another("tablet"), another("paper")

    def device(name: str, error: str, body: Sequence[Value] = ("x", ""), **changes: Any) -> Case:
        payload = log.payload(tablet, changes.pop("until", 0), **changes)
        return log.case(name, error, log.then(BEA, "device", payload, body))

    found = [
        device("one more device", ""),
        device("a device of paper", "", ["sheet", "paper"]),
        device("a device of a later sort", "", ["ring", "jewel"]),
        device("a device with a name alone", "", ["tablet"]),
        device("a device whose sort is no text", "", ["tablet", 7]),
        device("a device without a name", "", []),
        device("a device for an hour", "", until=log.now + HOUR),
        device("a device for a millisecond", "", until=log.now + 1),
        device("a device for no time", "Malformed", until=log.now),
        device("a device that was", "Malformed", until=1),
        device("nothing sealed to a device", "Malformed", at3=b""),
        device("much sealed to a device", "", at3=bytes(4096)),
        device("too much sealed to a device", "Malformed", at3=bytes(4097)),
        device("text sealed to a device", "Malformed", at3="x"),
        device("one byte sealed to a device", "", at3=b"x"),
        device("a device until the end of time", "", until=2**53 - 1),
        device("a device until a text", "Malformed", at2="x"),
        device("a device with a short key", "Malformed", at0=bytes(31)),
        device("a device with a short box key", "Malformed", at1=bytes(31)),
        device("a device with the longest name", "", ["x" * 120]),
        device("a device with too long a name", "", ["x" * 121]),
        device("a device with much more in its body", "", ["x", "", *[0] * 33_000]),
        log.case("a device whose name is not what was signed", "",
                 replace(log.then(BEA, "device", log.payload(tablet), ["x"]), body=encode(["y"]))),
        log.case("a device with four items", "Malformed",
                 log.then(BEA, "device", log.payload(tablet)[:4], ["x"])),
        device("a device with a short signature", "Malformed", at4=bytes(63)),
        log.case("a device with six items", "Malformed",
                 log.then(BEA, "device", [*log.payload(tablet), 0], ["x"])),
    ]  # fmt: skip
    log.let_in(tablet)
    log.let_in(paper, by=tablet)
    return [
        *found,
        log.case("a device lets a device in", "", log.then(paper, "profile", [b"", []], ["", ""])),
        log.case("a device twice", "BadKey", log.then(BEA, "device", log.payload(tablet), ["x"])),
    ]


def _keys(before: DirectoryLog) -> list[Case]:
    log = Longer(before)
    tablet, fingerprint = another("tablet"), log.entries[0].id
    box, low = box_key(tablet.box_secret), bytes(32)

    def device(name: str, error: str, key: bytes, box: bytes, *signed: Value, seed: bytes) -> Case:
        signature = sign(seed, "msb/1/device", _encoded("msb/1/device", *signed))
        payload: list[Value] = [key, box, 0, SEALED, signature]
        return log.case(name, error, log.then(BEA, "device", payload, ["tablet", ""]))

    mine = (fingerprint, BEA.id, tablet.device, box, 0)
    seed, key = tablet.seed, tablet.device
    eves = box_key(EVE.box_secret)
    return [
        device("a device that signed", "", key, box, *mine, seed=seed),
        device("a device signed for by another", "NotAuthentic", key, box, *mine, seed=BEA.seed),
        device("a device that signed for another practice", "NotAuthentic", key, box,
               bytes(32), *mine[1:], seed=seed),
        device("a device that signed for another person", "NotAuthentic", key, box,
               fingerprint, CAS.id, *mine[2:], seed=seed),
        device("a device that signed for another box key", "NotAuthentic", key, box,
               *mine[:3], eves, 0, seed=seed),
        device("a device that signed for an end", "NotAuthentic", key, box,
               *mine[:4], log.now + HOUR, seed=seed),
        device("a device with another's key", "NotAuthentic", CAS.device, box,
               *mine[:2], CAS.device, box, 0, seed=seed),
        device("a device with another's key, who signed", "BadKey", CAS.device, box,
               *mine[:2], CAS.device, box, 0, seed=CAS.seed),
        device("a device with another's box key", "BadKey", key, CAS.keys[0],
               *mine[:3], CAS.keys[0], 0, seed=seed),
        device("a device with a reading key for a box key", "BadKey", key, CAS.reading_key,
               *mine[:3], CAS.reading_key, 0, seed=seed),
        device("a device with a low box key", "BadKey", key, low,
               *mine[:3], low, 0, seed=seed),
        device("a device with a low key", "BadKey", low, box, *mine[:2], low, box, 0, seed=seed),
    ]  # fmt: skip


def _signed(before: DirectoryLog) -> list[Case]:
    tablet, fingerprint = another("tablet"), before.entries[0].id
    box = box_key(tablet.box_secret)
    signature = sign_device(tablet.seed, fingerprint, BEA.id, box, START)
    sign_it, verify = "device.sign_device", "device.verify_device"
    keys = [tablet.device, box]
    return [
        Case("a device signs", sign_it, [tablet.seed, fingerprint, BEA.id, box, START]),
        Case("a device signed", verify, [fingerprint, BEA.id, keys, START, signature]),
        Case("a device signed another end", verify,
             [fingerprint, BEA.id, keys, START + 1, signature], "NotAuthentic"),
    ]  # fmt: skip


def _doubts(before: DirectoryLog) -> list[Case]:
    log = Longer(before)
    tablet = another("tablet")
    log.let_in(tablet)

    def doubt(name: str, time: int) -> Case:
        then = Upto("directory", log.recorded, list(map(encode_entry, log.entries[log.recorded :])))
        return Case(name, "device.is_doubtful", [then, tablet.device, time])

    good = doubt("nothing by a device that is good is in doubt", START + HOUR)
    log.revoke(tablet, ANN)
    return [
        good,
        doubt("what a device signed as it was lost", START),
        doubt("what a device signed after it was lost is in doubt", START + 1),
    ]


def _encoded(*items: Value) -> bytes:
    return encode(list(items))


def _many(before: DirectoryLog) -> list[Case]:
    log = Longer(before)
    for number in range(MAX_DEVICES - 1):
        log.let_in(another(f"tablet {number}"))
    last = another("last")
    refused = log.then(BEA, "device", log.payload(last), ["x"])
    full = log.case("a device too many", "NotAllowed", refused)
    log.revoke(another("tablet 7"), BEA)
    freed = log.then(BEA, "device", log.payload(last), ["x"])
    replaced = log.case("a device in the place of a revoked one", "", freed)
    log = Longer(before)
    log.let_in(another("for a shift"), until=log.now + 500)
    for number in range(MAX_DEVICES - 2):
        log.let_in(another(f"tablet {number}"))
    freed = log.then(BEA, "device", log.payload(last), ["x"])
    return [full, replaced, log.case("a device in the place of one that has ended", "", freed)]


def _revocations(before: DirectoryLog) -> list[Case]:
    tablet = another("tablet")

    def revoke(name: str, error: str, by: Staff, device: Staff = tablet) -> Case:
        log = Longer(before)
        log.let_in(tablet)
        entry = log.then(by, "revoke", ["device", device.device, START], [])
        return log.case(name, error, entry)

    def after(name: str, error: str, by: Staff, kind: str, payload: list[Value]) -> Case:
        log = Longer(before)
        log.let_in(tablet)
        log.revoke(tablet, ANN)
        return log.case(name, error, log.then(by, kind, payload, ["", ""]))

    again: list[Value] = ["device", tablet.device, START]
    ended = Longer(before)
    ended.let_in(tablet, until=ended.now + HOUR)
    late, until = {"time": ended.now + HOUR}, ended.entries[-1].header.payload[2]
    return [
        revoke("a device revokes another", "", BEA),
        revoke("a device revokes itself", "", tablet),
        revoke("a person's only other device goes", "", tablet, BEA),
        revoke("a steward revokes a device", "", ANN),
        revoke("a colleague revokes a device", "NotAllowed", CAS),
        revoke("a device that is not there is revoked", "NotAllowed", ANN, EVE),
        after("a device is revoked again", "NotAllowed", ANN, "revoke", again),
        after("a revoked device speaks", "UnknownDevice", tablet, "profile", [b"", []]),
        after("a revoked device says aside", "UnknownDevice", tablet, "+nod", []),
        after("the other device goes on", "", BEA, "profile", [b"", []]),
        ended.case("a device in its last millisecond", "",
                   ended.then(tablet, "profile", [b"", []], ["", ""], time=until)),
        ended.case("a device after its end", "UnknownDevice",
                   ended.then(tablet, "profile", [b"", []], ["", ""], **late)),
        ended.case("a device that ended is revoked", "",
                   ended.then(BEA, "revoke", ["device", tablet.device, 0], [], **late)),
        ended.case("a revocation without a time", "Malformed",
                   ended.then(BEA, "revoke", ["device", tablet.device, b""], [])),
        ended.case("a revocation of a short key", "Malformed",
                   ended.then(BEA, "revoke", ["device", tablet.device[1:], 0], [])),
    ]  # fmt: skip


def _stewards(before: DirectoryLog) -> list[Case]:
    def stewards(name: str, error: str, kind: str, payload: list[Value], until: int = 0) -> Case:
        log = Longer(before)
        second = Staff(ANN.id, fresh("Ann's second"), fresh("Ann's box"), ANN.reading_secret)
        log.let_in(second, by=ANN, until=until)
        log.revoke(ANN, second)
        return log.case(name, error, log.then(second, kind, payload, ["Ann", ""]))

    alone = Longer(before)
    two = Longer(before)
    two.add(ANN, "change", [CAS.id, COUNCIL, "steward", 0], ["Cas", ""])
    two.let_in(Staff(ANN.id, fresh("a"), fresh("b"), b""), by=ANN, until=two.now + HOUR)
    both: list[Value] = ["device", ANN.device, 0]
    down: list[Value] = [ANN.id, COUNCIL, "supervisor", 0]
    gone = Longer(before)
    gone.add(ANN, "change", [CAS.id, COUNCIL, "steward", 0], ["Cas", ""])
    gone.revoke(CAS, CAS)
    invited = Longer(before)
    invited.add(ANN, "change", [CAS.id, COUNCIL, "steward", 0], ["Cas", ""])
    invite = invited.add(CAS, "invite", invite_payload(invited, FRANK, "practitioner", COUNCIL))
    joined = invited.join_payload(invite, invite_seed(FRANK), FRANK)
    before_loss = invited.case("a join whose inviter has a device", "",
                               invited.then(FRANK, "join", joined, ["phone"]))  # fmt: skip
    invited.revoke(CAS, ANN)
    return [
        alone.case("the last steward's only device goes", "NotAllowed",
                   alone.then(ANN, "revoke", both, [])),
        stewards("the last steward's new device goes", "NotAllowed", "revoke",
                 ["device", signing_key(fresh("Ann's second")), 0]),
        stewards("a steward whose first device went", "", "agency", [COUNCIL, "x", "council"]),
        two.case("another steward has a device", "", two.then(ANN, "revoke", both, [])),
        gone.case("a steward steps down where the other has no device", "NotAllowed",
                  gone.then(ANN, "change", down, ["Ann", ""])),
        before_loss,
        invited.case("a join whose inviter's device was revoked", "BadInvitation",
                     invited.then(FRANK, "join", joined, ["phone"])),
        *_temporary(before),
    ]  # fmt: skip


def _temporary(before: DirectoryLog) -> list[Case]:
    log = Longer(before)
    brief = Staff(ANN.id, fresh("brief"), fresh("brief box"), ANN.reading_secret)
    log.let_in(brief, by=ANN, until=log.now + HOUR)
    entry = log.then(brief, "revoke", ["device", ANN.device, 0], [])
    brief_life = Longer(before)
    first = brief_life.payload(brief, until=1)
    brief_life.keep(brief_life.then(ANN, "device", first, ["tablet", ""], time=0))
    return [
        log.case("only a steward's temporary device is left", "NotAllowed", entry),
        brief_life.case("only a device until the first millisecond is left", "NotAllowed",
                        brief_life.then(ANN, "revoke", ["device", ANN.device, 0], [])),
        brief_life.case("a device after the first millisecond", "UnknownDevice",
                        brief_life.then(brief, "+nod", [])),
    ]  # fmt: skip


def _rekeys(before: DirectoryLog) -> list[Case]:
    tablet, brief = another("tablet"), another("brief")
    log = Longer(before)
    log.let_in(tablet)
    log.let_in(brief, until=log.now + HOUR)
    key = box_key(fresh("second"))
    everyone = log.rows([BEA, tablet, brief])

    def rekey(
        name: str, error: str, rows: Value, key: Value = key, by: Staff = BEA, **changes: Any
    ) -> Case:
        return log.case(name, error, log.then(by, "rekey", [key, rows], [], **changes))

    ended, until = {"time": log.now + HOUR}, log.entries[-1].header.payload[2]
    found = [
        rekey("a reading key", "", everyone),
        rekey("a reading key by another device", "", everyone, by=tablet),
        rekey("a reading key after a device's end", "", log.rows([BEA, tablet]), **ended),
        rekey("a reading key as a device ends", "", log.rows([BEA, tablet]), time=until),
        rekey("a reading key a moment before", "", everyone, time=until - 1),
        rekey("a reading key sealed to a short key", "Malformed", [[BEA.device[1:], SEALED]]),
        rekey("a reading key with one item a row", "Malformed", [[BEA.device]]),
        rekey("a reading key sealed to a number", "Malformed", 7),
        log.case("a reading key with one item", "Malformed", log.then(BEA, "rekey", [key], [])),
        rekey("a reading key sealed to what has ended", "WrongList", everyone, **ended),
        rekey("a reading key that leaves a device out", "WrongList", log.rows([BEA, tablet])),
        rekey("a reading key for a colleague", "WrongList", log.rows([BEA, tablet, brief, CAS])),
        rekey("a reading key for a colleague instead", "WrongList", log.rows([BEA, tablet, CAS])),
        rekey("a reading key out of order", "WrongList", everyone[::-1]),
        rekey("a reading key twice for one", "WrongList", [everyone[0], *everyone]),
        rekey("a reading key for nobody", "WrongList", []),
        rekey("a reading key once more", "BadKey", everyone, BEA.reading_key),
        rekey("a reading key of a colleague", "BadKey", everyone, CAS.reading_key),
        rekey("a low reading key", "BadKey", everyone, bytes(32)),
        rekey("a short reading key", "Malformed", everyone, bytes(31)),
        rekey("a reading key sealed as nothing", "Malformed", [[BEA.device, b""]]),
        rekey("a reading key with three items a row", "Malformed", [[BEA.device, b"x", 0]]),
        log.case("a reading key with three items", "Malformed",
                 log.then(BEA, "rekey", [key, everyone, 0], [])),
        log.case("a reading key for 33 devices", "Malformed",
                 log.then(BEA, "rekey", [key, log.rows([BEA] * 33)], [])),
    ]  # fmt: skip
    log.revoke(tablet, ANN)
    stale = log.case("a stale reading key", "", log.then(CAS, "+nod", []))
    late = rekey("a reading key for a revoked device", "WrongList", everyone)
    log.rekey(BEA, [BEA, brief])
    fresh_again = log.case("a reading key after a loss", "", log.then(CAS, "+nod", []))
    log.revoke(brief, BEA)
    stale_again = log.case("a stale reading key again", "", log.then(CAS, "+nod", []))
    return [*found, stale, late, fresh_again, stale_again]


def _witnesses(before: DirectoryLog) -> list[Case]:
    log = Longer(before)
    key = signing_key(fresh("witness"))

    def witness(name: str, error: str, payload: list[Value], by: Staff = ANN) -> Case:
        return log.case(name, error, log.then(by, "witness", payload))

    found = [
        witness("a witness", "", [key, START]),
        witness("a witness by a supervisor", "NotAllowed", [key, START], CAS),
        witness("a witness with someone's key", "BadKey", [BEA.device, START]),
        witness("a witness with a low key", "BadKey", [bytes(32), START]),
        witness("a witness with a short key", "Malformed", [key[1:], START]),
        witness("a witness with three items", "Malformed", [key, START, 0]),
        witness("the end of a witness who is none", "NotAllowed", [key, 0]),
    ]
    log.add(ANN, "witness", [key, START])
    found += [
        witness("a witness twice", "BadKey", [key, START]),
        witness("the end of a witness", "", [key, 0]),
    ]
    log.add(ANN, "witness", [key, 0])
    return [
        *found,
        witness("the end of a witness again", "NotAllowed", [key, 0]),
        witness("a witness who was one", "BadKey", [key, START]),
    ]
