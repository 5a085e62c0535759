"""Requests to follow as the honest server in memory keeps them; a liar overrides `serve_asks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microblog.client.transport import Refused
from microblog.protocol.ask import decode_ask, verify_ask

if TYPE_CHECKING:
    from microblog.protocol.directory import Directory
    from tests.lying.server import Kept


class AskStore:
    """What a server answers about keepers and requests."""

    streams: dict[bytes, Kept]
    directory: Directory

    def __init__(self) -> None:
        self.asks: dict[tuple[bytes, bytes], bytes] = {}

    def serve_keepers(self, log: bytes) -> list[bytes]:
        return sorted(self.find(log).stream.keepers())

    def serve_asks(self, person: bytes) -> list[bytes]:
        return [
            data
            for (log, asker), data in self.asks.items()
            if asker == person or person in self.streams[log].stream.keepers()
        ]

    def take_ask(self, log: bytes, person: bytes, data: bytes) -> None:
        ask, stream = decode_ask(data), self.find(log).stream
        verify_ask(ask, self.directory, log)
        assert ask.asker.person == person
        assert {keeper for keeper, _ in ask.boxes} <= stream.keepers()
        if person in stream.roles:
            raise Refused("following", "")
        self.asks[log, person] = data

    def drop_ask(self, log: bytes, person: bytes, by: bytes) -> None:
        may = by == person or by in self.find(log).stream.keepers()
        if not may or self.asks.pop((log, person), None) is None:
            raise Refused("not-found", "")

    def end_asks(self, kept: Kept) -> None:
        for person in kept.stream.roles:
            self.asks.pop((kept.stream.log, person), None)

    def find(self, log: bytes) -> Kept:
        if log not in self.streams:
            raise Refused("not-found", "")
        return self.streams[log]
