"""Appending and fetching: what is asked for comes back, and all or nothing goes in."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import pairwise

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import (
    DIRECTORY,
    decode_entry,
    encode_entry,
)
from microblog.protocol.post import Post, encode_post
from tests.asking import refused
from tests.databases import on_disk
from tests.practice import Child, raw
from tests.vectors.practice import START, fresh, staff

WORDS = encode_post(Post(text="Quieter than last week."))


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


def test_a_lean_fetch_leaves_out_the_words_of_posts_and_nothing_else(host, child):
    ben = staff("Ben")
    child.post(ben)
    child.withdraw(ben, 3)
    host.callers["Ben"].append_all(child, since=3)
    entries, more = host.asha.fetch({child.log: 0}, lean=True)[child.log]
    lean = [replace(it, boxes=()) for it in child.entries]
    lean[3] = replace(lean[3], body=b"", salt=b"")
    assert (entries, more) == (list(map(encode_entry, lean)), 0)


def test_a_fetch_ends_where_it_is_asked_to(host, child):
    child.post(staff("Ben"))
    host.callers["Ben"].append_all(child, since=3)
    for until, seqs in ((1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (99, [1, 2, 3])):
        entries, more = host.asha.fetch({child.log: 1}, until={child.log: until})[child.log]
        assert ([decode_entry(it).header.seq for it in entries], more) == (seqs, 0)
    assert host.asha.fetch({child.log: 1}, until={child.log: 0}) == {}
    assert host.asha.fetch({child.log: 1}, until={DIRECTORY: 0}).keys() == {child.log}


@pytest.mark.parametrize("lean", [1, 0, "true", None, []])
def test_lean_is_true_or_false_and_nothing_like_it(host, lean):
    reply = host.asha.call("POST", "/api/logs/fetch", {"since": {}, "lean": lean})
    refused(reply, 400, "malformed", "lean")


def test_until_has_the_shape_of_since(host):
    for until in (1, [], {"AAAA": 1}, {encode_base64url(DIRECTORY): -1}):
        reply = host.asha.call("POST", "/api/logs/fetch", {"since": {}, "until": until})
        refused(reply, 400, "malformed", "until")


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


def test_who_has_it_all_hears_so_until_anything_is_newer(host, child):
    asha, ben = host.practice.asha, staff("Ben")

    def ask(tag, who="Ben"):
        return host.callers[who].call("GET", "/api/streams", headers={"If-None-Match": tag})

    def add(entry):
        host.asha.append_all(child, entry.header.seq)

    def invite():
        host.practice.invite("Cho")
        host.send()

    tags = [ask("none").header("ETag")]
    for change in (lambda: add(child.post(asha)), lambda: add(child.remove(asha, ben)), invite):
        assert (ask(tags[-1]).status, ask(tags[-1]).data) == (304, b"")
        change()
        reply = ask(tags[-1])
        assert reply.status == 200
        tags.append(reply.header("ETag"))
    assert len(set(tags)) == 4
    # Of what comes after their removal they hear nothing; nor is a tag good for anyone else.
    add(child.post(asha))
    assert ask(tags[-1]).status == 304
    assert ask(tags[-1], "Asha").status == 200


def test_streams_lists_what_i_follow_with_its_head(host, child):
    (stream,) = host.asha.streams()
    assert stream == {
        "log": encode_base64url(child.log),
        "seq": 2,
        "id": encode_base64url(child.entries[2].id),
        "until": None,
    }


def test_streams_names_the_device_that_is_signed_in(host):
    listed = host.asha.call("GET", "/api/streams").json
    assert listed["key"] == encode_base64url(host.practice.asha.device)


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
    bad = child.then(staff("Ben"), "post", [3], WORDS)
    reply = host.callers["Ben"].append(child.log, [good, bad])
    refused(reply, 400, "malformed", "entry 1: mark")
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


# Withdrawing.


def test_a_withdrawal_with_erase_takes_the_words_and_leaves_the_trace(host, child):
    post = child.post(staff("Ben"), "CANARY on the wrong child")
    child.withdraw(staff("Ben"), 3, erase=1)
    host.callers["Ben"].append_all(child, since=3)
    entries, _ = host.asha.fetch({child.log: 3})[child.log]
    gone = decode_entry(entries[0])
    assert (gone.id, gone.body, gone.salt) == (post.id, b"", b"")
    disk = on_disk(host.site)
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
