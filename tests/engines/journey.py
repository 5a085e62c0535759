"""The short way, on the real server with real keys, in an engine that no other test uses.

Unlock; post without a network; hide; show; start again without a network; have it back; the
colleague's screen. The colleague is the Python client, which shares no line with the browser's.
`make test` does not collect this file: not every machine has the engines.
"""

from __future__ import annotations

import pytest

from tests.cli.terminals import PASSPHRASE
from tests.engines.which import here

CHILD = "Sample A"
FIRST, LATER, LAST = "Quieter than last week.", "Nobody in, the second time.", "Back at school."
#: Whatever may not be in a page that is hidden.
PRIVATE = (CHILD, "Invented Ann", "Invented Bea", "Northam", FIRST, LATER)

#: What an engine has of what the app makes use of where it is there.
HAS = """
  const can = async (name) =>
    (await globalThis.PublicKeyCredential?.getClientCapabilities?.())?.[name] ?? false;
  const registration = await navigator.serviceWorker?.getRegistration();
  return {
    "service worker": Boolean(navigator.serviceWorker?.controller),
    "passkeys": "PublicKeyCredential" in globalThis,
    "unlock with a touch (PRF)": await can("extension:prf"),
    "Background Sync": Boolean(registration && "sync" in registration),
    "web push": "PushManager" in globalThis,
    "asks to be installed": "onbeforeinstallprompt" in globalThis,
    "can promise to keep storage": "persist" in (navigator.storage ?? {}),
    "has promised it": (await navigator.storage?.persisted?.()) ?? false,
    "locks between tabs": "locks" in navigator,
    "trusted types": "trustedTypes" in globalThis,
  }"""


@pytest.mark.parametrize("walker", here(), indirect=True)
def test_the_short_way_is_walked(walker, office, tmp_path, draw, record_property):
    server, file = office.server, tmp_path / "microblog.keys"
    bea = practice(office, file)
    record_property("fact", f"{walker.hand.name}:")

    walker.hand.go(server.origin)
    walker.sees("Open a key file")
    walker.give("Key file", file)
    walker.fill("Passphrase", PASSPHRASE)
    walker.choose("Only I use it")
    walker.press("Open")
    walker.sees(FIRST)
    walker.holds("return navigator.serviceWorker.controller !== null")
    for what, it in sorted(walker.hand.ask(HAS).items()):
        record_property("fact", f"  {what}: {'yes' if it else 'no'}")

    walker.reload()
    unlock(walker, draw)
    draw("2-stream")

    server.kill()
    walker.choose(CHILD)
    walker.fill("Your words", LATER)
    walker.sees("2 people in 1 agency")
    draw("3-written")
    walker.press("Post to")
    walker.sees("1 post is not yet sent")
    draw("4-not-sent")

    hide(walker, draw)
    walker.press("Show")
    walker.sees("1 post is not yet sent")
    walker.sees(LATER)
    assert walker.reads() == [FIRST]

    # The app itself comes from where the browser keeps it, and so does the post.
    walker.reload()
    walker.sees("1 post is not yet sent")
    unlock(walker)
    walker.sees("The server cannot be reached.")
    draw("6-again")

    server.start()
    walker.sees_go("not yet sent")
    walker.sees(LATER)
    draw("7-sent")
    told = [post["text"] for post in bea.did("stream", "--json").json]
    assert told == [LATER, FIRST]
    assert bea.did("verify", "--json").json["trouble"] is None
    bea.did("post", CHILD, LAST, "--kind", "observation", "--yes")
    walker.sees_news(LAST)
    assert walker.reads() == [LAST, LATER, FIRST]
    draw("8-answered")
    walker.hand.listen()
    assert walker.hand.complaints == []


def practice(office, file):
    """Found a practice at terminals, with Ann's keys in a file; return Bea, who has posted."""
    ann, bea = office.found("Invented Ann"), office.join("Invented Bea")
    ann.did("child", "add", CHILD, "--born", "2021-03")
    ann.did("team", "add", CHILD, "bea")
    bea.did("team", CHILD)
    bea.did("post", CHILD, FIRST)
    ann.did("key-file", "save", str(file))
    return bea


def unlock(walker, draw=lambda name: None):
    walker.sees("Unlock")
    draw("1-unlock")
    walker.fill("Passphrase", PASSPHRASE)
    walker.press("Unlock")
    walker.sees(FIRST)


def hide(walker, draw):
    walker.hand.escape()
    walker.sees("Show")
    draw("5-hidden")
    page = walker.hand.ask("return document.documentElement.outerHTML + document.title")
    assert [words for words in PRIVATE if words in page] == []
    assert walker.hand.ask("return document.title") == "Hidden"
