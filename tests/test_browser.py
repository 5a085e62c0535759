"""The ground that the browser tests stand on notices what they rely on it to notice."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.breaches import NOTED, await_note, judge
from tests.browser import LAPTOP, axe_findings, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"
HEAD = "<!doctype html><html lang=en><title>A page</title>"
FILES = {
    "/clean": ("text/html", STRICT, f"{HEAD}<main><h1>A page</h1></main>"),
    "/inline": ("text/html", STRICT, f"{HEAD}<main><h1>A page</h1></main><script>1</script>"),
    "/throws": (
        "text/html",
        STRICT,
        f"{HEAD}<main><h1>A page</h1></main><script src=/throw.js></script>",
    ),
    "/throw.js": ("text/javascript", STRICT, "throw new Error('planted');"),
    "/breaks": (
        "text/html",
        "default-src 'none'; script-src 'self'; worker-src 'self'",
        f"{HEAD}<main><h1>A page</h1></main><script src=/start.js></script>",
    ),
    "/start.js": ("text/javascript", STRICT, "new Worker('/worker.js', { type: 'module' });"),
    "/worker.js": ("text/javascript", "default-src 'none'", "fetch('/elsewhere').catch(() => {});"),
    "/serves": (
        "text/html",
        "default-src 'none'; script-src 'self'; worker-src 'self'",
        f"{HEAD}<main><h1>A page</h1></main><script src=/serve.js></script>",
    ),
    "/serve.js": ("text/javascript", STRICT, "navigator.serviceWorker.register('/worker.js');"),
    "/serves-late": (
        "text/html",
        "default-src 'none'; script-src 'self'; worker-src 'self'",
        f"{HEAD}<main><h1>A page</h1></main><script src=/serve-late.js></script>",
    ),
    "/serve-late.js": ("text/javascript", STRICT, "navigator.serviceWorker.register('/late.js');"),
    "/late.js": (
        "text/javascript",
        "default-src 'none'",
        "setInterval(() => fetch('/elsewhere').catch(() => {}), 100);",
    ),
    "/unlabelled": ("text/html", STRICT, f"{HEAD}<main><h1>A page</h1><input></main>"),
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        sort, policy, text = FILES.get(self.path, ("text/plain", STRICT, ""))
        self.send_response(200)
        self.send_header("Content-Type", sort)
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_clean_page_has_no_complaints_and_no_findings(new_profile, site):
    profile = new_profile()
    profile.page.goto(f"{site}/clean")
    assert axe_findings(profile.page) == []
    assert profile.complaints == []


def test_a_profile_is_the_size_of_a_phone_unless_another_is_asked_for(new_profile, site):
    sizes = []
    for profile in (new_profile(), new_profile(viewport=LAPTOP)):
        profile.page.goto(f"{site}/clean")
        sizes.append(profile.page.evaluate("() => [innerWidth, innerHeight]"))
    assert sizes == [[360, 740], [1280, 800]]


@pytest.mark.breach
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/inline", "Content Security Policy"),
        ("/inline", "breach of the policy: script-src-elem inline"),
        ("/throws", "planted"),
        ("/breaks", "Content Security Policy"),
        ("/serves", "Content Security Policy"),
    ],
)
def test_a_fault_of_the_page_or_its_worker_is_a_complaint(new_profile, site, path, words):
    profile = new_profile(service_workers="allow")
    profile.page.goto(site + path)
    await_note(profile.page, words, profile.complaints)


@pytest.mark.breach
def test_a_breach_of_a_service_worker_is_noted_after_its_page_is_closed(new_profile, site):
    profile = new_profile(service_workers="allow")
    profile.page.goto(f"{site}/serves-late")
    profile.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    other = profile.context.new_page()
    profile.page.close()
    NOTED.clear()
    await_note(other, "worker: ", NOTED)


@pytest.mark.breach
def test_a_breach_of_a_page_that_a_page_opens_is_noted(new_profile, site):
    profile = new_profile()
    profile.page.goto(f"{site}/clean")
    with profile.context.expect_page() as opened:
        profile.page.evaluate("(url) => void open(url)", f"{site}/inline")
    await_note(opened.value, "script-src-elem inline", profile.complaints)


def test_a_browser_that_nobody_watches_fails_its_test(browser):
    browser.new_context().close()
    with pytest.raises(AssertionError, match="1 browsers were opened that nobody watches"):
        judge([], planted=False)
    browser.new_page().close()
    with pytest.raises(AssertionError, match="nobody watches"):
        judge(["what was planted"], planted=True)


def test_a_breach_fails_its_test_unless_it_was_planted_and_then_none_does():
    with pytest.raises(pytest.fail.Exception, match="breach of the policy"):
        judge(["console: breach of the policy"], planted=False)
    with pytest.raises(AssertionError, match="the watch has not seen it"):
        judge([], planted=True)
    judge([], planted=False)
    judge(["console: breach of the policy"], planted=True)


def test_axe_finds_a_field_without_a_label_under_a_strict_policy(new_profile, site):
    profile = new_profile()
    profile.page.goto(f"{site}/unlabelled")
    assert [finding.partition(":")[0] for finding in axe_findings(profile.page)] == ["label"]
    assert profile.complaints == []


def test_two_profiles_share_nothing_and_one_on_disk_stays(
    new_profile, new_profile_on_disk, site, tmp_path
):
    read = "() => localStorage.getItem('word')"
    first, second = new_profile(), new_profile()
    for profile in (first, second):
        profile.page.goto(f"{site}/clean")
    first.page.evaluate("() => localStorage.setItem('word', 'planted')")
    assert second.page.evaluate(read) is None

    kept = new_profile_on_disk(tmp_path)
    kept.page.goto(f"{site}/clean")
    kept.page.evaluate("() => localStorage.setItem('word', 'planted')")
    kept.context.close()
    again = new_profile_on_disk(tmp_path)
    again.page.goto(f"{site}/clean")
    assert again.page.evaluate(read) == "planted"


def test_a_window_brings_no_page_along_but_its_own(browser, new_profile):
    new_profile()
    targets = browser.new_browser_cdp_session().send("Target.getTargets")["targetInfos"]
    assert {target["type"] for target in targets} == {"page"}


def test_a_chromium_that_is_named_but_absent_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="is no program that can be run"):
        find_chromium()
