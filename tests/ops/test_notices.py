"""Notices: who is told that something is new, when, and never twice; over real HTTPS."""

from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.push.courier import FIXED
from microblog.push.vapid import encode, make_key, read_key
from microblog.store.db import read_in
from microblog.store.push import read_pushes_of
from tests.office import NUDGE, QUIET
from tests.pushbox import CONTACT, NEVER
from tests.vectors.practice import START, staff


def fixed(pushed):
    """Return a notice without its signature, which is never the same twice."""
    return [pushed.line, {**pushed.headers, "Authorization": ""}, pushed.body]


@pytest.fixture
def ada(bell):
    return bell.children["Ada"]


def test_one_notice_stands_for_all_that_is_new_and_comes_once(bell, ada):
    assert bell.pushbox.got == []
    for _ in range(3):
        bell.post(ada, "Ben")
    report = bell.ring()
    assert (report.sent, report.waiting, report.trouble) == (1, 0, "")
    for _ in range(3):
        bell.later(30)
        assert bell.ring().sent == 0
    assert bell.pushbox.paths() == ["/sue"]
    # While nothing looked, much came: one tells of it all.
    bell.post(ada, "Ben")
    bell.later(24 * 60)
    bell.post(ada, "Ben", NUDGE)
    assert bell.ring().sent == 1


def test_every_notice_has_the_same_headers_and_no_body(bell, ada):
    bell.post(ada, "Ben")
    bell.ring()
    bell.later()
    bell.post(ada, "Ben", NUDGE)
    bell.ring()
    plain, nudge = bell.pushbox.got
    assert fixed(plain) == fixed(nudge)
    assert {name: plain.headers[name] for name in FIXED} == FIXED
    assert plain.headers.keys() == {*FIXED, "Host", "Authorization"}
    assert plain.body == nudge.body == b""
    sort, token, key = plain.headers["Authorization"].replace(",", "").split(" ")
    public = read_key(bell.folder).public
    assert (sort, key) == ("vapid", f"k={encode(public)}")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    origin = f"https://{bell.pushbox.host}"
    options = {"verify_exp": False}
    claims = jwt.decode(token[2:], point, ["ES256"], audience=origin, options=options)
    assert claims["sub"] == CONTACT
    assert 11 * 3600 <= claims["exp"] - bell.now // 1000 <= 12 * 3600
    assert claims.keys() == {"aud", "exp", "sub"}


def test_ten_minutes_lie_between_two_but_for_a_nudge(bell, ada):
    bell.post(ada, "Ben")
    assert bell.ring().sent == 1
    bell.later(5)
    bell.post(ada, "Ben")
    assert bell.ring().sent == 0
    bell.later(4.9)
    assert bell.ring().sent == 0
    bell.later(0.1)
    assert bell.ring().sent == 1
    bell.later()
    bell.post(ada, "Ben", NUDGE)
    assert bell.ring().sent == 1
    bell.later()
    assert bell.ring().sent == 0


def test_ones_own_posts_rows_brought_in_and_what_was_taken_back_are_no_news(bell, ada):
    bell.post(ada, "Sue")
    bell.post(ada, "Ben", QUIET)
    bell.post(ada, "Ben")
    seq = len(ada.entries) - 1
    bell.send("Ben", ada, lambda: ada.withdraw(staff("Ben"), seq))
    cho = bell.admit("Cho")
    bell.send("Ben", ada, lambda: ada.grant(staff("Ben"), cho))
    assert bell.ring().sent == 0


def test_only_who_is_on_the_list_is_told_and_from_then_on(bell, ada):
    eve = bell.admit("Eve")
    assert bell.wants("Eve").status == 204
    bell.ring()
    bell.post(ada, "Ben")
    bell.ring()
    assert bell.pushbox.paths() == ["/sue"]
    bell.send("Ben", ada, lambda: ada.grant(staff("Ben"), eve))
    bell.later(10)
    bell.ring()
    assert bell.pushbox.paths() == ["/sue"]
    bell.send("Ben", ada, lambda: ada.remove(staff("Ben"), staff("Sue")))
    bell.post(ada, "Ben", NUDGE)
    bell.ring()
    assert bell.pushbox.paths() == ["/sue", "/eve"]


def test_quiet_hours_fold_all_into_one_by_the_practices_clock(bell, ada):
    assert bell.wants("Sue", begin="18:00", end="08:00", quiet=[5, 6]).status == 204
    bell.at("2026-09-25 17:59")
    bell.post(ada, "Ben")
    assert bell.ring().sent == 1
    for moment in ("2026-09-25 18:10", "2026-09-26 12:00", "2026-09-28 07:59"):
        bell.at(moment)
        bell.post(ada, "Ben", NUDGE)
        assert bell.ring().sent == 0
    bell.at("2026-09-28 08:00")
    assert bell.ring().sent == 1
    assert bell.ring().sent == 0


def test_to_change_the_hours_loses_nothing_that_waits(bell, ada):
    bell.at("2026-09-21 17:00")
    bell.wants("Sue", begin="09:00", end="18:00")
    bell.post(ada, "Ben")
    assert bell.ring().sent == 0
    bell.wants("Sue")
    assert bell.ring().sent == 1


def test_what_was_there_before_it_was_switched_on_is_no_news(bell, ada):
    bell.ask("Sue", "DELETE", "/api/push")
    bell.post(ada, "Ben")
    bell.ring()
    bell.later(60)
    bell.wants("Sue")
    assert bell.ring().sent == 0
    bell.post(ada, "Ben")
    assert bell.ring().sent == 1


