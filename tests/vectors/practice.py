"""An invented practice built with the protocol's own functions, every byte from a counter."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import (
    DIRECTORY,
    NO_ENTRY,
    Entry,
    Header,
    decode_entry,
    encode_entry,
    write_plain_entry,
    write_sealed_entry,
)
from microblog.protocol.epoch import commit, encode_history, make_box
from microblog.protocol.invitation import sign_join
from microblog.protocol.primitives import box_key, signing_key

START = 1790000000000


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone with all their secrets."""

    id: bytes
    seed: bytes
    box_secret: bytes
    reading_secret: bytes

    @property
    def device(self) -> bytes:
        return signing_key(self.seed)

    @property
    def keys(self) -> list[bytes]:
        return [box_key(self.box_secret), box_key(self.reading_secret)]

    @property
    def reading_key(self) -> bytes:
        return box_key(self.reading_secret)


def fresh(name: str, size: int = 32) -> bytes:
    """Return bytes that depend on a name only."""
    return hashlib.blake2b(name.encode(), digest_size=size).digest()


def staff(name: str) -> Staff:
    """Return an invented member of staff."""
    return Staff(
        fresh(f"{name} id", 16),
        fresh(f"{name} seed"),
        fresh(f"{name} box"),
        fresh(f"{name} reading"),
    )


class Log:
    """A log that is being written; `then` gives an entry that is not kept."""

    def __init__(self, log: bytes) -> None:
        self.log = log
        self.entries: list[Entry] = []

    @property
    def raw(self) -> list[bytes]:
        return list(map(encode_entry, self.entries))

    def header(
        self, author: Staff, kind: str, payload: Sequence[Value], /, **changes: Any
    ) -> Header:
        seq = len(self.entries)
        return replace(
            Header(
                self.log, seq, self.entries[-1].id if seq else NO_ENTRY, kind, author.id,
                author.device, 0, START + 1000 * seq, 0, NO_ENTRY, bytes(32), bytes(32), payload,
            ),
            **changes,
        )  # fmt: skip

    def keep(self, entry: Entry) -> Entry:
        again = decode_entry(encode_entry(entry))
        self.entries.append(again)
        return again


class DirectoryLog(Log):
    """A directory that is being written."""

    def __init__(self) -> None:
        super().__init__(DIRECTORY)

    def then(
        self,
        author: Staff,
        kind: str,
        payload: Sequence[Value],
        body: Sequence[Value] = (),
        /,
        **changes: Any,
    ) -> Entry:
        seed = changes.pop("seed", author.seed)
        header = self.header(author, kind, payload, **changes)
        return write_plain_entry(header, seed, fresh(f"salt {kind} {header.seq}"), encode(body))

    def add(
        self, author: Staff, kind: str, payload: Sequence[Value], body: Sequence[Value] = ()
    ) -> Entry:
        return self.keep(self.then(author, kind, payload, body))

    def join_payload(self, invite: Entry, seed: bytes, who: Staff) -> list[Value]:
        fingerprint = self.entries[0].id
        signature = sign_join(seed, fingerprint, invite.id, who.device, *who.keys)
        return [invite.id, signature, *who.keys]


class StreamLog(Log):
    """A stream that is being written, over a directory."""

    def __init__(self, name: str, directory: DirectoryLog) -> None:
        super().__init__(fresh(name, 16))
        self.directory = directory
        self.secrets = [self._secret(0)]

    def _secret(self, epoch: int) -> bytes:
        return fresh(f"{self.log.hex()} epoch {epoch}")

    def commitment(self, epoch: int) -> bytes:
        return commit(self._secret(epoch), self.log, epoch)

    def history_of(self, epoch: int, dropped: Sequence[int] = ()) -> bytes:
        return encode_history({n: self._secret(n) for n in range(epoch) if n not in dropped})

    def boxes(self, epoch: int, people: Sequence[Staff]) -> list[tuple[bytes, bytes]]:
        return [
            (who.id, make_box(self._secret(epoch), self.log, epoch, who.id, who.reading_key))
            for who in people
        ]

    def then(
        self, author: Staff, kind: str, payload: Sequence[Value], plain: bytes, /, **changes: Any
    ) -> Entry:
        boxes = changes.pop("boxes", [])
        seed = changes.pop("seed", author.seed)
        newest = self.directory.entries[-1]
        view = {"directory_seq": newest.header.seq, "directory_head": newest.id}
        epoch = len(self.secrets) - (kind != "epoch")
        header = self.header(author, kind, payload, **{"epoch": epoch, **view, **changes})
        name = f"{self.log.hex()} {header.seq} {kind} {author.id.hex()}"
        randoms = (fresh(f"salt {name}"), fresh(f"nonce {name}", 24))
        return write_sealed_entry(header, (seed, self._secret(epoch)), randoms, plain, boxes)

    def add(
        self, author: Staff, kind: str, payload: Sequence[Value], plain: bytes, /, **changes: Any
    ) -> Entry:
        entry = self.keep(self.then(author, kind, payload, plain, **changes))
        if kind == "epoch":
            self.secrets.append(self._secret(len(self.secrets)))
        return entry


def rows(team: Mapping[Staff, str]) -> list[Value]:
    """Return a list of followers as an epoch's payload has it."""
    return [[who.id, role] for who, role in sorted(team.items(), key=lambda item: item[0].id)]
