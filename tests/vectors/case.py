"""One case of the vectors: a call, and how it ends."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Upto:
    """The first `upto` entries of one of the file's logs, and then some more."""

    log: str
    upto: int
    then: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Case:
    """A call with its arguments; `error` names the class it must raise, or is empty."""

    name: str
    call: str
    given: list[Any]
    error: str = ""


@dataclass(frozen=True, slots=True)
class VectorFile:
    """A file of cases, with the logs that they refer to."""

    name: str
    about: str
    cases: list[Case]
    logs: dict[str, list[bytes]] = field(default_factory=dict)
