"""Every route's rule: a good request, and what each kind of person is to hear of each object.

`make check` fails where a route has no rule here, or a rule no route.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.witness import write_head
from tests.api.world import DEVICES, GUESTS, NOBODIES, TEAM, WITNESSES, World
from tests.practice import raw, signed_ask
from tests.vectors.practice import fresh, staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

ROUND_UP = {"every": "weekly", "at": "17:30", "weekday": 4, "nudges": True, "quiet": [5, 6]}
LINK = f"/api/links/{encode_base64url(bytes(16))}"
NOT_BEGUN = f"/api/links/{encode_base64url(bytes(15) + b'x')}"
#: "in": whatever is answered does not depend on who asks.
IN, SIGNED_OUT, NOT_ALLOWED, NOT_FOUND = "in", "signed-out", "not-allowed", "not-found"


@dataclass(frozen=True)
class Rule:
    """How a route is asked, and what is heard: `hears(kind of person, kind of object)`."""

    ask: Callable[[World, str, str], tuple[str, Any]]
    hears: Callable[[str, str], str]


def routes_of(app: Flask) -> set[tuple[str, str]]:
    """Return every route of the interface as (method, rule)."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if rule.rule.startswith("/api")
    }


def missing_rules(app: Flask) -> list[str]:
    """Return the routes without a rule and the rules without a route."""
    there = routes_of(app)
    return [
        *(f"{method} {rule}: no rule for it in tests/api/rules.py" for method, rule in
          sorted(there - RULES.keys())),
        *(f"{method} {rule}: there is no such route" for method, rule in
          sorted(RULES.keys() - there)),
    ]  # fmt: skip


def _anyone(who: str, what: str) -> str:
    return IN


def _signed_in(who: str, what: str) -> str:
    if who in WITNESSES:
        return NOT_ALLOWED
    return SIGNED_OUT if who in NOBODIES else IN


def _device(who: str, what: str) -> str:
    return NOT_ALLOWED if who in GUESTS else _signed_in(who, what)


def _witness(who: str, what: str) -> str:
    """Only a witness is given every log's headers, and may vouch for them."""
    if who in WITNESSES:
        return IN
    return SIGNED_OUT if who in NOBODIES else NOT_ALLOWED


def _signs_out(who: str, what: str) -> str:
    return SIGNED_OUT if who in NOBODIES else IN


def _on_list(who: str, what: str) -> str:
    """Only who is on the list of a stream now; nothing tells one not theirs from none."""
    if who not in DEVICES:
        return _device(who, what)
    return IN if what == "own" or (what == "theirs" and who in TEAM) else NOT_FOUND


def _may_append(who: str, what: str) -> str:
    if what == "directory":
        return _device(who, what)
    # An invitation and the founding link know the directory only.
    return NOT_FOUND if who in GUESTS else _on_list(who, what)


def _plain(path: str, body: Any = None) -> Callable[[World, str, str], tuple[str, Any]]:
    return lambda world, who, what: (path, body)


def _log(world: World, who: str, what: str) -> str:
    log = DIRECTORY if what == "directory" else world.stream(who, what).log
    return encode_base64url(log)


def _proof(world: World, who: str, what: str) -> tuple[str, Any]:
    # From a browser of its own, so that the one at hand stays signed in as who it is.
    caller, practice = world.host.caller(), world.host.practice
    return "/api/sessions", caller.proof("device", world.person("keeper").seed, practice)


def _fetch(world: World, who: str, what: str) -> tuple[str, Any]:
    return "/api/logs/fetch", {"since": {_log(world, who, what): 0}}


def _append(world: World, who: str, what: str) -> tuple[str, Any]:
    author, log = world.person(who), _log(world, who, what)
    if what == "directory":
        made = world.host.practice.directory.then(author, "agency", [bytes(16), "X", "school"], [])
    else:
        child = world.stream(who, what)
        # In an absent stream it would be the first entry, which founds it: it is the second.
        made = child.then(author, "post", [0], b"x", seq=max(1, len(child.entries)))
    return f"/api/logs/{log}/entries", encode(raw(made))


def _read_boxes(world: World, who: str, what: str) -> tuple[str, Any]:
    return f"/api/logs/{_log(world, who, what)}/boxes?epoch=1", None


def _put_boxes(world: World, who: str, what: str) -> tuple[str, Any]:
    body = encode([1, [[world.person(who).id, bytes(100)]]])
    return f"/api/logs/{_log(world, who, what)}/boxes", body


def _knows_stream(who: str, what: str) -> str:
    """Whoever works here and knows a stream's id may hear who keeps it, and ask them."""
    if who not in DEVICES:
        return _device(who, what)
    return NOT_FOUND if what in ("absent", "directory") else IN


def _nobody_asked(who: str, what: str) -> str:
    """There is a request to take back only where one was made, and nobody made one."""
    return NOT_FOUND if who in DEVICES else _device(who, what)


def _stewards_only(who: str, what: str) -> str:
    """What became of everyone's mail is for who lets people in."""
    return NOT_ALLOWED if who in DEVICES and who != "steward" else _device(who, what)


def _keepers(world: World, who: str, what: str) -> tuple[str, Any]:
    return f"/api/logs/{_log(world, who, what)}/keepers", None


def _put_ask(world: World, who: str, what: str) -> tuple[str, Any]:
    log = _log(world, who, what)
    # Sealed to someone who keeps nothing, so that all are refused alike, and nothing is kept.
    keepers = [staff("nobody's keeper")]
    data = signed_ask(world.host.practice, world.person(who), decode_base64url(log), keepers)
    return f"/api/logs/{log}/ask", data


