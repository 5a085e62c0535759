"""What a server answers, read strictly: rows, and values in JSON. Nothing of it is verified yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from microblog.protocol import shape
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import Value
from microblog.protocol.errors import Malformed
from microblog.protocol.log import Head

MANY = 2**32

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is signed to sign in, once and within two minutes."""

    challenge: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A stream that I follow, or followed: nothing newer than `until` is served to me.

    `lacking`: entries whose words a server that is being restored does not have.
    """

    log: bytes
    head: Head
    until: int | None
    lacking: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is new in one log, oldest first; `more`: the reply was cut here."""

    log: bytes
    entries: list[bytes]
    more: bool


def read_lacking(row: object) -> tuple[bytes, tuple[int, ...]]:
    """Return a log and the seqs that the server lacks the words of."""
    if not isinstance(row, dict):
        raise Malformed("what is lacking is not an object")
    seqs = [number_in({"seq": seq}, "seq") for seq in list_in(row, "seqs")]
    return bytes_in(row, "log"), tuple(seqs)


def read_listed(row: object, lacking: Mapping[bytes, tuple[int, ...]]) -> Listed:
    """Return a stream that is listed."""
    if not isinstance(row, dict):
        raise Malformed("a stream is not an object")
    until = None if row.get("until") is None else number_in(row, "until")
    head = Head(number_in(row, "seq"), bytes_in(row, "id"))
    log = bytes_in(row, "log")
    return Listed(log, head, until, lacking.get(log, ()))


def seqs_by_log(seqs: Mapping[bytes, int]) -> Json:
    """Return seqs by log as they are asked for."""
    return {encode_base64url(log): seq for log, seq in seqs.items()}


def read_fetched(row: Value) -> Fetched:
    """Return what is new in one log."""
    log, entries, more = shape.array(row, 3, 3, "log")
    return Fetched(
        shape.octets(log, (16,), "log"),
        [octets(entry) for entry in shape.array(entries, 0, MANY, "entries")],
        shape.uint(more, 1, "more") == 1,
    )


def read_json(reply: bytes) -> Json:
    """Return the object in a JSON reply."""
    try:
        value = json.loads(reply)
    except (ValueError, RecursionError):
        raise Malformed("the reply is not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("the reply is not a JSON object")
    return value


def list_in(reply: Json, name: str) -> list[object]:
    """Return a list in a reply."""
    value = reply.get(name)
    if not isinstance(value, list):
        raise Malformed(f"{name} is not a list")
    return value


def number_in(reply: Json, name: str) -> int:
    """Return a whole number in a reply."""
    value = reply.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Malformed(f"{name} is not a whole number")
    return value


def bytes_in(reply: Json, name: str) -> bytes:
    """Return bytes in a reply."""
    value = reply.get(name)
    if not isinstance(value, str):
        raise Malformed(f"{name} is not text")
    return decode_base64url(value)


def octets(value: Value) -> bytes:
    """Return a value that is bytes."""
    if not isinstance(value, bytes):
        raise Malformed("not bytes")
    return value
