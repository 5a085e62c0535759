"""Values of the vectors as JSON: bytes are {"hex": …}, records are objects, the rest is itself.

Long runs of zero bytes may be counted: {"runs": [digits, how many zeros, digits, …]}.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

_ZEROS = re.compile(rb"(\0{256,})")


def to_json(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
    return value


def to_short_json(value: Any) -> Any:
    """Return a value as `to_json` does, but bytes with a long run of zeros counted."""
    if isinstance(value, list):
        return [to_short_json(item) for item in value]
    if not isinstance(value, bytes) or not _ZEROS.search(value):
        return to_json(value)
    pieces = [piece for piece in _ZEROS.split(value) if piece]
    return {"runs": [piece.hex() if any(piece) else len(piece) for piece in pieces]}


def from_json(value: Any) -> Any:
    """Return the value that `to_json` wrote; arrays come as lists, records as dicts."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"hex"}:
            return bytes.fromhex(value["hex"])
        if value.keys() == {"runs"}:
            return b"".join(bytes(x) if isinstance(x, int) else bytes.fromhex(x)
                            for x in value["runs"])  # fmt: skip
        return {key: from_json(item) for key, item in value.items()}
    return value