def _delete_ask(world: World, who: str, what: str) -> tuple[str, Any]:
    person = encode_base64url(world.person(who).id)
    return f"/api/logs/{_log(world, who, what)}/asks/{person}", None


def _put_message(world: World, who: str, what: str) -> tuple[str, Any]:
    # Where nothing was begun there is nothing to answer.
    path = f"{NOT_BEGUN}/2" if what == "absent" else f"{LINK}/1"
    return path, encode([bytes(64)])


def _nobody_answered(who: str, what: str) -> str:
    return NOT_FOUND


def _begun(who: str, what: str) -> str:
    return NOT_FOUND if what == "absent" else IN


def _give_back(world: World, who: str, what: str) -> tuple[str, Any]:
    path, body = _append(world, who, what)
    return path.replace("/entries", "/give-back"), body


def _give_back_directory(world: World, who: str, what: str) -> tuple[str, Any]:
    return "/api/directory/give-back", _append(world, "keeper", "directory")[1]


def _headers(world: World, who: str, what: str) -> tuple[str, Any]:
    return "/api/witness/headers", {"since": {_log(world, who, what): 0}}


def _put_heads(world: World, who: str, what: str) -> tuple[str, Any]:
    practice = world.host.practice
    log = practice.directory if what == "directory" else world.stream(who, what)
    # Of a stream that is absent nothing can be signed: it is then of another log's entry.
    there = log if log.entries else practice.directory
    sighting = practice.sighting(there, log=log.log)
    return "/api/witness/heads", encode([write_head(fresh("witness witness"), sighting)])


def _put_note(world: World, who: str, what: str) -> tuple[str, Any]:
    # The first stands; then each hears that theirs is there, and nothing of anyone else's.
    return "/api/own-note", encode([0, b"a note"])


def _put_push(world: World, who: str, what: str) -> tuple[str, Any]:
    # This server sends none: all are refused alike, and nothing is kept.
    body = {"endpoint": "https://push.example/x", "key": encode_base64url(bytes(65)),
            "begin": "18:00", "end": "08:00", "quiet": []}  # fmt: skip
    return "/api/push", body


RULES = {
    ("GET", "/api/practice"): Rule(_plain("/api/practice"), _anyone),
    # Where no process for event streams is set up nobody hears anything.
    ("GET", "/api/live"): Rule(_plain("/api/live"), _nobody_asked),
    ("GET", "/api/openapi.json"): Rule(_plain("/api/openapi.json"), _anyone),
    ("POST", "/api/challenges"): Rule(_plain("/api/challenges", {}), _anyone),
    ("POST", "/api/sessions"): Rule(_proof, _anyone),
    ("DELETE", "/api/sessions"): Rule(_plain("/api/sessions"), _signs_out),
    ("GET", "/api/streams"): Rule(_plain("/api/streams"), _device),
    ("POST", "/api/logs/fetch"): Rule(_fetch, _signed_in),
    ("POST", "/api/logs/<log>/entries"): Rule(_append, _may_append),
    ("GET", "/api/logs/<log>/boxes"): Rule(_read_boxes, _on_list),
    ("PUT", "/api/logs/<log>/boxes"): Rule(_put_boxes, _on_list),
    ("GET", "/api/logs/<log>/keepers"): Rule(_keepers, _knows_stream),
    ("PUT", "/api/logs/<log>/ask"): Rule(_put_ask, _knows_stream),
    ("DELETE", "/api/logs/<log>/asks/<person>"): Rule(_delete_ask, _nobody_asked),
    # Whoever knows the tag of two devices being linked; under this one nobody has answered.
    ("PUT", "/api/links/<tag>/<slot>"): Rule(_put_message, _begun),
    ("GET", "/api/links/<tag>/<slot>"): Rule(_plain(f"{LINK}/2"), _nobody_answered),
    ("GET", "/api/asks"): Rule(_plain("/api/asks"), _device),
    ("GET", "/api/heads"): Rule(_plain("/api/heads"), _device),
    ("GET", "/api/witness/logs"): Rule(_plain("/api/witness/logs"), _witness),
    ("POST", "/api/witness/headers"): Rule(_headers, _witness),
    ("PUT", "/api/witness/heads"): Rule(_put_heads, _witness),
    ("GET", "/api/round-up"): Rule(_plain("/api/round-up"), _device),
    ("PUT", "/api/round-up"): Rule(_plain("/api/round-up", ROUND_UP), _device),
    ("GET", "/api/round-ups"): Rule(_plain("/api/round-ups"), _stewards_only),
    ("GET", "/api/own-note"): Rule(_plain("/api/own-note"), _device),
    ("PUT", "/api/own-note"): Rule(_put_note, _device),
    ("GET", "/api/push"): Rule(_plain("/api/push"), _device),
    ("PUT", "/api/push"): Rule(_put_push, _device),
    ("DELETE", "/api/push"): Rule(_plain("/api/push"), _device),
    ("POST", "/api/push/try"): Rule(_plain("/api/push/try"), _nobody_asked),
    # After a restore only; at any other time all hear alike that nothing is asked for.
    ("POST", "/api/directory/give-back"): Rule(_give_back_directory, _anyone),
    ("POST", "/api/logs/<log>/give-back"): Rule(_give_back, _device),
    ("POST", "/api/given-back"): Rule(_plain("/api/given-back"), _device),
}
