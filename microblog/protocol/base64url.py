"""Bytes as text in links and JSON: base64url, no padding, one encoding only (PROTOCOL.md 2)."""

import base64
import re

from microblog.protocol.errors import Malformed

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode_base64url(data: bytes) -> str:
    """Return the text for some bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Return the bytes that `text` is the one encoding of.

    Raises:
        Malformed: padding, another alphabet, or unused bits that are not zero.
    """
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise Malformed("not base64url without padding")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode_base64url(data) != text:
        raise Malformed("not the one base64url encoding of its bytes")
    return data
