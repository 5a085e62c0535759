"""Someone who has the keyboard alone: where focus is at each press, and whether it can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Nobody presses Tab more often than this for one thing.
MOST = 150
#: WCAG 2.2, 1.4.11: an edge is seen from three to one.
LEAST_CONTRAST = 3.0

#: Where focus is. What is drawn for a field that is only there for the keyboard stands beside it.
# A colour's parts are read from a canvas, so that system colours are known too.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const small = one.getBoundingClientRect().width < 5 || getComputedStyle(one).opacity === "0";
  const shown = small ? (one.nextElementSibling ?? one.closest("label") ?? one) : one;
  const style = getComputedStyle(shown);
  const rgb = (colour) => (colour.match(/[0-9.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((part) => {
      const c = part / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const clear = (colour) => rgb(colour)[3] === 0;
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  let around = shown.parentElement;
  while (around && clear(getComputedStyle(around).backgroundColor)) around = around.parentElement;
  const ground = around ? getComputedStyle(around).backgroundColor : "rgb(255, 255, 255)";
  const edges = [
    ...(style.outlineStyle !== "none" ? [style.outlineColor] : []),
    ...(style.boxShadow !== "none" ? style.boxShadow.match(/rgba?\\([^)]*\\)/g) : []),
  ].filter((colour) => !clear(colour));
  const box = shown.getBoundingClientRect();
  const at = (x, y) => {
    const found = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return found !== null && (shown.contains(found) || found.closest("label")?.contains(one));
  };
  const label = one.getAttribute("aria-label")
    ?? (document.getElementById(one.getAttribute("aria-labelledby"))
    ?? one.labels?.[0] ?? one).innerText;
  return {
    name: (label ?? "").replace(/\\s+/g, " ").trim(),
    html: one.outerHTML.slice(0, 120),
    tabIndex: one.tabIndex,
    heading: one.matches("h1, main, h2"),
    contrast: Math.max(0, ...edges.map((edge) => contrast(edge, ground))),
    seen: [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].some(([x, y]) => at(x, y)),
  };
}"""

#: Which way focus has gone since this was asked last: 1 is down the page, as it is now, and -1 up;
#: 0 is nowhere, or from what is no longer there.
STEP = """() => {
  const [last, one] = [globalThis.stoodAt, document.activeElement];
  globalThis.stoodAt = one;
  if (!last?.isConnected || last === one) return 0;
  return last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING ? 1 : -1;
}"""

REST = 5
SETTLING = 20  # times two frames, on a busy machine
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Keys:
    """A keyboard at a page, and what was found wrong on the way."""

    page: Page
    findings: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)

    def stop(self) -> dict[str, Any] | None:
        """Return where focus is; note where nobody could see it."""
        found: dict[str, Any] | None = self.page.evaluate(STOP)
        for _ in range(SETTLING):
            if found is None or found["seen"]:
                break
            # What comes to focus is scrolled to, and what else came is laid out, a moment later.
            self.page.evaluate(FRAMES)
            found = self.page.evaluate(STOP)
        # Whoever is put at a heading reads there: there is nothing to press.
        if found is None or found["heading"]:
            return found
        if found["contrast"] < LEAST_CONTRAST:
            self.findings.append(f"focus is not seen ({found['contrast']:.1f}): {found['html']}")
        if not found["seen"]:
            self.findings.append(f"focus is under something, or off the screen: {found['html']}")
        if found["tabIndex"] > 0:
            self.findings.append(f"out of turn: {found['html']}")
        if not found["name"]:
            self.findings.append(f"no name: {found['html']}")
        return found

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Go on until focus is on what is so called; each step is further down the page."""
        passed: list[str] = []
        self.page.evaluate("() => { globalThis.stoodAt = null }")
        for _ in range(MOST):
            self.press(key)
            found = self.stop()
            if found is None:
                break
            # A date has a stop for each of its parts.
            if self.page.evaluate(STEP) * (1 if key == "Tab" else -1) < 0:
                self.findings.append(f"against the order of the page: {found['html']}")
            passed.append(found["name"])
            if found["name"].startswith(name):
                return
        raise AssertionError(f"{key} does not come to {name!r}, but to {passed[-3:]}")

    def round(self) -> list[str]:
        """Go once all the way through a page, from where focus is, and return what was passed."""
        passed: list[str] = []
        for _ in range(4 * MOST):
            self.press("Tab")
            found = self.stop()
            if found is None:
                return passed
            passed.append(found["name"])
        raise AssertionError(f"a trap: {passed[-3:]}")

    def is_at_heading(self, words: str) -> None:
        """Wait until a new page has put the reader at its heading."""
        self.page.wait_for_function(
            "(words) => document.activeElement?.matches('h1')"
            " && document.activeElement.innerText.includes(words)",
            arg=words,
        )
        # A page that is new comes to rest: what is put in its place later scrolls back to its top.
        for _ in range(REST):
            self.page.evaluate(FRAMES)

    def is_at(self, selector: str) -> None:
        """Wait until focus is on what the selector says."""
        self.page.wait_for_function(
            "(selector) => document.activeElement?.matches(selector)", arg=selector
        )
