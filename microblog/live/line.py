"""The line to one client of an event stream: what is written to it, and whether it still stands.

Only its number is kept. Whoever does not take what is written, or says anything, is hung up on: so
nothing here ever waits.
"""

import os
from contextlib import suppress

_BEAT = b":\n\n"
_LAST = b"0\r\n\r\n"
_GONE = -1


class Line:
    """An answer that goes on; `chunked`: as HTTP/1.1 has it."""

    __slots__ = ("_chunked", "_socket")

    def __init__(self, socket: int, *, chunked: bool) -> None:
        """Take the number of a socket that does not block; it is this line's own."""
        self._socket = socket
        self._chunked = chunked

    @property
    def is_open(self) -> bool:
        """Whether the other end is there; it has said all that it had to say."""
        if self._socket == _GONE:
            return False
        try:
            os.read(self._socket, 1)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def tell(self, log: str, seq: int) -> bool:
        """Write that a log has come so far; return whether it was taken."""
        return self._write(f"data: {log} {seq}\n\n".encode())

    def beat(self) -> bool:
        """Write what means nothing, so that nobody in between takes the line for dead."""
        return self._write(_BEAT)

    def end(self) -> None:
        """Say that this was all, and hang up."""
        if self._socket == _GONE:
            return
        with suppress(OSError):
            if self._chunked:
                os.write(self._socket, _LAST)
        with suppress(OSError):
            os.close(self._socket)
        self._socket = _GONE

    def _write(self, words: bytes) -> bool:
        if self._socket == _GONE:
            return False
        data = b"%x\r\n%b\r\n" % (len(words), words) if self._chunked else words
        try:
            # Part of it is as bad as nothing: what has room for thousands of lines is full.
            return os.write(self._socket, data) == len(data)
        except OSError:
            return False
