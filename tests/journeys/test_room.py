"""Room on the device: asked to be kept, and said in time when there is little of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import browser
from tests.journeys.stage import ORIGIN

pytestmark = pytest.mark.browser

MIB = 2**20
PROMISED = """globalThis.asked = 0;
  StorageManager.prototype.persisted = async () => false;
  StorageManager.prototype.persist = async () => { globalThis.asked += 1; return true; };"""


@pytest.fixture
def new_profile(new_profile_on_disk, tmp_path, monkeypatch):
    """A Chromium that says how much room there is; by itself it says 10 GiB, always."""
    truly = "--disable-features=StaticStorageQuota"
    monkeypatch.setattr(browser, "FLAGS", (*browser.FLAGS, truly))
    return lambda **options: new_profile_on_disk(tmp_path / "profile", **options)


def unlock_again(stage):
    stage.page.reload()
    stage.page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    stage.page.get_by_role("button", name="Unlock").click()
    stage.page.locator("nav").wait_for()


def test_little_room_is_said_before_it_is_full(new_stage):
    stage = new_stage()
    page = stage.page
    said = page.get_by_text("This device has little room left.")
    page.add_init_script(PROMISED)
    unlock_again(stage)
    stage.go("#/me", "Me")
    page.get_by_text("has promised to clear nothing").wait_for()
    assert page.evaluate("() => globalThis.asked") == 1
    debugger = page.context.new_cdp_session(page)
    for quota, told in ((500 * MIB, False), (19 * MIB, True)):
        debugger.send("Storage.overrideQuotaForOrigin", {"origin": ORIGIN, "quotaSize": quota})
        unlock_again(stage)
        page.get_by_text(f"of {round(quota / 1e6)} MB at most").wait_for()
        expect(said).to_have_count(int(told))
    expect(page.locator(".banners")).to_contain_text("lets this app keep 20 MB")
    stage.look_over("little room")
    assert stage.findings == []
