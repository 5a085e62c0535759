"""What the command line's client takes and gives, from and to the browser's plain rows."""

from __future__ import annotations

import re
from dataclasses import asdict, is_dataclass
from typing import Any

from microblog.client.shown import Person, Post

Row = dict[str, Any]
#: Words that Python has for itself.
NAMES = {"start": "from", "end": "to"}


def post_of(row: Row) -> Post:
    """Return a post of a plain row."""
    return Post(**{_snake(name): _frozen(name, value) for name, value in row.items()})


def plain(value: Any) -> Any:
    """Return a value as the browser's client would give it."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {NAMES.get(key, _camel(key)): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def _frozen(name: str, value: Any) -> Any:
    if name == "author":
        return Person(**{_snake(key): _frozen(key, item) for key, item in value.items()})
    return tuple(value) if isinstance(value, list) else value


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def _camel(name: str) -> str:
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)
