"""The event stream, end to end: nginx, the process for it, the Worker, the page."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.deploy.proxying import NGINX, Behind, begin_nginx, live_beside
from tests.forking import Forked
from tests.journeys.people import ASK_FOR_LATE, Visitor
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx here"),
]

#: Sooner than anybody asks by themselves where there is an event stream: five seconds at least.
SOON_MS = 4_000


@pytest.fixture
def listened() -> Iterator[Behind]:
    """Return a server behind nginx, with event streams."""
    with tempfile.TemporaryDirectory(prefix="l") as folder, ExitStack() as ended:
        place = Path(folder)
        server = Behind(place / "data", place / "server.log", begin=Forked)
        server.front, server.live = find_free_port(), True
        ended.callback(server.kill)
        server.start()
        (place / "nginx").mkdir()
        ended.callback(begin_nginx(place / "nginx", server.front, server.socket).stop)
        ended.enter_context(live_beside(server))
        yield server


@pytest.mark.trial(small=0, great=1)
def test_a_post_is_there_at_once_although_nobody_asks(trials, request, new_profile):
    """It takes half a minute; each part of it has tests of its own."""
    if trials.count == 0:
        return
    listened: Behind = request.getfixturevalue("listened")
    asha, ben = (Visitor(new_profile(ignore_https_errors=True)) for _ in range(2))
    asha.found(listened.founding_link(), "Invented Asha")
    ben.join(*asha.invite("Invented Ben", "teacher"))
    asha.visit("Stream")
    asha.begin("Sample A")
    asha.add("Invented Ben, teacher")
    ben.open_child("Sample A")
    for number in range(3):
        asha.post(f"Quieter than last week, {number}.")
        # What comes while someone reads waits until they ask for it.
        there = ben.page.get_by_text(f"last week, {number}.").first
        late = ben.page.locator(".late button")
        there.or_(late).first.wait_for(timeout=SOON_MS)
        ben.page.evaluate(ASK_FOR_LATE)
        there.wait_for(timeout=SOON_MS)
    assert '"route":"/api/live","status":200' in listened.log.read_text()
