"""The ground that the browser tests stand on notices what they rely on it to notice."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.browser import LAPTOP, Profile, axe_findings, find_chromium

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


def await_complaint(profile: Profile, words: str) -> None:
    """Wait, for what a Worker says comes when it comes, and fail when it never does."""
    deadline = time.monotonic() + 10
    while not any(words in complaint for complaint in profile.complaints):
        assert time.monotonic() < deadline, profile.complaints
        profile.page.wait_for_timeout(20)


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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/inline", "Content Security Policy"),
        ("/throws", "planted"),
        ("/breaks", "Content Security Policy"),
    ],
)
def test_a_fault_of_the_page_or_its_worker_is_a_complaint(new_profile, site, path, words):
    profile = new_profile()
    profile.page.goto(site + path)
    await_complaint(profile, words)


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


def test_a_chromium_that_is_named_but_absent_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="is no program that can be run"):
        find_chromium()
