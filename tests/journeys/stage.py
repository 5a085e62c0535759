"""The page on a stage: the real bundle and policies, and for a Worker the scripted stand-in.

Every screen can so be stood up and looked at without keys, a server or a wait. The stand-in's
script is chosen by `scenario`; tests/journeys/stand_in.ts says which there are.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from microblog.web.headers import PAGES, policy_of
from tests.browser import LAPTOP, PHONE, ROOT, axe_findings, node
from tests.journeys.people import OPENING, arrived

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from tests.browser import Profile

#: What says that something is still to come: a chunk, or an answer of the Worker.
AWAITED = re.compile("…$")
ORIGIN = "https://practice.example"
WEB = ROOT / "microblog" / "web"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

#: All that axe knows is looked for by day; in the dark, what depends on the colours.
LOOKS = {
    "phone": (PHONE, "light", ()),
    "laptop": (LAPTOP, "light", ()),
    "phone, dark": (PHONE, "dark", ("color-contrast", "link-in-text-block")),
    "laptop, dark": (LAPTOP, "dark", ("color-contrast", "link-in-text-block")),
}
#: A laptop's page that is enlarged four times.
ENLARGED = {"width": 320, "height": 256}

#: Goes to a place, and says whether that is another than where one was.
GO = """(place) => {
  const was = location.hash || "#/";
  location.hash = place;
  return was !== location.hash;
}"""
#: In the first frame the page hears of its new size, in the next it is drawn for it.
DRAWN = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  requestAnimationFrame(done))))"""