@pytest.mark.parametrize("code", [404, 410])
def test_a_device_that_its_push_service_no_longer_knows_is_dropped(bell, ada, code):
    bell.pushbox.conduct = lambda _: (code, {})
    bell.post(ada, "Ben")
    report = bell.ring()
    assert (report.sent, report.gone, report.trouble) == (0, 1, "")
    bell.later(60)
    assert bell.ring().gone == 0
    assert len(bell.pushbox.got) == 1
    # Off at once, and with the next sign-in, of anyone, nothing is left of it.
    assert bell.host.callers["Sue"].call("GET", "/api/push").json["on"] is False
    assert len(read_in(bell.site, lambda it: read_pushes_of(it, staff("Sue").id))) == 1
    bell.host.sign_in(staff("Ben"))
    assert read_in(bell.site, lambda it: read_pushes_of(it, staff("Sue").id)) == []
    # Switched on anew, it is told anew; what was said of the address before it is over.
    bell.pushbox.conduct = lambda _: (201, {})
    bell.wants("Sue")
    bell.host.sign_in(staff("Ben"))
    bell.ring()
    bell.post(ada, "Ben")
    assert bell.ring().sent == 1


def test_a_push_service_that_is_busy_is_left_alone_for_as_long_as_it_says(bell, ada):
    bell.pushbox.conduct = lambda _: (429, {"Retry-After": "1800"})
    bell.post(ada, "Ben")
    report = bell.ring()
    assert (report.waiting, report.trouble) == (1, "a push service answers 429")
    bell.later(29.9)
    assert bell.ring().waiting == 0
    bell.pushbox.conduct = lambda _: (201, {})
    bell.later(0.1)
    assert bell.ring().sent == 1


def test_what_fails_is_tried_again_later_and_later_and_then_sent(bell, ada):
    bell.pushbox.conduct = lambda _: (503, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"})
    bell.post(ada, "Ben")
    bell.ring()
    for number, minutes in enumerate((1, 2, 5, 15, 60, 60), 1):
        bell.later(minutes - 0.1)
        bell.ring()
        assert len(bell.pushbox.got) == number
        bell.later(0.1)
        bell.ring()
        assert len(bell.pushbox.got) == number + 1
    bell.pushbox.conduct = lambda _: (201, {})
    bell.later(60)
    assert bell.ring().sent == 1


def test_each_device_of_a_person_is_told_by_itself(bell, ada):
    sue, host = staff("Sue"), bell.host
    laptop = host.practice.let_in(sue, "laptop")
    entries = host.practice.directory.entries[host.sent :]
    assert host.callers["Sue"].append(DIRECTORY, entries).status == 201
    host.sent += len(entries)
    host.clock.now = bell.now
    key = encode_base64url(read_key(bell.folder).public)
    body = {"endpoint": f"https://{bell.pushbox.host}/laptop", "key": key, **NEVER}
    assert host.sign_in(laptop).call("PUT", "/api/push", body).status == 204
    host.clock.now = START
    bell.ring()
    bell.pushbox.conduct = lambda path: (503 if path == "/laptop" else 201, {})
    bell.post(ada, "Ben")
    report = bell.ring()
    assert (report.sent, report.waiting) == (1, 1)
    bell.pushbox.conduct = lambda _: (201, {})
    bell.later()
    assert bell.ring().sent == 1
    assert sorted(bell.pushbox.paths()) == ["/laptop", "/laptop", "/sue"]


def test_no_redirect_is_followed(bell, ada):
    elsewhere = f"https://{bell.pushbox.host}/elsewhere"
    bell.pushbox.conduct = lambda _: (307, {"Location": elsewhere})
    bell.post(ada, "Ben")
    assert bell.ring().trouble == "a push service answers 307"
    assert bell.pushbox.paths() == ["/sue"]


def test_who_has_left_is_told_nothing(bell, ada):
    bell.pushbox.conduct = lambda _: (503, {})
    bell.post(ada, "Ben", NUDGE)
    assert bell.ring().waiting == 1
    bell.host.practice.leave(staff("Sue"))
    bell.host.send()
    bell.later(60)
    assert (bell.ring().waiting, len(bell.pushbox.got)) == (0, 1)
    assert read_in(bell.host.site, lambda it: read_pushes_of(it, staff("Sue").id)) == []


def test_a_notice_to_try_it_comes_at_any_hour_and_says_what_every_other_does(bell, ada):
    bell.wants("Sue", begin="08:00", end="20:00")
    assert bell.ask("Sue", "POST", "/api/push/try").status == 204
    assert bell.ring().sent == 1
    bell.later()
    assert bell.ring().sent == 0
    state = bell.ask("Sue", "GET", "/api/push").json
    assert (state["sent"], state["tries"]) == (bell.now - 60_000, 0)
    bell.wants("Sue")
    bell.post(ada, "Ben")
    bell.later(10)
    bell.ring()
    tried, told = bell.pushbox.got
    assert fixed(tried) == fixed(told)


def test_another_key_tells_nobody_until_they_switch_on_again(bell, ada):
    make_key(bell.folder, replace=True)
    bell.post(ada, "Ben", NUDGE)
    assert bell.ring().sent == 0
    assert bell.ask("Sue", "GET", "/api/push").json["on"] is False
    bell.wants("Sue")
    bell.ring()
    bell.post(ada, "Ben", NUDGE)
    assert bell.ring().sent == 1


def test_a_kill_before_the_answer_is_noted_loses_nothing(bell, ada, monkeypatch):
    class Killed(Exception):
        pass

    def settle(*_):
        raise Killed

    bell.post(ada, "Ben")
    with monkeypatch.context() as patch:
        patch.setattr("microblog.service.notices.settle", settle)
        with pytest.raises(Killed):
            bell.ring()
    assert bell.ring().sent == 1
    # Twice, under one topic: one that has not arrived yet is replaced.
    assert bell.pushbox.paths() == ["/sue", "/sue"]
