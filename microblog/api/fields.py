"""Fields of the schemas: bytes as base64url text, and whole numbers that a double can hold."""

from functools import lru_cache
from typing import Any

from marshmallow import ValidationError, fields, validate

from microblog.service.errors import Malformed
from microblog.service.wire import decode_bytes, encode_bytes

MAX_UINT = 2**53 - 1


def pattern_of(size: int) -> str:
    """Return the pattern of base64url text for so many bytes, whose unused bits are zero."""
    whole, rest = divmod(size, 3)
    last = {0: "", 1: "[A-Za-z0-9_-][AQgw]", 2: "[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]"}[rest]
    return f"^[A-Za-z0-9_-]{{{4 * whole}}}{last}$"


class Bytes(fields.Field[bytes]):
    """Bytes of one size."""

    def __init__(self, size: int, **options: Any) -> None:
        metadata: dict[str, Any] = {
            "type": "string",
            "format": "base64url",
            "pattern": pattern_of(size),
            "description": f"{size} bytes as base64url without padding",
        }
        super().__init__(metadata=metadata, **options)
        self.size = size

    def _serialize(self, value: bytes | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else encode_bytes(value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bytes:
        if not isinstance(value, str):
            raise ValidationError("not text")
        try:
            return decode_bytes(value, self.size, "")
        except Malformed as error:
            raise ValidationError(str(error).removeprefix(": ")) from None


class Digits(fields.Field[int]):
    """A whole number in a query: ASCII digits, no sign, no leading zero."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        plain = isinstance(value, str) and value.isascii() and value.isdigit()
        if not plain or str(int(value[:17])) != value or int(value) > MAX_UINT:
            raise ValidationError("not a whole number in range")
        return int(value)


class Flag(fields.Field[bool]):
    """Yes or no, and nothing that is as good as either."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": "boolean"}, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("not true or false")
        return value


class SeqByLog(fields.Dict):
    """A seq by log, up to hundreds of them; what is as it must be is read in one walk."""

    @staticmethod
    def read(value: Any) -> dict[bytes, int] | None:
        """Return it, or None: it is not as it must be."""
        try:
            return {_log(text): _seq(seq) for text, seq in value.items()}
        except (AttributeError, Malformed, TypeError):
            return None

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> Any:
        found = self.read(value)
        if found is not None:
            return found
        # What is wrong is said by the fields themselves.
        return super()._deserialize(value, *rest, **options)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=2**16)
def _log(text: str) -> bytes:
    # The same few are asked for all day.
    return decode_bytes(text, 16, "log")


def _seq(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_UINT:
        raise TypeError("not a whole number in range")
    return value


def uint(**options: Any) -> fields.Integer:
    """Return a field for a whole number from 0 to 2^53 - 1."""
    limits = validate.Range(0, MAX_UINT, error="not a whole number in range")
    return fields.Integer(strict=True, validate=limits, **options)
