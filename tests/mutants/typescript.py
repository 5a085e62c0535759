"""Every small change of a TypeScript module, by its tokens, once its types are taken out."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import ROOT, node
from tests.mutants.mutant import Mutant, number_alike, patterns_near

if TYPE_CHECKING:
    from collections.abc import Iterator

JUDGE = Path(__file__).with_name("judge.ts")
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)"""
    r"""|(?P<regex>(?<=[=(,!&|] )/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*)"""
    r"""|(?P<number>0x[0-9a-f]+|\d[\d_]*)"""
    r"""|(?P<name>[A-Za-z_$#][\w$]*)"""
    r"""|(?P<mark>>>>=|===|!==|\.\.\.|<<=|>>=|>>>|\*\*|&&|\|\||\?\?|\?\.|=>|[<>=+*/&|-]=|\+\+|--|<<|>>|.)""",
    re.DOTALL,
)
MARKS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "===": ["!=="],
    "!==": ["==="], "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"],
    "%": ["*"], "**": ["*"], "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "!": [""],
    "+=": ["-="], "-=": ["+="], "++": ["--"], "--": ["++"], "??": ["&&"],
}  # fmt: skip
NAMES = {"true": ["false"], "false": ["true"]}


def mutants_of(paths: list[Path], only: frozenset[str] | None = None) -> list[Mutant]:
    """Return the mutants of modules, or of those of their functions and constants named `only`."""
    found = []
    for path, plain in zip(paths, strip(paths), strict=True):
        for place, before, after, source in _changes(plain):
            if only is None or place in only:
                found.append(Mutant(path.stem, place, before, after, source))
    return number_alike(found)


def strip(paths: list[Path]) -> list[str]:
    """Return modules without their types, everything else where it was."""
    done = subprocess.run(
        [str(node()), "--disable-warning=ExperimentalWarning", str(JUDGE), "--strip", *paths],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    plain: list[str] = json.loads(done.stdout)
    return plain


def _changes(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (function or constant, what was, what is instead, the whole text changed)."""
    place = ""
    for found in TOKEN.finditer(text):
        start, line = found.start(), _line(text, found.start())
        named = re.match(r"(?:export )?(?:function\*?|const|class)\s+(\w+)", text[start:])
        if named and (start == 0 or text[start - 1] == "\n"):
            place = named[1]
        if line.startswith("import") or not place:
            continue
        for instead in _instead(found, text):
            changed = text[:start] + instead + text[found.end() :]
            yield place, f"{line} [{found[0]}]", instead, changed
        for what, changed in _done_instead(found, text):
            yield place, line, what, changed


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : text.find("\n", at)].strip()


def _instead(found: re.Match[str], text: str) -> Iterator[str]:
    if found["mark"]:
        # Of `!==` and `=>` no part is a token here; a lone `-` before a number is one.
        yield from MARKS.get(found["mark"], [])
    elif found["name"]:
        yield from NAMES.get(found["name"], [])
    elif found["number"]:
        number = int(found["number"].replace("_", ""), 0)
        yield from (str(number + 1), str(number - 1) if number else "(-1)")
    elif found["string"] and " " not in found[0] and "${" not in found[0]:
        yield found[0][:-1] + "x" + found[0][-1]
    elif found["regex"]:
        inner, _, flags = found[0][1:].rpartition("/")
        for near in dict.fromkeys(patterns_near(inner)):
            if _is_pattern(near):
                yield f"/{near}/{flags}"


def _done_instead(found: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield what becomes of conditions that always or never hold, and of refusals left out."""
    start, end = found.span()
    if found["name"] == "throw":
        stop = text.index(";", end)
        yield "no throw", text[:start] + text[stop:]
    if found["name"] in ("if", "while"):
        opened = text.index("(", end)
        closed = _closing(text, opened)
        for always in ("true", "false"):
            yield f"if ({always})", text[: opened + 1] + always + text[closed:]


def _closing(text: str, opened: int) -> int:
    depth = 0
    for found in TOKEN.finditer(text, opened):
        depth += {"(": 1, ")": -1}.get(found["mark"] or "", 0)
        if depth == 0:
            return found.start()
    raise AssertionError("a parenthesis is not closed")


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text.replace("\\p{Surrogate}", "x"))
    except re.error:
        return False
    return True
