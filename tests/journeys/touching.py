"""A hand on a stage: buttons, the Tab key, and the letters that an invented practice knows."""

from __future__ import annotations

LETTERS = "7K2M 9QXR 4BTV 0HJN 5CDE"
SHEET = "K7QM 2XRD 0ABC 9TVW H3JN PQ84 ZZ1E 5GKM X0Y2"
PASSPHRASE = "invented lamp river seven coat"
#: Note what the page asks of the Worker.
NOTE_CALLS = """() => { const send = Worker.prototype.postMessage; globalThis.asked = [];
  Worker.prototype.postMessage = function (call) {
    globalThis.asked.push(call.name); return send.call(this, call); }; }"""
FOCUSED = "() => (document.activeElement.closest('label') ?? document.activeElement).textContent"


def heading(stage, text):
    stage.page.get_by_role("heading", name=text, level=1).wait_for()


def press(stage, name):
    stage.page.get_by_role("button", name=name).first.click()


def arrive(page, title):
    """Wait until a page stands and its heading is in focus."""
    page.get_by_role("heading", name=title, level=1).wait_for()
    page.wait_for_function("() => document.activeElement.tagName === 'H1'")


def tab_to(page, words):
    """Go on with the Tab key until something that says so is in focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in (page.evaluate(FOCUSED) or ""):
            return
    raise AssertionError(f"the Tab key does not reach {words!r}")


def fit(stage):
    assert stage.findings == []
    assert stage.profile.complaints == []
