"""The two ends read and write by the same code, as far as two languages let them."""

from __future__ import annotations

import re

from microblog.sheets import refusal
from tests.browser import ROOT
from tests.house import python_names, twin_of, typescript_names

PYTHON = ROOT / "microblog" / "sheets"
TYPESCRIPT = ROOT / "microblog" / "web" / "src" / "sheets"
#: Types have other shapes, the page's words are its own, and only the Worker answers.
ONLY_PYTHON = {"Closed", "FORMATS", "Opened", "Read", "Said", "Sheet", "WORDS", "utf16Units"}
ONLY_TYPESCRIPT = {"Attributes", "Listener", "Shows", "answer"}


def files():
    return {path.stem.replace("_", "-"): path for path in PYTHON.glob("[!_]*.py")}


def test_both_have_the_same_files_and_names():
    theirs = {path.stem: path for path in TYPESCRIPT.glob("*.ts")}
    assert files().keys() == theirs.keys() - {"messages"}
    for stem, path in files().items():
        ours = {twin_of(name) for name in python_names(path)} - ONLY_PYTHON
        assert ours == set(typescript_names(theirs[stem])) - ONLY_TYPESCRIPT, stem


def test_both_have_the_same_limits_and_reasons():
    text = (TYPESCRIPT / "refusal.ts").read_text()
    limits = re.findall(r"export const (MAX_\w+) = ([^;]+);", text)
    assert len(limits) == 5
    for name, value in limits:
        assert getattr(refusal, name) == eval(value), name
    union = (TYPESCRIPT / "messages.ts").read_text().split("export type Reason =")[1].split("//")[0]
    only_there = {"gone", "too-slow", "stopped"}
    assert set(re.findall(r'"([a-z-]+)"', union)) - only_there == set(refusal.WORDS)
