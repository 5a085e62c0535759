"""Every route with every kind of person and of object: who is let in, and what the others hear."""

from __future__ import annotations

import logging
import re
import threading
from itertools import product

import pytest

from microblog.api.access import ANYONE, access_of
from microblog.app import check_routes
from microblog.protocol.entry import DIRECTORY, decode_entry
from microblog.service import logs
from microblog.store import followers
from tests.api.rules import IN, RULES
from tests.api.world import DEVICES, NOBODIES, OBJECTS, PEOPLE, TEAM
from tests.databases import contents

SIGN_OUT = ("DELETE", "/api/sessions")
LOGGED = re.compile(r"(GET|POST|PUT|DELETE) /api/[a-z.<>/-]+ \d{3} \d+\.\d")
CELLS = list(product(sorted(RULES.keys() - {SIGN_OUT}), PEOPLE, OBJECTS))


def ask(world, route, who, what):
    method, (path, body) = route[0], RULES[route].ask(world, who, what)
    # Signing in replaces a session, so it happens in a browser of its own.
    caller = world.host.caller() if route == ("POST", "/api/sessions") else world.callers[who]
    return caller.call(method, path, body)


def disagreements(world, cells):
    """Return where something else was heard than the rule says, or a refusal changed something."""
    found = []
    before = contents(world.host.site)
    for route, who, what in cells:
        reply = ask(world, route, who, what)
        heard = reply.code if reply.status in (401, 403, 404) else IN
        after = contents(world.host.site)
        if heard != RULES[route].hears(who, what) or reply.status >= 500:
            found.append((*route, who, what, reply.status, reply.code))
        if reply.status >= 400 and after != before:
            found.append((*route, who, what, reply.status, "and changed something"))
        before = after
    return found


def test_every_kind_of_person_hears_of_every_route_what_its_rule_says(world, caplog):
    caplog.set_level(logging.INFO, "microblog")
    assert disagreements(world, CELLS) == []
    assert len(CELLS) == (len(RULES) - 1) * len(PEOPLE) * len(OBJECTS)
    # What is logged of it all: method, route, status, time; nothing of who or what.
    lines = [
        " ".join(map(str, record.fields.values()))
        for record in caplog.records
        if record.name.startswith("microblog")
    ]
    assert len(lines) >= len(CELLS)
    assert [line for line in lines if not LOGGED.fullmatch(line)] == []


def test_a_planted_hole_is_seen(world, monkeypatch):
    honest, keeper = followers.read_reaches_among, world.person("keeper").id
    monkeypatch.setattr(
        followers, "read_reaches_among", lambda session, _, found: honest(session, keeper, found)
    )
    cells = [cell for cell in CELLS if cell[0] == ("GET", "/api/logs/<log>/boxes")]
    holes = {(who, what) for _, _, who, what, _, _ in disagreements(world, cells)}
    assert holes >= {("stranger", "theirs"), ("steward", "theirs"), ("former", "theirs")}


def test_absent_and_not_yours_are_the_same_bytes_and_so_are_all_who_are_signed_out(world):
    bodies = {}
    for route, who, what in CELLS:
        reply = ask(world, route, who, what)
        if reply.status in (401, 404):
            head = [it for it in reply.headers if it[0] != "Date"]
            bodies.setdefault(reply.code, set()).add((reply.data, tuple(head)))
    assert {code: len(found) for code, found in bodies.items()} == {"signed-out": 1, "not-found": 1}


def test_only_who_is_signed_in_signs_out(world):
    for who in PEOPLE:
        caller = world.host.caller()
        if who in DEVICES:
            assert caller.sign_in(world.person(who), world.host.practice).status == 201
        reply = caller.call(*SIGN_OUT)
        assert reply.status == (204 if who in DEVICES else 401), who
    assert {RULES[SIGN_OUT].hears(who, "own") for who in NOBODIES} == {"signed-out"}


def test_who_may_not_have_a_stream_gets_nothing_of_it(world):
    log = world.stream("keeper", "theirs").log
    got = {}
    for who in (*DEVICES, "invited", "founding"):
        reply = world.callers[who].fetch({log: 0, DIRECTORY: 0})
        assert list(reply)[-1:] == [DIRECTORY]
        entries, _ = reply.get(log, ([], 0))
        got[who] = [decode_entry(it).header.kind for it in entries]
    until = ["found", "about", "grant", "grant", "grant", "epoch"]
    assert got["former"] == until
    assert {who for who in TEAM if got[who][:6] == until} == {*TEAM}
    assert {who for who in got if got[who] == []} == {"stranger", "steward", "invited", "founding"}


def test_whoever_was_removed_gets_nothing_newer(world):
    child = world.stream("keeper", "removed")
    until = len(child.entries)
    child.post(world.person("someone else"))
    world.host.callers["someone else"].append_all(child, since=until)
    assert len(world.host.callers["someone else"].fetch({child.log: 0})[child.log][0]) == until + 1
    for who in DEVICES:
        assert len(world.callers[who].fetch({child.log: 0})[child.log][0]) == until
        assert world.callers[who].fetch({child.log: until}) == {}


def test_a_list_of_streams_is_of_ones_own_only(world):
    for who in DEVICES:
        followed = {stream["log"]: stream["until"] for stream in world.callers[who].streams()}
        assert len(followed) == 2 + (who in (*TEAM, "former"))
        assert sum(until is not None for until in followed.values()) == 1 + (who == "former")


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
                         "description.openapi", "restoring.give_back_directory",
                         "links.put_message", "links.read_message"}  # fmt: skip


def test_what_is_read_in_portions_is_the_same(empty_host, monkeypatch):
    host = empty_host
    host.found()
    children = [host.practice.child(name) for name in ("Ada", "Bo", "Cy")]
    for child, posts in zip(children, (3, 0, 5), strict=True):
        for _ in range(posts):
            child.post(host.practice.asha)
        host.asha.append_all(child)
    since = {child.log: 0 for child in children} | {DIRECTORY: 0}
    whole = host.asha.fetch(since)
    assert sum(len(entries) for entries, _ in whole.values()) > 8
    for most in (1, 2, 3):
        for name in ("_AT_ONCE", "_AT_ONCE_SHARED"):
            monkeypatch.setattr(f"microblog.store.news.{name}", most)
        assert host.asha.fetch(since) == whole


def test_a_removal_between_the_check_and_the_read_gives_nothing_newer(empty_host, monkeypatch):
    host = empty_host
    host.found()
    ben = host.admit("Ben")
    child = host.practice.child("Ada")
    child.grant(host.practice.asha, ben)
    host.asha.append_all(child)
    honest = logs.walk_news

    def remove_meanwhile(*asked, **how):
        # One statement checks and reads: it has done the one when the first entry comes.
        found = honest(*asked, **how)
        yield next(found)
        monkeypatch.setattr(logs, "walk_news", honest)
        child.remove(host.practice.asha, ben)
        child.post(host.practice.asha)
        # In a thread of its own, as a request of another's is.
        other = threading.Thread(target=host.asha.append_all, args=(child, 3))
        other.start()
        other.join()
        yield from found

    monkeypatch.setattr(logs, "walk_news", remove_meanwhile)
    entries, more = host.callers["Ben"].fetch({child.log: 0})[child.log]
    assert (len(entries), more) == (3, 0)
    assert len(host.callers["Ben"].fetch({child.log: 0})[child.log][0]) == 4
