"""A hand on a stage: buttons, the Tab key, and the letters that an invented practice knows."""

from __future__ import annotations

from playwright.sync_api import expect

LETTERS = "7K2M 9QXR 4BTV 0HJN 5CDE"
SHEET = "K7QM 2XRD 0ABC 9TVW H3JN PQ84 ZZ1E 5GKM X0Y2"
PASSPHRASE = "invented lamp river seven coat"
#: Note what the page asks of the Worker.
NOTE_CALLS = """() => { const send = Worker.prototype.postMessage; globalThis.asked = [];
  Worker.prototype.postMessage = function (call) {
    globalThis.asked.push(call.name); return send.call(this, call); }; }"""
FOCUSED = """() => { const one = document.activeElement;
  return (one.labels?.[0] ?? one.closest("label") ?? one).textContent; }"""
#: Have what was posted wait until it is taken back or sent by hand, however long that takes: on a
#: stage the Worker lets it leave after five seconds.
WAIT_FOR_THE_HAND = """() => { const set = globalThis.setTimeout;
  globalThis.setTimeout = (work, ms, ...rest) => (ms === 5000 ? 0 : set(work, ms, ...rest)); }"""


def heading(stage, text):
    expect(stage.page.get_by_role("heading", name=text, level=1)).to_be_visible()


def press(stage, name):
    stage.page.get_by_role("button", name=name).first.click()


def arrive(page, title):
    """Wait until a page stands and its heading is in focus."""
    expect(page.get_by_role("heading", name=title, level=1)).to_be_focused()


def tab_to(page, words):
    """Go on with the Tab key until something that says so is in focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in (page.evaluate(FOCUSED) or ""):
            return
    raise AssertionError(f"the Tab key does not reach {words!r}")


def take_ones_time(page):
    """Let nothing that is posted on a stage leave by itself from now on."""
    [worker] = page.workers
    worker.evaluate(WAIT_FOR_THE_HAND)


def fit(stage):
    assert stage.findings == []
    assert stage.profile.complaints == []
