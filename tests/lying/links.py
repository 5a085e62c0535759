"""Messages between devices being linked, as the honest server in memory keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from microblog.client.transport import Refused
from microblog.protocol.link import LIFE_MS, OFFER
from tests.lying.rounds import RoundConnection

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class LinkStore:
    """What lies under which tag, and since when; a liar changes `messages`."""

    clock: Callable[[], int]
    messages: dict[tuple[bytes, int], bytes] = field(default_factory=dict)
    began: dict[bytes, int] = field(default_factory=dict)

    def is_open(self, tag: bytes) -> bool:
        return tag in self.began and self.clock() < self.began[tag] + LIFE_MS

    def put(self, tag: bytes, slot: int, message: bytes) -> None:
        if slot == OFFER:
            self.began.setdefault(tag, self.clock())
        if not self.is_open(tag):
            raise Refused("not-found", "")
        if self.messages.setdefault((tag, slot), message) != message:
            raise Refused("taken", "")

    def read(self, tag: bytes, slot: int) -> bytes | None:
        return self.messages.get((tag, slot)) if self.is_open(tag) else None


class LinkConnection(RoundConnection):
    """What of a transport needs nobody to be signed in."""

    server: Any

    def fingerprint(self) -> bytes | None:
        return self.server.directory.fingerprint

    def put_link(self, tag: bytes, slot: int, message: bytes) -> None:
        self.server.links.put(tag, slot, message)

    def link(self, tag: bytes, slot: int) -> bytes | None:
        return self.server.links.read(tag, slot)
