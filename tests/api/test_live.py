"""Asking for an event stream: who gets one, and how many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.api.context import Context, set_context
from microblog.service.live import MOST_EACH, Listeners
from tests.asking import refused

PATH = "/api/live"


@pytest.fixture
def listeners(host):
    """Let the application at hand have listeners, of whom there is room for ten."""
    found = Listeners(most=10)
    found.hears = True
    context: Context = host.app.extensions["microblog"]
    set_context(host.app.extensions, replace(context, listeners=found))
    return found


def test_without_a_process_for_event_streams_there_is_nothing(host):
    refused(host.asha.call("GET", PATH), 404, "not-found", "nothing")


def test_a_device_that_is_signed_in_gets_one(host, listeners):
    reply = host.asha.call("GET", PATH)
    assert (reply.status, reply.data) == (200, b": live\n\n")
    assert (reply.header("Content-Type"), reply.header("Cache-Control")) == (
        "text/event-stream",
        "no-store",
    )
    (listener,) = listeners
    assert listener.person == host.practice.asha.id


def test_nobody_else_does(host, listeners):
    refused(host.caller().call("GET", PATH), 401, "signed-out", "not signed in")
    guest = host.caller()
    host.practice.invite("Ben")
    host.send()
    assert guest.knock(host.practice.invitation_seed("Ben"), host.practice).status == 201
    refused(guest.call("GET", PATH), 403, "not-allowed", "")
    assert len(listeners) == 0


def test_asking_for_the_head_alone_takes_no_place(host, listeners):
    assert host.asha.call("HEAD", PATH).status == 200
    assert len(listeners) == 0


def test_one_person_gets_so_many_and_others_still_get_theirs(host, listeners):
    for _ in range(MOST_EACH):
        assert host.asha.call("GET", PATH).status == 200
    reply = host.asha.call("GET", PATH)
    refused(reply, 503, "busy", "too many event streams are open")
    assert reply.header("Retry-After") == "5"
    host.admit("Ben")
    assert host.callers["Ben"].call("GET", PATH).status == 200


def test_all_together_get_so_many(host, listeners):
    host.admit("Ben")
    replies = [host.callers[it].call("GET", PATH).status for it in ("Asha", "Ben") * 6]
    assert replies == [200] * 10 + [503] * 2
    next(iter(listeners)).end()
    assert host.asha.call("GET", PATH).status == 200


def test_while_news_cannot_be_heard_nobody_gets_one(host, listeners):
    listeners.hears = False
    refused(host.asha.call("GET", PATH), 503, "busy", "news cannot be heard now")
