"""Appending and fetching: who may, what is refused and why, and what comes back."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import pairwise

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import encode
from microblog.protocol.entry import (
    DIRECTORY,
    decode_entry,
    encode_entry,
    hash_body,
    hash_salt,
    sign_entry,
    write_plain_entry,
)
from microblog.protocol.invitation import LIFE_MS
from microblog.protocol.post import Post, encode_post
from tests.practice import AGENCY, Child, raw
from tests.vectors.practice import START, fresh, staff

WORDS = encode_post(Post(text="Quieter than last week."))


@pytest.fixture
def child(host) -> Child:
    """Return a stored stream that Asha keeps and Ben follows."""
    ben = host.admit("Ben")
    child = host.practice.child("Ada")
    child.grant(host.practice.asha, ben)
    host.asha.append_all(child)
    return child


def refused(reply, status, code, words):
    assert (reply.status, reply.code) == (status, code), reply.data
    assert words in reply.detail


# Fetching.


def test_what_was_appended_comes_back_as_it_was_signed_and_without_boxes(host, child):
    entries, more = host.asha.fetch({child.log: 0})[child.log]
    without_boxes = [encode_entry(replace(it, boxes=())) for it in child.entries]
    assert (entries, more) == (without_boxes, 0)


def test_a_fetch_begins_where_it_is_asked_to_and_leaves_out_logs_with_nothing_new(host, child):
    found = host.asha.fetch({child.log: 2, DIRECTORY: len(host.practice.directory.entries)})
    assert [decode_entry(it).header.seq for it in found[child.log][0]] == [2]
    assert list(found) == [child.log]


def test_a_stream_that_is_not_mine_is_left_out_like_one_that_is_not(host, child):
    host.admit("Cho")
    assert host.callers["Cho"].fetch({child.log: 0, fresh("nothing", 16): 0}) == {}


def test_a_long_reply_is_cut_and_goes_on_where_it_was_cut(host, child):
    ben = staff("Ben")
    posts = [child.post(ben, f"{number}") for number in range(1800)]
    host.callers["Ben"].append_all(child, since=3)
    other = host.practice.child("Second", ben)
    host.callers["Ben"].append_all(other)
    since, seen = {child.log: 0, other.log: 0}, []
    first = host.callers["Ben"].fetch(since)
    assert [more for _, more in first.values()] == [1, 1]
    while child.log in (found := host.callers["Ben"].fetch(since)):
        seen += [decode_entry(it).id for it in found[child.log][0]]
        assert sum(map(len, found[child.log][0])) <= 4 * 1024 * 1024
        since[child.log] = len(seen)
    assert seen == [it.id for it in child.entries]
    assert len(seen) == 3 + len(posts)


def test_a_removed_follower_gets_the_epoch_that_removed_them_and_nothing_newer(host, child):
    asha, ben = host.practice.asha, staff("Ben")
    child.remove(asha, ben)
    child.post(asha)
    host.asha.append_all(child, since=3)
    entries, more = host.callers["Ben"].fetch({child.log: 0})[child.log]
    assert ([decode_entry(it).header.seq for it in entries], more) == ([0, 1, 2, 3], 0)
    (stream,) = host.callers["Ben"].streams()
    assert (stream["seq"], stream["until"]) == (3, 3)
    assert stream["id"] == encode_base64url(child.entries[3].id)


def test_someone_granted_again_gets_everything(host, child):
    asha, ben = host.practice.asha, staff("Ben")
    child.remove(asha, ben)
    child.post(asha)
    child.grant(asha, ben)
    host.asha.append_all(child, since=3)
    assert len(host.callers["Ben"].fetch({child.log: 0})[child.log][0]) == 6
    (stream,) = host.callers["Ben"].streams()
    assert (stream["seq"], stream["until"]) == (5, None)


def test_streams_lists_what_i_follow_with_its_head(host, child):
    (stream,) = host.asha.streams()
    assert stream == {
        "log": encode_base64url(child.log),
        "seq": 2,
        "id": encode_base64url(child.entries[2].id),
        "until": None,
    }


# Appending.


def test_an_append_answers_with_the_last_entry(host, child):
    post = child.post(staff("Ben"))
    reply = host.callers["Ben"].append(child.log, [post])
    assert reply.status == 201
    assert reply.json == {"seq": 3, "id": encode_base64url(post.id)}


def test_the_same_entries_again_are_answered_as_done(host, child):
    posts = [child.post(staff("Ben"), "one"), child.post(staff("Ben"), "two")]
    first = host.callers["Ben"].append(child.log, posts)
    child.post(host.practice.asha, "three")
    host.asha.append_all(child, since=5)
    again = host.callers["Ben"].append(child.log, posts)
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert len(host.asha.fetch({child.log: 0})[child.log][0]) == 6


def test_a_removed_follower_who_repeats_an_old_post_is_answered_and_learns_no_more(host, child):
    post = child.post(staff("Ben"))
    assert host.callers["Ben"].append(child.log, [post]).status == 201
    child.remove(host.practice.asha, staff("Ben"))
    host.asha.append_all(child, since=4)
    assert host.callers["Ben"].append(child.log, [post]).status == 200
    refused(host.callers["Ben"].append(child.log, [child.post(staff("Ben"))]),
            404, "not-found", "nothing here")  # fmt: skip


@pytest.mark.parametrize("change", [{"seq": 2}, {"seq": 4}, {"prev": bytes(32)}])
def test_an_entry_that_does_not_follow_the_head_is_told_the_head(host, child, change):
    post = child.then(staff("Ben"), "post", [0], WORDS, **change)
    reply = host.callers["Ben"].append(child.log, [post])
    refused(reply, 409, "stale-head", "does not follow")
    assert (reply.json["seq"], reply.json["id"]) == (2, encode_base64url(child.entries[2].id))


def test_the_head_of_an_empty_directory_is_null(empty_host):
    caller = empty_host.caller()
    caller.open_founding(empty_host.founding_token())
    practice = empty_host.practice
    found = practice.directory.then(practice.asha, "found", ["M", practice.asha.id,
        *practice.asha.keys], ["Asha", "nurse", "phone"], seq=1)  # fmt: skip
    reply = caller.append(DIRECTORY, [found])
    refused(reply, 409, "stale-head", "does not follow")
    assert (reply.json["seq"], reply.json["id"]) == (None, None)


def test_of_entries_sent_together_all_are_stored_or_none(host, child):
    good = child.post(staff("Ben"))
    bad = child.then(staff("Ben"), "post", [2], WORDS)
    reply = host.callers["Ben"].append(child.log, [good, bad])
    refused(reply, 400, "malformed", "entry 1: nudge")
    assert len(host.asha.fetch({child.log: 0})[child.log][0]) == 3


def test_a_stream_begun_twice_under_one_id_is_not_found_by_the_second(host, child):
    host.admit("Cho")
    again = Child("Ada", host.practice.directory, START)
    again.found(staff("Cho"))
    reply = host.callers["Cho"].append(again.log, again.entries)
    refused(reply, 404, "not-found", "nothing here")


def test_absent_and_not_mine_are_the_same_bytes(host, child):
    host.admit("Cho")
    cho, other = staff("Cho"), Child("Other", host.practice.directory, START)
    mine = child.then(cho, "post", [0], WORDS)
    absent = other.then(cho, "post", [0], WORDS, seq=3, prev=bytes(32), epoch=0)
    replies = [
        host.callers["Cho"].append(child.log, [mine]),
        host.callers["Cho"].append(other.log, [absent]),
        host.callers["Cho"].boxes(child.log, 0),
        host.callers["Cho"].boxes(other.log, 0),
        host.callers["Cho"].put_boxes(child.log, 0, child.boxes(0, [cho])),
        host.callers["Cho"].put_boxes(other.log, 0, child.boxes(0, [cho])),
    ]
    assert {(it.status, it.data) for it in replies} == {(404, replies[0].data)}


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
        ("shred", [[]], {}, "too-new", "does not know"),
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


# Withdrawing.


def test_a_withdrawal_with_erase_takes_the_words_and_leaves_the_trace(host, child):
    post = child.post(staff("Ben"), "CANARY on the wrong child")
    child.withdraw(staff("Ben"), 3, erase=1)
    host.callers["Ben"].append_all(child, since=3)
    entries, _ = host.asha.fetch({child.log: 3})[child.log]
    gone = decode_entry(entries[0])
    assert (gone.id, gone.body, gone.salt) == (post.id, b"", b"")
    disk = b"".join(path.read_bytes() for path in host.folder.iterdir())
    assert post.body not in disk
    assert child.entries[4].body in disk


def test_a_withdrawal_without_erase_leaves_the_words(host, child):
    post = child.post(staff("Ben"))
    child.withdraw(staff("Ben"), 3)
    host.callers["Ben"].append_all(child, since=3)
    entries, _ = host.asha.fetch({child.log: 3})[child.log]
    assert decode_entry(entries[0]).body == post.body


@pytest.mark.parametrize(("first", "second", "status"), [(0, 0, 422), (1, 1, 422), (1, 0, 422),
                                                         (0, 1, 201)])  # fmt: skip
def test_a_post_is_withdrawn_once_and_may_be_erased_later(host, child, first, second, status):
    child.post(staff("Ben"))
    child.withdraw(staff("Ben"), 3, first)
    host.callers["Ben"].append_all(child, since=3)
    again = child.then(staff("Ben"), "withdraw", [3, second], WORDS)
    assert host.callers["Ben"].append(child.log, [again]).status == status


@pytest.mark.parametrize("seq", [0, 2, 4, 99])
def test_only_an_earlier_post_can_be_withdrawn(host, child, seq):
    child.post(staff("Ben"))
    host.callers["Ben"].append_all(child, since=3)
    entry = child.then(staff("Ben"), "withdraw", [seq, 0], WORDS)
    refused(host.callers["Ben"].append(child.log, [entry]), 422, "not-allowed", "no such post")


# Invitations and the founding link.


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


# Boxes.


def test_boxes_come_up_with_their_entries_and_any_follower_replaces_them(host, child):
    asha, ben = host.practice.asha, staff("Ben")
    stored = [list(row) for row in sorted(child.boxes(0, [asha, ben]))]
    assert host.callers["Ben"].boxes(child.log, 0).cbor == stored
    reply = host.callers["Ben"].put_boxes(child.log, 0, [(asha.id, bytes(100))])
    assert reply.status == 204
    assert dict(map(tuple, host.asha.boxes(child.log, 0).cbor))[asha.id] == bytes(100)


def test_boxes_of_another_epoch_or_for_others_are_refused(host, child):
    ben, cho = staff("Ben"), staff("Cho")
    refused(host.callers["Ben"].put_boxes(child.log, 1, child.boxes(0, [ben])),
            422, "wrong-epoch", "newest epoch")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, child.boxes(0, [cho])),
            422, "wrong-list", "not listed")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, child.boxes(0, [ben, ben])),
            400, "malformed", "not sorted")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, [(ben.id, bytes(47))]),
            400, "malformed", "number of bytes")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, []), 400, "malformed", "boxes")


def test_a_removed_follower_has_the_boxes_of_their_time_only(host, child):
    asha, ben = host.practice.asha, staff("Ben")
    child.remove(asha, ben)
    host.asha.append_all(child, since=3)
    assert host.callers["Ben"].boxes(child.log, 0).status == 200
    assert host.callers["Ben"].boxes(child.log, 1).code == "not-found"
    assert host.callers["Ben"].put_boxes(child.log, 1, child.boxes(1, [asha])).code == "not-found"
    assert host.asha.boxes(child.log, 2).code == "not-found"


# At once.


def test_eight_threads_appending_to_one_log_leave_no_gap_and_no_double(host, child):
    people = [host.admit(f"P{number}") for number in range(8)]
    for who in people:
        child.grant(host.practice.asha, who)
    host.asha.append_all(child, since=3)
    start, each, failed = len(child.entries), 5, []

    def work(number):
        caller, done = host.callers[f"P{number}"], 0
        own = Child("Ada", host.practice.directory, START)
        while done < each:
            known = caller.fetch({child.log: 0})[child.log][0]
            own.entries = [decode_entry(it) for it in known]
            post = own.then(people[number], "post", [0], encode_post(Post(text=f"{number} {done}")))
            reply = caller.append(child.log, [post])
            if reply.status == 201:
                done += 1
            elif reply.code != "stale-head":
                failed.append(reply.data)
                return

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = [decode_entry(it) for it in host.asha.fetch({child.log: 0})[child.log][0]]
    assert failed == []
    assert [it.header.seq for it in entries] == list(range(start + 8 * each))
    assert len({it.id for it in entries}) == start + 8 * each
    assert all(b.header.prev == a.id for a, b in pairwise(entries))


def test_only_bytes_that_were_signed_are_stored(host, child):
    post = child.post(staff("Ben"))
    host.callers["Ben"].append(child.log, [post])
    stored = decode_entry(host.asha.fetch({child.log: 3})[child.log][0][0])
    assert (stored.raw_header, stored.signature) == (post.raw_header, post.signature)
    assert raw(stored) == [encode_entry(replace(post, boxes=()))]
