"""Both languages take the same, refuse the same and give the same, where nobody chose the case."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from microblog.protocol.errors import ProtocolError
from tests.browser import ROOT, node
from tests.conftest import Trials
from tests.protocol.random_calls import calls
from tests.protocol.random_logs import Asked, walk
from tests.vectors.calls import CALLS
from tests.vectors.case import Upto
from tests.vectors.make import resolve
from tests.vectors.typed import to_json

AGREE = Path(__file__).with_name("agree.ts")
WALK_STEPS, SINGLE_CALLS = 60, 380


def shown(item: Any) -> Any:
    if isinstance(item, Upto):
        return {"log": item.log, "upto": item.upto, "then": to_json(item.then)}
    return to_json(item)


def end_in_python(asked: Asked, logs: dict[str, list[bytes]]) -> dict[str, Any]:
    given = [resolve(item, logs) for item in asked.given]
    try:
        out = CALLS[asked.call](*given)
    except ProtocolError as error:
        return {"error": type(error).__name__, "message": str(error), "out": None}
    return {"error": "", "message": "", "out": json.loads(json.dumps(to_json(out)))}


def end_in_typescript(asked: list[Asked], logs: dict[str, list[bytes]]) -> list[dict[str, Any]]:
    cases = [
        {"name": "", "call": item.call, "in": [shown(value) for value in item.given]}
        for item in asked
    ]
    done = subprocess.run(
        [str(node()), str(AGREE)],
        input=json.dumps({"logs": to_json(logs), "cases": cases}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


@pytest.mark.trial(small=2, great=60)
def test_both_languages_end_every_call_alike(trials: Trials) -> None:
    endings: Counter[str] = Counter()
    for number in range(trials.count):
        random = trials.random(number)
        walked = walk(random, WALK_STEPS)
        asked = [*walked.asked, *calls(random, walked, SINGLE_CALLS)]
        theirs = end_in_typescript(asked, walked.logs)
        for item, their in zip(asked, theirs, strict=True):
            ours = end_in_python(item, walked.logs)
            assert their == ours, f"{item.call} {[shown(value) for value in item.given]}"
            endings[f"{item.call} {ours['error']}"] += 1
    # Where nearly everything is refused at the door, little is compared.
    assert endings["directory.extend "] > 5 * trials.count, endings
    assert endings["stream.extend "] > 5 * trials.count, endings


def test_a_difference_would_be_seen() -> None:
    asked = [Asked("encoding.encode", [1]), Asked("encoding.encode", [2])]
    first, second = end_in_typescript(asked, {})
    assert first == end_in_python(asked[0], {})
    assert second != end_in_python(asked[0], {})
