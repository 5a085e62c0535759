"""What forms owe to everyone, and what is owed to those who ask their device for other colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import ROOT
from tests.journeys.keys import Keys

VIEWS = ROOT / "microblog" / "web" / "src" / "views"
STYLES = ROOT / "microblog" / "web" / "src" / "styles"

FORM = re.compile(r"<form\b|\buse(?:Kept)?Form(?:<[^>]*>)?\(")
SUMMARY = re.compile(r"<(?:ErrorSummary|FormFrame)\b")
#: Whatever is looked for, there is nothing that could be wrong with it.
CANNOT_FAIL = {"parts/searching.tsx"}

MOTION = re.compile(r"\b(?:transition|animation)\b|@keyframes|smooth")


def lacks_summary(source: str) -> bool:
    return bool(FORM.search(source)) and not SUMMARY.search(source)


def test_every_form_says_at_its_top_what_is_wrong_with_it():
    views = {str(file.relative_to(VIEWS)): file.read_text() for file in VIEWS.rglob("*.tsx")}
    assert sum(bool(FORM.search(source)) for source in views.values()) > 30
    assert {name for name, source in views.items() if lacks_summary(source)} == CANNOT_FAIL


@pytest.mark.parametrize(
    "planted", ["return <form onSubmit={send}>", "useForm(check, send)", "useKeptForm<Day>(check)"]
)
def test_a_form_without_a_summary_is_noticed(planted):
    assert lacks_summary(planted)


def test_nothing_moves_so_nobody_need_ask_for_less_motion():
    sources = [*STYLES.glob("*.css"), *VIEWS.rglob("*.ts*")]
    assert [str(file) for file in sources if MOTION.search(file.read_text())] == []
    assert MOTION.search("a { transition: color 1s }")


def drawn(page, where):
    """Return the ground and the lower edge of the first of some."""
    return page.locator(where).first.evaluate(
        """(one) => { const { backgroundColor, borderBottomColor } = getComputedStyle(one);
          return [backgroundColor, borderBottomColor]; }"""
    )


@pytest.mark.browser
def test_colours_of_ones_own_hide_nothing_and_more_contrast_is_given(new_stage):
    stage = new_stage(forced_colors="active")
    page = stage.page
    keys = Keys(page)
    keys.is_at_heading("Stream")
    keys.tab_to("Your words")
    keys.write("Quieter than last week.")
    # Focus is seen in the colours that were chosen, all the way through what can be marked.
    keys.tab_to("Tell supervisors now")
    assert keys.findings == []
    assert drawn(page, ".chip :checked + span") != drawn(page, ".chip :not(:checked) + span")
    assert drawn(page, "nav [aria-current]") != drawn(page, "nav a:not([aria-current])")
    stage.go("#/child/AAAA", "Sample A")
    steps = [drawn(page, f".steps [aria-pressed={pressed}]") for pressed in ("true", "false")]
    assert steps[0] != steps[1]
    # Every mark has a shape of its own.
    page.locator(".legend svg").nth(6).wait_for()
    shapes = page.locator(".legend svg").evaluate_all("(all) => all.map((one) => one.innerHTML)")
    assert len(shapes) == len(set(shapes)) > 6

    colour = "(one) => getComputedStyle(one).color"
    page.emulate_media(forced_colors="none", contrast="no-preference")
    small, ink = page.locator("nav + * .small, .small").first, page.locator("h2").first
    assert small.evaluate(colour) != ink.evaluate(colour)
    page.emulate_media(contrast="more")
    assert small.evaluate(colour) == ink.evaluate(colour)


#: A Worker that has much to open, so that each of its answers comes after some frames.
SLOWLY = """() => { const hear = self.onmessage;
  self.onmessage = (call) => void setTimeout(() => hear(call), 200); }"""


@pytest.mark.browser
@pytest.mark.parametrize(("path", "heading"), [("/", "Stream"), ("/#/me", "Me")])
def test_whoever_unlocks_is_put_at_the_heading_however_long_that_takes(new_stage, path, heading):
    page = new_stage(path=path, unlock=False).page
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    [worker] = page.workers
    worker.evaluate(SLOWLY)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_focused()


@pytest.mark.browser
def test_focus_that_goes_up_the_page_is_noticed(new_stage):
    page = new_stage().page
    keys = Keys(page)
    keys.is_at_heading("Stream")
    page.evaluate(
        """() => { const [hide, lock] = document.querySelectorAll("header button");
          const [link] = document.querySelectorAll("nav a");
          [lock.tabIndex, link.tabIndex, hide.tabIndex] = [1, 2, 3];
          lock.focus(); }"""
    )
    keys.tab_to("Hide")
    assert any(finding.startswith("against the order") for finding in keys.findings)
