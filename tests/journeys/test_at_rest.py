"""Once it is locked, no word is left on the page, nor in the folder where the browser keeps it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser import until
from tests.canary import files, hits
from tests.journeys.killing import KEPT
from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

CHILD, POSTED, BEGUN, SOUGHT = "Brindlemoor", "Talquinever", "Yostermane", "Cuvelanth"
COLLEAGUE = "Invented Colquarrow"
#: About the person at the keyboard: a browser that fills in forms may keep it (SECURITY.md).
OWN = "Invented Ashaquill"
#: The last words are sealed a moment after the page is empty.
SEALED = f"""async (before) => {{ const kept = await ({KEPT})("draft");
  return kept.length > 0 && kept.join() !== before; }}"""
#: What a leak would be: the page writes where nothing is sealed.
PLANT = "(word) => localStorage.setItem('kept', word)"


def test_after_a_lock_nothing_legible_is_in_the_page_or_on_the_disk(
    new_profile_on_disk, server, tmp_path
):
    folder = tmp_path / "profile"
    asha = Visitor(new_profile_on_disk(folder))
    page = asha.page
    asha.found(server.founding_link(), OWN)
    asha.invite(COLLEAGUE, "teacher")
    asha.begin(CHILD)
    child = page.url
    page.locator("textarea").fill(f"{POSTED} at the gate.")
    asha.press("Post to")
    asha.press("Send now")
    page.locator(".post-text", has_text=POSTED).wait_for()
    asha.visit("Stream")
    page.get_by_label("Search").first.fill(SOUGHT)
    before = ",".join(page.evaluate(KEPT, "draft"))
    page.goto(child)
    # On the stream there is a box for words too.
    page.locator("h1", has_text=CHILD).wait_for()
    page.locator("textarea").fill(f"{BEGUN}, not sent.")
    page.get_by_role("button", name="Lock", exact=True).click()
    page.get_by_role("heading", name="Unlock").wait_for()
    until(page, SEALED, before)

    private = (CHILD, POSTED, BEGUN, SOUGHT, COLLEAGUE, asha.passphrase)
    groups = asha.sheet[:3]
    debugger = page.context.new_cdp_session(page)
    told = json.dumps(debugger.send("Accessibility.getFullAXTree"))
    html = page.evaluate("() => document.documentElement.outerHTML + document.title + location")
    assert [word for word in (*private, *groups, OWN) if word in html or word in told] == []
    assert page.evaluate("() => [history.state, localStorage.length, sessionStorage.length]") == [
        *[None, 0, 0]
    ]
    page.context.close()
    kept = files(folder)
    assert len(kept) > 20
    # One group alone stands in base64 in a file of Chromium's now and then, by chance.
    sheet = [between.join(groups[:2]) for between in ("", "-", " ", "\n", '","')]
    assert hits((*private, *sheet), kept) == []

    # The sealed words were there to be found, and one that is not sealed is found.
    asha.profile = new_profile_on_disk(folder)
    asha.page.goto(child)
    asha.unlock()
    asha.sees(POSTED)
    expect(asha.page.locator("textarea")).to_have_value(f"{BEGUN}, not sent.")
    asha.page.evaluate(PLANT, f"{POSTED} {CHILD}")
    asha.page.context.close()
    assert hits([POSTED], files(folder)) != []
    assert hits([BEGUN, SOUGHT, asha.passphrase], files(folder)) == []
