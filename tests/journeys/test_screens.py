"""Every screen, on a phone and a laptop, in light and dark, is fit to be used by anyone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PLACES = [
    ("#/", "Stream"),
    ("#/children", "Children I follow"),
    ("#/children/begin", "Begin a child"),
    ("#/children/begin-household", "Begin a household"),
    ("#/children/hand-over", "Hand over children"),
    ("#/child/AAAA", "Sample A"),
    ("#/child/BBBB", "Sample B"),
    ("#/child/EEEE", "Not opened yet"),
    ("#/child/FFFF", "Sample F"),
    ("#/child/GGGG", "Sample G"),
    ("#/child/NNNN", "North Street household"),
    ("#/child/RRRR", "Hill Road household"),
    ("#/child/NNNN/move-in", "Who moves into"),
    ("#/child/GGGG/about", "About Sample G"),
    ("#/child/NNNN/about", "About North Street household"),
    ("#/child/GGGG/move", "Sample G moves"),
    ("#/child/GGGG/slip", "Follow slip for"),
    ("#/child/GGGG/team", "Who can read"),
    ("#/child/AAAA/team", "Who can read"),
    ("#/child/BBBB/team", "Who can read"),
    ("#/child/BBBB/team/add", "Add someone"),
    ("#/child/NNNN/team/add", "Add someone"),
    ("#/child/GGGG/team/p5", "Invented Edie"),
    ("#/child/GGGG/team/from-NNNN", "From North Street household"),
    ("#/child/NNNN/team/p3", "Invented Cara"),
    ("#/child/AAAA/post/12", "Post about"),
    ("#/child/AAAA/post/12/same", "I see this too"),
    ("#/child/AAAA/post/12/different", "I see it differently"),
    ("#/child/AAAA/post/11/correction", "Correct a post"),
    ("#/child/AAAA/post/11/withdraw", "Withdraw a post"),
    ("#/child/AAAA/post/11/wrong-child", "A post on the wrong child"),
    ("#/child/DDDD", "Sample A"),
    ("#/child/HHHH", "Sample H"),
    ("#/child/HHHH/team", "Who can read"),
    ("#/child/AAAA/keeping", "How long posts about"),
    ("#/child/DDDD/keeping", "How long posts about"),
    ("#/child/GGGG/keeping", "How long posts about"),
    ("#/child/NNNN/keeping", "How long posts about"),
    ("#/child/GGGG/keeping/hold", "Put a hold on it"),
    ("#/child/NNNN/keeping/hold", "Lift the hold"),
    ("#/child/GGGG/keeping/propose", "Propose to destroy posts"),
    ("#/child/GGGG/keeping/propose-105", "Propose to destroy posts"),
    ("#/child/GGGG/keeping/s1", "Destroy posts about"),
    ("#/child/AAAA/picture/print", "Print the picture"),
    ("#/child/AAAA/conference", "“"),
    ("#/child/NNNN/conference", "“"),
    ("#/child/NNNN/picture/print", "Print the picture"),
    ("#/child/AAAA/take-out", "Take out what was posted"),
    ("#/child/AAAA/take-out/print", "Take out what was posted"),
    ("#/children/take-out", "Take out what was posted"),
    ("#/child/AAAA/post/12/copied", "Copied to the record"),
    ("#/child/GGGG/decide", "Record a decision about"),
    ("#/child/GGGG/post/106", "Post about"),
    ("#/child/GGGG/post/106/review", "Review a decision"),
    ("#/catch-up", "Sample A"),
    ("#/round-up", "Round-up"),
    ("#/supervision", "Supervision"),
    ("#/me/round-ups", "Round-ups by mail"),
    ("#/me/notices", "Notices on this device"),
    ("#/people", "People"),
    ("#/people/witnesses", "Witnesses"),
    ("#/people/retention", "How long posts are kept"),
    ("#/people/invite", "Invite someone"),
    ("#/people/p2", "Invented Ben"),
    ("#/people/p3", "Invented Cara"),
    ("#/people/p8", "Invented Hana"),
    ("#/people/agency", "Add an agency"),
    ("#/people/numbers", "Numbers to ring"),
    ("#/me", "Me"),
    ("#/protects", "How this protects a family"),
    ("#/check", "Check this computer"),
    ("#/nowhere", "Nothing here"),
]

#: Tests that run side by side, each of so many screens on one stage.
PARTS = 4

OUTSIDE = [
    ("normal", "/", "Unlock"),
    ("touch", "/", "Unlock"),
    ("outgoing", "/", "Unlock"),
    ("fresh", "/", "Open a key file"),
    ("unfounded", "/", "Not founded yet"),
    ("unreachable", "/", "The server cannot be reached"),
    ("missing", "/", "This browser cannot run the app"),
    ("nostorage", "/", "This browser cannot run the app"),
    ("normal", "/join#c2VjcmV0", "This device already holds keys"),
    ("fresh", "/join", "Open the link again"),
    ("fresh", "/join#c2VjcmV0", "You have been invited"),
    ("fresh", "/found#c2VjcmV0", "Found the practice"),
    ("fresh", "/protects", "How this protects a family"),
    ("fresh", "/check", "Check this computer"),
    ("missing", "/check", "Check this computer"),
    ("clocks", "/check", "Check this computer"),
]

INSIDE = [
    ("touch", "/#/me", "Me"),
    ("empty", "/", "Stream"),
    ("offline", "/", "Stream"),
    ("forked", "/", "Stream"),
    ("rolledback", "/#/child/AAAA", "Sample A"),
    ("old", "/", "Stream"),
    ("silent", "/#/me", "Me"),
    ("nowitness", "/#/people", "People"),
    ("nowitness", "/#/people/witnesses", "Witnesses"),
    ("nowitness", "/#/people/retention", "How long posts are kept"),
    ("restoring", "/", "Stream"),
    ("nomail", "/#/me/round-ups", "Round-ups by mail"),
    ("nomail", "/#/me/notices", "Notices on this device"),
    ("nomail", "/#/round-up", "Round-up"),
    ("notlooked", "/#/people", "People"),
    ("offline", "/#/round-up", "Round-up"),
    ("empty", "/#/round-up", "Round-up"),
    ("checking", "/", "Stream"),
    ("outgoing", "/", "Stream"),
    ("outgoing", "/#/child/GGGG", "Sample G"),
    ("normal", "/ask#c2xpcA", "Ask to follow"),
    ("normal", "/ask#bWluZQ", "You follow this already"),
    ("normal", "/ask#b3RoZXI", "This slip cannot be used"),
    ("normal", "/ask", "Open the slip again"),
]


def inspect(stage, name):
    """Look at the page as it stands on a phone, on a laptop, and in the dark."""
    stage.look_over(name)


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_with_any_screen_inside(new_stage, part):
    stage = new_stage()
    for place, heading in PLACES[part::PARTS]:
        stage.go(place, heading)
        inspect(stage, place)
    assert stage.findings == []
    assert stage.profile.complaints == []


@pytest.mark.parametrize(("scenario", "path", "heading"), OUTSIDE + INSIDE)
def test_nothing_is_wrong_with_any_screen_outside(new_stage, scenario, path, heading):
    stage = new_stage(scenario, path, unlock=(scenario, path, heading) in INSIDE)
    stage.page.get_by_role("heading", name=heading).first.wait_for()
    inspect(stage, f"{scenario} {path}")
    assert stage.findings == []
    assert stage.profile.complaints == []


def test_nothing_is_wrong_with_a_screen_that_asks_or_complains(new_stage):
    stage = new_stage()
    page = stage.page
    page.get_by_role("radio", name="Sample B").check()
    page.locator("textarea").focus()
    page.get_by_role("radio", name="Decision").check()
    page.get_by_role("radio", name="Earlier").check()
    page.get_by_role("button", name="Post to").click()
    page.get_by_text("There is a problem").wait_for()
    inspect(stage, "the composer, all unfolded and wrong")
    page.get_by_role("radio", name="Hunch").check()
    page.locator("textarea").fill("Quieter than last week.")
    page.get_by_role("radio", name="Now").check()
    page.get_by_role("button", name="Post to").click()
    page.get_by_role("button", name="Undo").wait_for()
    inspect(stage, "what can still be undone")
    page.get_by_role("radio", name="Sample B").check()
    page.get_by_role("textbox", name="Your words").fill("Rang 07700 900123.")
    page.get_by_role("button", name="Post to").click()
    page.get_by_role("button", name="Post as it is").click()
    page.get_by_text("Tick this if it is so, or change your words").wait_for()
    inspect(stage, "what the guard noticed, and what it wants to hear")
    page.get_by_role("combobox", name="Find a child").fill("sa")
    page.get_by_role("option").first.wait_for()
    inspect(stage, "children by two letters")
    page.get_by_role("combobox", name="Find a child").fill("")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("combobox", name="Posted by").wait_for()
    inspect(stage, "the filter")
    stage.go("#/people/invite", "Invite")
    page.get_by_role("button", name="Make the invitation").click()
    page.get_by_text("There is a problem").wait_for()
    inspect(stage, "an invitation with mistakes")
    stage.go("#/me", "Me")
    page.get_by_role("button", name="Change the passphrase").click()
    page.get_by_role("button", name="Use this one").wait_for()
    page.get_by_role("button", name="Forget this device").click()
    page.get_by_text("Have you your recovery sheet, or another device?").wait_for()
    inspect(stage, "changing the passphrase")
    page.get_by_role("button", name="Hide").click()
    page.get_by_role("button", name="Show").wait_for()
    inspect(stage, "hidden")
    assert stage.findings == []


def test_a_finding_is_noticed(new_stage):
    stage = new_stage()
    stage.page.evaluate(
        """() => { document.querySelector("textarea").spellcheck = true;
          const small = document.createElement("button");
          small.style.width = "3000px"; document.querySelector("main").append(small);
          for (const place of ["Open#/me", "Open#/me", "Read#/a", "Read#/b"]) {
            const link = document.createElement("a");
            [link.textContent] = place.split("#");
            link.href = place.slice(4);
            document.querySelector("main").prepend(link);
          }
          const rules = new CSSStyleSheet();
          rules.replaceSync(`@media (prefers-color-scheme: dark) { h2 { color: #333 !important } }
            @media (max-width: 320px) { h2 { width: 500px } }`);
          document.adoptedStyleSheets = [rules]; }"""
    )
    stage.inspect("planted")
    found = "\n".join(stage.findings)
    for words in ("button-name", "too small to tap", "wider than the screen", "may leave the page"):
        assert words in found
    assert "2 controls of one name: Read" in found
    assert "one name: Open" not in found
    stage.page.evaluate("() => document.querySelector('main > button:last-child').remove()")
    stage.findings.clear()
    stage.look_over("planted")
    found = "\n".join(stage.findings)
    for words in (
        "planted (phone, dark): color-contrast",
        "planted (laptop, dark): color-contrast",
        "planted (enlarged): wider than the screen",
    ):
        assert words in found
    assert "planted (phone): color-contrast" not in found
