"""Notices: the screen of them, and the way of one from a colleague's post to the words on a phone.

A headless browser has no push service to subscribe at: its own functions for that are stood in for,
and a push is handed to its service worker by the debugger. All else is as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from microblog.ops.notices import Report, Work, prepare, run_round
from microblog.push.vapid import make_key
from microblog.settings import load_settings
from tests.browser import until
from tests.forking import Forked
from tests.journeys.builds import TAKEN_CARE_OF
from tests.journeys.people import Visitor, hear
from tests.pushbox import CONTACT, Pushbox
from tests.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

pytestmark = pytest.mark.browser

HEADING = "Notices on this device"
ON, OFF = "Notices are on.", "Notices are off on this device."
LONDON = ZoneInfo("Europe/London")

#: The browser's own: what it was asked, and one address, of this page's own choosing.
SUBSCRIBES = """(endpoint) => {
  globalThis.told = []; let made = null;
  const manager = {
    getSubscription: async () => made,
    subscribe: async ({ userVisibleOnly, applicationServerKey: key }) => {
      if (made) return made;
      told.push(userVisibleOnly);
      const letters = key.replaceAll("-", "+").replaceAll("_", "/");
      const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
      if (endpoint === "") throw new DOMException("no push service", "AbortError");
      return (made = { endpoint, options: { applicationServerKey: bytes.buffer },
        unsubscribe: async () => { made = null; return true; } });
    },
  };
  Object.assign(PushManager.prototype, manager);
  if (location.host === "practice.example") {
    ServiceWorkerContainer.prototype.getRegistration = async () => ({ pushManager: manager });
  }
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag }) => [title, body, tag])"""
CLOSE = """async () => { const { ready } = navigator.serviceWorker;
  for (const one of await (await ready).getNotifications()) one.close(); }"""
SUBSCRIBED_NOWHERE = """async () => {
  const { pushManager } = await navigator.serviceWorker.getRegistration();
  return (await pushManager.getSubscription()) === null; }"""
#: What is said where the browser was told no, or heard nothing; or cannot, although it may.
ANSWERS = {
    "denied": "Somebody has said no to notices of this app here.",
    "default": "It asked whether this app may show notices, and heard neither yes nor no.",
    "granted": "The browser could not do it.",
}
#: In the service worker: how many pushes it had, and what it was then told it may not do.
COUNTS = """() => { globalThis.had = 0; globalThis.broken = [];
  const honest = registration.showNotification.bind(registration);
  registration.showNotification = (...said) => honest(...said).catch((error) => {
    broken.push(String(error)); throw error; });
  addEventListener("push", () => { had += 1; }); }"""


# The screen.


@pytest.mark.parametrize("scenario", ["notices", "untold"])
def test_the_screen_while_it_is_on_and_what_is_wrong_with_it(new_stage, scenario):
    stage = new_stage(scenario)
    page = stage.page
    page.context.grant_permissions(["notifications"])
    page.evaluate(SUBSCRIBES, "https://push.example/x")
    # This browser has an address, for the server's key.
    page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistration()).pushManager"
        '.subscribe({ userVisibleOnly: true, applicationServerKey: "BAAA" })'
    )
    stage.go("#/me/notices", HEADING)
    page.get_by_text(ON).wait_for()
    wrong = page.get_by_text("has not taken the newest notice yet (3 attempts)")
    expect(wrong).to_have_count(int(scenario == "untold"))
    stage.look_over(f"notices, {scenario}")
    assert stage.findings == []


def test_who_has_said_no_is_told_what_to_do_and_a_browser_that_cannot_is_not_blamed_on_them(
    new_stage,
):
    stage = new_stage()
    page = stage.page
    page.evaluate(SUBSCRIBES, "")
    stage.go("#/me/notices", HEADING)
    switch_on = page.get_by_role("button", name="Switch on")
    for answer, words in ANSWERS.items():
        page.evaluate("(it) => { Notification.requestPermission = async () => it; }", answer)
        switch_on.click()
        page.get_by_text(words).wait_for()
        # Nothing was asked of the browser that nobody allowed.
        assert page.evaluate("() => told.length") == (answer == "granted")
        expect(page.locator("[role=alert]")).to_have_count(1)
        expect(page.get_by_text(OFF)).to_have_count(1)
        stage.inspect(answer)
    assert stage.findings == []


def test_on_a_computer_that_others_use_there_are_none(new_stage):
    stage = new_stage("shared")
    stage.go("#/me/notices", HEADING)
    stage.page.get_by_text("Not on a shared computer.").wait_for()
    assert stage.page.get_by_role("button", name="Switch on").count() == 0
    stage.inspect("shared")
    assert stage.findings == []


# The way of a notice.


@dataclass
class PushingServer(Server):
    """A server that pushes to a port of this machine."""

    pushbox: Pushbox = field(default=None)  # type: ignore[assignment]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands."""
        return {
            **super().environment,
            "PUBLIC_URL": self.origin,
            "MICROBLOG_PUSH": CONTACT,
            "MICROBLOG_PUSH_HOSTS": self.pushbox.host,
            "MICROBLOG_PUSH_CA": str(self.pushbox.authority),
        }

    def ring(self, days: int, hour: int) -> Report:
        """Have the notices looked after once, on a weekday to come, at an hour of the practice."""
        today = datetime.now(LONDON).replace(hour=hour, minute=0, second=0, microsecond=0)
        monday = today + timedelta(days=7 - today.weekday())
        now = int((monday + timedelta(days=days)).timestamp() * 1000)
        work = prepare(load_settings(self.environment))
        report = run_round(Work(work.settings, work.push, work.vapid, work.courier, lambda: now))
        assert report is not None
        return report


