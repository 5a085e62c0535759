"""An invitation lets one person join, the founding link one practice begin; no more."""

from __future__ import annotations

import threading

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import (
    DIRECTORY,
)
from microblog.protocol.invitation import LIFE_MS
from tests.asking import refused
from tests.practice import AGENCY, Child
from tests.vectors.practice import START, staff


def test_an_invitation_reads_the_directory_and_joins_and_does_nothing_else(host, child):
    practice = host.practice
    invite = practice.invite("Cho")
    host.send()
    caller = host.caller()
    assert caller.knock(practice.invitation_seed("Cho"), practice).json["person"] == \
        encode_base64url(staff("Cho").id)  # fmt: skip
    assert list(caller.fetch({DIRECTORY: 0, child.log: 0})) == [DIRECTORY]
    assert caller.call("GET", "/api/streams").code == "not-allowed"
    assert caller.boxes(child.log, 0).code == "not-allowed"
    join = practice.join_entry("Cho", invite)
    agency = practice.directory.then(staff("Cho"), "agency", [AGENCY, "X", "council"], [])
    refused(caller.append(DIRECTORY, [agency]), 403, "not-allowed", "one join")
    refused(caller.append(DIRECTORY, [join, agency]), 403, "not-allowed", "one join")
    own = Child("Own", practice.directory, START)
    own.found(staff("Cho"))
    refused(caller.append(own.log, own.entries), 404, "not-found", "nothing here")
    assert caller.append(DIRECTORY, [join]).status == 201
    assert caller.append(DIRECTORY, [join]).status == 200


def test_an_invitation_does_not_join_for_another(host):
    practice = host.practice
    practice.invite("Cho")
    other = practice.invite("Dan")
    host.send()
    caller = host.caller()
    caller.knock(practice.invitation_seed("Cho"), practice)
    refused(caller.append(DIRECTORY, [practice.join_entry("Dan", other)]),
            422, "not-allowed", "not who was invited")  # fmt: skip


def test_an_invitation_used_late_by_a_clock_set_back_is_refused(host):
    practice = host.practice
    invite = practice.invite("Cho")
    host.send()
    caller = host.caller()
    caller.knock(practice.invitation_seed("Cho"), practice)
    join = practice.join_entry("Cho", invite)
    host.clock.now = START + LIFE_MS - 1
    assert host.caller().knock(practice.invitation_seed("Cho"), practice).status == 201
    caller = host.caller()
    caller.knock(practice.invitation_seed("Cho"), practice)
    host.clock.now = START + LIFE_MS + 1
    assert caller.append(DIRECTORY, [join]).code == "signed-out"
    assert host.caller().knock(practice.invitation_seed("Cho"), practice).code == "signed-out"


def test_an_invitation_used_by_two_at_once_lets_one_in(host):
    practice = host.practice
    invite = practice.invite("Cho")
    host.send()
    callers = [host.caller() for _ in range(2)]
    for caller in callers:
        assert caller.knock(practice.invitation_seed("Cho"), practice).status == 201
    twin = practice.directory.then(
        staff("Cho"), "join", practice.directory.join_payload(
            invite, practice.invitation_seed("Cho"), staff("Cho")), ["tablet"])  # fmt: skip
    first = callers[0].append(DIRECTORY, [practice.join_entry("Cho", invite)])
    second = callers[1].append(DIRECTORY, [twin])
    assert (first.status, second.code) == (201, "stale-head")
    after = practice.join("Cho", invite)
    again = practice.directory.then(staff("Cho"), "join", after.header.payload, ["tablet"])
    refused(callers[1].append(DIRECTORY, [again]), 422, "bad-invitation", "used")


def test_of_two_who_join_at_the_same_moment_with_one_invitation_one_is_let_in(host):
    practice = host.practice
    invite = practice.invite("Cho")
    host.send()
    payload = practice.directory.join_payload(invite, practice.invitation_seed("Cho"), staff("Cho"))
    joins = [practice.directory.then(staff("Cho"), "join", payload, [f"phone {number}"])
             for number in range(6)]  # fmt: skip
    callers = [host.caller() for _ in joins]
    for caller in callers:
        assert caller.knock(practice.invitation_seed("Cho"), practice).status == 201
    together, statuses = threading.Barrier(len(joins)), []

    def join(caller, entry):
        together.wait()
        statuses.append(caller.append(DIRECTORY, [entry]).status)

    threads = [threading.Thread(target=join, args=it) for it in zip(callers, joins, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409, 409, 409, 409, 409]


def test_a_revoked_invitations_session_ends_with_it(host):
    practice = host.practice
    invite = practice.invite("Cho")
    host.send()
    caller = host.caller()
    caller.knock(practice.invitation_seed("Cho"), practice)
    practice.directory.add(practice.asha, "revoke", ["invite", invite.id, START], [])
    host.send()
    assert caller.append(DIRECTORY, [practice.join_entry("Cho", invite)]).code == "signed-out"
    assert host.caller().knock(practice.invitation_seed("Cho"), practice).code == "signed-out"


def test_the_founding_link_founds_and_does_nothing_else(empty_host):
    host, practice = empty_host, empty_host.practice
    caller = host.caller()
    caller.open_founding(host.founding_token())
    stream = Child("Own", practice.directory, START)
    stream.found(practice.asha)
    refused(caller.append(stream.log, stream.entries), 404, "not-found", "nothing here")
    agency = practice.directory.entries[1]
    refused(caller.append(DIRECTORY, [agency]), 403, "not-allowed", "found the practice")
    assert caller.append(DIRECTORY, practice.directory.entries).status == 201
    assert caller.append(DIRECTORY, practice.directory.entries).status == 200
    later = practice.directory.then(practice.asha, "agency", [AGENCY, "X", "council"], [])
    refused(caller.append(DIRECTORY, [later]), 403, "not-allowed", "found the practice")
