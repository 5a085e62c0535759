"""This device, under Me and above every screen: the home screen, and a newer build."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

#: A service worker that finds nothing newer, where the tests have none.
NOTHING_COMES = """Object.defineProperty(navigator, "serviceWorker", { value: {
  controller: {}, addEventListener() {},
  register: async () => ({ update: async () => {}, addEventListener() {} }) } });"""
PROMPT = """() => { const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = async () => { globalThis.prompted = true; };
  globalThis.kept = !dispatchEvent(event); }"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
APPLE = """Object.defineProperty(navigator, "vendor", { get: () => "Apple Computer, Inc." });
  StorageManager.prototype.persist = StorageManager.prototype.persisted = async () => false;"""


def unlock_again(stage):
    stage.page.reload()
    stage.page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    stage.page.get_by_role("button", name="Unlock").click()
    stage.page.locator("nav").wait_for()


def test_it_is_put_on_the_home_screen_from_me_and_not_when_the_browser_likes(new_stage):
    stage = new_stage(path="/#/me")
    page = stage.page
    page.evaluate(PROMPT)
    assert page.evaluate("() => globalThis.kept")
    put = page.get_by_role("button", name="Put it on your home screen")
    put.wait_for()
    page.get_by_role("link", name="Lost? council laptop").wait_for()
    stage.inspect("with the question")
    put.click()
    page.wait_for_function("() => globalThis.prompted")
    page.get_by_text("menu has").wait_for()
    assert stage.findings == []


def test_an_iphone_is_told_how_and_of_the_seven_days(new_stage):
    stage = new_stage(user_agent=IPHONE)
    page = stage.page
    page.add_init_script(APPLE)
    unlock_again(stage)
    stage.go("#/me", "Me")
    for words in (
        "Add to Home Screen",
        "link it as another device",
        "for seven days",
        "not promised",
    ):
        page.get_by_text(words).first.wait_for()
    stage.look_over("me on an iPhone")
    assert stage.findings == []


def test_a_newer_build_is_said_above_every_screen(new_stage):
    stage = new_stage("outdated")
    page = stage.page
    page.get_by_text("A newer version is ready.").wait_for()
    page.locator("textarea").fill("Quieter than last week.")
    stage.look_over("a newer version is ready")
    # Without a service worker the page itself is the newer one, once it is loaded again.
    with page.expect_navigation():
        page.get_by_role("button", name="Update").click()
    page.get_by_role("heading", name="Unlock").wait_for()

    page.add_init_script(NOTHING_COMES)
    unlock_again(stage)
    page.get_by_text("It has not come to this device.").wait_for()
    stage.look_over("a newer version did not come")
    page.get_by_role("button", name="Look again").click()
    assert stage.findings == []
