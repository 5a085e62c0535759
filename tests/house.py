"""Guards of the house that no other tool has: who imports what in TypeScript, and whether the twins
are twins. Each returns what is wrong, a line for each; tests/test_house.py asks them.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import ROOT, node

if TYPE_CHECKING:
    from collections.abc import Iterator

STORAGE = {"localStorage", "sessionStorage", "indexedDB", "caches"}
NETWORK = {"fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport"}
PAGE = {"document", "window"}
EVAL = {"eval", "Function"}
IMPURE = {
    "Atomics",
    "Buffer",
    "Date",
    "Worker",
    "console",
    "crypto",
    "globalThis",
    "location",
    "navigator",
    "performance",
    "postMessage",
    "process",
    "queueMicrotask",
    "require",
    "self",
    "setInterval",
    "setTimeout",
}
MARKUP = {
    "dangerouslySetInnerHTML",
    "innerHTML",
    "insertAdjacentHTML",
    "outerHTML",
    "sendBeacon",
    "setHTMLUnsafe",
    "srcdoc",
}
EVERYTHING = {"globalThis", "self", "window"}


@dataclass(frozen=True, slots=True)
class Layer:
    """What the files of one folder of src/ may import, and what they may not name."""

    imports: str
    """A pattern that every import fits; a path is relative to src/."""
    never: set[str]
    members: set[str] = frozenset()
    """What they may not even name as a member of something."""


LAYERS = {
    "protocol": Layer(r"protocol/.+", NETWORK | PAGE | STORAGE | EVAL | IMPURE, {"random"}),
    "client": Layer(r"client/.+|protocol/.+|idb", PAGE | EVAL),
    "views": Layer(
        r"views/.+|client/(messages|shown(-[a-z]+)?)\.ts|sheets/messages\.ts|preact(/hooks)?|@preact/signals|lean-qr(/extras/svg)?",
        NETWORK | STORAGE | EVAL,
        MARKUP,
    ),
    "app.tsx": Layer(
        r"views/.+|client/(messages|shown(-[a-z]+)?)\.ts|preact(/hooks)?|@preact/signals",
        NETWORK | STORAGE | EVAL,
        MARKUP,
    ),
    "worker.ts": Layer(r"client/.+", PAGE | EVAL),
    "sheets": Layer(
        r"sheets/.+|client/shown-rows\.ts|fflate",
        NETWORK | PAGE | STORAGE | EVAL | {"importScripts"},
        {"importScripts"},
    ),
    # It keeps files, so it names the cache; it imports nothing, so no key can be in it.
    "sw.ts": Layer(
        r"(?!)", (STORAGE - {"caches"}) | PAGE | EVAL | {"importScripts"}, {"importScripts"}
    ),
    "sheets.ts": Layer(
        r"sheets/.+", NETWORK | PAGE | STORAGE | EVAL | {"importScripts"}, {"importScripts"}
    ),
}
#: The one file that may import the cryptography.
PRIMITIVES, SODIUM = "protocol/primitives.ts", "libsodium-sumo"

IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*["']([^"']+)["']"""
    r"""|^\s*import\s*["']([^"']+)["']"""
    r"""|\bimport\s*\(\s*["'`]?([^"'`)]*)""",
    re.MULTILINE,
)
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)"""
    r"""|(?P<number>\d[\w.]*)"""
    r"""|(?P<regex>/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*)"""
    r"""|(?P<mark>\?\.|\.\.\.|.)""",
    re.DOTALL,
)
# What a division follows; after anything else a slash begins a regular expression.
VALUE_ENDS = {")", "]", "}"}
WORDS_BEFORE_REGEX = {"return", "typeof", "case", "in", "of", "delete", "void", "await", "yield"}

#: From TypeScript to plain JavaScript: no types, JSX or templates, so that names are easily seen.
TRANSFORM = """
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
const plain = {};
for (const path of JSON.parse(readFileSync(0, "utf8"))) {
  plain[path] = transformSync(readFileSync(path, "utf8"), {
    charset: "utf8", jsx: "automatic", jsxImportSource: "preact", legalComments: "none",
    loader: path.endsWith("x") ? "tsx" : "ts", supported: { "template-literal": false },
    target: "esnext",
  }).code;
}
process.stdout.write(JSON.stringify(plain));
"""


# The layers of the browser's end.


def layering_faults(source: Path) -> list[str]:
    """Return every import and name in src/ that its layer may not have."""
    paths = sorted(path for path in source.rglob("*.ts*") if path.suffix in {".ts", ".tsx"})
    plain = plain_javascript(paths)
    faults = []
    for path in paths:
        name = path.relative_to(source).as_posix()
        layer = LAYERS.get(name.split("/")[0])
        if layer is None:
            faults.append(f"{name}: no layer has such a file")
            continue
        faults += import_faults(name, path.read_text("utf-8"), layer)
        faults += name_faults(name, plain[path], layer)
    return faults


def plain_javascript(paths: list[Path]) -> dict[Path, str]:
    """Take the types and the JSX out of TypeScript files, all in one run of esbuild."""
    done = subprocess.run(
        [str(node()), "--input-type=module", "--eval", TRANSFORM],
        cwd=ROOT,
        input=json.dumps([str(path) for path in paths]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {Path(path): code for path, code in json.loads(done.stdout).items()}


def import_faults(name: str, text: str, layer: Layer) -> Iterator[str]:
    for found in IMPORT.finditer(text):
        target = next(group for group in found.groups() if group is not None)
        resolved = resolve(name, target)
        if name == PRIMITIVES and resolved == SODIUM:
            continue
        if not re.fullmatch(layer.imports, resolved):
            yield f"{name}: may not import {resolved or 'what is not named'}"


def resolve(name: str, target: str) -> str:
    """Return an import's path below src/, or, for a library, its name."""
    if not target.startswith("."):
        return target
    parts = name.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1] if parts else ["(outside)"]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def name_faults(name: str, plain: str, layer: Layer) -> Iterator[str]:
    tokens = list(meaningful(plain))
    padded = ["", "", *tokens, ""]
    for place in range(2, len(padded) - 1):
        whose, before, word, after = padded[place - 2 : place + 2]
        member = before in {".", "?."} and whose not in EVERYTHING
        key = after == ":" and before in {"{", ","}
        if (word in layer.never and not member and not key) or word in layer.members:
            yield f"{name}: may not name {word}"


