"""A post in one line: tests/webclient/lines.test.ts holds the other client to the same list."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from microblog.client.lines import MOST, line_of
from tests.client.posts import person, post

LIST = json.loads(Path(__file__).with_name("lines.json").read_text())


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch):
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", LIST["zone"])
    time.tzset()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def line_of_case(case: dict[str, Any]) -> str:
    author = person("cas", case.get("agency", "School"), case.get("job", "teacher"))
    marks = dict(case["post"])
    if "repeat" in case:
        word, times = case["repeat"]
        marks["text"] = word * times
    when = case["ms"] if "ms" in case else ms(case["at"])
    return line_of(replace(post(**marks), author=author, time=when), ms(LIST["now"]))


@pytest.mark.parametrize("case", LIST["cases"], ids=lambda case: case["name"])
def test_a_post_is_said_in_one_line(case: dict[str, Any]) -> None:
    line = line_of_case(case)
    assert line == case.get("line", line)
    assert len(line) == case.get("points", len(line))
    assert len(line) <= MOST
    assert "\n" not in line
