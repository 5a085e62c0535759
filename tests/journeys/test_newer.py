"""A newer build while the old one is open: it disturbs nobody, and nothing is lost."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import until
from tests.journeys.builds import (
    BUILT,
    TAKEN_CARE_OF,
    WAITS,
    Builds,
    name_of,
    wait_until_kept,
)
from tests.journeys.people import LOOKED_AT
from tests.serving import Server

pytestmark = pytest.mark.browser

BEGUN = "Thinner, and tired."
WAITING = "Not let in today."


@pytest.fixture
def builds(tmp_path):
    builds = Builds(tmp_path)
    builds.serve(BUILT)
    return builds


@pytest.fixture
def server(moment, tmp_path, builds):
    """The practice, on a server whose build can be changed while it runs."""
    server = Server(tmp_path / "data", tmp_path / "server.log", begin=builds.begin)
    moment.lay(server)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def asha(moment, server, new_profile):
    """As ever, and the app may be kept in her browser."""
    return moment.back("asha", partial(new_profile, service_workers="allow"))


def test_a_post_begun_and_one_that_waits_come_across_an_update(server, builds, asha):
    page, old = asha.page, name_of(BUILT)
    asha.begin("Sample A")
    page.wait_for_function(TAKEN_CARE_OF)
    other = page.context.new_page()
    other.goto(server.origin)
    other.get_by_role("textbox", name="Passphrase").fill(asha.passphrase)
    other.get_by_role("button", name="Unlock").click()
    other.locator("nav").wait_for()

    # A server that is half way between two builds: what came is not whole, so the old one goes on.
    half = builds.make("half")
    (half / "app.css").write_text("/* another */")
    builds.serve(half)
    page.evaluate(LOOKED_AT)
    asha.sees("The server has a newer version of this app.")
    wait_until_kept(page, old)

    new = builds.serve(builds.make("newer"))
    asha.press("Look again")
    asha.sees("A newer version is ready.")
    page.context.set_offline(True)
    page.locator("textarea").fill(WAITING)
    asha.press("Post to")
    asha.sees("1 post is not yet sent")
    page.locator("textarea").fill(BEGUN)
    asha.press("Update")
    # It came whole, so it needs no network any more.
    page.get_by_role("heading", name="Unlock").wait_for()
    # The other tab is of the old build still, and goes to a part of it that the new one has not.
    other.get_by_text("A newer version is ready.").wait_for()
    wait_until_kept(page, old, new)
    other.locator("nav").get_by_role("link", name="People").click()
    other.get_by_role("heading", name="People", exact=True).wait_for()
    other.close()

    asha.unlock()
    asha.sees("1 post is not yet sent")
    expect(page.locator("textarea")).to_have_value(BEGUN)
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.locator("#not-sent").wait_for(state="detached")
    asha.reads([WAITING])
    assert page.get_by_text("newer version").count() == 0

    # At the unlock screen, with nothing typed, it takes over by itself; nothing older is left.
    page.locator("textarea").fill("")
    asha.press("Lock")
    page.get_by_role("heading", name="Unlock").wait_for()
    builds.serve(BUILT)
    with page.expect_navigation():
        page.evaluate(LOOKED_AT)
    page.get_by_role("heading", name="Unlock").wait_for()
    page.reload()
    wait_until_kept(page, old)
    asha.unlock()
    asha.reads([WAITING])


def test_what_is_typed_on_the_unlock_screen_is_not_taken_away(server, builds, asha):
    page = asha.page
    page.wait_for_function(TAKEN_CARE_OF)
    asha.press("Lock")
    page.get_by_role("textbox", name="Passphrase").fill(asha.passphrase)
    builds.serve(builds.make("newer"))
    begun = page.evaluate("() => performance.timeOrigin")
    page.evaluate(LOOKED_AT)
    # From here on it could take over: it does not, neither now nor once it has been used.
    until(page, WAITS)
    assert page.evaluate("() => performance.timeOrigin") == begun
    asha.press("Unlock")
    asha.sees("A newer version is ready.")
    assert page.evaluate(WAITS)
    assert page.evaluate("() => performance.timeOrigin") == begun
