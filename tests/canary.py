"""Looking for private words in what a server holds or says, in every form they could take."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def forms(word: str) -> dict[str, bytes]:
    """Return a word as UTF-8, UTF-16, and the part of each base64 that its place leaves alone."""
    plain = {name: word.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be")}
    found = dict(plain)
    for name, data in plain.items():
        for shift in range(3):
            # The first and last letters of base64 mix with the bytes around the word.
            text = base64.b64encode(bytes(shift) + data + bytes(3))
            start = -(-8 * shift // 6)
            found[f"base64 of {name}, {shift}"] = text[start : (8 * (shift + len(data))) // 6]
            found[f"base64url of {name}, {shift}"] = found[f"base64 of {name}, {shift}"].translate(
                bytes.maketrans(b"+/", b"-_")
            )
    return found


def hits(words: Iterable[str], pieces: Iterable[tuple[str, bytes]]) -> list[str]:
    """Return "where: word as form" for every private word in these (where, bytes)."""
    wanted = [(word, form, data) for word in words for form, data in forms(word).items()]
    return [
        f"{where}: {word} as {form}"
        for where, content in pieces
        for word, form, data in wanted
        if data in content or data.lower() in content.lower()
    ]


def files(folder: Path) -> list[tuple[str, bytes]]:
    """Return every file below a folder with all its bytes."""
    return [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
