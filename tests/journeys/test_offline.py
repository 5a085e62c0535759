"""No network at all, the server stopped: the app opens, is read, and takes a post."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import expect

from microblog.web.headers import PAGES
from tests.journeys.builds import BUILT, TAKEN_CARE_OF, kept, name_of

pytestmark = pytest.mark.browser

WORDS = "Quieter than last week."
LATER = "Nobody in, the second time."
#: Whether it ever stood there from now on, for however short a time.
NOTE_SILENCE = """() => { globalThis.silent = false;
  new MutationObserver(() => {
    silent ||= document.body.textContent.includes("The server cannot be reached"); })
    .observe(document.body, { childList: true, subtree: true }); }"""


@pytest.fixture
def asha(moment, server, new_profile):
    """As ever, and the app may be kept in her browser."""
    return moment.back("asha", partial(new_profile, service_workers="allow"))


def test_with_the_server_stopped_the_app_opens_is_read_and_takes_a_post(server, asha):
    page = asha.page
    asha.begin("Sample A")
    asha.post(WORDS)
    page.wait_for_function(TAKEN_CARE_OF)
    (build,) = kept(page)
    assert build == name_of(BUILT)
    assert not [path for path in kept(page)[build] if path.startswith("/api")]
    server.kill()

    for path in PAGES[1:]:
        page.goto(f"{server.origin}{path}")
        page.locator("h1").wait_for()
        expect(page.locator("#app h1")).not_to_have_text("microblog")
    page.goto(f"{server.origin}/protects")
    page.get_by_role("heading", name="Who can read it").wait_for()
    # It goes straight to the keys: nobody waits for what does not answer, nor until it is given up.
    given_up: list[str] = []
    page.context.route("**/api/**", lambda _: None)
    page.goto(f"{server.origin}/#/")
    page.on("requestfailed", lambda request: given_up.append(request.url))
    page.get_by_role("textbox", name="Passphrase").wait_for()
    assert [url for url in given_up if "/api/" in url] == []
    # What was held goes on its way, and finds nobody.
    page.context.unroute("**/api/**")
    asha.unlock()
    asha.sees("The server cannot be reached.")
    asha.reads([WORDS])
    # What was never gone to is there too.
    asha.visit("People")
    asha.follow("Invite someone")
    page.get_by_role("heading", name="Invite someone").wait_for()

    asha.open_child("Sample A")
    page.locator("textarea").fill(LATER)
    asha.press("Post to")
    asha.sees("1 post is not yet sent")
    server.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.locator("#not-sent").wait_for(state="detached")
    asha.reads([LATER, WORDS])
    # But for the server's silence.
    told = [line for line in asha.profile.complaints if "ERR_CONNECTION_REFUSED" not in line]
    assert told == []


def test_nobody_is_told_that_a_server_is_silent_which_has_not_been_asked_yet(server, asha):
    page = asha.page
    page.evaluate(NOTE_SILENCE)
    asha.press("Lock")
    asha.unlock()
    asha.begin("Sample A")
    assert not page.evaluate("() => silent")
    asha.press("Lock")
    server.kill()
    asha.unlock()
    page.wait_for_function("() => silent")
