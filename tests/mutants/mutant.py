"""A small change of a source file, made to see whether any test notices it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Mutant:
    """The changed file, and the change in a form that outlives a change of line numbers.

    `vectors` are the files of vectors that may notice it; none stands for those of the decoders.
    """

    module: str
    place: str
    before: str
    after: str
    source: str
    number: int = 1
    vectors: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        which = f" (no. {self.number})" if self.number > 1 else ""
        return f"{self.module} {self.place}: {self.before} -> {self.after}{which}"


def number_alike(mutants: list[Mutant]) -> list[Mutant]:
    """Return mutants so that no two have one name."""
    seen: Counter[str] = Counter()
    found = []
    for mutant in mutants:
        seen[mutant.name] += 1
        found.append(replace(mutant, number=seen[mutant.name]))
    return found


def patterns_near(pattern: str) -> Iterator[str]:
    """Yield patterns that a slip would make of a regular expression: a digit or mark another."""
    for found in re.finditer(r"[0-9]", pattern):
        for other in {"0": "1", "9": "8"}.get(found[0], f"{int(found[0]) - 1}{int(found[0]) + 1}"):
            yield pattern[: found.start()] + other + pattern[found.end() :]
    for found in re.finditer(r"[?*|+^$]|\[[^]]*\]", pattern):
        # A whole class goes, or one mark; what is no pattern then is left out by who asks.
        yield pattern[: found.start()] + pattern[found.end() :]
    for found in re.finditer(r"(?<=[\[A-Za-z0-9])([A-Za-z_-])(?=[^\[]*\])", pattern):
        yield pattern[: found.start()] + pattern[found.end() :]
