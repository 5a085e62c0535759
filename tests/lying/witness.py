"""A witness beside the server in memory; what it signs the server hands out, and may lie about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.log import Head
from microblog.protocol.primitives import signing_key
from microblog.protocol.witness import Sighting, write_head
from tests.vectors.practice import fresh

if TYPE_CHECKING:
    from tests.lying.server import HonestServer


class Witness:
    """Looks at all logs when it is told to, and signs what it sees."""

    def __init__(self, server: HonestServer, name: str = "next door") -> None:
        self.server = server
        self.seed = fresh(f"{name} witness")

    @property
    def key(self) -> str:
        return encode_base64url(signing_key(self.seed))

    def look(self, time: int | None = None) -> None:
        directory, now = self.server.directory, self.server.clock() if time is None else time
        heads = {log: kept.stream.head for log, kept in self.server.streams.items()}
        for log, head in {DIRECTORY: directory.head, **heads}.items():
            sighting = Sighting(directory.fingerprint, log, head, now)
            self.server.heads[log] = write_head(self.seed, sighting)

    def lie(self, log: bytes, ahead: int = 0) -> None:
        """Sign that something stands, or so far beyond its end, in a log that does not."""
        directory = self.server.directory
        newest = directory.head if log == DIRECTORY else self.server.streams[log].stream.head
        head = Head(newest.seq + ahead, bytes(32))
        sighting = Sighting(directory.fingerprint, log, head, self.server.clock())
        self.server.heads[log] = write_head(self.seed, sighting)


def serve_heads(server: HonestServer, person: bytes) -> list[bytes]:
    """Return the heads of the directory and of what a person follows."""
    return [
        head
        for log, head in server.heads.items()
        if log == DIRECTORY or person in server.streams[log].stream.roles
    ]
