"""Devices come and go: what a revoked or ended one is refused, at once and everywhere."""

from __future__ import annotations

import pytest

from microblog.protocol.encoding import decode, encode
from microblog.protocol.entry import DIRECTORY
from microblog.service import audit
from microblog.store.db import read_in, write_in
from tests.asking import refused
from tests.databases import change_rows, run_sql
from tests.hosting import HOUR_MS
from tests.practice import signed_ask
from tests.vectors.practice import staff

SIGNED_OUT = b'{"code":"signed-out","detail":"not signed in"}\n'


@pytest.fixture
def ben(host, child):
    """Return Ben, who follows the child."""
    return staff("Ben")


def let_in(host, ben, until: int = 0, name: str = "laptop"):
    """Return another device of Ben's, signed in."""
    laptop = host.practice.let_in(ben, name, until)
    send_as(host, "Ben")
    host.callers[name] = host.sign_in(laptop)
    return laptop


def send_as(host, *names: str):
    """Append what the directory holds beyond what was sent, each entry as one caller."""
    entries = host.practice.directory.entries[host.sent :]
    for name, entry in zip(names, entries, strict=True):
        reply = host.callers[name].append(DIRECTORY, [entry])
        assert reply.status == 201, reply.data
    host.sent += len(names)


def test_a_second_device_signs_in_as_its_person(host, child, ben):
    let_in(host, ben)
    reply = host.callers["laptop"].call("GET", "/api/streams")
    assert reply.status == 200
    assert len(reply.json["streams"]) == len(
        host.callers["Ben"].call("GET", "/api/streams").json["streams"]
    )


def test_a_revoked_device_is_signed_out_at_once_and_cannot_come_back(host, ben):
    laptop = let_in(host, ben)
    host.practice.revoke(laptop)
    host.send()
    assert host.callers["laptop"].call("GET", "/api/streams").data == SIGNED_OUT
    assert host.caller().sign_in(laptop, host.practice).data == SIGNED_OUT


def test_its_person_stays_signed_in_with_the_others(host, ben):
    laptop = let_in(host, ben)
    host.practice.revoke(laptop)
    host.send()
    assert host.callers["Ben"].call("GET", "/api/streams").status == 200
    assert host.asha.call("GET", "/api/streams").status == 200


def test_who_revokes_their_own_device_brings_a_reading_key_in_the_same_request(host, ben):
    laptop = let_in(host, ben)
    entries = [host.practice.revoke(laptop, by=ben), host.practice.rekey(ben)]
    assert host.callers["Ben"].append(DIRECTORY, entries).status == 201
    assert host.callers["laptop"].call("GET", "/api/streams").data == SIGNED_OUT


def test_a_refused_request_revokes_nothing(host, ben):
    laptop = let_in(host, ben)
    entries = [host.practice.revoke(laptop, by=ben), host.practice.rekey(ben, laptop)]
    refused(host.callers["Ben"].append(DIRECTORY, entries), 422, "wrong-list",
            "entry 1: a reading key is sealed to exactly the devices")  # fmt: skip
    assert host.callers["laptop"].call("GET", "/api/streams").status == 200


def test_a_device_that_revokes_itself_has_said_its_last(host, ben):
    laptop = let_in(host, ben)
    host.practice.revoke(laptop, by=laptop)
    send_as(host, "laptop")
    assert host.callers["laptop"].call("GET", "/api/streams").data == SIGNED_OUT


@pytest.mark.parametrize(("later", "status"), [(HOUR_MS - 1, 200), (HOUR_MS, 401)])
def test_a_temporary_device_is_signed_out_when_its_time_is_over(host, ben, later, status):
    let_in(host, ben, until=host.clock() + HOUR_MS)
    host.clock.now += later
    assert host.callers["laptop"].call("GET", "/api/streams").status == status


@pytest.mark.parametrize(("later", "status"), [(HOUR_MS - 1, 201), (HOUR_MS, 401)])
def test_a_temporary_device_signs_in_until_its_time_is_over(host, ben, later, status):
    laptop = let_in(host, ben, until=host.clock() + HOUR_MS)
    host.clock.now += later
    assert host.caller().sign_in(laptop, host.practice).status == status


def test_a_device_for_long_is_signed_out_after_twelve_hours_like_any(host, ben):
    let_in(host, ben, until=host.clock() + 48 * HOUR_MS)
    host.clock.now += 12 * HOUR_MS
    assert host.callers["laptop"].call("GET", "/api/streams").data == SIGNED_OUT


