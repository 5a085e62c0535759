"""The page that says how this protects a family: for whoever has no keys, no Worker or no time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TITLE = "How this protects a family, and what it cannot do"
#: What SECURITY.md says of it, as it is said here.
SAID = (
    "The child, a parent or a court may read it",
    "Not for real children yet",
    "Only the people on a child",
    "Whoever runs the server",
    "who wrote something there, and when, and whether they told supervisors",
    "when they use the app",
    "says that something is new",
    "cannot guard a phone that is open",
    "cannot stop a colleague who tells",
    "photograph the screen",
    "spying software",
    "could hand out a false one",
    "cannot reset a lost passphrase",
    "ring 999",
)
LONGEST_SENTENCE = 26  # words; most are far shorter


def read(page):
    page.get_by_role("heading", name="Who can read it").wait_for()
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.locator("main").inner_text()


@pytest.mark.parametrize("scenario", ["fresh", "missing", "unreachable", "normal"])
def test_it_is_read_without_keys_without_a_server_and_in_any_browser(new_stage, scenario):
    stage = new_stage(scenario, "/protects", unlock=False)
    said = read(stage.page)
    assert [words for words in SAID if words not in said] == []
    assert stage.page.locator("input, textarea").count() == 0
    stage.page.get_by_role("link", name="To the app").click()
    stage.page.wait_for_url("**/")
    assert stage.profile.complaints == []


def test_it_is_plain_english(new_stage):
    stage = new_stage("fresh", "/protects", unlock=False)
    read(stage.page)
    lines = stage.page.locator("main :is(li, p)").all_inner_texts()
    sentences = [one for line in lines for one in line.replace("?", ".").split(".") if one.strip()]
    words = [len(one.split()) for one in sentences]
    assert max(words) <= LONGEST_SENTENCE
    assert sum(words) / len(words) < 13


@pytest.mark.parametrize(
    ("scenario", "path"),
    [("normal", "/"), ("fresh", "/"), ("fresh", "/join#c2VjcmV0"), ("fresh", "/found#c2VjcmV0")],
)
def test_whoever_is_outside_reads_it_beside_what_they_were_at(new_stage, scenario, path):
    stage = new_stage(scenario, path, unlock=False)
    page = stage.page
    expect(page.locator("h1")).not_to_have_text("Starting")
    field = page.locator("textarea, input:not([type=file], [type=radio])").first
    field.fill("begun")
    with page.context.expect_page() as opened:
        page.get_by_role("contentinfo").get_by_role("link", name=TITLE).click()
    read(opened.value)
    assert opened.value.evaluate("() => window.opener") is None
    expect(field).to_have_value("begun")


def test_inside_it_is_under_me_and_nothing_is_locked(new_stage):
    stage = new_stage()
    stage.go("#/me", "Me")
    stage.page.get_by_role("link", name=TITLE).click()
    read(stage.page)
    expect(stage.page.locator("nav [aria-current]")).to_have_text("Me")
    stage.page.get_by_role("link", name="Back to Me").click()
    stage.page.get_by_role("heading", name="Me", exact=True).wait_for()
