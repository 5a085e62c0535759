"""What a witness asks of a server: every log's headers, and to take what it signed."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from microblog.client.replies import Challenge, Fetched, read_fetched, seqs_by_log
from microblog.client.transport import HttpTransport
from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.log import Head

MOST = 2**53 - 1


class WitnessTransport(Protocol):
    """What a witness asks. Nothing that comes back is verified yet."""

    @property
    def origin(self) -> str:
        """The web origin that sign-ins are bound to."""

    def fingerprint(self) -> bytes | None:
        """Return which practice the server says that it serves, or None if none is founded."""

    def restoring(self) -> bool:
        """Return whether the server takes only what is given back after a restore."""

    def challenge(self) -> Challenge:
        """Return something to sign."""

    def sign_in(self, sort: str, key: bytes, challenge: Challenge, signature: bytes) -> None:
        """Begin a session."""

    def list_logs(self) -> dict[bytes, Head]:
        """Return how far each log has come."""

    def headers(self, since: Mapping[bytes, int]) -> list[Fetched]:
        """Return what these logs have from a seq on, without a word of it."""

    def put_heads(self, heads: Sequence[bytes]) -> None:
        """Hand over signed heads, 64 at most."""


class HttpWitnessTransport(HttpTransport):
    """The real one."""

    def list_logs(self) -> dict[bytes, Head]:
        """Return how far each log has come."""
        return dict(map(_read_log, decode_array(self._call("GET", "/witness/logs"))))

    def headers(self, since: Mapping[bytes, int]) -> list[Fetched]:
        """Return what these logs have from a seq on, without a word of it."""
        reply = self._call("POST", "/witness/headers", {"since": seqs_by_log(since)})
        return [read_fetched(row) for row in decode_array(reply)]

    def put_heads(self, heads: Sequence[bytes]) -> None:
        """Hand over signed heads, 64 at most."""
        self._call("PUT", "/witness/heads", encode(list(heads)))


def _read_log(value: Value) -> tuple[bytes, Head]:
    log, seq, entry_id = shape.array(value, 3, 3, "log")
    head = Head(shape.uint(seq, MOST, "seq"), shape.octets(entry_id, (32,), "id"))
    return shape.octets(log, (16,), "log"), head
