"""How fast the clients open posts, verdict, body and words, beside a bare verification."""

from __future__ import annotations

import base64
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nacl import bindings

from microblog.client.feed import Feed
from microblog.protocol.encoding import encode
from microblog.protocol.entry import encode_entry
from microblog.protocol.stream import Stream
from tests.bench.rounds import result_of
from tests.bench.world import CROWD, TEXT, Plan, World
from tests.browser import launch_options, node
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from tests.bench.rounds import Result

AGAINST = "posts opened against bare Ed25519 verifications"
SOURCE = Path(__file__).with_name("opening.ts")
ESBUILD = Path(__file__).resolve().parents[2] / "node_modules" / "esbuild" / "bin" / "esbuild"


class Posts:
    """A stream with so many posts, as they travel, and what opens it."""

    def __init__(self, world: World, count: int) -> None:
        child, stream = world.begin(Plan("opened", CROWD, (), 0))
        assert stream.head is not None
        pen = world.pen(child, stream.head, staff(CROWD))
        self.author, self.log = staff(CROWD), child.log
        self.count, self.secret = count, child.secrets[0]
        self.directory = world.directory
        self.directory_entries = world.practice.directory.raw
        self.beginning = list(map(encode_entry, child.entries))
        written = [pen.write(f"{TEXT} {number}", world.now) for number in range(count)]
        self.raw = [it.travelling for it in written]
        self.signed = [it.signature + b"msb/1/entry\0" + it.header for it in written]


def open_in_python(posts: Posts, rounds: int) -> Result:
    """Return the rate of the Python client's."""
    ratios, rate = [], 0.0
    for _ in range(rounds):
        begun = time.perf_counter()
        for signed in posts.signed:
            bindings.crypto_sign_open(signed, posts.author.device)
        bare = posts.count / (time.perf_counter() - begun)
        feed = Feed(posts.log, Stream(posts.log), secrets={0: posts.secret})
        feed.take(posts.beginning, posts.directory)
        begun = time.perf_counter()
        feed.take(posts.raw, posts.directory)
        feed.read()
        rate = posts.count / (time.perf_counter() - begun)
        assert feed.next_seq == len(posts.beginning) + posts.count, feed.trouble
        assert not any(isinstance(words, str) for words in feed.words.values())
        ratios.append(rate / bare)
    return result_of("open-python", ratios, AGAINST, f"{rate:,.0f}/s")


def open_in_browser(posts: Posts, rounds: int, folder: Path) -> Result:
    """Return the rate of the browser's client, in a real browser."""
    from playwright.sync_api import sync_playwright

    bundle = folder / "opening.js"
    command = [str(ESBUILD), str(SOURCE), "--bundle", "--format=esm", f"--outfile={bundle}"]
    flags = ["--platform=browser", "--target=es2022", "--log-level=error", "--minify"]
    # Where it could, the package has put the program in place of its script.
    before = [str(node())] if ESBUILD.read_bytes().startswith(b"#!") else []
    subprocess.run([*before, *command, *flags], check=True)
    given = encode([
        posts.directory_entries, posts.beginning, posts.raw, posts.log, posts.secret,
        posts.author.device,
    ])  # fmt: skip
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node())
    with sync_playwright() as started:
        browser = started.chromium.launch(**launch_options())
        page = browser.new_page()
        page.route("**/*", lambda route: _answer(route, bundle, given))
        page.goto("http://bench.invalid/")
        page.wait_for_function("() => globalThis.opening")
        found: list[dict[str, Any]] = page.evaluate(
            "async (rounds) => globalThis.opening(rounds)", rounds
        )
        browser.close()
    ratios = [it["open"] / it["verify"] for it in found]
    note = f"{found[-1]['open']:,.0f}/s of {found[-1]['verify']:,.0f}/s"
    return result_of("open-browser", ratios, AGAINST, note)


def _answer(route: Any, bundle: Path, given: bytes) -> None:
    url = route.request.url
    if url.endswith("/opening.js"):
        route.fulfill(body=bundle.read_text(), content_type="text/javascript")
    elif url.endswith("/posts"):
        route.fulfill(body=base64.b64encode(given).decode(), content_type="text/plain")
    else:
        script = '<!doctype html><script type="module" src="/opening.js"></script>'
        route.fulfill(body=script, content_type="text/html")
