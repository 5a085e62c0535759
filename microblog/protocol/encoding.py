"""Deterministic CBOR, restricted to numbers, bytes, text and arrays (PROTOCOL.md 2.3)."""

from collections.abc import Sequence
from typing import TypeAlias

from microblog.protocol.errors import Malformed

Value: TypeAlias = "int | bytes | str | Sequence[Value]"

MAX_UINT = 2**53 - 1
MAX_DEPTH = 6

_UINT, _BYTES, _TEXT, _ARRAY = 0, 2, 3, 4


def encode(value: Value) -> bytes:
    """Return the one encoding of a value.

    Raises:
        Malformed: the value has no encoding.
    """
    out = bytearray()
    _write(out, value, 1)
    return bytes(out)


def decode(data: bytes) -> Value:
    """Return the value that `data` is the one encoding of; arrays come as lists.

    Raises:
        Malformed: it is not the encoding of any value.
    """
    value, end = _read(data, 0, 1)
    if end != len(data):
        raise Malformed("bytes after the end of the value")
    return value


def decode_array(data: bytes) -> list[Value]:
    """Return the array that `data` encodes.

    Raises:
        Malformed: it encodes nothing, or something else.
    """
    value = decode(data)
    if not isinstance(value, list):
        raise Malformed("not an array")
    return value


def _write(out: bytearray, value: Value, depth: int) -> None:
    if isinstance(value, bool):
        raise Malformed("a truth value has no encoding")
    if isinstance(value, int):
        if not 0 <= value <= MAX_UINT:
            raise Malformed("a number is out of range")
        _write_head(out, _UINT, value)
    elif isinstance(value, bytes):
        _write_head(out, _BYTES, len(value))
        out += value
    elif isinstance(value, str):
        data = _encode_text(value)
        _write_head(out, _TEXT, len(data))
        out += data
    elif isinstance(value, (list, tuple)):
        if depth > MAX_DEPTH:
            raise Malformed("arrays are nested too deep")
        _write_head(out, _ARRAY, len(value))
        for item in value:
            _write(out, item, depth + 1)
    else:
        raise Malformed("a value of this type has no encoding")


def _write_head(out: bytearray, major: int, number: int) -> None:
    if number < 24:
        out.append(major << 5 | number)
        return
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            out.append(major << 5 | code)
            out += number.to_bytes(size, "big")
            return


def _encode_text(value: str) -> bytes:
    _check_text(value)
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Malformed("text is not well-formed") from None


def _check_text(value: str) -> None:
    if "\0" in value or value.startswith("\ufeff"):
        raise Malformed("text holds U+0000 or starts with U+FEFF")


def _read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    # Most are short bytes, or numbers of one byte or none: of these the head is read here.
    first = data[at] if at < len(data) else 0
    if 0x40 <= first < 0x58:
        major, number, at = _BYTES, first & 31, at + 1
    elif first == 0x58 and at + 1 < len(data) and data[at + 1] >= 24:
        major, number, at = _BYTES, data[at + 1], at + 2
    else:
        major, number, at = _read_head(data, at)
    if major == _UINT:
        return number, at
    if major == _ARRAY:
        return _read_array(data, number, at, depth)
    if number > len(data) - at:
        raise Malformed("the bytes end too soon")
    piece, at = data[at : at + number], at + number
    return (piece if major == _BYTES else _decode_text(piece)), at


def _read_array(data: bytes, count: int, at: int, depth: int) -> tuple[list[Value], int]:
    if depth > MAX_DEPTH:
        raise Malformed("arrays are nested too deep")
    if count > len(data) - at:
        raise Malformed("the bytes end too soon")
    items: list[Value] = []
    for _ in range(count):
        item, at = _read(data, at, depth + 1)
        items.append(item)
    return items, at


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(data):
        raise Malformed("the bytes end too soon")
    major, code = data[at] >> 5, data[at] & 31
    if major not in (_UINT, _BYTES, _TEXT, _ARRAY) or code > 27:
        raise Malformed("a value of this type is not allowed")
    if code < 24:
        return major, code, at + 1
    size = 1 << code - 24
    end = at + 1 + size
    if end > len(data):
        raise Malformed("the bytes end too soon")
    number = int.from_bytes(data[at + 1 : end], "big")
    if number < 24 or (size > 1 and number < 1 << 4 * size):
        raise Malformed("a number is not in its shortest form")
    if number > MAX_UINT:
        raise Malformed("a number is out of range")
    return major, number, end


def _decode_text(data: bytes) -> str:
    try:
        value = data.decode()
    except UnicodeDecodeError:
        raise Malformed("text is not well-formed") from None
    _check_text(value)
    return value
