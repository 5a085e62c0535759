"""A recorded practice with a byte changed, in both languages: never accepted, never in dispute."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import node
from tests.lying.mutating import CHANGES, NOTHING, PEOPLE, Mutant, Practice, mutants, mutate
from tests.vectors.typed import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import Trials

TWIN = Path(__file__).with_name("mutating.ts")


def in_python(practice: Practice, given: Sequence[Mutant]) -> list[str]:
    raws = practice.raw
    return [
        practice.verdict(log, seq, mutate(raws[log][seq], at, change, value))
        for log, seq, at, change, value in given
    ]


def in_typescript(practice: Practice, given: Sequence[Mutant]) -> list[str]:
    people = [[who.id, who.reading_secret] for who in PEOPLE.values()]
    told = {"logs": practice.raw, "secrets": practice.stream.secrets, "people": people,
            "holder": practice.pieces.to_json()}  # fmt: skip
    done = subprocess.run(
        [str(node()), "--disable-warning=ExperimentalWarning", str(TWIN)],
        input=json.dumps({**to_json(told), "mutants": list(given)}),
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    verdicts: list[str] = json.loads(done.stdout)
    return verdicts


@pytest.mark.trial(small=1_500, great=100_000)
def test_no_byte_of_a_practice_can_be_another(trials: Trials) -> None:
    practice = Practice()
    given = list(mutants(practice, trials.random(), trials.count))
    ours, theirs = in_python(practice, given), in_typescript(practice, given)
    assert len(set(given)) > 0.9 * len(given)
    accepted = [it for it, verdict in zip(given, ours, strict=True) if verdict.startswith("good")]
    assert accepted == []
    disputed = [row for row in zip(given, ours, theirs, strict=True) if row[1] != row[2]]
    assert disputed == []
    # Where nearly all of them ended at the same door, little was tried.
    assert len(Counter(ours)) >= 6, Counter(ours)


def test_without_a_change_it_is_accepted_by_both() -> None:
    practice = Practice()
    given = [(log, seq, 0, NOTHING, 0)
             for log, raws in enumerate(practice.raw) for seq in range(len(raws))]  # fmt: skip
    ours = in_python(practice, given)
    assert all(verdict.startswith("good ") for verdict in ours)
    assert len(set(ours)) == len(ours)
    assert in_typescript(practice, given) == ours


def test_an_accepted_mutant_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a check off, some changed byte goes through; and the other language disputes it."""
    practice = Practice()
    given = [(1, 4, at, CHANGES[0], 0) for at in range(0, len(practice.raw[1][4]), 9)]
    monkeypatch.setattr("microblog.protocol.stream.verify_entry", lambda _: None)
    ours = in_python(practice, given)
    assert any(verdict.startswith("good ") for verdict in ours)
    assert ours != in_typescript(practice, given)