#: Everything that is tapped is a finger's breadth high, but for a link in running text.
SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, summary, a")]
  .map((one) => [one, one.closest("label.choice, label.chip") || one])
  .filter(([one, box]) => box.getBoundingClientRect().width > 1
    && box.getBoundingClientRect().height < 43.5
    && getComputedStyle(one).display !== "inline")
  .map(([one]) => `too small to tap: ${one.outerHTML.slice(0, 120)}`)"""

#: A mistake that is named at the top leads to its field, and says there what it says above.
LEADING_NOWHERE = """() => [...document.querySelectorAll(".error-summary li a")]
  .filter((link) => {
    const found = document.getElementById(link.getAttribute("href").slice(1));
    const field = found?.closest(".field, fieldset") ?? found;
    return !field?.textContent.includes(link.textContent);
  })
  .map((link) => `a mistake that its field does not name: ${link.textContent}`)"""

#: Whoever hears only the names of links and buttons can tell apart those that do not do the same.
ONE_NAME = """() => {
  const named = new Map();
  const nameOf = (one) => {
    const by = (one.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    if (by.length > 0) return by.map((id) => document.getElementById(id)?.textContent).join(" ");
    if (one.ariaLabel) return one.ariaLabel;
    const said = one.cloneNode(true);
    for (const unsaid of said.querySelectorAll("[aria-hidden=true]")) unsaid.remove();
    return said.textContent;
  };
  for (const one of document.querySelectorAll("a[href], button, summary")) {
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    const name = nameOf(one).replace(/\\s+/g, " ").trim();
    named.set(name, (named.get(name) ?? new Set()).add(one.href ?? one));
  }
  return [...named].filter(([, targets]) => targets.size > 1)
    .map(([name, targets]) => `${targets.size} controls of one name: ${name}`);
}"""

#: What is typed here is about the person at the keyboard, so the browser may fill it in.
OWN = {"name", "tel", "email", "organization", "organization-title"}
PASSPHRASES = {"current-password", "new-password"}
FIELDS = """() => [...document.querySelectorAll("input, textarea")]
  .filter((one) => !["radio", "checkbox", "file"].includes(one.type))
  .map((one) => [one.outerHTML.slice(0, 160), one.getAttribute("spellcheck"),
    one.getAttribute("autocomplete"), one.getAttribute("writingsuggestions")])"""


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the stand-in, bundled."""
    made: Path = tmp_path_factory.mktemp("stand-in") / "worker.js"
    source = ROOT / "tests" / "journeys" / "stand_in.ts"
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    command = [str(node()), str(esbuild), str(source), "--bundle", "--format=esm"]
    subprocess.run([*command, f"--outfile={made}", "--log-level=warning"], check=True, cwd=ROOT)
    return made.read_text()


@dataclass
class Stage:
    """One visitor's page, and what was found wrong on it."""

    profile: Profile
    findings: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.profile.page

    def go(self, place: str, heading: str = "") -> None:
        """Go where the fragment says and wait for the page to settle there."""
        left = self.page.locator("main").element_handle()
        # A screen that is not on the first load is fetched first.
        wanted = self.page.locator("h1", has_text=heading, has_not_text=OPENING)
        if self.page.evaluate(GO, place):
            # Every address has a page of its own, and whoever goes there stands at its heading.
            left.wait_for_element_state("hidden")
            expect(wanted).to_be_focused()
        wanted.wait_for(state="attached")
        self.come()

    def come(self) -> None:
        """Wait until nothing on the page is still to come, and it is drawn at its size."""
        awaited = self.page.locator("main [role=status]", has_text=AWAITED)
        expect(awaited).to_have_count(0)
        self.page.evaluate(DRAWN)

    def look_over(self, name: str) -> None:
        """Inspect the page as it stands on a phone and a laptop, by day, in the dark, enlarged."""
        for look, (viewport, colours, rules) in LOOKS.items():
            self.page.set_viewport_size(viewport)
            self.page.emulate_media(color_scheme=colours)
            self.come()
            if rules:
                self.findings += [f"{name} ({look}): {it}" for it in axe_findings(self.page, rules)]
            else:
                self.inspect(f"{name} ({look})")
        self.page.set_viewport_size(ENLARGED)
        self.come()
        self.findings += [f"{name} (enlarged): {one}" for one in _too_wide(self.page)]
        self.page.set_viewport_size(PHONE)
        self.come()

    def inspect(self, name: str) -> None:
        """Look for what is wrong with the page as it stands."""
        page = self.page
        self.come()
        found = [*axe_findings(page), *page.evaluate(SMALL), *page.evaluate(LEADING_NOWHERE)]
        found += [*_leaky_fields(page), *_too_wide(page), *page.evaluate(ONE_NAME)]
        if page.locator("h1").count() != 1:
            found.append("not one h1")
        if "Sample" in page.title():
            found.append(f"a child's name in the title: {page.title()}")
        self.findings += [f"{name}: {one}" for one in found]


@pytest.fixture
def new_stage(new_profile: Callable[..., Profile], stand_in: str) -> Callable[..., Stage]:
    """Return a function that opens the page: `scenario`, the path, whether to unlock first."""

    def open_stage(
        scenario: str = "normal", path: str = "/", *, unlock: bool = True, **options: object
    ) -> Stage:
        profile = new_profile(**options)
        worker = f"self.SCENARIO = {json.dumps(scenario)};\n{stand_in}"
        profile.context.route(f"{ORIGIN}/**", lambda route: _serve(route, worker))
        profile.page.goto(ORIGIN + path)
        stage = Stage(profile)
        if unlock:
            profile.page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
            profile.page.get_by_role("button", name="Unlock", exact=True).click()
            arrived(profile.page)
            stage.come()
        return stage

    return open_stage


def _serve(route: Route, worker: str) -> None:
    path = urlsplit(route.request.url).path
    headers = {"content-security-policy": policy_of(path), "x-content-type-options": "nosniff"}
    if path in PAGES:
        route.fulfill(path=WEB / "index.html", headers={**headers, "content-type": "text/html"})
    elif path == "/static/worker.js":
        route.fulfill(body=worker, headers={**headers, "content-type": "text/javascript"})
    else:
        file = WEB / path.lstrip("/")
        sort = TYPES.get(file.suffix, "text/plain")
        route.fulfill(path=file, headers={**headers, "content-type": sort})


def _too_wide(page: Page) -> list[str]:
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return [f"wider than the screen by {wide} px"] if wide > 0 else []


def _leaky_fields(page: Page) -> list[str]:
    """Return the fields from which a browser may send what is typed to its maker."""
    return [
        f"what is typed may leave the page: {html}"
        for html, spellcheck, autocomplete, suggestions in page.evaluate(FIELDS)
        if spellcheck != "false"
        or suggestions != "false"
        or autocomplete not in {"off", *OWN, *PASSPHRASES}
    ]
