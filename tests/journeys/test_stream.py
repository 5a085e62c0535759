"""The stream: what is looked for is found and marked, what comes in waits, however long it is only
so much of it stands on the screen, and answers are given where a post stands.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import until
from tests.journeys.people import LOOKED_AT, arrived
from tests.journeys.stage import ORIGIN

pytestmark = pytest.mark.browser

TOP = "() => document.querySelector('.post').getBoundingClientRect().top"
#: Nothing is on its way any more that would move what stands there.
AT_REST = """() => new Promise((done) => { let frames = 0;
  const look = (top) => requestAnimationFrame(() => {
    const now = document.querySelector('.post').getBoundingClientRect().top;
    frames = now === top ? frames + 1 : 0;
    if (frames < 5) look(now); else done(true);
  });
  look(NaN); })"""
#: Focus is on the post after the one with these words.
AFTER = """(words) => {
  const cards = [...document.querySelectorAll(".feed [data-seen]")];
  const at = cards.findIndex((one) => one.querySelector(".post-text")?.textContent === words);
  return at >= 0 && cards[at + 1] === document.activeElement; }"""
#: After a second on the screen a post is read.
SEEN_MS = 1_300
#: How far what is being read has moved, as the reader sees it.
WHERE = """(words) => [...document.querySelectorAll('.post-text')]
  .find((one) => one.textContent === words).getBoundingClientRect().top"""


def test_what_is_looked_for_is_found_marked_and_counted(new_stage):
    stage = new_stage()
    page = stage.page
    found = page.locator(".found")
    page.get_by_label("Search").fill("GATE first")
    expect(found).to_have_text("1 post found.")
    expect(page.locator(".post")).to_have_count(1)
    expect(page.locator("mark")).to_have_text(["gate", "First"])
    stage.look_over("found")
    page.get_by_label("Search").fill("nowhere to be found")
    expect(found).to_have_text("No post found.")
    page.get_by_text("Try fewer words").wait_for()
    stage.look_over("nothing found")
    page.get_by_role("button", name="Show everything").click()
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_label("Search")).to_have_value("")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Child", exact=True).select_option(label="Sample B")
    page.get_by_label("Another child", exact=True).and_(
        page.locator("#filter-child")
    ).select_option(value="AAAA")
    page.get_by_label("Kind", exact=True).select_option("told")
    expect(found).to_have_text("1 post found.")
    stage.look_over("the filter")
    page.get_by_role("button", name="Take away: Told").click()
    expect(page.locator("#search")).to_be_focused()
    page.get_by_role("button", name="Take away: Sample A").click()
    expect(page.locator(".post")).to_have_count(1)
    page.get_by_text("We had a picnic").wait_for()
    assert stage.findings == []
    # What was looked for leaves no trace in the address, and none behind the lock.
    assert "gate" not in page.url
    page.get_by_role("button", name="Lock").click()
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_label("Search")).to_have_value("")


def test_a_long_stream_keeps_its_place_and_holds_at_most_ninety_posts(new_stage):
    stage = new_stage("long")
    page = stage.page
    arrived(page)
    posts = page.locator(".feed .post")
    expect(posts).to_have_count(30)
    for count in (60, 90, 90, 90):
        # It is drawn to its end once there is a way on.
        older = page.get_by_role("button", name="Show older posts")
        older.wait_for()
        last = page.locator(".feed .post-text").last.inner_text()
        older.click()
        # Go on with what comes after the last.
        page.wait_for_function(AFTER, arg=last)
        expect(posts).to_have_count(count)
        page.wait_for_function(f"(last) => Math.abs(({WHERE})(last)) < 2000", arg=last)
    older.wait_for()
    first = page.locator(".feed .post-text").first.inner_text()
    page.evaluate("() => scrollTo(0, document.querySelector('.feed').offsetTop - 150)")
    before = page.evaluate(WHERE, first)
    page.get_by_role("button", name="Show newer posts").click()
    expect(page.locator(".feed .post-text").first).not_to_have_text(first)
    expect(posts).to_have_count(90)
    until(page, AT_REST)
    assert abs(page.evaluate(WHERE, first) - before) < 2
    # Away to a post and back: the same posts, where they were, even if they had moved that moment.
    link = page.locator(".feed .post-time a").nth(20)
    height = link.evaluate("(link) => { scrollBy(0, -200); link.click(); return scrollY; }")
    page.locator("h1", has_text="Post about").wait_for()
    page.go_back()
    expect(posts).to_have_count(90)
    page.wait_for_timeout(500)  # it comes there in steps
    page.wait_for_function("(height) => Math.abs(scrollY - height) < 2", arg=height)
    # From under the blind too, however soon it came; but who comes by a link begins at the top.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").click()
    page.wait_for_function("(height) => Math.abs(scrollY - height) < 2", arg=height)
    # Before the page is where they were, too.
    page.locator(".feed .post-time a").nth(20).evaluate("(link) => link.click()")
    page.locator("h1", has_text="Post about").wait_for()
    page.go_back()
    page.locator(".feed .post").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").click()
    page.wait_for_function("(height) => Math.abs(scrollY - height) < 2", arg=height)
    page.locator("nav").get_by_role("link", name="Children").click()
    page.locator("h1", has_text="Children").wait_for()
    page.locator("nav").get_by_role("link", name="Stream").click()
    expect(posts).to_have_count(30)
    assert stage.profile.complaints == []


def test_what_comes_in_while_someone_reads_waits_until_it_is_asked_for(new_stage):
    stage = new_stage("long")
    page = stage.page
    arrived(page)
    page.locator(".feed .post").nth(29).wait_for()
    page.wait_for_timeout(2100)  # until someone may have begun to read
    top = page.evaluate(TOP)
    page.evaluate(LOOKED_AT)
    show = page.get_by_role("button", name=re.compile("^Show [0-9] new post"))
    show.wait_for()
    assert page.get_by_text("Came in").count() == 0
    assert page.evaluate(TOP) == top
    stage.look_over("something has come in")
    show.click()
    page.get_by_text("Came in").first.wait_for()
    expect(show).to_have_count(0)
    assert stage.findings == []


def test_answers_are_given_where_the_post_stands(new_stage):
    stage = new_stage()
    page = stage.page
    told = page.locator("article", has_text="Grandmother at the gate")
    differ = told.get_by_role("button", name="I see it differently")
    differ.click()
    box = told.get_by_label("What you see, and why")
    expect(box).to_be_focused()
    told.get_by_text("7 people in 4 agencies").wait_for()
    stage.look_over("an answer")
    told.get_by_role("button", name="Post to").click()
    told.get_by_text("There is a problem").wait_for()
    stage.look_over("an answer without words")
    box.fill("She was well fed.")
    told.get_by_role("button", name="Close, and keep my words").click()
    expect(differ).to_be_focused()
    differ.click()
    expect(box).to_have_value("She was well fed.")
    told.get_by_role("button", name="Post to").click()
    expect(box).to_have_count(0)
    page.get_by_role("button", name="Undo").wait_for()
    seen = page.locator("article", has_text="All is well at home").get_by_role(
        "button", name=re.compile("see this too")
    )
    seen.click()
    expect(seen).to_contain_text("You see this too")
    expect(page.get_by_role("button", name="Undo")).to_have_count(2)
    page.get_by_role("button", name="Undo").last.click()
    expect(seen).to_contain_text("I see this too")
    assert stage.findings == []


def test_a_post_that_was_read_is_marked_unread_where_it_stands_and_read_again(new_stage):
    stage = new_stage()
    page = stage.page
    arrived(page)
    card = page.locator("article", has_text="All is well at home")
    mark = card.get_by_role("button", name="Mark unread")
    mark.wait_for()
    assert card.get_by_text("new", exact=True).count() == 0
    mark.press("Enter")
    card.get_by_text("new", exact=True).wait_for()
    again = card.get_by_role("button", name="Mark read")
    expect(again).to_be_focused()
    # It stands on the screen all the while, and is not read by that.
    page.wait_for_timeout(SEEN_MS)
    page.evaluate(LOOKED_AT)
    expect(again).to_be_visible()
    stage.go("#/child/AAAA", "Sample A")
    card.get_by_role("button", name="Mark read").click()
    mark.wait_for()
    expect(card.get_by_text("new", exact=True)).to_have_count(0)
    # One's own is never unread.
    own = page.locator("article", has_text="Lights on")
    own.wait_for()
    expect(own.get_by_role("button", name="Mark")).to_have_count(0)


def test_a_link_to_a_post_reveals_nothing_and_is_followed_after_unlocking(new_stage):
    stage = new_stage("normal", "/#/child/AAAA/post/12", unlock=False)
    page = stage.page
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock").click()
    page.locator("h1", has_text="Post about Sample A").wait_for()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"{ORIGIN}/#/child/AAAA/post/12"
    page.get_by_text("says nothing about the child").wait_for()
    stage.go("#/child/ZZZZ/post/12", "Not on the team")
    page.get_by_text("that you do not follow").wait_for()
    stage.look_over("a link to what I do not follow")
    assert stage.findings == []


def test_a_corrected_post_says_how_it_stands_and_what_stood_before(new_stage):
    stage = new_stage()
    page = stage.page
    post = page.locator("article", has_text="Three attendances")
    expect(post).to_contain_text("Corrected on")
    assert "Two attendances" not in post.inner_text()
    before = post.get_by_text("What stood before")
    before.click()
    post.get_by_text("Two attendances").wait_for()
    stage.look_over("a corrected post")
    assert stage.findings == []
