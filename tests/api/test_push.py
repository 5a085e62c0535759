"""Whether this device is told; and where it may be reached."""

from __future__ import annotations

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.push.vapid import FILE, read_key
from microblog.service.push import MOST, is_allowed
from microblog.settings import PUSH_HOSTS
from microblog.store.db import read_in
from microblog.store.push import read_push, read_pushes_of
from tests.asking import refused
from tests.pushbox import NEVER
from tests.vectors.practice import START, staff

OFF = {"on": False, "begin": "18:00", "end": "08:00", "quiet": [5, 6], "zone": "Europe/London",
       "sent": 0, "tries": 0, "tried": 0}  # fmt: skip


def test_it_is_off_until_it_is_asked_for_and_off_again(bell):
    ben = bell.ask("Ben", "GET", "/api/push").json
    key = encode_base64url(read_key(bell.folder).public)
    assert ben == {**OFF, "key": key, "looked": bell.now}
    bell.wants("Ben", begin="17:30", end="07:00", quiet=[6])
    chosen = {"on": True, "begin": "17:30", "end": "07:00", "quiet": [6]}
    assert bell.ask("Ben", "GET", "/api/push").json == {**ben, **chosen}
    assert bell.ask("Sue", "GET", "/api/push").json["begin"] == "00:00"
    assert bell.ask("Ben", "DELETE", "/api/push").status == 204
    assert bell.ask("Ben", "GET", "/api/push").json == ben
    assert bell.ask("Sue", "GET", "/api/push").json["on"] is True
    refused(bell.ask("Ben", "POST", "/api/push/try"), 404, "not-found", "there is nothing here")


def test_a_server_that_is_not_set_up_says_so_and_takes_nothing(host):
    reply = host.asha.call("GET", "/api/push")
    assert reply.json == {**OFF, "key": None, "looked": 0}
    body = {"endpoint": "https://fcm.googleapis.com/x", "key": encode_base64url(bytes(65)), **NEVER}
    said = "key: this server sends no notices"
    refused(host.asha.call("PUT", "/api/push", body), 400, "malformed", said)


def test_without_its_key_it_takes_nothing_either(bell):
    (bell.folder / FILE).write_text("no key")
    assert bell.ask("Ben", "GET", "/api/push").json["key"] is None
    (bell.folder / FILE).unlink()
    assert bell.ask("Sue", "GET", "/api/push").json["on"] is False


ELSEWHERE = "endpoint: not a push service that this server may call"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"endpoint": "https://127.0.0.1/x"}, ELSEWHERE),
        ({"endpoint": "https://localhost/x"}, ELSEWHERE),
        ({"endpoint": "http://localhost/x"}, ELSEWHERE),
        ({"key": encode_base64url(bytes(65))}, "key: not this server's"),
        ({"key": "AA"}, "key: not 65 bytes as base64url"),
        ({"begin": "24:00"}, "begin: not a time such as 08:00"),
        ({"quiet": [1, 1]}, "quiet: a day occurs twice"),
        ({"quiet": [0, 1, 2, 3, 4, 5, 6]}, "quiet: no day of the week is left"),
        ({"person": "x"}, "body: unknown field"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_changes_nothing(bell, change, detail):
    reply = bell.wants("Ben", **change)
    assert (reply.status, reply.code) == (400, "malformed")
    assert reply.json["detail"].startswith(detail.split(" as ")[0])
    assert bell.ask("Ben", "GET", "/api/push").json["on"] is False


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def-_", True),
        ("https://fcm.googleapis.com:443/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/g", True),
        ("https://web.push.apple.com/Q", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=a%2fb", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.example/x", False),
        ("https://fcm.googleapis.com@example.org/x", False),
        ("https://example.org/fcm.googleapis.com", False),
        ("https://example.org#.push.apple.com/x", False),
        ("https://example.org\\.push.apple.com/x", False),
        ("https://push.apple.com/x", False),
        ("https://xpush.apple.com/x", False),
        ("https://web.push.apple.com:8443/x", False),
        ("https://web.push.apple.com/x y", False),
        ("https://web.push.apple.com/x\r\nX-Y: z", False),
        ("https://web.push.apple.com/x\n", False),
        ("https://web.push.apple.com/#x", False),
        ("https://web.push.apple.com", False),
        ("https://web.push.apple.com/" + "x" * 1024, False),
        ("https://WEB.push.apple.com/x", False),
        ("https://[::1]/x", False),
    ],
)
def test_only_the_push_services_that_are_allowed_are_called(endpoint, allowed):
    assert is_allowed(endpoint, PUSH_HOSTS) is allowed


def test_a_device_has_one_and_an_address_one_device(bell):
    bell.wants("Sue", "another")
    [row] = read_in(bell.host.site, lambda it: read_pushes_of(it, staff("Sue").id))
    assert row.endpoint.endswith("/another")
    # The same browser, now somebody else's.
    bell.wants("Ben", "another")
    assert bell.ask("Sue", "GET", "/api/push").json["on"] is False


def test_a_person_has_ten_and_the_oldest_makes_room(bell):
    sue, host = staff("Sue"), bell.host
    key = encode_base64url(read_key(bell.folder).public)
    laptops = [host.practice.let_in(sue, f"laptop {number}") for number in range(MOST)]
    entries = host.practice.directory.entries[host.sent :]
    assert host.callers["Sue"].append(DIRECTORY, entries).status == 201
    host.sent += len(entries)
    for number, laptop in enumerate(laptops):
        bell.later()
        host.clock.now = bell.now
        body = {"endpoint": f"https://{bell.pushbox.host}/{number}", "key": key, **NEVER}
        assert host.sign_in(laptop).call("PUT", "/api/push", body).status == 204
    host.clock.now = START
    rows = read_in(bell.host.site, lambda it: read_pushes_of(it, sue.id))
    assert len(rows) == MOST
    assert not any(row.endpoint.endswith("/sue") for row in rows)
    # One that is revoked is told nothing.
    host.callers["Asha"] = host.sign_in(host.practice.asha)
    host.practice.revoke(laptops[0])
    host.send()
    assert read_in(bell.host.site, lambda it: read_push(it, laptops[0].device)) is None