@dataclass
class Worker:
    """The service worker that takes care of a page, as its browser's push service reaches it."""

    page: Page
    debugger: CDPSession
    where: dict[str, str]

    @classmethod
    def of(cls, page: Page) -> Worker:
        page.wait_for_function(TAKEN_CARE_OF)
        debugger, told = page.context.new_cdp_session(page), []
        debugger.on(
            "ServiceWorker.workerRegistrationUpdated", lambda it: told.extend(it["registrations"])
        )
        debugger.send("ServiceWorker.enable")
        hear(page, lambda: bool(told))
        origin = page.evaluate("() => location.origin")
        id_ = told[0]["registrationId"]
        return cls(page, debugger, {"origin": origin, "registrationId": id_})

    def push(self, data: str = "") -> None:
        """Push as a push service does; without words that is a push without a body."""
        self.debugger.send("ServiceWorker.deliverPushMessage", {**self.where, "data": data})

    def shows(self) -> list[list[str]]:
        """Return the notices there are, once there is one, and close them."""
        shown: list[list[str]] = until(self.page, SHOWN)
        self.page.evaluate(CLOSE)
        until(self.page, f"async () => (await ({SHOWN})()).length === 0")
        return shown


@pytest.fixture
def server(moment, tmp_path, pushbox):
    """The practice, on a server that pushes."""
    data, log = tmp_path / "data", tmp_path / "server.log"
    server = PushingServer(data, log, begin=Forked, pushbox=pushbox)
    if moment is not None:
        moment.lay(server)
    server.data.mkdir(exist_ok=True)
    make_key(server.data)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def asha(moment, server, new_profile):
    """As ever, but the app may be kept in her browser and may show notices."""
    allowed = partial(new_profile, service_workers="allow", permissions=["notifications"])
    return moment.back("asha", allowed)


def test_a_colleagues_post_wakes_a_phone_which_says_that_something_is_new(
    server, pushbox, asha: Visitor, ben: Visitor
):
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    worker = Worker.of(asha.page)
    asha.page.evaluate(SUBSCRIBES, f"https://{pushbox.host}/ashas-phone")
    asha.visit("Me")
    asha.page.locator("a[href='#/me/notices']").click()
    asha.sees(OFF)
    asha.sees("Until you choose otherwise, nothing comes from 18:00 to 08:00, nor on Saturday")
    asha.press("Switch on")
    asha.sees(ON)
    expect(asha.page.locator("p", has_text=ON)).to_be_focused()
    assert asha.page.evaluate("() => told") == [True]
    assert server.ring(0, 11).sent == 0

    ben.visit("Children")
    ben.sees_news("Sample A")
    ben.open_child("Sample A")
    ben.post("Her sleeves were down again.")
    assert server.ring(0, 12).sent == 1
    [pushed] = pushbox.everything()
    assert (pushed.path, pushed.body) == ("/ashas-phone", b"")
    worker.push()
    assert worker.shows() == [["Something is new", "", "news"]]

    # Quiet at noon: it waits for the evening.
    asha.fill(Quiet_from="08:00", Until="17:30")
    asha.press("Save")
    asha.sees("Changed.")
    ben.post("And again today.")
    assert server.ring(1, 12).sent == 0
    assert server.ring(1, 18).sent == 1
    assert pushbox.paths() == ["/ashas-phone"] * 2

    asha.press("Switch off on this device")
    asha.sees(OFF)
    ben.post("And today.")
    assert server.ring(2, 18).sent == 0
    assert len(pushbox.everything()) == 2
    assert [*asha.profile.complaints, *ben.profile.complaints] == []


def test_a_phone_that_its_push_service_has_forgotten_says_off_and_begins_anew(
    server, pushbox, asha: Visitor, ben: Visitor
):
    pushbox.conduct = lambda _: (410, {})
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    Worker.of(asha.page)
    asha.page.evaluate(SUBSCRIBES, f"https://{pushbox.host}/first")
    asha.page.goto(f"{server.origin}/#/me/notices")
    asha.press("Switch on")
    asha.sees(ON)
    server.ring(0, 11)
    asha.press("Send a notice to try it")
    asha.sees("Asked for.")
    assert server.ring(0, 12).gone == 1
    asha.visit("Me")
    asha.page.locator("a[href='#/me/notices']").click()
    asha.sees(OFF)
    # The browser still has the address that is good for nothing.
    asha.press("Switch on")
    asha.sees(ON)
    assert asha.page.evaluate("() => told") == [True, True]
    # Whoever has the device next is told nothing: at the push service it ends with the keys.
    asha.visit("Me")
    asha.press("Forget this device")
    asha.press("Yes, forget this device")
    until(asha.page, SUBSCRIBED_NOWHERE)


def test_whatever_is_pushed_the_same_words_are_shown(server, new_profile):
    profile = new_profile(service_workers="allow", permissions=["notifications"])
    page = profile.page
    page.goto(server.origin)
    worker = Worker.of(page)
    # Without a body, as our server pushes; and as whoever has taken over its key might.
    for data in ("", "Invented Asha: thinner", '{"title":"Sample A","body":"thinner"}'):
        worker.push(data)
        assert worker.shows() == [["Something is new", "", "news"]]
    # Whoever allows no notices any more is shown none, and nothing breaks.
    (inside,) = profile.context.service_workers
    inside.evaluate(COUNTS)
    profile.context.clear_permissions()
    worker.push()
    hear(page, lambda: inside.evaluate("() => had") == 1)
    assert inside.evaluate("() => broken") == []
    profile.context.grant_permissions(["notifications"])
    assert page.evaluate(SHOWN) == []
    worker.push()
    assert len(worker.shows()) == 1
    assert profile.complaints == []
