"""The page that checks a computer: what works, what does not, and what to do; before any keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLE = "Check this computer"
#: In any browser of today, in the real Worker.
WORKS = (
    "A secure address",
    "Web Workers",
    "WebAssembly, for sealing and opening",
    "Storage on this device",
    "Locks between tabs",
    "The server",
    "The clock",
    "What is typed stays here",
)


def lines(page) -> dict[str, str]:
    """Return each verdict by what it is of."""
    page.locator(".checks").wait_for()
    heads = [it.split("\n")[0] for it in page.locator(".checks > li").all_inner_texts()]
    return {name: verdict for verdict, _, name in (it.partition(": ") for it in heads)}


def test_all_that_is_needed_works_in_the_real_worker(server, new_profile):
    profile = new_profile()
    page = profile.page
    page.goto(f"{server.origin}/check")
    found = lines(page)
    assert [it for it in WORKS if found[it] != "Works"] == []
    said = page.get_by_role("status").filter(has_text="This computer can run the app")
    expect(said).to_have_count(1)
    page.get_by_role("button", name="Compare the files").click()
    page.get_by_text("files are those of the server").wait_for()
    assert "checkup" not in page.evaluate("() => indexedDB.databases().then(JSON.stringify)")
    assert profile.complaints == []


def test_a_file_that_is_another_than_the_list_says_is_named(server, new_profile):
    page = new_profile().page

    def exchange(route) -> None:
        route.fulfill(body="planted", content_type="text/css")

    page.context.route("**/static/app.css?checked", exchange)
    page.goto(f"{server.origin}/check")
    lines(page)
    page.get_by_role("button", name="Compare the files").click()
    alarm = page.get_by_role("alert").filter(has_text="not those of the list")
    expect(alarm).to_contain_text("/static/app.css")
    expect(alarm).to_contain_text("Do not type your passphrase here")


@pytest.mark.parametrize(
    ("scenario", "name", "verdict", "said"),
    [
        ("missing", "WebAssembly, for sealing and opening", "Does not work", "Enhanced security"),
        ("clocks", "WebAssembly, for sealing and opening", "Look at this", "slowly"),
        ("clocks", "The clock", "Does not work", "5 minutes behind the server"),
        ("nostorage", "Storage on this device", "Look at this", "shared computer"),
        ("unreachable", "The server", "Does not work", "tell whoever runs the server"),
    ],
)
def test_what_does_not_work_says_what_to_do_and_stands_first(
    new_stage, scenario, name, verdict, said
):
    page = new_stage(scenario, "/check", unlock=False).page
    found = lines(page)
    assert found[name] == verdict
    line = page.locator(".checks > li").filter(has_text=f": {name}")
    expect(line).to_contain_text(said)
    expect(line).to_contain_text("What to do:")
    order = list(found.values())
    ranks = ["Does not work", "Look at this", "Works"]
    assert order == sorted(order, key=ranks.index)
    needed = "Does not work" in order
    alarm = page.get_by_role("alert").filter(has_text="cannot run the app yet")
    expect(alarm).to_have_count(int(needed))


def test_where_the_worker_does_not_start_it_says_so(server, new_profile):
    page = new_profile().page
    page.context.route("**/static/worker.js", lambda route: route.abort())
    page.goto(f"{server.origin}/check")
    assert lines(page)["Web Workers"] == "Does not work"


def test_it_says_plainly_what_it_cannot_see_and_asks_for_nothing(new_stage):
    page = new_stage("fresh", "/check", unlock=False).page
    lines(page)
    for words in ("No page can", "Issued by", "BROWSERS.md", "Nothing is kept"):
        expect(page.locator("main")).to_contain_text(words)
    assert page.locator("main :is(input, textarea)").count() == 0
    expect(page.locator("h1")).to_have_text(TITLE)


def test_inside_it_is_under_me(new_stage):
    stage = new_stage()
    stage.go("#/me", "Me")
    stage.page.get_by_role("link", name=TITLE).click()
    lines(stage.page)
    expect(stage.page.locator("nav [aria-current]")).to_have_text("Me")