def meaningful(plain: str) -> Iterator[str]:
    """Yield the names and marks of JavaScript, without spaces, strings and regular expressions."""
    place, last = 0, ""
    while place < len(plain):
        found = TOKEN.match(plain, place)
        assert found is not None
        sort, word = found.lastgroup, found[0]
        value = last in VALUE_ENDS or (last[:1].isidentifier() and last not in WORDS_BEFORE_REGEX)
        if sort == "regex" and (value or last in {"0", '""'}):
            sort, word = "mark", "/"
        place += len(word)
        if sort == "space":
            continue
        last = {"string": '""', "number": "0", "regex": '""'}.get(sort or "", word)
        yield last


# The twins.

#: What Python has built in: bytes as values, and a library that is ready once it is imported.
ONLY_IN_TYPESCRIPT = {"builtins": None, "primitives": {"ready"}}


def twin_faults(python: Path, typescript: Path) -> list[str]:
    """Return every file, exported name and error that only one of the twins has."""
    ours = {
        path.stem: python_names(path) for path in python.glob("*.py") if path.stem != "__init__"
    }
    theirs = {path.stem: typescript_names(path) for path in typescript.glob("*.ts")}
    for stem, names in ONLY_IN_TYPESCRIPT.items():
        if names is None:
            theirs.pop(stem, None)
        elif stem in theirs:
            theirs[stem] = {name: of for name, of in theirs[stem].items() if name not in names}
    faults = [f"{stem}.ts: no twin of {stem}.py" for stem in sorted(ours.keys() - theirs.keys())]
    faults += [f"{stem}.py: no twin of {stem}.ts" for stem in sorted(theirs.keys() - ours.keys())]
    for stem in sorted(ours.keys() & theirs.keys()):
        here = {twin_of(name): parent for name, parent in ours[stem].items()}
        there = theirs[stem]
        faults += [f"{stem}.ts: {name} is missing" for name in sorted(here.keys() - there.keys())]
        faults += [f"{stem}.py: {name} is missing" for name in sorted(there.keys() - here.keys())]
        faults += [
            f"{stem}.ts: {name} extends {there[name]}, its twin {here[name]}"
            for name in sorted(here.keys() & there.keys())
            if stem == "errors" and here[name] != there[name]
        ]
    return faults


def twin_of(name: str) -> str:
    """Return the TypeScript name: functions in camelCase; types and constants stay as they are."""
    if name.isupper() or name[0].isupper():
        return name
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def python_names(path: Path) -> dict[str, str]:
    """Return the public names that a module defines, each with what it inherits from."""
    names: dict[str, str] = {}
    for statement in ast.parse(path.read_text("utf-8")).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            names[statement.name] = ""
        elif isinstance(statement, ast.ClassDef):
            parent = ast.unparse(statement.bases[0]) if statement.bases else ""
            names[statement.name] = {"Exception": "Error"}.get(parent, parent)
        else:
            names |= dict.fromkeys(assigned(statement), "")
    return {name: parent for name, parent in names.items() if not name.startswith("_")}


def assigned(statement: ast.stmt) -> Iterator[str]:
    """Yield the constants and types that an assignment defines."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and part.id[0].isupper():
                yield part.id


EXPORT = re.compile(
    r"^export\s+(?:declare\s+)?(?:abstract\s+)?"
    r"(?:(?:async\s+)?function\*?|class|const|let|interface|type|enum)\s+([\w$]+)"
    r"(?:\s*(?:<[^{]*?>)?\s+extends\s+([\w$.]+))?",
    re.MULTILINE,
)
EXPORT_LIST = re.compile(r"^export\s+(?:type\s+)?\{([^}]*)\}", re.MULTILINE)
EXPORT_OTHER = re.compile(r"^export\s+(default|\*)", re.MULTILINE)


def typescript_names(path: Path) -> dict[str, str]:
    """Return the names that a module exports, each with what it extends."""
    text = path.read_text("utf-8")
    other = EXPORT_OTHER.search(text)
    assert other is None, f"{path.name}: `export {other[1]}` has no twin in Python"
    names = {found[1]: found[2] or "" for found in EXPORT.finditer(text)}
    for found in EXPORT_LIST.finditer(text):
        for item in filter(None, map(str.strip, found[1].split(","))):
            names[item.split()[-1]] = ""
    return names
