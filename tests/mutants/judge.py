"""Say of each mutant on standard input what noticed it: a vector, a unit test, or nothing.

Each is judged in a process of its own, in which its source stands for the module's. One line of
JSON an answer, in the order asked.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import json
import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.vectors.typed import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = Path(__file__).resolve().parent.parent / "vectors"
#: The quickest first. The vectors of vaults and invitations take a guesser's time on purpose.
FILES = (
    "shape",
    "encoding",
    "primitives",
    "entry",
    "epoch",
    "post",
    "about",
    "ask",
    "directory",
    "stream",
)
#: Of the processor's time, so that a busy machine makes nothing look noticed.
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A vector: what is called with what, and how that ends."""

    name: str
    call: str
    given: list[Any]
    ended: tuple[str, Any]


class Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module of the protocol another source."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != f"microblog.protocol.{self.module}":
            return None
        return importlib.util.spec_from_loader(name, self)

    def exec_module(self, module: Any) -> None:
        exec(compile(self.source, f"<{self.module}>", "exec"), module.__dict__)


def cases_of(names: Sequence[str]) -> list[Asked]:
    """Return what is asked by the files of vectors of those names."""
    found = []
    for name in names:
        file = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        logs = from_json(file["logs"])
        for case in file["cases"]:
            ended = case.get("error", ""), case.get("message", case.get("out"))
            given = [_argument(item, logs) for item in case["in"]]
            found.append(Asked(f"{name}: {case['name']}", case["call"], given, ended))
    return found


def _argument(value: Any, logs: dict[str, list[bytes]]) -> Any:
    if isinstance(value, dict) and "upto" in value:
        return [*logs[value["log"]][: value["upto"]], *from_json(value["then"])]
    return from_json(value)


def notice(cases: Sequence[Asked]) -> Iterator[str]:
    """Yield the name of each vector that does not end as it is written."""
    # Not by tests/vectors/make.py, which makes all cases anew when it is imported.
    from microblog.protocol.errors import ProtocolError
    from tests.vectors.calls import CALLS

    for case in cases:
        try:
            ended = "", to_json(CALLS[case.call](*case.given))
        except ProtocolError as error:
            ended = type(error).__name__, str(error)
        if ended != case.ended:
            yield case.name


def notice_by_units() -> Iterator[str]:
    """Yield the name of each unit test of the codec that fails."""
    from tests.protocol import test_encoding

    for name, test in vars(test_encoding).items():
        if name.startswith("test_") and "depth" not in name and "deep" not in name:
            try:
                test()
            except Exception:  # noqa: BLE001
                yield name


def judge(mutant: dict[str, Any], cases: Sequence[Asked]) -> str:
    """Return what noticed a mutant; "" for nothing."""
    sys.meta_path.insert(0, Instead(mutant["module"], mutant["source"]))
    try:
        found = next(notice(cases), "")
        return found or ("" if mutant["vectors"] else next(notice_by_units(), ""))
    except Exception as error:  # noqa: BLE001
        return f"crash: {type(error).__name__}"


def judge_apart(mutant: dict[str, Any], cases: Sequence[Asked]) -> str:
    """Judge in a process of its own; one that does not end was noticed too."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.write(writer, judge(mutant, cases).encode() or b"-")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    return "" if said == "-" else said or "no end"


def main() -> None:
    import argon2.low_level
    import nacl.bindings  # noqa: F401  # What takes longest to import is imported once.

    assert argon2.low_level
    known: dict[str, list[Asked]] = {}
    for line in sys.stdin:
        mutant = json.loads(line)
        names = mutant["vectors"] or FILES
        cases = known.setdefault(" ".join(names), []) or cases_of(names)
        answer = judge_apart(mutant, cases)
        # What noticed one change is likely to notice the next.
        known[" ".join(names)] = sorted(cases, key=lambda case: case.name != answer)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
