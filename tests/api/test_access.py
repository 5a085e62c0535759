"""Every route with every kind of person: who is let in, and what the others hear."""

from __future__ import annotations

import threading
from itertools import product
from typing import TYPE_CHECKING

import pytest

from microblog.api.access import ANYONE, access_of
from microblog.app import check_routes
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import encode
from microblog.store import logs
from tests.practice import Child, raw
from tests.vectors.practice import START, Staff, staff

if TYPE_CHECKING:
    from tests.asking import Caller, Reply
    from tests.hosting import Host

PEOPLE = ("nobody", "stranger", "follower", "former", "keeper", "supervisor", "left", "invited",
          "founding", "elsewhere")  # fmt: skip
OBJECTS = ("theirs", "absent")
IN, SIGNED_OUT, NOT_ALLOWED, NOT_FOUND = "in", "signed-out", "not-allowed", "not-found"
ON_LIST = ("follower", "keeper", "supervisor")
DEVICES = (*ON_LIST, "stranger", "former")
NO_DEVICES = ("invited", "founding")
NO_SESSION = ("nobody", "left", "elsewhere")


class World:
    """A stream, and a browser for each kind of person."""

    def __init__(self, host: Host) -> None:
        self.callers: dict[str, Caller] = {"nobody": host.caller(), "elsewhere": host.caller()}
        before = host.caller()
        assert before.open_founding(host.founding_token()).status == 201
        host.found()
        # Opened before the founding, ended by a newer session, as `found` does.
        self.callers["founding"] = before
        self.child = self._begin(host)
        host.practice.invite("invited")
        host.send()
        self.callers["invited"] = host.caller()
        self.callers["invited"].knock(host.practice.invitation_seed("invited"), host.practice)
        host.practice.leave(staff("left"))
        host.send()

    def _begin(self, host: Host) -> Child:
        asha, practice = host.practice.asha, host.practice
        for name in ("stranger", "follower", "former", "supervisor", "left"):
            host.admit(name)
            self.callers[name] = host.callers[name]
        self.callers["keeper"] = host.asha
        child = practice.child("Ada")
        for name in ("follower", "former", "supervisor"):
            child.grant(asha, staff(name), "supervisor" if name == "supervisor" else "follower")
        child.remove(asha, staff("former"))
        host.asha.append_all(child)
        return child

    def person(self, who: str) -> Staff:
        return staff("Asha" if who == "keeper" else who)


@pytest.fixture
def world(empty_host: Host) -> World:
    return World(empty_host)


def ask(world: World, rule: str, method: str, who: str, what: str) -> Reply:
    """Call a route as someone, about a stream that is or one that is not, with a good request."""
    caller = world.callers[who]
    child = world.child if what == "theirs" else Child("absent", world.child.directory, START)
    log = encode_base64url(child.log)
    path = rule.replace("<log>", log)
    body: object = {} if method == "POST" else None
    if rule.endswith("fetch"):
        body = {"since": {log: 0}}
    elif rule.endswith("entries"):
        body = encode(raw(world.child.then(world.person(who), "post", [0], b"x", log=child.log)))
    elif rule.endswith("boxes") and method == "GET":
        path += "?epoch=1"
    elif rule.endswith("boxes"):
        body = encode([1, [[world.person(who).id, bytes(100)]]])
    return caller.call(method, path, body)


def expected(rule: str, method: str, who: str, what: str) -> str:
    """Return what someone is to hear, as the table of the interface has it."""
    anyone = rule in ("/api/practice", "/api/challenges", "/api/openapi.json")
    if anyone or (rule, method) == ("/api/sessions", "POST"):
        return IN
    if who in (*NO_SESSION, "founding"):
        return SIGNED_OUT
    if rule.endswith("fetch") or method == "DELETE":
        return IN
    if who in NO_DEVICES:
        return NOT_FOUND if rule.endswith("entries") else NOT_ALLOWED
    if rule == "/api/streams":
        return IN
    return IN if who in ON_LIST and what == "theirs" else NOT_FOUND


ROUTES = [
    ("/api/practice", "GET"), ("/api/challenges", "POST"), ("/api/openapi.json", "GET"),
    ("/api/sessions", "POST"), ("/api/sessions", "DELETE"), ("/api/streams", "GET"),
    ("/api/logs/fetch", "POST"), ("/api/logs/<log>/entries", "POST"),
    ("/api/logs/<log>/boxes", "GET"), ("/api/logs/<log>/boxes", "PUT"),
]  # fmt: skip


