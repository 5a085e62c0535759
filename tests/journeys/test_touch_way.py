"""A touch in place of the passphrase: passkeys on the real server, by a virtual authenticator."""

from __future__ import annotations

import pytest

from tests.forking import Forked
from tests.journeys.authenticator import Authenticator, LocalServer
from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

NEXT = "another invented passphrase"
#: Whatever crosses to the Worker by this name, as it was posted, and the same bytes a moment later.
NOTE_BYTES = """() => { const send = Worker.prototype.postMessage; globalThis.crossed = [];
  Worker.prototype.postMessage = function (call) {
    if (call.ask?.prf) crossed.push([call.name, [...call.ask.prf], call.ask.prf]);
    return send.call(this, call); }; }"""

#: Have passkeys asked for another salt, so that they answer as a stranger's would.
ASK_OTHERWISE = """() => { const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = ({ publicKey }) => {
    for (const one of Object.values(publicKey.extensions.prf.evalByCredential)) one.first[0] ^= 1;
    return get({ publicKey }); }; }"""


@pytest.fixture
def server(tmp_path):
    """Return a running server that nobody has founded yet."""
    server = LocalServer(tmp_path / "data", tmp_path / "server.log", begin=Forked)
    server.start()
    yield server
    server.kill()


def lock(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Lock", exact=True).click()
    visitor.page.get_by_role("heading", name="Unlock").wait_for()


def touch(visitor: Visitor) -> None:
    visitor.press("Unlock with a touch")


def test_a_touch_unlocks_until_the_passkey_is_removed(new_profile, server):
    asha = Visitor(new_profile())
    page = asha.page
    phone = Authenticator.at(asha)
    asha.found(server.founding_link(), "Invented Asha")
    asha.visit("Me")
    page.evaluate(NOTE_BYTES)
    asha.press("Add a passkey")
    asha.sees("Added. From now on")
    [made] = phone.credentials()
    assert made["rpId"] == "localhost"
    assert made["userName"] == made["userDisplayName"] == "Invented Westmere"
    asha.press("Add another passkey")
    asha.sees("This passkey opens your keys already.")

    lock(asha)
    touch(asha)
    page.locator("nav").wait_for()
    asha.visit("Me")
    crossed = page.evaluate("() => crossed.map(([name, sent, after]) => [name, sent, [...after]])")
    assert [name for name, *_ in crossed] == ["addPasskey", "unlockWithPasskey"]
    # The same bytes each time, and none of them stays in the page.
    assert crossed[0][1] == crossed[1][1]
    assert any(crossed[0][1])
    assert not any(byte for _, _, after in crossed for byte in after)

    # Over another passphrase, and in a page opened anew.
    asha.press("Change the passphrase")
    page.get_by_label("Passphrase you have now").fill(asha.passphrase)
    page.get_by_label("New passphrase", exact=True).fill(NEXT)
    asha.press("Change it")
    asha.sees("Changed. A key file")
    asha.passphrase = NEXT
    page.reload()
    asha.sees("Or with your passphrase")
    touch(asha)
    page.locator("nav").wait_for()

    # One that answers otherwise, and one that knows nothing of it, open nothing.
    lock(asha)
    page.evaluate(ASK_OTHERWISE)
    touch(asha)
    asha.sees("This passkey does not open these keys.")
    phone.remove()
    strange = Authenticator.at(asha)
    touch(asha)
    asha.sees("No passkey has answered.")
    strange.remove()
    asha.unlock()

    asha.visit("Me")
    asha.press("fingerprint, face or PIN")
    asha.press("Yes, remove it")
    asha.sees("Removed: it opens nothing here")
    lock(asha)
    assert page.get_by_role("button", name="Unlock with a touch").count() == 0
    asha.unlock()

    # One that can make no keys is not added, and the passphrase goes on.
    plain = Authenticator.at(asha, hasPrf=False)
    asha.visit("Me")
    asha.press("Add a passkey")
    asha.sees("This passkey cannot open keys in this browser.")
    plain.remove()
    assert asha.profile.complaints == []
