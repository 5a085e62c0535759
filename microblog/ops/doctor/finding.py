"""What a look at one thing came to, and what is looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from microblog.settings import Settings

GOOD, WARN, WRONG = "good", "look", "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how it is, of what, in which words, and what to do. Never a private thing."""

    state: str
    subject: str
    words: str
    hint: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        line = f"{self.state:<6}{self.subject}: {self.words}"
        return f"{line}. To do: {self.hint}" if self.hint else line


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: the settings, the environment that they came from, the user, the clock.

    `now` gives milliseconds since 1970; `is_synced` says whether the machine's clock follows one
    elsewhere, None where it cannot be told; `authorities` is a file of authorities that are trusted
    for PUBLIC_URL beside those of the machine.
    """

    settings: Settings
    environment: Mapping[str, str]
    user: int
    now: Callable[[], int]
    is_synced: Callable[[], bool | None]
    authorities: Path | None = None


Check = Callable[[Patient], Iterator[Finding]]


def good(subject: str, words: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(GOOD, subject, words)


def warn(subject: str, words: str, hint: str) -> Finding:
    """Say that something may be meant, and may not."""
    return Finding(WARN, subject, words, hint)


def wrong(subject: str, words: str, hint: str) -> Finding:
    """Say that something is wrong."""
    return Finding(WRONG, subject, words, hint)
