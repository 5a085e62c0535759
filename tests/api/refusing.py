"""Sending to every route what it should refuse, and noting what it did not refuse as it should."""

from __future__ import annotations

from microblog.api.fields import pattern_of
from microblog.protocol.base64url import encode_base64url
from tests.api.rules import RULES
from tests.databases import contents
from tests.vectors.practice import fresh

JSON, CBOR = "application/json", "application/cbor"
SIZES = {pattern_of(size): size for size in (16, 32, 48, 64, 65)}
LOG = encode_base64url(fresh("log", 16))


class Faults(list):
    """What went wrong, to be compared with nothing; what is refused must change nothing."""

    def __init__(self, world):
        self.world = world
        self.before = contents(world.host.site)

    def expect(self, what, reply, statuses=(400,), field=""):
        """Note a reply that is not a refusal which names a field (or one of the given start)."""
        found = reply.json if reply.status >= 400 else {"detail": ""}
        names_a_field = ":" in found["detail"] or reply.status not in (400, 413, 415, 422)
        fits = reply.status in statuses and names_a_field and len(found["detail"]) < 200
        if not (fits and found["detail"].startswith(field)):
            self.append((*what, reply.status, reply.data[:200]))


def taking(world, media_type):
    """Return (method, rule, limit) of the routes that take such a body."""
    views = {
        (method, rule.rule): world.host.app.view_functions[rule.endpoint]
        for rule in world.host.app.url_map.iter_rules()
        for method in rule.methods
    }
    wanted = [
        (*route, getattr(views[route], "takes", ("", 0)))
        for route in RULES
    ]  # fmt: skip
    return [(method, rule, it[1]) for method, rule, it in wanted if it[0] == media_type]


def good(world, method, rule):
    """Return path and body of a good request of the keeper's, about their own stream."""
    # What is given back is looked at only after a restore, when nothing else is taken.
    world.host.set_restoring(on="give" in rule)
    return RULES[method, rule].ask(world, "keeper", "own")


def user_of(path):
    """Return who may use an address, and whose words it is therefore to refuse."""
    return "witness" if path.startswith("/api/witness") else "keeper"


def send(world, method, path, data, media_type=None, **headers):
    sort = {} if media_type is None else {"Content-Type": media_type}
    return world.callers[user_of(path)].way.send(method, path, data, {**sort, **headers})
