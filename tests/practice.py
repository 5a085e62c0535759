"""A practice with people and streams for tests of the server, made with the protocol's functions.

    practice = Practice(now)                   Asha has founded it; an agency is there
    ben = practice.admit("Ben")                invited and joined
    child = practice.child("Ada", asha)        found and about, by its keeper
    child.grant(asha, ben)                     …, child.post(ben, "words"), child.remove(asha, ben)

Each method returns the entry it adds to the log it holds; `log.raw` is what to send. Nothing is
random: the same calls at the same `now` give the same bytes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microblog.protocol.about import About, encode_about
from microblog.protocol.ask import Asker, seal_reason, write_ask
from microblog.protocol.device import sign_device
from microblog.protocol.entry import Entry, Header, encode_entry
from microblog.protocol.invitation import LIFE_MS
from microblog.protocol.log import Head
from microblog.protocol.post import Post, encode_post
from microblog.protocol.primitives import box_key, signing_key
from microblog.protocol.why import encode_why
from microblog.protocol.witness import Sighting
from tests.vectors.practice import DirectoryLog, Log, Staff, StreamLog, fresh, rows, staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microblog.protocol.encoding import Value

AGENCY = fresh("agency", 16)


class _Timed(Log):
    """Gives headers the time of their log, unless told otherwise."""

    now: int

    def header(
        self, author: Staff, kind: str, payload: Sequence[Value], /, **changes: Any
    ) -> Header:
        return super().header(author, kind, payload, **{"time": self.now, **changes})


class TimedDirectory(_Timed, DirectoryLog):
    """A directory whose entries all have one time."""

    def __init__(self, now: int) -> None:
        super().__init__()
        self.now = now


class Child(_Timed, StreamLog):
    """A stream whose entries all have one time, with its team by person."""

    def __init__(self, name: str, directory: DirectoryLog, now: int) -> None:
        super().__init__(name, directory)
        self.now = now
        self.team: dict[Staff, str] = {}

    @property
    def epoch(self) -> int:
        return len(self.secrets) - 1

    def found(self, keeper: Staff) -> Entry:
        self.team = {keeper: "keeper"}
        payload: list[Value] = [self.commitment(0), rows(self.team)]
        return self.add(keeper, "found", payload, self.history_of(0), boxes=self.boxes(0, [keeper]))

    def about(self, keeper: Staff, name: str) -> Entry:
        return self.add(keeper, "about", [], encode_about(About(sort="child", name=name)))

    def grant(self, keeper: Staff, who: Staff, role: str = "follower") -> Entry:
        self.team[who] = role
        boxes = self.boxes(self.epoch, [who])
        return self.add(keeper, "grant", [who.id, role], encode_why("", b""), boxes=boxes)

    def post(self, author: Staff, text: str = "Quieter than last week.", nudge: int = 0) -> Entry:
        return self.add(author, "post", [nudge], encode_post(Post(text=text)))

    def withdraw(self, author: Staff, seq: int, erase: int = 0) -> Entry:
        return self.add(author, "withdraw", [seq, erase], encode_why("wrong child", b""))

    def remove(self, signer: Staff, *gone: Staff) -> Entry:
        for who in gone:
            del self.team[who]
        number = self.epoch + 1
        payload: list[Value] = [self.commitment(number), rows(self.team), [], b""]
        boxes = sorted(self.boxes(number, list(self.team)))
        return self.add(
            signer, "epoch", payload, self.history_of(number), epoch=number, boxes=boxes
        )


class Practice:
    """A founded practice; `asha` is its steward."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.directory = TimedDirectory(now)
        self.asha = staff("Asha")
        self.directory.add(
            self.asha,
            "found",
            ["Millbrook", self.asha.id, *self.asha.keys],
            ["Asha", "health visitor", "phone"],
        )
        self.directory.add(self.asha, "agency", [AGENCY, "Council", "council"], [])

    @property
    def fingerprint(self) -> bytes:
        return self.directory.entries[0].id

    def invite(self, name: str, role: str = "practitioner", by: Staff | None = None) -> Entry:
        key = signing_key(self.invitation_seed(name))
        payload: list[Value] = [staff(name).id, AGENCY, role, self.now + LIFE_MS, key, b""]
        return self.directory.add(by or self.asha, "invite", payload, [name, "teacher"])

    def invitation_seed(self, name: str) -> bytes:
        return fresh(f"{name} invitation")

    def join_entry(self, name: str, invite: Entry, **changes: Any) -> Entry:
        """Return the join of someone invited, without adding it."""
        who = staff(name)
        payload = self.directory.join_payload(invite, self.invitation_seed(name), who)
        return self.directory.then(who, "join", payload, ["phone"], **changes)

    def join(self, name: str, invite: Entry) -> Entry:
        return self.directory.keep(self.join_entry(name, invite))

    def admit(self, name: str, role: str = "practitioner") -> Staff:
        self.join(name, self.invite(name, role))
        return staff(name)

    def leave(self, who: Staff, by: Staff | None = None) -> Entry:
        payload: list[Value] = [who.id, AGENCY, "practitioner", 1]
        return self.directory.add(by or self.asha, "change", payload, ["Ben", "teacher"])

    def let_in(self, who: Staff, name: str, until: int = 0, by: Staff | None = None) -> Staff:
        """Let in another device of someone, and return them with its keys."""
        device = Staff(who.id, fresh(f"{name} seed"), fresh(f"{name} box"), who.reading_secret)
        box = box_key(device.box_secret)
        signature = sign_device(device.seed, self.fingerprint, who.id, box, until)
        payload: list[Value] = [device.device, box, until, b"sealed", signature]
        self.directory.add(by or who, "device", payload, [name, ""])
        return device

    def revoke(self, device: Staff, by: Staff | None = None, since: int = 0) -> Entry:
        return self.directory.add(by or self.asha, "revoke", ["device", device.device, since], [])

    def rekey(self, *devices: Staff) -> Entry:
        """Bring the next reading key of the devices' person, the first of whom signs."""
        rows: list[Value] = [[key, b"sealed"] for key in sorted(it.device for it in devices)]
        key = box_key(fresh(f"reading key {len(self.directory.entries)}"))
        return self.directory.add(devices[0], "rekey", [key, rows], [])

    def witness(self, name: str, since: int | None = None, by: Staff | None = None) -> bytes:
        """Name a witness, or (`since` 0) end it, and return the seed of its key."""
        seed = fresh(f"{name} witness")
        payload: list[Value] = [signing_key(seed), self.now if since is None else since]
        self.directory.add(by or self.asha, "witness", payload, [])
        return seed

    def sighting(self, log: Log, seq: int = -1, /, **changes: Any) -> Sighting:
        """Return what a witness sees of a log: its newest entry, or the one of that seq."""
        entry = log.entries[seq]
        head = Head(entry.header.seq, entry.id)
        return replace(Sighting(self.fingerprint, log.log, head, self.now), **changes)

    def child(self, name: str, keeper: Staff | None = None) -> Child:
        """Return a stream with its founding and what it is about."""
        child = Child(name, self.directory, self.now)
        child.found(keeper or self.asha)
        child.about(keeper or self.asha, name)
        return child


def signed_ask(
    practice: Practice, who: Staff, log: bytes, keepers: Sequence[Staff], **changes: Any
) -> bytes:
    """Return a request to follow a stream, its reason sealed to keepers; `changes` are Asker's."""
    asker = Asker(practice.fingerprint, log, who.id, who.device, practice.now)
    asker = replace(asker, **changes)
    boxes = [
        (keeper.id, seal_reason(fresh(keeper.id.hex()), asker, keeper.reading_key, "her teacher"))
        for keeper in keepers
    ]
    return write_ask(who.seed, asker, boxes)


def raw(*entries: Entry) -> list[bytes]:
    """Return entries as they are sent."""
    return list(map(encode_entry, entries))
