"""The tight load client: connections that are kept open, one loop, nothing but sockets.

A lane is one person's connection. It sends its next request when it has the answer to the one
before, and not earlier.
"""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RECEIVE_BYTES = 256 * 1024
PATIENCE_SECONDS = 60
END = b"\r\n\r\n"
LENGTH = b"content-length: "


class Lane(Protocol):
    """What one connection sends."""

    def next(self, answer: bytes | None) -> bytes | None:
        """Return the next request, given the answer to the one before; None: there is none."""


class Queue:
    """A lane whose requests are all made beforehand; every answer must have one status."""

    def __init__(self, requests: Iterable[bytes], status: int) -> None:
        self._requests: Iterator[bytes] = iter(requests)
        self._expected = f"HTTP/1.1 {status} ".encode()

    def next(self, answer: bytes | None) -> bytes | None:
        if answer is not None and not answer.startswith(self._expected):
            raise AssertionError(f"not {self._expected!r}: {answer[:600]!r}")
        return next(self._requests, None)


@dataclass(slots=True)
class Run:
    """What became of some lanes: how long it took, and each answer by itself."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    received: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, part: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class _Connection:
    __slots__ = ("answer", "lane", "needed", "sent_at", "socket")

    def __init__(self, port: int, lane: Lane) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lane = lane
        self.answer = bytearray()
        self.needed = 0
        self.sent_at = 0.0

    def send(self, answer: bytes | None) -> bool:
        request = self.lane.next(answer)
        if request is None:
            return False
        self.answer.clear()
        self.needed = 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> bool:
        """Take what has come; return whether the answer is whole."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise ConnectionError(f"hung up after {bytes(self.answer[:200])!r}")
        self.answer += data
        if not self.needed:
            end = self.answer.find(END)
            if end < 0:
                return False
            self.needed = end + len(END) + _length(bytes(self.answer[:end]))
        return len(self.answer) >= self.needed


def drive(port: int, lanes: Sequence[Lane]) -> Run:
    """Have all lanes send what they have, at once, and return when the last answer is here."""
    run = Run()
    connections = [_Connection(port, lane) for lane in lanes]
    selector = selectors.DefaultSelector()
    try:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        begun = time.perf_counter()
        open_lanes = sum(connection.send(None) for connection in connections)
        while open_lanes:
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError("no answer for a minute")
            for key, _ in ready:
                open_lanes -= _serve(key.data, run)
        run.seconds = time.perf_counter() - begun
    finally:
        selector.close()
        for connection in connections:
            connection.socket.close()
    return run


def _serve(connection: _Connection, run: Run) -> bool:
    """Take part of an answer and go on; return whether the lane is at its end."""
    if not connection.receive():
        return False
    run.latencies.append(time.perf_counter() - connection.sent_at)
    run.received += len(connection.answer)
    return not connection.send(bytes(connection.answer))


def _length(head: bytes) -> int:
    small = head.lower()
    at = small.find(LENGTH)
    if at < 0:
        return 0
    return int(small[at + len(LENGTH) :].split(b"\r\n", 1)[0])


def request(
    method: str, path: str, host: str, headers: Sequence[str] = (), body: bytes = b""
) -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
