"""Notices of many generated practices: no private word, number or id in any byte that is sent."""

from __future__ import annotations

import base64
import json
import re
from http.client import HTTPConnection
from random import Random
from typing import TYPE_CHECKING

import jwt
import pytest

from microblog.app import create_app
from microblog.push.courier import FIXED
from microblog.push.vapid import encode, make_key
from tests import canary
from tests.databases import settings_on
from tests.hosting import ORIGIN, Clock, Host
from tests.ops.inventing import MARKS, Invented
from tests.pushbox import CONTACT, Bell, Pushbox, Pushed
from tests.vectors.practice import START, staff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from microblog.store.db import Site
    from tests.postbox import Postbox

SIGNED = re.compile(rb"Authorization: vapid t=([\w-]+)\.([\w-]+)\.[\w-]+, k=[\w-]{87}\r\n")
HOUR = 3600


def pushes(invented: Invented) -> list[Pushed]:
    """Return what is pushed for much and for little, for nudges, to try it, again after trouble."""
    bell, chance = invented.office, invented.chance
    assert isinstance(bell, Bell)
    since = len(bell.pushbox.got)
    for name in invented.names:
        assert bell.wants(name).status == 204
    bell.ring()
    for codes in ((429, 503), (201,)):
        bell.pushbox.conduct = lambda _, codes=codes: (chance.choice(codes), {})
        invented.write()
        bell.ring()
        bell.later(chance.randint(10, 90))
    bell.ask(invented.names[0], "POST", "/api/push/try")
    bell.ring()
    return bell.pushbox.everything()[since:]


def ids(invented: Invented) -> dict[str, bytes]:
    """Return everything that stands for a stream, a person or a device."""
    found = {f"stream {child.log.hex()}": child.log for child in invented.children}
    for name in (*invented.names, "Asha"):
        found |= {f"{name}'s id": staff(name).id, f"{name}'s device": staff(name).device}
    return found


def hits(pushed: Sequence[bytes], invented: Invented) -> list[str]:
    """Return what no request should hold: private words, whatever is not in each, ids."""
    found = canary.hits(invented.words, [("a push", data) for data in pushed])
    return found + [hit for data in pushed for hit in oddities(data, invented)]


def oddities(data: bytes, invented: Invented) -> list[str]:
    """Return what a request should not hold: ids, other headers, a body, another claim, marks."""
    found = []
    for what, value in ids(invented).items():
        forms = (value, value.hex().encode(), encode(value).encode(), base64.b64encode(value))
        found += [what for form in forms if form.lower() in data.lower()]
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("ascii").split("\r\n")
    headers = dict(it.split(": ", 1) for it in lines)
    paths = [f"/{name}" for name in invented.names]
    if body:
        found.append("a body")
    if line not in {f"POST {path} HTTP/1.1" for path in paths}:
        found.append(f"line {line}")
    wanted = {**FIXED, "Host": headers["Host"], "Authorization": headers["Authorization"]}
    found += [f"header {it}" for it in headers.items() - wanted.items()]
    # What is signed can be read as well; only the signature says nothing.
    signed = SIGNED.search(data)
    assert signed is not None
    kept = [base64.urlsafe_b64decode(it + b"==") for it in signed.groups()]
    said = SIGNED.sub(b"", data) + b" ".join(kept)
    claims = json.loads(kept[1])
    honest = {"aud": f"https://{headers['Host']}", "exp": claims["exp"], "sub": CONTACT}
    if claims != honest or claims["exp"] % HOUR or json.loads(kept[0]).keys() != {"alg", "typ"}:
        found.append(f"claims {claims}")
    text = said.decode("latin-1").lower()
    return found + [it for it in MARKS if re.search(rf"\b{re.escape(it)}\b", text)]


@pytest.fixture
def invent(
    new_site: Callable[[Path], Site], tmp_path: Path, postbox: Postbox, pushbox: Pushbox
) -> Callable[[Random], Invented]:
    """Return what makes a practice; one at a time."""
    made: list[Host] = []

    def make(chance: Random) -> Invented:
        while made:
            made.pop().close()
        site = new_site(tmp_path / f"{chance.getrandbits(64):x}")
        make_key(site.folder)
        clock = Clock(START)
        host = Host(create_app(settings_on(site, ORIGIN, push=pushbox.push()), clock), site, clock)
        made.append(host)
        host.found()
        invented = Invented(Bell(host, postbox, pushbox=pushbox), chance)
        invented.settle()
        return invented

    yield make
    for host in made:
        host.close()


@pytest.mark.trial(small=2, great=1000)
def test_no_push_of_any_practice_holds_a_private_word(invent, trials, record_property):
    requests, words = 0, 0
    for number in range(trials.count):
        invented = invent(trials.random(number))
        found = pushes(invented)
        assert [(number, hit) for hit in hits([it.data for it in found], invented)] == []
        requests, words = requests + len(found), words + len(invented.words)
    record_property("trial", f"{trials.count} practices, {requests} pushes, {words} words: 0 hits")
    assert requests > trials.count


def test_a_planted_leak_is_found(invent):
    invented = invent(Random(1))
    first, *_ = pushes(invented)
    honest = first.data
    word, log = min(invented.words).encode(), invented.children[0].log
    claims = {"aud": f"https://{invented.office.pushbox.host}", "exp": HOUR, "sub": CONTACT}
    key = jwt.encode({**claims, "n": 3}, "x" * 32, algorithm="HS256").encode()
    token = re.search(rb"t=([^,]+),", honest)[1]
    plants = [
        (b"Topic: news", b"Topic: " + word.title()),
        (b"Topic: news", b"Topic: " + log.hex().encode()),
        (b"Topic: news", b"Topic: visit"),
        (b"Urgency: normal", b"Urgency: high"),
        (b"TTL: 86400", b"TTL: 60"),
        (b"Content-Length: 0", b"Content-Length: 1"),
        (b"TTL: ", b"X-New: 3\r\nTTL: "),
        (b"POST /", b"PUT /"),
        (b" HTTP/1.1", b"?new=3 HTTP/1.1"),
        (b"\r\n\r\n", b"\r\n\r\n" + bytes(4)),
        (b"\r\n\r\n", b"\r\n\r\n" + word.decode().encode("utf-16-le")),
        (token, key),
    ]
    assert hits([honest], invented) == []
    for before, planted in plants:
        assert before in honest
        assert hits([honest.replace(before, planted, 1)], invented), planted


def test_what_comes_behind_a_request_is_heard(invent, monkeypatch):
    invented = invent(Random(1))
    honest, said = HTTPConnection.endheaders, min(invented.words).encode()

    def leaking(connection, *rest, **more):
        honest(connection, *rest, **more)
        connection.sock.sendall(said)

    monkeypatch.setattr(HTTPConnection, "endheaders", leaking)
    assert any(said in it.data for it in pushes(invented))
