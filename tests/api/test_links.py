"""Messages between two devices that are being linked: each once, for ten minutes, by their tag."""

from __future__ import annotations

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import encode
from microblog.protocol.link import LIFE_MS, MAX_MESSAGE_BYTES
from microblog.service import links
from tests.asking import refused
from tests.databases import contents
from tests.vectors.practice import fresh

TAG = fresh("tag", 16)
OFFER, WELCOME = fresh("offer", 64), fresh("welcome", 64)


@pytest.fixture
def new(empty_host):
    """Return a browser that nobody is signed in with."""
    return empty_host.caller()


def put(caller, slot, message, tag=TAG):
    return caller.call("PUT", path(slot, tag), encode([message]))


def get(caller, slot, tag=TAG):
    return caller.call("GET", path(slot, tag))


def path(slot, tag=TAG):
    return f"/api/links/{encode_base64url(tag)}/{slot}"


def test_what_one_device_leaves_the_other_takes_and_neither_is_signed_in(empty_host, new):
    assert put(new, 1, OFFER).status == 204
    other = empty_host.caller()
    assert get(other, 1).cbor == [OFFER]
    assert put(other, 2, WELCOME).status == 204
    assert get(new, 2).cbor == [WELCOME]


def test_nothing_is_found_before_it_is_left_nor_under_another_tag(new):
    refused(get(new, 1), 404, "not-found", "nothing here")
    put(new, 1, OFFER)
    refused(get(new, 2), 404, "not-found", "nothing here")
    refused(get(new, 1, fresh("another", 16)), 404, "not-found", "nothing here")


def test_a_message_is_left_once_and_the_same_again_changes_nothing(new):
    assert put(new, 1, OFFER).status == put(new, 1, OFFER).status == 204
    refused(put(new, 1, WELCOME), 409, "taken", "another message is there")
    assert get(new, 1).cbor == [OFFER]


def test_nothing_is_answered_where_nothing_was_begun(empty_host, new):
    before = contents(empty_host.site)
    for slot in (2, 3, 4):
        refused(put(new, slot, WELCOME), 404, "not-found", "nothing here")
    assert contents(empty_host.site) == before


def test_ten_minutes_after_the_first_all_are_gone(empty_host, new):
    put(new, 1, OFFER)
    empty_host.clock.now += LIFE_MS - 1
    assert put(new, 2, WELCOME).status == 204
    assert get(new, 1).cbor == [OFFER]
    empty_host.clock.now += 1
    for slot in (1, 2):
        refused(get(new, slot), 404, "not-found", "nothing here")
    refused(put(new, 3, OFFER), 404, "not-found", "nothing here")
    put(new, 1, OFFER, fresh("another", 16))
    assert [row[0] for row in contents(empty_host.site)["link"]] == [fresh("another", 16)]


def test_no_more_than_so_many_are_linked_at_a_time(empty_host, new, monkeypatch):
    monkeypatch.setattr(links, "MAX_OPEN_TAGS", 3)
    for number in range(3):
        assert put(new, 1, OFFER, fresh(f"tag {number}", 16)).status == 204
    refused(put(new, 1, OFFER), 429, "too-many", "in ten minutes there is room")
    # Those who are at it go on, and who comes later finds room again.
    assert put(new, 2, WELCOME, fresh("tag 0", 16)).status == 204
    empty_host.clock.now += LIFE_MS
    assert put(new, 1, OFFER).status == 204


@pytest.mark.parametrize(
    ("slot", "size", "status"),
    [(1, 39, 400), (1, 40, 204), (1, 1024, 204), (1, 1025, 400), (4, MAX_MESSAGE_BYTES, 204),
     (4, MAX_MESSAGE_BYTES + 1, 413)],
)  # fmt: skip
def test_a_message_has_the_length_of_its_slot(new, slot, size, status):
    put(new, 1, OFFER, fresh("begun", 16))
    assert put(new, slot, bytes(size), fresh("begun" if slot > 1 else "new", 16)).status == status


def test_what_is_no_slot_no_tag_and_no_message_is_refused(new):
    for slot in ("0", "5", "01", "+1", "1.0", "%D9%A1"):
        refused(put(new, slot, OFFER), 400, "malformed", "slot")
        refused(get(new, slot), 400, "malformed", "slot")
    refused(put(new, 1, OFFER, fresh("short", 15)), 400, "malformed", "tag")
    for body in ([OFFER, OFFER], [], ["x"], [7], [[OFFER]]):
        reply = new.call("PUT", path(1), encode(body))
        assert (reply.status, reply.code) == (400, "malformed")
