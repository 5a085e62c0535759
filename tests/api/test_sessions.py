"""Signing in and out: by device, invitation and founding link, and every way in which it fails."""

from __future__ import annotations

import threading

import pytest

from microblog.app import create_app
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.login import sign_knock, sign_login
from tests.databases import settings_on
from tests.hosting import HOUR_MS, Host
from tests.practice import Practice
from tests.vectors.practice import START, fresh, staff

SIGNED_OUT = b'{"code":"signed-out","detail":"not signed in"}\n'


def sign_in(caller, proof):
    return caller.call("POST", "/api/sessions", proof)


def test_a_device_signs_in_and_out(host):
    caller = host.caller()
    reply = caller.sign_in(host.practice.asha, host.practice)
    assert reply.json == {"sort": "device", "person": encode_base64url(host.practice.asha.id)}
    assert caller.call("GET", "/api/streams").status == 200
    gone = caller.call("DELETE", "/api/sessions")
    assert (gone.status, gone.data) == (204, b"")
    assert "Max-Age=0" in gone.header("Set-Cookie")
    assert caller.call("GET", "/api/streams").data == SIGNED_OUT


def test_a_token_kept_after_signing_out_is_worth_nothing(host):
    caller = host.caller()
    cookie = caller.sign_in(host.practice.asha, host.practice).header("Set-Cookie").split(";")[0]
    caller.call("DELETE", "/api/sessions")
    assert host.caller().call("GET", "/api/streams", headers={"Cookie": cookie}).data == SIGNED_OUT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", encode_base64url(fresh("nobody"))),
        ("challenge", encode_base64url(fresh("not ours"))),
        ("challenge", encode_base64url(bytes(32))),
        ("time", START + 1),
        ("time", 0),
        ("signature", encode_base64url(bytes(64))),
        ("sort", "invitation"),
    ],
)
def test_a_proof_with_anything_wrong_is_refused_in_the_same_words(host, field, value):
    caller = host.caller()
    proof = caller.proof("device", host.practice.asha.seed, host.practice)
    reply = sign_in(caller, {**proof, field: value})
    assert (reply.status, reply.data) == (401, SIGNED_OUT)
    assert reply.header("Set-Cookie") is None


def test_a_proof_counts_once(host):
    caller = host.caller()
    proof = caller.proof("device", host.practice.asha.seed, host.practice)
    assert sign_in(caller, proof).status == 201
    assert sign_in(host.caller(), proof).data == SIGNED_OUT


def test_of_two_who_send_one_proof_at_once_one_is_let_in(host):
    proof = host.caller().proof("device", host.practice.asha.seed, host.practice)
    statuses: list[int] = []
    callers = [host.caller() for _ in range(6)]
    threads = [
        threading.Thread(target=lambda it=it: statuses.append(sign_in(it, proof).status))
        for it in callers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 401, 401, 401, 401, 401]


@pytest.mark.parametrize(("later", "status"), [(2 * 60_000 - 1, 201), (2 * 60_000, 401), (-1, 401)])
def test_a_challenge_lasts_two_minutes(host, later, status):
    caller = host.caller()
    proof = caller.proof("device", host.practice.asha.seed, host.practice)
    host.clock.now += later
    assert sign_in(caller, proof).status == status


@pytest.mark.parametrize(
    ("fingerprint", "origin", "sign"),
    [
        (fresh("another practice"), None, sign_login),
        (None, "https://elsewhere.example", sign_login),
        (None, None, sign_knock),
    ],
)
def test_a_signature_for_another_practice_origin_or_purpose_is_refused(
    host, fingerprint, origin, sign
):
    caller, asha = host.caller(), host.practice.asha
    challenge, time = caller.challenge()
    signature = sign(
        asha.seed, fingerprint or host.practice.fingerprint, origin or host.origin, challenge, time
    )
    proof = {
        "sort": "device",
        "key": encode_base64url(asha.device),
        "challenge": encode_base64url(challenge),
        "time": time,
        "signature": encode_base64url(signature),
    }
    assert sign_in(caller, proof).data == SIGNED_OUT


def test_a_challenge_of_another_server_is_refused(host, new_site, tmp_path):
    site = new_site(tmp_path / "other")
    other = Host(create_app(settings_on(site, host.origin), host.clock), site, host.clock)
    proof = other.caller().proof("device", host.practice.asha.seed, host.practice)
    other.close()
    assert sign_in(host.caller(), proof).data == SIGNED_OUT


def test_a_session_ends_after_twelve_hours(host):
    host.clock.now += 12 * HOUR_MS - 1
    assert host.asha.call("GET", "/api/streams").status == 200
    host.clock.now += 1
    assert host.asha.call("GET", "/api/streams").data == SIGNED_OUT


def test_who_has_left_is_signed_out_at_once_and_cannot_come_back(host):
    ben = host.admit("Ben")
    assert host.callers["Ben"].call("GET", "/api/streams").status == 200
    host.practice.leave(ben)
    host.send()
    assert host.callers["Ben"].call("GET", "/api/streams").data == SIGNED_OUT
    assert host.caller().sign_in(ben, host.practice).data == SIGNED_OUT


def test_others_stay_signed_in_when_someone_leaves(host):
    ben = host.admit("Ben")
    host.admit("Cho")
    host.practice.leave(ben)
    host.send()
    assert host.callers["Cho"].call("GET", "/api/streams").status == 200


def test_nobody_signs_in_before_the_founding(empty_host):
    caller = empty_host.caller()
    assert caller.sign_in(staff("Asha"), empty_host.practice).data == SIGNED_OUT


# The founding link.


