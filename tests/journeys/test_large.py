"""Many streams of hundreds of posts, seen for the first time on a new device: the newest page at
once, the rest after it, and the page never stands still.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor
from tests.journeys.tracing import traced
from tests.large import PASSPHRASE, Large

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Response

    from tests.browser import Profile
    from tests.conftest import Trials
    from tests.serving import Server

pytestmark = pytest.mark.browser

#: Streams and posts in each, by how many posts there are in all.
SHAPES = {240: (4, 60), 20_000: (40, 500)}
NEWEST_SECONDS = 2
REST_SECONDS = 180
#: By how many times the processor is slowed: what no task of the page's own thread may take.
TASK_MS = {1: 100, 4: 200}
#: Note long tasks of the page's own thread from the press of a button on.
WATCH_TASKS = """(() => {
  globalThis.tasks = [];
  const note = (list) => tasks.push(...list.getEntries().map(({ duration }) => duration));
  new PerformanceObserver(note).observe({ type: "longtask" });
  const clear = ({ target }) => target.closest("button") && (tasks.length = 0);
  addEventListener("click", clear, true);
})()"""

TAKE_TASKS = "() => tasks.splice(0)"
#: What no task may take while someone reads on, or looks for something, on a machine of today.
STALL_MS = 50
#: What the Worker may take until the first results are there, over all posts, by its own clock.
FIND_MS = 100
PAGES = 5
TIME_FINDS = """() => {
  const send = self.postMessage;
  const asked = new Map();
  self.finds = [];
  self.addEventListener("message", ({ data }) => {
    if (data.name === "find" && data.ask.count > 0) asked.set(data.id, performance.now());
  });
  self.postMessage = function (message, ...rest) {
    if (asked.has(message.id)) self.finds.push(performance.now() - asked.get(message.id));
    return send.call(self, message, ...rest);
  };
}"""
SCROLL = """() => new Promise((done) => {
  const step = () => {
    scrollBy(0, 400);
    const left = document.documentElement.scrollHeight - scrollY - innerHeight;
    if (left > 1) requestAnimationFrame(step);
    else done();
  };
  step();
})"""


@pytest.mark.trial(small=240, great=20_000)
def test_a_cold_open_shows_the_newest_page_at_once_and_the_rest_is_checked(
    new_server: Callable[[], Server],
    new_profile: Callable[[], Profile],
    tmp_path: Path,
    trials: Trials,
    record_property: Callable[[str, object], None],
) -> None:
    streams, posts = SHAPES[trials.count]
    server, keys = new_server(), tmp_path / "keys"
    _fill(server, keys, streams, posts)
    for slowed, task_ms in TASK_MS.items():
        ben = Visitor(new_profile(), PASSPHRASE)
        debugger = ben.page.context.new_cdp_session(ben.page)
        debugger.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        ben.page.add_init_script(WATCH_TASKS)
        ben.open_key_file(server.origin, keys, PASSPHRASE, "Only I use it")
        opened = time.monotonic()
        _see_the_newest(ben, streams, posts)
        newest = time.monotonic() - opened
        if trials.count == max(SHAPES):
            _wait_for_the_rest(ben)
        rest = time.monotonic() - opened
        longest = max(ben.page.evaluate(TAKE_TASKS), default=0)
        _see_all_checked(ben, streams, posts)
        drawn = max(ben.page.evaluate(TAKE_TASKS), default=0)
        read = _read_on(ben)
        looked, found = _look_for(ben, streams, posts)
        figures = (
            f"newest={newest:.2f}s rest={rest:.0f}s longest={longest:.0f}ms children={drawn:.0f}ms"
            f" reading={read:.0f}ms searching={looked:.0f}ms find={found:.0f}ms"
        )
        record_property("trial", f"slowed={slowed} {figures}")
        # By the processor's time, however busy the machine is.
        if slowed == 1:
            assert read < STALL_MS
            assert looked < STALL_MS
        if trials.count < max(SHAPES):
            # With so little to do the other figures would only say how busy the machine is.
            break
        assert longest < task_ms
        assert drawn < task_ms
        if slowed == 1:
            assert newest < NEWEST_SECONDS
            assert found < FIND_MS
    _start_again(ben, streams, posts)


def _read_on(ben: Visitor) -> float:
    """Scroll through pages of older posts and back, and return how long the longest task took."""
    page, posts = ben.page, ben.page.locator(".feed .post")
    with traced(page) as tasks:
        for count in (60, *[90] * (PAGES - 2)):
            page.evaluate(SCROLL)
            # It stands under the last of them, once all are drawn.
            page.get_by_role("button", name="Show older posts").wait_for()
            last = page.locator(".feed .post-text").last.inner_text()
            ben.press("Show older posts")
            expect(page.locator(".feed .post-text").last).not_to_have_text(last)
            assert posts.count() <= count
        page.evaluate(SCROLL)
        ben.press("Show newer posts")
        page.wait_for_function("() => document.activeElement.dataset.seen")
    return tasks.longest_ms


def _look_for(ben: Visitor, streams: int, posts: int) -> tuple[float, float]:
    """Look for words, letter by letter; return the longest task, and the longest search."""
    page, found = ben.page, ben.page.locator(".found")
    [worker] = page.workers
    field = page.get_by_label("Search")
    worker.evaluate(TIME_FINDS)
    with traced(page) as tasks:
        field.press_sequentially("invented post", delay=60)
        expect(found).to_have_text(f"{streams * posts} posts found.")
        field.fill(f'"post {posts} of stream {streams}"')
        expect(found).to_have_text("1 post found.")
        field.fill("never written")
        expect(found).to_have_text("No post found.")
        field.fill("")
        page.get_by_text(f"Invented post {posts} of stream {streams}.").wait_for()
    return tasks.longest_ms, max(worker.evaluate("() => self.finds"))


def _start_again(ben: Visitor, streams: int, posts: int) -> None:
    """A second start has it all, and asks for nothing that it has."""
    asked: list[int] = []

    def note(answer: Response) -> None:
        if answer.url.endswith("/fetch"):
            asked.append(int(answer.headers["content-length"]))

    ben.page.context.on("response", note)
    ben.page.reload()
    ben.unlock()
    _see_the_newest(ben, streams, posts)
    _see_all_checked(ben, streams, posts)
    assert asked
    assert sum(asked) < 1000 * len(asked)


def _fill(server: Server, keys: Path, streams: int, posts: int) -> None:
    """Have a server hold it all, and a key file for who follows every stream."""
    server.stop()
    large = Large.make(streams, posts)
    large.store(server.data)
    keys.write_bytes(large.key_file(server.origin))
    server.start()


def _see_the_newest(ben: Visitor, streams: int, posts: int) -> None:
    newest = ben.page.get_by_text(f"Invented post {posts} of stream {streams}.").first
    newest.wait_for(timeout=REST_SECONDS * 1000)


def _wait_for_the_rest(ben: Visitor) -> None:
    """Look at the newest page while the rest is checked, which is told of at its foot."""
    foot = ben.page.locator(".checking")
    foot.wait_for(timeout=REST_SECONDS * 1000)
    foot.wait_for(state="detached", timeout=REST_SECONDS * 1000)


def _see_all_checked(ben: Visitor, streams: int, posts: int) -> None:
    """See that every post of every stream counts as unread."""
    ben.visit("Children")
    last = ben.page.get_by_text(f"{posts} unread").nth(streams - 1)
    last.wait_for(timeout=REST_SECONDS * 1000)
    ben.visit("Stream")
