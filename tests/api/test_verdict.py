"""What the server checks of an entry itself, and the protocol's verdict by its names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.protocol.encoding import encode
from microblog.protocol.entry import (
    DIRECTORY,
    hash_body,
    hash_salt,
    sign_entry,
    write_plain_entry,
)
from microblog.protocol.invitation import LIFE_MS
from microblog.protocol.post import Post, encode_post
from tests.asking import refused
from tests.practice import AGENCY, Child
from tests.vectors.practice import START, fresh, staff

WORDS = encode_post(Post(text="Quieter than last week."))


# The server's own checks, each by an entry that nothing else is wrong with.


def test_an_entry_of_another_person_is_refused(host, child):
    post = child.post(host.practice.asha)
    refused(host.callers["Ben"].append(child.log, [post]),
            422, "not-allowed", "not those signed in")  # fmt: skip


def test_an_entry_signed_by_another_device_is_refused(host, child):
    post = child.then(staff("Ben"), "post", [0], WORDS, device=fresh("other"))
    refused(host.callers["Ben"].append(child.log, [post]),
            422, "not-allowed", "not those signed in")  # fmt: skip


@pytest.mark.parametrize("change", [{"body": b""}, {"salt": b""}, {"body": bytes(2088)},
                                    {"salt": bytes(32)}])  # fmt: skip
def test_words_that_are_missing_or_another_are_refused(host, child, change):
    post = replace(child.post(staff("Ben")), **change)
    refused(host.callers["Ben"].append(child.log, [post]), 422, "unreadable", "body or salt")


@pytest.mark.parametrize(("kind", "size"), [("post", 40 + 4096), ("post", 40), ("post", 2087),
                                            ("epoch", 40 + 2049)])  # fmt: skip
def test_a_body_of_another_size_is_refused(host, child, kind, size):
    ben, salt, body = staff("Ben"), fresh("salt"), bytes(size)
    payload = [0] if kind == "post" else [child.commitment(1), [], [], b""]
    header = replace(child.then(ben, "post", payload, WORDS).header, kind=kind)
    header = replace(header, body_hash=hash_body(salt, body))
    entry = sign_entry(replace(header, salt_hash=hash_salt(salt)), ben.seed, salt, body, ())
    refused(host.callers["Ben"].append(child.log, [entry]), 422, "unreadable", "one size")


def test_a_time_before_the_newest_entrys_is_refused(host, child):
    post = child.then(staff("Ben"), "post", [0], WORDS, time=START - 1)
    refused(host.callers["Ben"].append(child.log, [post]), 422, "wrong-time", "before")


def test_a_time_two_minutes_ahead_is_taken_and_a_later_one_is_refused(host, child):
    ben, ahead = staff("Ben"), START + 120_000
    late = child.then(ben, "post", [0], WORDS, time=ahead + 1)
    refused(host.callers["Ben"].append(child.log, [late]), 422, "wrong-time", "two minutes ahead")
    assert host.callers["Ben"].append(child.log, [child.then(ben, "post", [0], WORDS, time=ahead)]
                                      ).status == 201  # fmt: skip


def test_times_that_decrease_within_a_request_are_refused(host, child):
    ben = staff("Ben")
    child.keep(child.then(ben, "post", [0], WORDS, time=START + 5))
    child.keep(child.then(ben, "post", [0], WORDS, time=START + 4))
    refused(host.callers["Ben"].append(child.log, child.entries[3:]), 422, "wrong-time", "entry 1")


def test_a_box_for_someone_whom_the_entry_does_not_list_is_refused(host, child):
    ben, cho = staff("Ben"), staff("Cho")
    post = child.then(ben, "post", [0], WORDS, boxes=child.boxes(0, [ben]))
    refused(host.callers["Ben"].append(child.log, [post]), 422, "wrong-list", "does not list")
    fresh_stream = Child("New", host.practice.directory, START)
    found = fresh_stream.then(ben, "found", [fresh_stream.commitment(0), [[ben.id, "keeper"]]],
        fresh_stream.history_of(0), boxes=fresh_stream.boxes(0, [cho]))  # fmt: skip
    refused(host.callers["Ben"].append(fresh_stream.log, [found]), 422, "wrong-list", "not list")


def test_boxes_in_the_directory_are_refused(host):
    asha = host.practice.asha
    entry = host.practice.directory.then(asha, "agency", [AGENCY, "Borough", "council"], [])
    entry = replace(entry, boxes=((asha.id, bytes(100)),))
    refused(host.asha.append(DIRECTORY, [entry]), 422, "wrong-list", "no boxes")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (["Ben"], "not 2 texts"),
        (["Ben", 7], "not 2 texts"),
        (["Ben", "x" * 121], "not 2 texts"),
        (["", "teacher"], "a name or job is empty"),
        (["Ben", ""], "a name or job is empty"),
    ],
)
def test_a_directory_body_of_another_shape_is_refused(host, body, words):
    asha, directory = host.practice.asha, host.practice.directory
    payload = [fresh("someone", 16), AGENCY, "practitioner", START + LIFE_MS,
               staff("Key").device, b""]  # fmt: skip
    reply = host.asha.append(DIRECTORY, [directory.then(asha, "invite", payload, body)])
    refused(reply, 400, "malformed", words)


def test_a_directory_body_that_is_no_array_is_refused(host):
    directory = host.practice.directory
    header = directory.header(host.practice.asha, "agency", [AGENCY, "Borough", "council"])
    entry = write_plain_entry(header, host.practice.asha.seed, fresh("salt"), encode(7))
    refused(host.asha.append(DIRECTORY, [entry]), 400, "malformed", "entry 0: body: not an array")


def test_a_directory_body_may_be_longer_than_this_version_knows(host):
    directory = host.practice.directory
    entry = directory.then(host.practice.asha, "agency", [AGENCY, "Borough", "council"], ["new"])
    assert host.asha.append(DIRECTORY, [entry]).status == 201


# The protocol's verdict, through the interface: the reasons have their own names.


@pytest.mark.parametrize(
    ("kind", "payload", "changes", "code", "words"),
    [
        ("about", [], {}, "not-allowed", "only a keeper"),
        ("post", [0], {"epoch": 1}, "wrong-epoch", "another epoch"),
        ("post", [0], {"directory_seq": 99}, "directory-behind", "seen more"),
        ("post", [0], {"directory_head": bytes(32)}, "forked-directory", "another directory"),
        ("post", [0], {"directory_seq": 0}, "stale-directory", "goes back"),
        ("post", [0], {"seed": fresh("other")}, "not-authentic", "does not fit"),
        ("share", [[]], {}, "too-new", "does not know"),
        ("found", [], {}, "broken-chain", "only begins so"),
    ],
)
def test_the_public_verdict_is_told_by_its_name(host, child, kind, payload, changes, code, words):
    entry = child.then(staff("Ben"), kind, payload, WORDS, **changes)
    refused(host.callers["Ben"].append(child.log, [entry]), 422, code, words)


def test_a_loss_must_be_answered_by_an_epoch(host, child):
    cho = host.admit("Cho")
    child.grant(host.practice.asha, cho)
    host.asha.append_all(child, since=3)
    host.practice.leave(cho)
    host.send()
    refused(host.callers["Ben"].append(child.log, [child.then(staff("Ben"), "post", [0], WORDS)]),
            422, "loss-unanswered", "must be an epoch")  # fmt: skip
    child.remove(staff("Ben"), cho)
    assert host.callers["Ben"].append(child.log, child.entries[4:]).status == 201


def test_a_log_of_another_name_than_the_address_is_refused(host, child):
    refused(host.callers["Ben"].append(fresh("elsewhere", 16), [child.post(staff("Ben"))]),
            404, "not-found", "nothing here")  # fmt: skip
    other = Child("Other", host.practice.directory, START)
    refused(host.callers["Ben"].append(fresh("elsewhere", 16), [other.found(staff("Ben"))]),
            422, "wrong-log", "another log")  # fmt: skip
