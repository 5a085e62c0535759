"""Every lie of the list is told to the clients of both languages, and caught by both."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from microblog.client import asks, feed
from microblog.protocol import admission, ask, stream
from microblog.protocol.directory import Directory
from microblog.protocol.stream import Stream
from tests.browser import node
from tests.lying.cases import scenarios
from tests.lying.judge import complaints
from tests.lying.scripted import drive
from tests.vectors.typed import from_json

DRIVER = Path(__file__).with_name("scripted.ts")

SCENARIOS = {scenario.name: scenario for scenario in scenarios()}


def nothing(*_: Any, **__: Any) -> None:
    """Check nothing."""


PLANTS: list[tuple[Any, str, Callable[..., Any], str]] = [
    (stream, "verify_entry", nothing, "edits the kind"),
    (stream, "check_link", nothing, "serves another child's entry"),
    (stream, "_check_keeper", nothing, "a follower adds one"),
    (stream, "_check_list", nothing, "a supervisor removes the keeper"),
    (Directory, "check_device", nothing, "adds a follower"),
    (Directory, "check_view", nothing, "shows two directories"),
    (Stream, "losses", lambda *_: set(), "someone has left the practice"),
    (admission, "verify_join", nothing, "swaps a joiner's keys"),
    (admission, "_claim", nothing, "registers a key again"),
    (feed, "check_body", nothing, "swaps a body for another's"),
    (feed.Feed, "is_rolled_back", lambda _: False, "cuts off the newest entry"),
    (asks, "verify_ask", nothing, "writes a reason"),
    (ask, "verify_signature", nothing, "makes a request look newer"),
    (asks, "_is_open", lambda *_: True, "shows what someone asked before they were taken off"),
    (asks, "_keeps", lambda *_: True, "shows a request to who is no keeper"),
]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_command_lines_client_is_not_deceived(name: str) -> None:
    scenario = SCENARIOS[name]
    assert complaints(scenario, drive(scenario)) == []


@pytest.mark.parametrize(
    ("place", "check", "instead", "name"), PLANTS, ids=[plant[1] for plant in PLANTS]
)
def test_without_a_check_a_lie_goes_through(
    monkeypatch: pytest.MonkeyPatch, place: Any, check: str, instead: Any, name: str
) -> None:
    monkeypatch.setattr(place, check, instead)
    scenario = SCENARIOS[name]
    assert complaints(scenario, drive(scenario))


@pytest.fixture(scope="module")
def browsers_results() -> dict[str, Any]:
    """What the browser's client, under Node, makes of every scenario."""
    given = json.dumps([scenario.to_json() for scenario in SCENARIOS.values()])
    run = subprocess.run([node(), DRIVER], input=given.encode(), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    return dict(zip(SCENARIOS, from_json(json.loads(run.stdout)), strict=True))


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_browsers_client_is_not_deceived(name: str, browsers_results: dict[str, Any]) -> None:
    assert complaints(SCENARIOS[name], browsers_results[name]) == []
