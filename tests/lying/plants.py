"""Checks that are taken out, in both languages, each with a lie that then goes through."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from microblog.client import asks, feed, following, sending
from microblog.client.writing import Fresh
from microblog.protocol import admission, ask, entry, stream
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import decode_array
from microblog.protocol.primitives import open_box
from microblog.protocol.stream import Stream


@dataclass(frozen=True)
class Plant:
    """A function that is another: in Python by its place, in TypeScript by what it begins with."""

    lie: str
    place: Any
    check: str
    instead: Callable[..., Any]
    file: str
    function: str
    begins: str


@contextmanager
def without(plant: Plant) -> Iterator[None]:
    """Do without a check in the Python client until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plant.place, plant.check, plant.instead)
        yield


def nothing(*_: Any, **__: Any) -> None:
    """Check nothing."""


def open_anything(box: bytes, reading: tuple[bytes, bytes], *_: Any) -> Any:
    """Return the secret in a box, whatever was committed to."""
    return decode_array(open_box(reading[0], box))[5]


PLANTS = [
    Plant("edits the kind", stream, "verify_entry", nothing,
          "protocol/entry", "verifyEntry", "return;"),
    Plant("signs an entry as 'msb/1/join'", stream, "verify_entry", nothing,
          "protocol/entry", "verifyEntry", "return;"),
    Plant("serves another child's entry", stream, "check_link", nothing,
          "protocol/log", "checkLink", "return;"),
    Plant("a follower adds one", stream, "_check_keeper", nothing,
          "protocol/stream", "checkKeeper", "return;"),
    Plant("a supervisor removes the keeper", stream, "_check_list", nothing,
          "protocol/stream", "checkList", "return;"),
    Plant("adds a follower", Directory, "check_device", nothing,
          "protocol/directory", "checkDevice", "return;"),
    Plant("shows two directories", Directory, "check_view", nothing,
          "protocol/directory", "checkView", "return;"),
    Plant("serves another practice's stream", Directory, "check_view", nothing,
          "protocol/directory", "checkView", "return;"),
    Plant("someone has left the practice", Stream, "losses", lambda *_: set(),
          "protocol/stream", "losses", "return new BytesSet();"),
    Plant("swaps a joiner's keys", admission, "verify_join", nothing,
          "protocol/invitation", "verifyJoin", "return;"),
    Plant("a join is signed as msb/1/knock", admission, "verify_join", nothing,
          "protocol/invitation", "verifyJoin", "return;"),
    Plant("registers a key again", admission, "claim", nothing,
          "protocol/records", "claim", "return;"),
    Plant("a joiner's box key is of low order", admission, "check_box_key", nothing,
          "protocol/primitives", "checkBoxKey", "return;"),
    Plant("swaps a body for another's", feed, "check_body", nothing,
          "protocol/entry", "checkBody", "return;"),
    Plant("cuts off the newest entry", feed.Feed, "is_rolled_back", lambda _: False,
          "client/feed", "isRolledBack", "return false;"),
    Plant("writes a reason", asks, "verify_ask", nothing,
          "protocol/ask", "verifyAsk", "return;"),
    Plant("makes a request look newer", ask, "verify_signature", nothing,
          "protocol/primitives", "verifySignature", "return;"),
    Plant("shows what someone asked before they were taken off", asks, "_is_open",
          lambda *_: True, "client/asks", "isOpen", "return true;"),
    Plant("shows a request to who is no keeper", asks, "_keeps", lambda *_: True,
          "client/asks", "keeps", "return true;"),
    Plant("gives two followers two keys", feed, "open_epoch", open_anything,
          "protocol/epoch", "openEpoch", "return openGrant(reading[0], box)[1];"),
    Plant("an insider leaves an epoch out of the history", feed, "read_history",
          lambda *_: {}, "protocol/epoch", "readHistory", "return new Map();"),
    Plant("hands out its own reading key for someone", following, "check_boxes", nothing,
          "client/boxes", "checkBoxes", "return;"),
    Plant("an insider's padding with something after the end", entry, "unpad",
          lambda padded, _: padded[: padded.rindex(b"\x80")],
          "protocol/primitives", "unpad", "return padded.subarray(0, padded.lastIndexOf(128));"),
    Plant("keeps a refused attempt", sending, "fresh_of",
          lambda _: Fresh(bytes(32), bytes(24)), "client/session", "freshOf",
          "return { salt: new Uint8Array(32), nonce: new Uint8Array(24) };"),
]  # fmt: skip
