"""The vectors hold: as stored, not as the code would write them today."""

import json
from pathlib import Path
from typing import Any

import pytest

from microblog.protocol.errors import ProtocolError
from tests.vectors.calls import CALLS
from tests.vectors.case import Upto
from tests.vectors.make import FOLDER, resolve
from tests.vectors.typed import from_json, to_json


def _load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _argument(value: Any, logs: dict[str, list[bytes]]) -> Any:
    if isinstance(value, dict) and "log" in value and "upto" in value:
        return resolve(Upto(value["log"], value["upto"], from_json(value["then"])), logs)
    return from_json(value)


def _run(case: Any, logs: dict[str, list[bytes]]) -> tuple[str, Any]:
    given = [_argument(item, logs) for item in case["in"]]
    try:
        return "", to_json(CALLS[case["call"]](*given))
    except ProtocolError as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_case_of_a_file_ends_as_it_is_written(path: Path) -> None:
    file = _load(path)
    logs = from_json(file["logs"])
    wrong = []
    for case in file["cases"]:
        expected = (case.get("error", ""), case.get("message", case.get("out")))
        if _run(case, logs) != expected:
            wrong.append(case["name"])
    assert file["cases"]
    assert wrong == []


def test_a_changed_vector_is_noticed() -> None:
    file = _load(FOLDER / "primitives.json")
    case = next(case for case in file["cases"] if case["name"] == "hash")
    case["out"]["hex"] = "00" + case["out"]["hex"][2:]
    assert _run(case, {}) != ("", case["out"])
