"""When my round-up comes, and what a steward hears of mails."""

from __future__ import annotations

import pytest

from microblog.app import create_app
from microblog.protocol.base64url import encode_base64url
from microblog.store.db import hold_ledger, read_in
from microblog.store.ledger import LEDGER
from microblog.store.rounds import read_choices
from tests.asking import refused
from tests.databases import settings_on
from tests.hosting import ORIGIN, Clock, Host
from tests.office import DAILY
from tests.postbox import DROP
from tests.vectors.practice import staff

NOTHING = {"every": "off", "at": "08:00", "weekday": 0, "nudges": False, "quiet": [5, 6]}
HERE = {"mails": False, "zone": "Europe/London"}


def choice(caller):
    reply = caller.call("GET", "/api/round-up")
    assert reply.status == 200
    return reply.json


def test_supervisors_hear_daily_and_of_nudges_and_others_nothing_until_they_ask(host):
    host.admit("Ben")
    host.admit("Sue", "supervisor")
    daily = {**NOTHING, "every": "daily", "nudges": True}
    assert choice(host.callers["Sue"]) == {**daily, **HERE}
    assert choice(host.callers["Ben"]) == {**NOTHING, **HERE}
    assert choice(host.asha) == {**NOTHING, **HERE}


def test_what_is_chosen_is_kept_for_oneself_and_may_be_chosen_anew(host):
    host.admit("Ben")
    host.admit("Cho")
    ben = host.callers["Ben"]
    for chosen in (
        {"every": "weekly", "at": "23:59", "weekday": 6, "nudges": True, "quiet": []},
        {"every": "daily", "at": "00:00", "weekday": 0, "nudges": False, "quiet": [0, 1, 2]},
        NOTHING,
    ):
        assert ben.call("PUT", "/api/round-up", chosen).status == 204
        assert choice(ben) == {**chosen, **HERE}
        assert choice(host.callers["Cho"]) == {**NOTHING, **HERE}


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"every": "hourly"}, "every: must be one of: off, daily, weekly"),
        ({"at": "24:00"}, "at: not a time such as 08:00"),
        ({"at": "8:00"}, "at: not a time such as 08:00"),
        ({"at": "08:00\n"}, "at: not a time such as 08:00"),
        ({"at": "\u0660\u0668:00"}, "at: not a time such as 08:00"),
        ({"at": 480}, "at: not a time such as 08:00"),
        ({"weekday": 7}, "weekday: not a day of the week, 0 to 6"),
        ({"weekday": -1}, "weekday: not a day of the week, 0 to 6"),
        ({"nudges": 1}, "nudges: not true or false"),
        ({"quiet": [7]}, "quiet: not a day of the week, 0 to 6"),
        ({"quiet": [1, 1]}, "quiet: a day occurs twice"),
        ({"quiet": [0, 1, 2, 3, 4, 5, 6]}, "quiet: no day of the week is left"),
        ({"zone": "UTC"}, "body: unknown field"),
        ({"mails": True}, "body: unknown field"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(host, change, detail):
    reply = host.asha.call("PUT", "/api/round-up", {**DAILY, **change})
    refused(reply, 400, "malformed", detail)
    assert choice(host.asha) == {**NOTHING, **HERE}


def test_who_has_left_chose_nothing_any_more(host):
    host.admit("Ben")
    assert host.callers["Ben"].call("PUT", "/api/round-up", DAILY).status == 204
    host.practice.leave(staff("Ben"))
    host.send()
    assert read_in(host.site, read_choices) == {}


# What a steward hears.


def states(office):
    reply = office.host.asha.call("GET", "/api/round-ups")
    assert reply.status == 200
    return reply.json


def test_before_anything_was_looked_after_that_is_said(host):
    reply = host.asha.call("GET", "/api/round-ups")
    assert reply.json == {"looked": 0, "states": []}


def test_a_steward_hears_what_became_of_the_newest_mail_and_nothing_of_what_it_says(office):
    ada = office.child("Ada", "Ben", "Sue")
    office.round()
    assert states(office) == {"looked": office.now, "states": []}
    person = encode_base64url(staff("Sue").id)
    office.box.conduct = lambda _: DROP
    office.post(ada, "Ben", 1)
    office.later()
    office.round()
    waiting = {"person": person, "state": "waiting", "time": office.now, "tries": 1, "code": 0}
    assert states(office)["states"] == [waiting]
    office.box.conduct = lambda at: "550 no" if at == "RCPT" else None
    office.later()
    office.round()
    refusal = {"person": person, "state": "refused", "time": office.now, "tries": 2, "code": 550}
    assert states(office)["states"] == [refusal]
    office.box.conduct = lambda _: None
    office.post(ada, "Ben", 1)
    office.later()
    office.round()
    sent = {"person": person, "state": "sent", "time": office.now, "tries": 1, "code": 250}
    assert states(office)["states"] == [sent]
    for name in ("Ben", "Sue"):
        reply = office.host.callers[name].call("GET", "/api/round-ups")
        refused(reply, 403, "not-allowed", "only a steward may do this")


def test_of_who_has_left_nothing_is_told(office):
    ada = office.child("Ada", "Ben", "Sue")
    office.round()
    office.post(ada, "Ben", 1)
    office.round()
    office.host.practice.leave(staff("Sue"))
    office.host.send()
    assert states(office)["states"] == []


def test_while_round_ups_are_written_down_a_steward_can_ask(office):
    with hold_ledger(office.host.site) as book:
        book.write(lambda _: states(office))


@pytest.mark.only("sqlite", "the ledger is a file there")
def test_a_damaged_ledger_is_the_operators_and_not_the_stewards_trouble(office):
    (office.folder / LEDGER).write_bytes(b"no database" * 1000)
    assert states(office) == {"looked": 0, "states": []}


def test_whether_this_server_mails_is_for_anyone_to_know(site, postbox):
    settings = settings_on(site, ORIGIN, mail=postbox.mail(), zone="Europe/Paris")
    host = Host(create_app(settings, Clock()), site, Clock())
    assert host.caller().call("GET", "/api/practice").json["mails"] is True
    host.found()
    assert {**choice(host.asha), **NOTHING, "mails": True, "zone": "Europe/Paris"} == choice(
        host.asha
    )
    host.close()
