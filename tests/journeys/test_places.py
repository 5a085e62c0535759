"""Every screen that an address leads to is among those that are looked at, by the sources."""

from __future__ import annotations

import re

from microblog.web.headers import PAGES
from tests.browser import ROOT

VIEWS = ROOT / "microblog" / "web" / "src" / "views"
JOURNEYS = ROOT / "tests" / "journeys"
ROUTERS = (VIEWS / "app.tsx", *sorted(VIEWS.glob("of-*.tsx")), VIEWS / "post.tsx")

#: A part of an address that has a screen of its own: `case "team":` of such a switch, or a test.
SWITCH = re.compile(r"switch \((?:place|part|which|act)\) \{(.*?)\n  \}", re.DOTALL)
CASE = re.compile(r'case "([a-z-]+)":')
COMPARED = re.compile(r'\b(?:place|part|which|act) === "([a-z-]+)"')
ADDRESS = re.compile(r'"(/?#/[^"\s]*|/[a-z]+(?:#[^"\s]*)?)"')


def screens_of(source: str) -> set[str]:
    """Return the parts of addresses that a router tells apart."""
    cases = [name for switch in SWITCH.findall(source) for name in CASE.findall(switch)]
    return {*cases, *COMPARED.findall(source)}


def looked_at() -> set[str]:
    """Return the parts of all addresses that are looked over, whichever module does it."""
    sources = [file.read_text() for file in sorted(JOURNEYS.glob("test_*.py"))]
    places = [
        place for source in sources if "look_over" in source for place in ADDRESS.findall(source)
    ]
    return {part for place in places for part in re.split("[/#]", place)}


def test_every_screen_of_the_routers_is_looked_at():
    screens = set().union(*(screens_of(file.read_text()) for file in ROUTERS))
    assert len(screens) > 40
    assert sorted(screens - looked_at()) == []


def test_every_door_is_looked_at():
    assert [door for door in PAGES if door.strip("/") not in looked_at()] == []


def test_a_new_screen_is_noticed():
    new = """
  switch (part) {
    case "planted":
      return <Planted />;
  }
  if (act === "planted-too") return null;
"""
    assert screens_of(new) - looked_at() == {"planted", "planted-too"}
