"""On the home screen: it can be put there, is woken, and never says what it is about."""

from __future__ import annotations

import base64
import json
import time

import pytest

from tests.browser import PATIENCE_MS, ROOT, until
from tests.journeys.builds import TAKEN_CARE_OF

pytestmark = pytest.mark.browser

ICONS = ROOT / "microblog" / "web" / "icons"
NOTICES = """async () => { const { ready } = navigator.serviceWorker;
  const all = await (await ready).getNotifications();
  return all.map(({ title, body, tag }) => [title, body, tag]); }"""
TAPPED = """async () => { const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent("notificationclick", { notification })); }"""
#: How far two pictures are apart, of 255, at the size of the first.
APART = """async ([svg, png]) => { const drawn = await Promise.all([png, svg].map(async (from) => {
    const one = new Image(); one.src = from; await one.decode(); return one; }));
  const size = drawn[0].naturalWidth;
  const [a, b] = drawn.map((one) => { const on = new OffscreenCanvas(size, size).getContext("2d");
    on.drawImage(one, 0, 0, size, size); return on.getImageData(0, 0, size, size).data; });
  let sum = 0; for (let at = 0; at < a.length; at++) sum += Math.abs(a[at] - b[at]);
  return [size, sum / a.length]; }"""


def data_url(sort: str, data: bytes) -> str:
    return f"data:image/{sort};base64,{base64.b64encode(data).decode()}"


@pytest.fixture
def visit(server, new_profile):
    """Return a page of the app, taken care of by its service worker, and its debugger."""
    profile = new_profile(service_workers="allow", permissions=["notifications"])
    profile.page.goto(server.origin)
    profile.page.wait_for_function(TAKEN_CARE_OF)
    return profile.page, profile.context.new_cdp_session(profile.page)


def test_a_browser_finds_nothing_that_keeps_it_from_the_home_screen(visit):
    page, debugger = visit
    told = debugger.send("Page.getAppManifest")
    assert told["errors"] == []
    manifest = json.loads(told["data"])
    assert (manifest["display"], manifest["start_url"], manifest["id"]) == ("standalone", "/", "/")
    errors = debugger.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A private window is no place to install from, and each of our profiles is one.
    assert [it["errorId"] for it in errors if it["errorId"] != "in-incognito"] == []
    listed = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    studio = page.context.new_page()
    for name in ("icon-192.png", "icon-512.png", "maskable-512.png", "touch-180.png"):
        bleeds = name.startswith(("maskable", "touch"))
        svg = (ICONS / "icon.svg").read_text().replace(' rx="6"', "" if bleeds else ' rx="6"')
        svg = svg.replace("<svg ", '<svg width="512" height="512" ')
        drawn = data_url("svg+xml", svg.encode()), data_url("png", (ICONS / name).read_bytes())
        size, apart = studio.evaluate(APART, drawn)
        assert apart < 1, f"{name} is not what icon.svg is"
        assert listed.get(f"/static/{name}", f"{size}x{size}") == f"{size}x{size}"


def test_it_is_woken_and_pushed_without_a_word_of_anyone(server, visit):
    page, debugger = visit
    told = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated", lambda it: told.extend(it["registrations"])
    )
    debugger.send("ServiceWorker.enable")
    end = time.monotonic() + PATIENCE_MS / 1000
    while not told:
        assert time.monotonic() < end, "the browser tells of no service worker"
        page.wait_for_timeout(20)
    registration = told[0]
    where = {"origin": server.origin, "registrationId": registration["registrationId"]}
    page.evaluate(
        """() => { globalThis.heard = [];
          navigator.serviceWorker.addEventListener("message", ({ data }) => heard.push(data)); }"""
    )

    debugger.send("ServiceWorker.deliverPushMessage", {**where, "data": "Invented Asha: thinner"})
    assert until(page, NOTICES) == [["Something is new", "", "news"]]

    sync = {**where, "tag": "outbox", "lastChance": False}
    debugger.send("ServiceWorker.dispatchSyncEvent", sync)
    page.wait_for_function("() => heard.length > 0")
    assert page.evaluate("() => heard") == [{"flush": True}]
    # An open page sends by itself: nothing is said.
    assert len(page.evaluate(NOTICES)) == 1

    # A tap on it: it goes, and the app comes to the front.
    (worker,) = page.context.service_workers
    worker.evaluate(TAPPED)
    until(page, f"async () => (await ({NOTICES})()).length === 0")

    # Where no page is open nobody has the keys: the person is told, and not of what.
    page.goto("about:blank")
    until(worker, "async () => (await clients.matchAll()).length === 0")
    debugger.send("ServiceWorker.dispatchSyncEvent", {**sync, "tag": "another"})
    debugger.send("ServiceWorker.dispatchSyncEvent", sync)
    page.goto(server.origin)
    words = "Something of yours has not been sent yet. Open to send it."
    assert until(page, NOTICES) == [[words, "", "outbox"]]