def test_a_founding_link_counts_until_the_founding_and_only_its_newest_session(empty_host):
    token = empty_host.founding_token()
    first, second = empty_host.caller(), empty_host.caller()
    assert first.open_founding(token).json == {"sort": "founding", "person": None}
    assert second.open_founding(token).status == 201
    directory = empty_host.practice.directory
    assert first.append(directory.log, directory.entries).data == SIGNED_OUT
    assert second.append(directory.log, directory.entries).status == 201
    assert empty_host.caller().open_founding(token).data == SIGNED_OUT


@pytest.mark.parametrize(("later", "status"), [(24 * HOUR_MS - 1, 201), (24 * HOUR_MS, 401)])
def test_a_founding_link_lasts_a_day(empty_host, later, status):
    token = empty_host.founding_token()
    empty_host.clock.now += later
    assert empty_host.caller().open_founding(token).status == status


def test_a_wrong_founding_link_is_refused(empty_host):
    wrong = encode_base64url(fresh("wrong"))
    assert empty_host.caller().open_founding(wrong).data == SIGNED_OUT
    empty_host.founding_token()
    assert empty_host.caller().open_founding(wrong).data == SIGNED_OUT


def test_a_founding_link_issued_after_the_founding_is_worth_nothing(host):
    assert host.caller().open_founding(host.founding_token()).data == SIGNED_OUT


def test_whether_the_practice_is_founded_is_for_anyone_to_know(empty_host):
    before = empty_host.caller().call("GET", "/api/practice").json
    # Which build is served: tests/web.
    before.pop("client")
    no_mail = {"restoring": False, "mails": False}
    assert before == {"founded": False, "fingerprint": None, **no_mail}
    empty_host.found()
    after = empty_host.caller().call("GET", "/api/practice").json
    after.pop("client")
    fingerprint = encode_base64url(empty_host.practice.directory.entries[0].id)
    assert after == {"founded": True, "fingerprint": fingerprint, **no_mail}


# Cookies, and other pages.


def flags_of(reply):
    name, *flags = reply.header("Set-Cookie").split("; ")
    return name.split("=")[0], set(flags)


def test_the_cookie_is_for_this_host_and_out_of_reach_of_scripts(host):
    reply = host.caller().sign_in(host.practice.asha, host.practice)
    assert flags_of(reply) == ("session", {"HttpOnly", "Path=/", "SameSite=Strict"})


def test_over_tls_the_cookie_is_secure_and_has_the_prefix_that_says_so(new_host):
    host = new_host("https://microblog.example")
    host.found()
    reply = host.caller().sign_in(host.practice.asha, host.practice)
    wanted = {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}
    assert flags_of(reply) == ("__Host-session", wanted)
    assert flags_of(host.asha.call("DELETE", "/api/sessions"))[1] >= wanted


def test_a_session_chosen_by_someone_else_is_not_taken_over(host):
    planted = encode_base64url(fresh("planted"))
    caller = host.caller()
    proof = caller.proof("device", host.practice.asha.seed, host.practice)
    reply = caller.call("POST", "/api/sessions", proof, {"Cookie": f"session={planted}"})
    assert reply.status == 201
    assert planted not in reply.header("Set-Cookie")


def test_signing_in_again_ends_the_session_before(host):
    caller = host.caller()
    before = caller.sign_in(host.practice.asha, host.practice).header("Set-Cookie").split(";")[0]
    caller.sign_in(host.practice.asha, host.practice)
    assert host.caller().call("GET", "/api/streams", headers={"Cookie": before}).data == SIGNED_OUT


@pytest.mark.parametrize(
    "cookie",
    ["session=", "session=x", "session=" + "A" * 43, "session=" + "A" * 5000, "remember_token=a|b",
     "session=\xff", ";=;", "__Host-session=" + "A" * 43],
)  # fmt: skip
def test_a_cookie_that_is_not_ours_is_nobody(host, cookie):
    reply = host.caller().call("GET", "/api/streams", headers={"Cookie": cookie})
    assert (reply.status, reply.data) == (401, SIGNED_OUT)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/api/challenges", {}), ("POST", "/api/logs/fetch", {"since": {}}),
     ("DELETE", "/api/sessions", None)],
)  # fmt: skip
def test_other_pages_cannot_use_a_session(host, headers, method, path, body):
    reply = host.asha.call(method, path, body, headers)
    assert (reply.status, reply.code) == (403, "cross-origin")
    assert host.asha.call("GET", "/api/streams").status == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://127.0.0.1:8000"}, {"Sec-Fetch-Site": "same-origin"}],
)
def test_our_own_page_and_the_command_line_can(host, headers):
    assert host.asha.call("POST", "/api/logs/fetch", {"since": {}}, headers).status == 200


@pytest.mark.parametrize(
    "sort",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
     "application/json; charset=utf-8", "application/JSON", "application/cbor"],
)  # fmt: skip
def test_json_comes_with_exactly_its_type(host, sort):
    reply = host.asha.call("POST", "/api/logs/fetch", {"since": {}}, {"Content-Type": sort})
    assert (reply.status, reply.code) == (415, "wrong-type")


@pytest.mark.parametrize(
    "name", ["localhost:8000", "127.0.0.1", "127.0.0.1:80", "evil.example", ""]
)
def test_another_host_name_is_not_answered(host, name):
    for path in ("/api/practice", "/", "/static/app.js", "/nothing"):
        reply = host.caller().call("GET", path, headers={"Host": name})
        assert (reply.status, reply.code) == (421, "wrong-host")


def test_what_a_proxy_says_of_the_client_is_not_believed(host):
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=x"}
    reply = host.caller().call("GET", "/api/practice", headers=lies)
    assert reply.status == 200


def test_a_practice_of_the_same_people_elsewhere_does_not_sign_in_here(host):
    other = Practice(START + 1)
    assert host.caller().sign_in(other.asha, other).data == SIGNED_OUT
