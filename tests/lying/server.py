"""An honest server in memory, with the methods of the transport; a liar overrides some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from microblog.client.replies import Challenge, Fetched, Listed
from microblog.client.transport import Refused, StaleHead, Unreachable
from microblog.protocol.device import is_good
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import DIRECTORY, Entry, check_body, decode_entry, encode_entry
from microblog.protocol.errors import ProtocolError, Unreadable
from microblog.protocol.log import Head
from microblog.protocol.login import verify_knock, verify_login
from microblog.protocol.shred import SHREDDED, read_shred
from microblog.protocol.stream import Stream, Target, target_of
from tests.lying.asks import AskStore
from tests.lying.links import LinkConnection, LinkStore
from tests.lying.notes import noted_by
from tests.lying.witness import serve_heads

ORIGIN = "https://practice.example"
TOKEN = "founding-token"
AHEAD_MS = 2 * 60 * 1000
AT_THE_END = 2**53


@dataclass
class Kept:
    """A stream as the server keeps it."""

    stream: Stream
    entries: list[Entry] = field(default_factory=list)
    boxes: dict[int, dict[bytes, bytes]] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    removed: dict[bytes, int] = field(default_factory=dict)


class HonestServer(AskStore):
    """Stores entries after the public verdict and answers as the API does."""

    def __init__(self, clock) -> None:
        super().__init__()
        self.clock = clock
        self.directory = Directory()
        self.directory_entries: list[Entry] = []
        self.streams: dict[bytes, Kept] = {}
        self.heads: dict[bytes, bytes] = {}
        self.links = LinkStore(clock)
        self.notes: dict[bytes, tuple[int, bytes]] = {}
        self.token = TOKEN
        self.challenges = 0
        self.down = False
        self.reply_bytes = 4 * 1024 * 1024

    def connect(self) -> Connection:
        """Return a transport to this server, signed out."""
        return Connection(self)

    # What is stored

    def append_to_directory(self, entries: Sequence[Entry]) -> Head:
        self.check_follows(self.directory.head, entries)
        directory, error = self.directory.extend(entries)
        if error is not None:
            raise refusal(error)
        self.directory = directory
        self.directory_entries += entries
        return directory.head

    def append_to_stream(self, log: bytes, entries: Sequence[Entry]) -> Head:
        kept = self.streams.get(log) or Kept(Stream(log))
        self.check_follows(kept.stream.head, entries)
        after = replace_kept(kept)
        for entry in entries:
            try:
                self.add(after, entry)
            except ProtocolError as error:
                raise refusal(error) from None
        self.streams[log] = after
        self.end_asks(after)
        return after.stream.head

    def check_follows(self, head: Head | None, entries: Sequence[Entry]) -> None:
        first = entries[0].header
        if first.seq != (head.seq + 1 if head else 0) or (head and first.prev != head.id):
            raise StaleHead("the log has a newer head", head)

    def add(self, kept: Kept, entry: Entry) -> None:
        header, target = entry.header, None
        if header.kind == "withdraw":
            target = kept.targets.get(target_of(header.payload))
        before = kept.stream.roles
        kept.stream = kept.stream.apply(entry, self.directory, target)
        kept.removed |= dict.fromkeys(before.keys() - kept.stream.roles.keys(), header.seq)
        for person in kept.stream.roles:
            kept.removed.pop(person, None)
        kept.entries.append(replace(entry, boxes=()))
        kept.boxes.setdefault(kept.stream.epoch, {}).update(dict(entry.boxes))
        if header.kind == "post":
            kept.targets[header.seq] = Target(header.author, header.time, False, False)
        if target is not None:
            self.withdraw(kept, target_of(header.payload), header.payload[1] == 1)
        if header.kind == "shred":
            self.destroy(kept, header.payload)

    def destroy(self, kept: Kept, payload: Value) -> None:
        seqs, seconded = read_shred(payload)
        for seq in seqs if seconded else ():
            if kept.entries[seq].header.kind in SHREDDED:
                kept.entries[seq] = replace(kept.entries[seq], body=b"", salt=b"")
            if seq in kept.targets:
                kept.targets[seq] = replace(kept.targets[seq], erased=True)

    def withdraw(self, kept: Kept, seq: int, erase: bool) -> None:
        kept.targets[seq] = replace(kept.targets[seq], withdrawn=True, erased=erase)
        if erase:
            kept.entries[seq] = replace(kept.entries[seq], body=b"", salt=b"")

    # What is served

    def serve_directory(self) -> list[bytes]:
        return list(map(encode_entry, self.directory_entries))

    def serve_stream(self, log: bytes, person: bytes) -> list[bytes]:
        kept = self.streams.get(log)
        if kept is None or not self.may_read(kept, person):
            return []
        entries = kept.entries[: kept.removed.get(person, len(kept.entries)) + 1]
        return list(map(encode_entry, entries))

    def may_read(self, kept: Kept, person: bytes) -> bool:
        return person in kept.stream.roles or person in kept.removed

    def list_streams(self, person: bytes) -> list[Listed]:
        listed = []
        for log, kept in self.streams.items():
            if self.may_read(kept, person):
                until = kept.removed.get(person)
                last = kept.entries[-1 if until is None else until]
                listed.append(Listed(log, Head(last.header.seq, last.id), until))
        return listed

    def serve_boxes(self, log: bytes, epoch: int, person: bytes) -> list[tuple[bytes, bytes]]:
        kept = self.streams.get(log)
        if kept is None or not self.may_read(kept, person):
            raise Refused("not-found", "")
        if person in kept.removed and epoch >= kept.entries[kept.removed[person]].header.epoch:
            raise Refused("not-found", "")
        return sorted(kept.boxes.get(epoch, {}).items())

    def take_boxes(self, log: bytes, epoch: int, boxes, person: bytes) -> None:
        kept = self.streams.get(log)
        if kept is None or person not in kept.stream.roles:
            raise Refused("not-found", "")
        if epoch != kept.stream.epoch or any(p not in kept.stream.roles for p, _ in boxes):
            raise Refused("wrong-epoch", "epoch")
        kept.boxes[epoch].update(dict(boxes))


def replace_kept(kept: Kept) -> Kept:
    return Kept(
        kept.stream,
        list(kept.entries),
        {epoch: dict(boxes) for epoch, boxes in kept.boxes.items()},
        dict(kept.targets),
        dict(kept.removed),
    )


def refusal(error: ProtocolError) -> Refused:
    name = type(error).__name__
    code = "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
    return Refused(code, str(error))


class Connection(LinkConnection):
    """One client's transport: who is signed in, and a count of what was asked."""

    def __init__(self, server: HonestServer) -> None:
        self.server = server
        self.origin = ORIGIN
        self.sort = ""
        self.person = b""
        self.key = b""
        self.calls: list[str] = []

    def practice(self) -> bool:
        self._count("practice")
        return bool(self.server.directory.ids)

    def restoring(self) -> bool:
        return False

    def noted(self) -> tuple[dict[bytes, tuple[int, bytes]], bytes]:
        return noted_by(self)

    def challenge(self) -> Challenge:
        self._count("challenge")
        self.server.challenges += 1
        return Challenge(self.server.challenges.to_bytes(32, "big"), self.server.clock())

    def sign_in(self, sort: str, key: bytes, challenge: Challenge, signature: bytes) -> None:
        self._count("sign_in")
        directory = self.server.directory
        verify = verify_login if sort == "device" else verify_knock
        fingerprint = directory.fingerprint or b""
        try:
            verify(key, fingerprint, self.origin, challenge.challenge, challenge.time, signature)
        except ProtocolError:
            raise Refused("signed-out", "") from None
        self.person = self._person(sort, key)
        self.sort, self.key = sort, key

    def _person(self, sort: str, key: bytes) -> bytes:
        directory, now = self.server.directory, self.server.clock()
        device = directory.devices.get(key) if sort == "device" else None
        works = device is not None and directory.works_here(device.person, len(directory.ids) - 1)
        if works and is_good(device, now):
            return device.person
        for invite in directory.invites.values():
            good = not invite.spent and now <= invite.expiry
            if sort == "invitation" and invite.key == key and good:
                return invite.person
        raise Refused("signed-out", "")

    def sign_in_founding(self, token: str) -> None:
        self._count("sign_in_founding")
        if token != self.server.token or self.server.directory.ids:
            raise Refused("signed-out", "")
        self.sort = "founding"

    def sign_out(self) -> None:
        self._count("sign_out")
        self.sort = ""

    def streams(self) -> list[Listed]:
        self._signed_in("streams", "device")
        return self.server.list_streams(self.person)

    def fetch(
        self, since: Mapping[bytes, int], until: Mapping[bytes, int] | None = None
    ) -> list[Fetched]:
        self._signed_in("fetch", "device", "invitation", "founding")
        assert len(since) <= 256
        fetched, room = [], self.server.reply_bytes
        for log, seq in since.items():
            entries = self._serve(log)[seq : (until or {}).get(log, AT_THE_END) + 1]
            if not entries:
                continue
            some: list[bytes] = []
            while len(some) < len(entries) and len(entries[len(some)]) <= room:
                room -= len(entries[len(some)])
                some.append(entries[len(some)])
            if len(some) < len(entries):
                room = 0
            fetched.append(Fetched(log, some, len(some) < len(entries)))
        return fetched

    def _serve(self, log: bytes) -> list[bytes]:
        if log == DIRECTORY:
            return self.server.serve_directory()
        return self.server.serve_stream(log, self.person) if self.sort == "device" else []

    def append(self, log: bytes, entries: Sequence[bytes]) -> Head:
        self._signed_in("append", "device", "invitation", "founding")
        found = [decode_entry(raw) for raw in entries]
        if self.sort != "device":
            self._check_guest(log, found)
        if stored := self._stored(log, found):
            return stored
        for entry in found:
            self._check(entry)
        if log == DIRECTORY:
            return self.server.append_to_directory(found)
        return self.server.append_to_stream(log, found)

    def _check_guest(self, log: bytes, entries: Sequence[Entry]) -> None:
        """An invitation allows one join, a founding link to found."""
        if log != DIRECTORY:
            raise Refused("not-found", "")
        kind = "found" if self.sort == "founding" else "join"
        fits = kind == "found" or len(entries) == 1
        if not fits or entries[0].header.kind != kind:
            raise Refused("not-allowed", "")

    def _stored(self, log: bytes, entries: Sequence[Entry]) -> Head | None:
        kept = self.server.streams.get(log)
        all_of_it = self.server.directory_entries if log == DIRECTORY else kept and kept.entries
        first, last = entries[0].header.seq, entries[-1].header.seq
        same = [e.id for e in (all_of_it or [])[first : last + 1]] == [e.id for e in entries]
        return Head(last, entries[-1].id) if same else None

    def _check(self, entry: Entry) -> None:
        header = entry.header
        if self.sort == "device" and (header.author, header.device) != (self.person, self.key):
            raise Refused("not-allowed", "author")
        if header.time > self.server.clock() + AHEAD_MS:
            raise Refused("wrong-time", "time")
        try:
            check_body(entry)
        except Unreadable as unreadable:
            raise refusal(unreadable) from None

    def boxes(self, log: bytes, epoch: int) -> list[tuple[bytes, bytes]]:
        self._signed_in("boxes", "device")
        return self.server.serve_boxes(log, epoch, self.person)

    def put_boxes(self, log: bytes, epoch: int, boxes: Sequence[tuple[bytes, bytes]]) -> None:
        self._signed_in("put_boxes", "device")
        self.server.take_boxes(log, epoch, boxes, self.person)

    def keepers(self, log: bytes) -> list[bytes]:
        self._signed_in("keepers", "device")
        return self.server.serve_keepers(log)

    def heads(self) -> list[bytes]:
        self._signed_in("heads", "device")
        return serve_heads(self.server, self.person)

    def asks(self) -> list[bytes]:
        self._signed_in("asks", "device")
        return self.server.serve_asks(self.person)

    def put_ask(self, log: bytes, data: bytes) -> None:
        self._signed_in("put_ask", "device")
        self.server.take_ask(log, self.person, data)

    def delete_ask(self, log: bytes, person: bytes) -> None:
        self._signed_in("delete_ask", "device")
        self.server.drop_ask(log, person, self.person)

    def _count(self, call: str) -> None:
        if self.server.down:
            raise Unreachable("the server cannot be reached")
        self.calls.append(call)

    def _signed_in(self, call: str, *sorts: str) -> None:
        self._count(call)
        if not self.sort:
            raise Refused("signed-out", "")
        if self.sort not in sorts:
            raise Refused("not-allowed", "")
        if self.sort == "device":
            self._person("device", self.key)
