"""Every small change of the decoders is noticed by the vectors that both languages share.

So is one of the rules of devices, links, sheets, witnesses, bundles, and of what is destroyed.

A change that nothing notices either makes no difference, and equivalent.txt says why, or is a hole.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.browser import ROOT
from tests.conftest import Trials
from tests.mutants import python, typescript
from tests.mutants.asking import ask
from tests.mutants.mutant import Mutant

PYTHON, TYPESCRIPT = ROOT / "microblog" / "protocol", ROOT / "microblog" / "web/src/protocol"
#: Of an entry, what takes one apart; what makes one has its own vectors.
OF_ENTRY = frozenset(
    {
        *("decode_entry", "decode_header", "_decode_boxes", "check_body", "entry_id", "_KIND"),
        *("decodeEntry", "decodeHeader", "decodeBoxes", "checkBody", "entryId", "KIND"),
        *("DIRECTORY", "NO_ENTRY", "SALT_BYTES", "BLOCK_BYTES", "MAX_PAYLOAD_BYTES"),
        *("MAX_BODY_BYTES", "MAX_ENTRY_BYTES", "MAX_BOXES", "MAX_BOX_BYTES"),
    }
)
WHOLE = ("base64url", "encoding", "shape")

#: Rules that are no decoders, each module with the files of vectors that may notice a change.
RULES: dict[str, tuple[str, ...]] = {
    "device": ("device", "directory", "stream"),
    "reading": ("device",),
    "link": ("link",),
    "recovery": ("recovery", "link"),
    "witness": ("witness", "bundle"),
    "shred": ("stream", "bundle"),
    "bundle": ("bundle",),
    "evidence": ("bundle",),
    "export": ("bundle",),
    "records": ("device", "directory"),
}

#: Names of mutants that make no difference; the file says why.
EQUIVALENT = frozenset(
    line
    for line in Path(__file__).with_name("equivalent.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)


@cache
def mutants_in(language: str) -> list[Mutant]:
    """Return every mutant of the decoders and the rules in one of the languages."""
    if language == "python":
        whole = [it for name in WHOLE for it in python.mutants_of(PYTHON / f"{name}.py")]
        rules = [it for name in RULES for it in python.mutants_of(PYTHON / f"{name}.py")]
        return [*whole, *python.mutants_of(PYTHON / "entry.py", OF_ENTRY), *_to_rules(rules)]
    whole = typescript.mutants_of([TYPESCRIPT / f"{name}.ts" for name in WHOLE])
    rules = typescript.mutants_of([TYPESCRIPT / f"{name}.ts" for name in RULES])
    return [*whole, *typescript.mutants_of([TYPESCRIPT / "entry.ts"], OF_ENTRY), *_to_rules(rules)]


def _to_rules(mutants: list[Mutant]) -> list[Mutant]:
    return [replace(it, vectors=RULES[it.module]) for it in mutants]


def test_every_change_that_is_excused_is_one_that_is_made() -> None:
    made = {it.name for language in ("python", "typescript") for it in mutants_in(language)}
    assert EQUIVALENT - made == set()


@pytest.mark.trial(small=12, great=2_500)
@pytest.mark.parametrize("language", ["python", "typescript"])
def test_no_small_change_of_a_decoder_goes_unnoticed(
    trials: Trials, language: str, record_property
) -> None:
    mutants = [it for it in mutants_in(language) if it.name not in EQUIVALENT]
    assert len(mutants) > 1_500
    if trials.count < len(mutants):
        mutants = trials.random().sample(mutants, trials.count)
    answers = ask(language, mutants)
    survivors = [it.name for it, answer in zip(mutants, answers, strict=True) if not answer]
    killed = len(mutants) - len(survivors)
    record_property("trial", f"mutants={len(mutants)} killed={killed} survived={len(survivors)}")
    assert survivors == []


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_a_change_that_makes_no_difference_is_not_said_to_be_noticed(language: str) -> None:
    """The judge judges: a module as it is, is noticed by nothing."""
    (mutant, *_) = mutants_in(language)
    folder, suffix = (PYTHON, "py") if language == "python" else (TYPESCRIPT, "ts")
    source = (folder / f"{mutant.module}.{suffix}").read_text("utf-8")
    if language == "typescript":
        source = typescript.strip([TYPESCRIPT / f"{mutant.module}.ts"])[0]
    same = Mutant(mutant.module, "", "", "", source)
    wrong = Mutant(mutant.module, "", "", "", source + "\nthrow 1" if suffix == "ts" else "x = (")
    assert ask(language, [same]) == [""]
    assert ask(language, [wrong])[0].startswith("crash")
