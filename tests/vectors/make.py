"""Write the test vectors that both languages share, or check (`--check`) that they are as written.

A file of vectors is {"about": …, "logs": {name: [entry, …]}, "cases": [case, …]}. A case is
{"name", "call", "in": [arguments], "out": value} for a success (no "out" where the call returns
nothing), and {"name", "call", "in", "error", "message"} for a refusal: the class's name and what it
says (for Unreadable: withheld, void or waiting). Bytes are {"hex": …}, or {"runs":
[digits, how many zeros, …]} where many zeros follow one another; a record is an object with the
field names of Python. An argument {"log": NAME, "upto": N, "then": [entry, …]} stands for the
first N entries of a log of the file, and then some more.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from microblog.protocol.errors import ProtocolError
from tests.vectors import (
    body_cases,
    bundle_cases,
    link_cases,
    log_cases,
    naming_cases,
    note_cases,
    primitive_cases,
    shape_cases,
)
from tests.vectors.calls import CALLS
from tests.vectors.case import Case, Upto, VectorFile
from tests.vectors.typed import to_json, to_short_json

FOLDER = Path(__file__).parent


def main(arguments: Sequence[str]) -> int:
    """Write or check every file; return the exit code."""
    rendered = {file.name: render(file) for file in files()}
    wrong = [path.name for path in FOLDER.glob("*.json") if path.name not in rendered]
    for name, text in rendered.items():
        path = FOLDER / name
        if arguments == ["--check"]:
            if not path.exists() or path.read_text("utf-8") != text:
                wrong.append(name)
        else:
            path.write_text(text, "utf-8")
    for name in wrong:
        sys.stderr.write(f"tests/vectors/{name} is not what the code writes: make vectors\n")
    return 1 if wrong else 0


def files() -> list[VectorFile]:
    """Return every file of vectors."""
    sorts = (primitive_cases, shape_cases, body_cases, log_cases, link_cases, bundle_cases,
             naming_cases, note_cases)  # fmt: skip
    return [file for sort in sorts for file in sort.files()]


def render(file: VectorFile) -> str:
    """Return a file's text, every case carried out.

    Raises:
        AssertionError: a case does not end as it says it does.
    """
    cases = [_render_case(case, file) for case in file.cases]
    names = [case["name"] for case in cases]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"{file.name}: a name occurs twice: {twice}"
    content = {"about": file.about, "logs": to_json(file.logs), "cases": cases}
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def _render_case(case: Case, file: VectorFile) -> dict[str, Any]:
    shown = {"name": case.name, "call": case.call, "in": [_shown(item) for item in case.given]}
    given = [resolve(item, file.logs) for item in case.given]
    try:
        out = CALLS[case.call](*given)
    except ProtocolError as error:
        ended = type(error).__name__
        if ended != case.error:
            raise AssertionError(f"{case.name}: {ended} ({error}), not {case.error}") from error
        return {**shown, "error": ended, "message": str(error)}
    assert not case.error, f"{case.name}: no {case.error}"
    return shown if out is None else {**shown, "out": to_json(out)}


def resolve(value: Any, logs: dict[str, list[bytes]]) -> Any:
    """Return an argument with references to logs replaced by their entries."""
    if isinstance(value, Upto):
        return [*logs[value.log][: value.upto], *value.then]
    return value


def _shown(value: Any) -> Any:
    if isinstance(value, Upto):
        return {"log": value.log, "upto": value.upto, "then": to_short_json(value.then)}
    return to_short_json(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