def test_what_a_revoked_device_asked_in_its_persons_name_is_forgotten(host, child):
    cho = host.admit("Cho")
    laptop = host.practice.let_in(cho, "laptop")
    send_as(host, "Cho")
    host.callers["laptop"] = host.sign_in(laptop)
    asha = host.practice.asha
    request = signed_ask(host.practice, laptop, child.log, [asha])
    assert host.callers["laptop"].put_ask(child.log, request).status == 204
    assert host.asha.asks() == [request]
    host.practice.revoke(laptop)
    host.send()
    assert host.asha.asks() == []


def test_what_its_person_asked_with_another_device_stays(host, child):
    cho = host.admit("Cho")
    laptop = host.practice.let_in(cho, "laptop")
    send_as(host, "Cho")
    request = signed_ask(host.practice, cho, child.log, [host.practice.asha])
    assert host.callers["Cho"].put_ask(child.log, request).status == 204
    host.practice.revoke(laptop)
    host.send()
    assert host.asha.asks() == [request]


def test_after_a_lost_device_a_stream_takes_nothing_but_an_epoch(host, child, ben):
    laptop = let_in(host, ben)
    host.practice.revoke(laptop)
    host.send()
    post = child.post(ben)
    refused(host.callers["Ben"].append(child.log, [post]), 422, "loss-unanswered",
            "entry 0: someone listed has left or lost a device: "
            "the next entry must be an epoch")  # fmt: skip
    child.entries.pop()
    epoch = child.remove(ben)
    assert host.callers["Ben"].append(child.log, [epoch]).status == 201
    assert host.callers["Ben"].append(child.log, [child.post(ben)]).status == 201


def test_the_stream_knows_after_a_restart_how_much_its_epoch_had_seen(host, child, ben, new_host):
    laptop = let_in(host, ben)
    host.practice.revoke(laptop)
    host.send()
    assert host.callers["Ben"].append(child.log, [child.remove(ben)]).status == 201
    host.close()
    again = new_host()
    again.clock.now = host.clock()
    again.practice, again.sent = host.practice, host.sent
    again.callers["Ben"] = again.sign_in(ben)
    assert again.callers["Ben"].append(child.log, [child.post(ben)]).status == 201


def test_a_state_of_before_there_were_devices_is_read(host, child, ben):
    """The rows of an older server hold no view of the newest epoch, and no device was lost then."""
    laptop = let_in(host, ben)
    [(state,)] = run_sql(host.site, f"SELECT state FROM log_head WHERE log = x'{child.log.hex()}'")
    _, members, commitments, dropped, *_ = decode(state)
    old = encode([1, members, commitments, dropped]).hex()
    change_rows(host.site, f"UPDATE log_head SET state = x'{old}' WHERE log = x'{child.log.hex()}'")
    host.practice.revoke(laptop)
    host.send()
    post = child.post(ben)
    refused(host.callers["Ben"].append(child.log, [post]), 422, "loss-unanswered", "lost a device")
    child.entries.pop()
    assert host.callers["Ben"].append(child.log, [child.remove(ben)]).status == 201


def test_devices_are_checked_and_made_anew(host, ben):
    let_in(host, ben, until=host.clock() + HOUR_MS)
    tablet = let_in(host, ben, name="tablet")
    host.practice.revoke(tablet)
    host.send()
    host.close()
    assert read_in(host.site, audit.check).faults == []
    lost = "UPDATE device SET revoked_seq = NULL WHERE revoked_seq IS NOT NULL"
    assert change_rows(host.site, "UPDATE device SET until = 7 WHERE until > 0") == 1
    assert change_rows(host.site, lost) == 1
    faults = read_in(host.site, audit.check).faults
    assert [fault.split()[0] for fault in faults] == ["device", "device"]
    assert len(write_in(host.site, audit.rebuild)) == 2
    assert read_in(host.site, audit.check).faults == []


@pytest.mark.parametrize(
    ("body", "where"),
    [([], "not 1 texts"), ([7], "not 1 texts"), (["x" * 121], "not 1 texts")],
)
def test_a_device_says_its_name(host, ben, body, where):
    host.practice.let_in(ben, "laptop")
    directory = host.practice.directory
    let = directory.entries.pop()
    entry = directory.then(ben, "device", list(let.header.payload), body)
    refused(host.callers["Ben"].append(DIRECTORY, [entry]), 400, "malformed",
            f"entry 0: body: {where} of at most 120 characters")  # fmt: skip