def test_the_table_has_every_route_that_there_is(empty_host):
    rules = empty_host.app.url_map.iter_rules()
    there = {(r.rule, m) for r in rules for m in r.methods - {"HEAD"} if r.rule.startswith("/api")}
    assert there == set(ROUTES)


def test_every_kind_of_person_hears_of_every_route_what_the_table_says(world):
    wrong = []
    # Signing out comes last: it ends what the others need.
    for (rule, method), who, what in product(sorted(ROUTES, key=lambda r: r[1] == "DELETE"),
                                             PEOPLE, OBJECTS):  # fmt: skip
        reply = ask(world, rule, method, who, what)
        heard = reply.code if reply.status in (401, 403, 404) else IN
        if (rule, method) == ("/api/sessions", "DELETE") and what == "absent":
            continue
        if heard != expected(rule, method, who, what) or reply.status >= 500:
            wrong.append((rule, method, who, what, reply.status, reply.data))
    assert wrong == []


def test_who_may_not_have_a_stream_gets_nothing_of_it(world):
    log = world.child.log
    got = {who: world.callers[who].fetch({log: 0}).get(log) for who in (*DEVICES, "invited")}
    lengths = {who: len(found[0]) if found else 0 for who, found in got.items()}
    assert lengths == {"follower": 6, "keeper": 6, "supervisor": 6, "former": 6, "stranger": 0,
                       "invited": 0}  # fmt: skip
    world.child.post(world.person("keeper"))
    world.callers["keeper"].append_all(world.child, since=6)
    assert len(world.callers["former"].fetch({log: 0})[log][0]) == 6
    assert world.callers["former"].fetch({log: 6}) == {}


def test_all_refusals_of_one_sort_are_the_same_bytes(world):
    bodies: dict[str, set[bytes]] = {}
    for (rule, method), who, what in product(ROUTES, PEOPLE, OBJECTS):
        if method != "DELETE":
            reply = ask(world, rule, method, who, what)
            if reply.status in (401, 404):
                bodies.setdefault(str(reply.code), set()).add(reply.data)
    assert {code: len(found) for code, found in bodies.items()} == {"signed-out": 1, "not-found": 1}


def test_a_route_that_does_not_say_who_may_use_it_stops_the_start(empty_host):
    empty_host.app._got_first_request = False
    empty_host.app.add_url_rule("/api/planted", "planted", lambda: "")
    with pytest.raises(LookupError, match="the route planted does not declare who may use it"):
        check_routes(empty_host.app)


def test_a_route_elsewhere_than_the_shell_stops_the_start(empty_host):
    empty_host.app._got_first_request = False
    empty_host.app.add_url_rule("/planted", "planted", lambda: "")
    with pytest.raises(LookupError, match="neither of the shell nor of the API"):
        check_routes(empty_host.app)


def test_what_is_for_anyone_is_declared_so(empty_host):
    app = empty_host.app
    open_ones = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api") and ANYONE in access_of(app, rule.endpoint)
    }
    assert open_ones == {"practice.practice", "challenges.challenge", "sessions.sign_in",
                         "description.openapi"}  # fmt: skip


def test_a_removal_between_the_check_and_the_read_gives_nothing_newer(empty_host, monkeypatch):
    host = empty_host
    host.found()
    ben = host.admit("Ben")
    child = host.practice.child("Ada")
    child.grant(host.practice.asha, ben)
    host.asha.append_all(child)
    honest = logs.read_entries

    def remove_first(session, log, first, last, most):
        monkeypatch.setattr(logs, "read_entries", honest)
        child.remove(host.practice.asha, ben)
        child.post(host.practice.asha)
        # In a thread of its own, as a request of another's is.
        other = threading.Thread(target=host.asha.append_all, args=(child, 3))
        other.start()
        other.join()
        return honest(session, log, first, last, most)

    monkeypatch.setattr(logs, "read_entries", remove_first)
    entries, more = host.callers["Ben"].fetch({child.log: 0})[child.log]
    assert (len(entries), more) == (3, 0)
    assert len(host.callers["Ben"].fetch({child.log: 0})[child.log][0]) == 4
