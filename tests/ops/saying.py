"""What a command of `microblogd` came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    lines: list[str]

    def refused(self, words: str, code: int = 1) -> None:
        assert self.code == code
        assert self.lines[0].startswith("microblogd: error: ")
        assert words in self.lines[0]
        assert [line.startswith("microblogd: hint: ") for line in self.lines[1:]] in ([], [True])
