"""Asking a judge, in a process of its own, what noticed each mutant."""

from __future__ import annotations

import contextlib
import json
import selectors
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import ROOT, node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.mutants.mutant import Mutant

SECONDS = 60
#: A mutant may go round for ever and keep what it makes: neither time nor memory is without end.
JUDGES = {
    "python": [sys.executable, "-m", "tests.mutants.judge"],
    "typescript": ["", "--max-old-space-size=300", "--disable-warning=ExperimentalWarning",
                   str(Path(__file__).with_name("judge.ts"))],
}  # fmt: skip


def ask(language: str, mutants: Sequence[Mutant]) -> list[str]:
    """Return for each mutant what noticed it, or ""; a judge whom it takes along noticed it."""
    judge = _begin(language)
    answers = []
    try:
        for mutant in mutants:
            answer = _ask_one(judge, mutant)
            if answer is None:
                _end(judge)
                judge = _begin(language)
            answers.append("no end" if answer is None else answer)
    finally:
        _end(judge)
    return answers


def _end(judge: subprocess.Popen[str]) -> None:
    judge.kill()
    judge.wait()
    for pipe in (judge.stdin, judge.stdout):
        # What it was told and never read cannot be told any more.
        with contextlib.suppress(BrokenPipeError):
            pipe.close()  # type: ignore[union-attr]


def _begin(language: str) -> subprocess.Popen[str]:
    command = JUDGES[language]
    return subprocess.Popen(
        [command[0] or str(node()), *command[1:]],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _ask_one(judge: subprocess.Popen[str], mutant: Mutant) -> str | None:
    assert judge.stdin is not None
    assert judge.stdout is not None
    asked = {"module": mutant.module, "source": mutant.source, "vectors": mutant.vectors}
    judge.stdin.write(json.dumps(asked) + "\n")
    judge.stdin.flush()
    with selectors.DefaultSelector() as waiting:
        waiting.register(judge.stdout, selectors.EVENT_READ)
        if not waiting.select(SECONDS):
            return None
    line = judge.stdout.readline()
    return str(json.loads(line)) if line else None
