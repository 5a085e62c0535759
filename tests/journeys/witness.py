"""A witness beside a real server, which looks when it is told to, by a clock that can run ahead."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from microblog.client.memory import Memory
from microblog.client.session import World, now_ms
from microblog.client.watching import HttpWitnessTransport
from microblog.client.witnessing import Watch, look, open_watch
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.primitives import signing_key


@dataclass
class Witness:
    """A witness that remembers what it saw for as long as the test lasts."""

    origin: str
    later_ms: int = 0
    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _watch: Watch | None = None

    @property
    def key(self) -> str:
        """What a steward enters."""
        return encode_base64url(signing_key(self.seed))

    def look(self) -> None:
        """Look at all logs once, and vouch for those in which nothing is wrong."""
        if self._watch is None:
            transport = HttpWitnessTransport(self.origin)
            fingerprint = transport.fingerprint()
            assert fingerprint is not None
            world = World(clock=lambda: now_ms() + self.later_ms)
            memory = Memory(None, self.seed)
            self._watch = open_watch(self.seed, fingerprint, transport, memory, world)
        assert look(self._watch).troubles == {}
