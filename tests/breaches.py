"""The watch over every browser test: whatever a page, its Worker or the policy complained about
fails the test in which it happened, whether that test looks at its complaints or not.

A complaint is a breach of the Content Security Policy (the event, and what the console says of
it), an error on the console, or an error that nobody caught. A request that the network or the
server refused is none: many a test cuts the line. Whoever plants a breach is marked
`@pytest.mark.breach`, and fails where the watch does not see it.
"""

from __future__ import annotations

import contextlib
import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page

#: What went wrong in any watched browser of this process since the watch last looked.
NOTED: list[str] = []
#: What was opened in this process, by whatever way, and is not watched yet.
UNWATCHED: list[BrowserContext] = []

REFUSED = "console: Failed to load resource"

# The console says it as well, in words that change with the browser.
TELL_BREACHES = """addEventListener("securitypolicyviolation", (event) => console.error(
  `breach of the policy: ${event.effectiveDirective} ${event.blockedURI}`))"""


@pytest.fixture(autouse=True)
def no_breach(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test after which there is a breach; it ends last, when its browsers are closed."""
    yield
    judge(taken(), planted=request.node.get_closest_marker("breach") is not None)


@pytest.fixture(scope="session", autouse=True)
def no_late_breach() -> Iterator[None]:
    """Fail the run after whose last test there is one."""
    yield
    judge(taken(), planted=False)


def judge(found: Sequence[str], *, planted: bool) -> None:
    """Fail if there is a breach that nobody planted, or none where one was."""
    unwatched = len(UNWATCHED)
    UNWATCHED.clear()
    assert unwatched == 0, f"{unwatched} browsers were opened that nobody watches"
    if planted:
        assert found, "a breach was planted, and the watch has not seen it"
    elif found:
        pytest.fail("\n".join(["in a browser of this test:", *found]), pytrace=False)


def taken() -> list[str]:
    """Return what was noted since the last time, without what is none."""
    found = [complaint for complaint in NOTED if not complaint.startswith(REFUSED)]
    NOTED.clear()
    return found


def await_note(page: Page, words: str, notes: list[str]) -> None:
    """Wait, for what a Worker says comes when it comes, and fail when it never does."""
    from tests.browser import PATIENCE_MS

    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not any(words in note for note in notes):
        assert time.monotonic() < deadline, notes
        page.wait_for_timeout(20)


# Taking notes.


def note_what_is_opened(patch: pytest.MonkeyPatch) -> None:
    """Note every context from now on, so that none is left without a watch."""
    from playwright.sync_api import Browser, BrowserType

    def noting(way: Callable[..., Any]) -> Callable[..., Any]:
        def opening(*given: Any, **options: Any) -> Any:
            opened = way(*given, **options)
            # Of a page that was opened without one, its own.
            UNWATCHED.append(getattr(opened, "context", opened))
            return opened

        return opening

    for sort, name in (
        (Browser, "new_context"),
        (Browser, "new_page"),
        (BrowserType, "launch_persistent_context"),
    ):
        patch.setattr(sort, name, noting(getattr(sort, name)))


def watch(context: BrowserContext, page: Page, complaints: list[str]) -> None:
    """Take notes of what goes wrong in a context from now on, for its own test too."""
    if context in UNWATCHED:
        UNWATCHED.remove(context)

    def note(text: str) -> None:
        complaints.append(text)
        NOTED.append(text)

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error":
            note(f"console: {message.text}")

    context.on("console", note_error)
    context.on("weberror", lambda web: note(f"uncaught: {web.error}"))
    context.add_init_script(TELL_BREACHES)
    note_breaches_in_workers(note, page)
    context.on("page", partial(note_breaches_in_workers, note))


def note_breaches_in_workers(note: Callable[[str], None], page: Page) -> None:
    """Note what breaks the policy in a Worker, which Playwright does not tell."""
    debugger = page.context.new_cdp_session(page)
    note_from_targets(note, debugger)
    debugger.send(
        "Target.setAutoAttach",
        {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False},
    )


def watch_service_workers(browser: Browser) -> None:
    """Take notes of those, too, whose page is closed by then: they belong to no profile."""
    debugger = browser.new_browser_cdp_session()
    note_from_targets(NOTED.append, debugger)

    def found(event: dict[str, Any]) -> None:
        target = event["targetInfo"]
        if target["type"] == "service_worker":
            attach = {"targetId": target["targetId"], "flatten": False}
            send(debugger, "Target.attachToTarget", attach)

    debugger.on("Target.targetCreated", found)
    debugger.send("Target.setDiscoverTargets", {"discover": True})


def note_from_targets(note: Callable[[str], None], debugger: CDPSession) -> None:
    """Note the errors that are logged in whatever a debugger is attached to.

    What the server answers to a Worker's requests is no complaint: a 409 is part of the protocol.
    """

    def attached(event: dict[str, Any]) -> None:
        # The answer to this brings what was logged before it, too.
        message = json.dumps({"id": 1, "method": "Log.enable"})
        to = {"sessionId": event["sessionId"], "message": message}
        send(debugger, "Target.sendMessageToTarget", to)

    def received(event: dict[str, Any]) -> None:
        entry = json.loads(event["message"]).get("params", {}).get("entry", {})
        if entry.get("level") == "error" and entry["source"] != "network":
            note(f"worker: {entry['text']}")

    debugger.on("Target.attachedToTarget", attached)
    debugger.on("Target.receivedMessageFromTarget", received)


def send(debugger: CDPSession, method: str, what: dict[str, Any]) -> None:
    """Tell a target something; by now it may be over, with its page."""
    from playwright.sync_api import Error

    with contextlib.suppress(Error):
        debugger.send(method, what)
