"""The first screens load no more than is counted, and a part that is not there is said."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from microblog.web.sizes import before_worker, by_worker
from tests.journeys.stage import ORIGIN

FETCHED = """() => performance.getEntriesByType("resource")
  .filter((one) => new URL(one.name).pathname.startsWith("/static/"))
  .map((one) => new URL(one.name).pathname.slice("/static/".length))"""
PART = f"{ORIGIN}/static/parts/of-me-*.js"


def test_the_first_screens_load_what_is_counted_and_a_child_its_picture(new_stage):
    asked: list[str] = []
    stage = new_stage(unlock=False)
    stage.profile.context.on("request", lambda request: asked.append(urlsplit(request.url).path))
    stage.page.reload()
    stage.page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    stage.page.get_by_role("button", name="Unlock").click()
    expect(stage.page.locator("h1", has_text="Stream")).to_be_focused()
    stage.go("#/children", "Children I follow")
    stage.go("#/", "Stream")
    counted = {f"/static/{name}" for name in before_worker()} | {"/", "/static/worker.js"}
    assert {"/static/app.js", "/static/worker.js"} <= set(asked)
    # What keepers are asked now and then stands there only when there is something to ask.
    assert {path for path in set(asked) - counted if "/of-requests-" not in path} <= shared(asked)
    stage.go("#/child/AAAA", "Sample A")
    stage.page.locator(".plot .dot").first.wait_for()
    assert any("/of-picture-" in path for path in asked)


def shared(asked: list[str]) -> set[str]:
    """Return the part that several parts need: it comes with the first of them."""
    return {path for path in asked if path.startswith("/static/parts/chunk-")}


def test_the_workers_first_answers_load_what_is_counted(asha):
    page = asha.page
    page.reload()
    asha.unlock()
    page.locator("h1", has_text="Stream").wait_for()
    (worker,) = page.workers
    assert set(worker.evaluate(FETCHED)) <= set(by_worker())


@pytest.mark.parametrize("scenario", ["unanswered", "normal"])
def test_a_part_that_cannot_be_had_is_said(new_stage, scenario):
    stage = new_stage(scenario)
    stage.profile.context.route(PART, lambda route: route.abort())
    stage.go("#/me", "This part of the app could not be loaded")
    stage.inspect("a part that could not be loaded")
    assert stage.findings == []
    why = "server cannot be reached" if scenario == "unanswered" else "and yet it did not come"
    for _ in range(2):
        stage.page.get_by_text(why).wait_for()
        stage.page.get_by_role("button", name="Try again").click()


def test_a_part_that_did_not_come_is_had_later_if_need_be_with_a_page_loaded_anew(new_stage):
    stage = new_stage()
    page = stage.page
    page.locator("textarea").first.fill("Quieter than last week.")
    stage.profile.context.route(PART, lambda route: route.abort())
    stage.go("#/me", "This part of the app could not be loaded")
    page.get_by_text("The post that you have begun is kept on this device").wait_for()
    stage.profile.context.unroute(PART)
    # Some browsers do not ask for it a second time.
    page.locator("main").get_by_role("button", name="Reload").click()
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock", exact=True).click()
    expect(page.get_by_role("heading", name="Me", exact=True)).to_be_focused()
    expect(page).to_have_title(re.compile("^Me "))


def test_a_part_of_an_older_version_is_offered_anew_and_what_was_begun_is_kept(new_stage):
    stage = new_stage("outdated")
    page = stage.page
    stage.profile.context.route(PART, lambda route: route.fulfill(status=404))
    page.locator("textarea").first.fill("Quieter than last week.")
    stage.go("#/me", "A new version is here")
    page.get_by_text("The post that you have begun is kept on this device").wait_for()
    stage.inspect("a part of an older version")
    assert stage.findings == []
    page.locator("main").get_by_role("button", name="Reload").click()
    page.get_by_role("button", name="Unlock").wait_for()
