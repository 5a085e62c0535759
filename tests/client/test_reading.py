"""What is shown: in which order, what is new, and what is never said of anyone."""

from dataclasses import replace

import pytest

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.marks import mark_read
from microblog.client.posting import withdraw
from microblog.client.reading import children, overview, posts
from microblog.client.session import read_id
from microblog.client.when import local_time
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import encode
from tests.client.practice import begin, child_of, id_of, read_posts, read_texts, say


def test_posts_of_all_children_are_merged_newest_first_and_paged(practice):
    ann = practice.found()
    rosie, tom = begin(ann, "Rosie"), begin(ann, "Tom")
    for number in range(7):
        practice.clock.pass_seconds(1)
        say(ann, rosie if number % 2 else tom, f"Post {number}.")
    texts, before, pages = [], "", 0
    while before or not pages:
        page = posts(ann, "", before, 3)
        texts += [item.text for item in page.posts]
        before, pages = page.next, pages + 1
    assert texts == [f"Post {number}." for number in reversed(range(7))]
    assert pages == 3


def test_a_page_after_something_unknown_is_empty(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "One.")
    assert posts(ann, log, "AAAA", 3).posts == ()


def test_what_others_posted_is_new_until_it_is_read(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "One.")
    say(ann, log, "Two.")
    refresh(bea)
    assert child_of(bea, log).unread == 2
    assert child_of(ann, log).unread == 0
    mark_read(bea, log, read_posts(bea, log)[1].seq)
    assert [item.unread for item in read_posts(bea, log)] == [True, False]
    mark_read(bea, log, 0)
    assert child_of(practice.reopen(bea), log).unread == 1


def test_replies_stand_with_what_they_answer(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "Thinner.")
    refresh(bea)
    first = read_posts(bea, log)[0]
    say(bea, log, "", how="same", refers=(first.id,))
    say(bea, log, "Not so.", how="different", refers=(first.id,))
    refresh(ann)
    (item,) = [post for post in read_posts(ann, log) if post.text == "Thinner."]
    assert [(reply.how, reply.author.name) for reply in item.replies] == [
        ("same", "Bea"),
        ("different", "Bea"),
    ]
    withdraw(bea, log, item.replies[0].seq, False, "mistaken")
    refresh(ann)
    (item,) = [post for post in read_posts(ann, log) if post.text == "Thinner."]
    assert [reply.how for reply in item.replies] == ["different"]


def test_a_child_was_last_seen_at_the_newest_visit_that_saw_it(team_of_two):
    _, ann, _, log = team_of_two
    assert child_of(ann, log).last_seen is None
    say(ann, log, "Fine.", kind="visit", outcome="seen", happened="2026-08-02")
    say(ann, log, "Long ago.", kind="visit", outcome="alone", happened="2026-07-01")
    say(ann, log, "No answer.", kind="visit", outcome="nobody-in", happened="2026-08-09")
    assert child_of(ann, log).last_seen.time == "2026-08-02"
    withdraw(ann, log, read_posts(ann, log)[2].seq, False, "another child")
    assert child_of(ann, log).last_seen.time == "2026-07-01"


def test_a_visit_without_a_date_counts_when_it_was_posted(team_of_two):
    practice, ann, _, log = team_of_two
    say(ann, log, "Just now.", kind="visit", outcome="seen")
    assert child_of(ann, log).last_seen.time == local_time(practice.clock.now)


def test_a_time_far_in_the_future_is_marked(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Now.")
    refresh(bea)
    assert not read_posts(bea, log)[0].odd_time
    bea.world = replace(bea.world, clock=lambda: practice.clock.now - 3600_000)
    assert read_posts(bea, log)[0].odd_time


def test_a_child_counts_its_agencies_and_its_posts(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "One.")
    say(ann, log, "Two.")
    withdraw(ann, log, read_posts(ann, log)[0].seq, False, "")
    child = child_of(ann, log)
    assert (child.agencies, child.posts, child.checked) == (2, 1, 6)


def test_a_name_that_was_erased_from_the_directory_is_withheld(team_of_two):
    practice, ann, _bea, log = team_of_two
    entries = list(practice.server.directory_entries)
    for at, entry in enumerate(entries):
        if entry.header.kind == "invite":
            entries[at] = replace(entry, body=b"", salt=b"")
    practice.server.directory_entries = entries
    ann.directory = Directory(ann.keys.fingerprint)
    ann.notes.clear()
    refresh(ann)
    assert [member.person.name for member in child_of(ann, log).members] == ["Ann", ""]


def test_an_insiders_void_post_is_named_and_everyone_reads_on(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    with monkeypatch.context() as patch:
        patch.setattr("microblog.client.writing.encode_post", lambda words: encode(["msb/1/why"]))
        refresh(bea)
        say(bea, log, "Void.")
    refresh(ann)
    say(ann, log, "After.")
    refresh(bea)
    for session in (ann, bea):
        assert [(p.state, p.author.name, p.text) for p in read_posts(session, log)] == [
            ("shown", "Ann", "After."),
            ("void", "Bea", ""),
            ("shown", "Ann", "Before."),
        ]


def test_a_longer_array_is_shown_as_written_with_a_newer_version(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    original = __import__("microblog.protocol.post", fromlist=["encode_post"]).encode_post

    def newer(words):
        raw = bytearray(original(words))
        assert raw[0] == 0x92  # an array of 18 items becomes one of 19
        return bytes([0x93, *raw[1:], 0x00])

    with monkeypatch.context() as patch:
        patch.setattr("microblog.client.writing.encode_post", newer)
        say(ann, log, "From the future.")
    refresh(bea)
    (item,) = read_posts(bea, log)
    assert (item.text, item.newer, item.state) == ("From the future.", True, "shown")


def test_an_overview_names_me_the_people_and_the_practice(team_of_two):
    _, ann, _bea, _ = team_of_two
    refresh(ann)
    shown = overview(ann)
    assert (shown.me.id, shown.practice, shown.online) == (id_of(ann), "Northam", True)
    assert [person.name for person in shown.people] == ["Ann", "Bea"]
    assert [agency.name for agency in shown.agencies] == ["Council", "Health"]
    assert not shown.stored


def test_children_are_in_order_of_name(practice):
    ann = practice.found()
    for name in ("Tom", "Rosie", "Amy"):
        begin(ann, name)
    assert [child.name for child in children(ann)] == ["Amy", "Rosie", "Tom"]


def test_whom_nobody_handed_a_key_sees_that_they_wait(team_of_two):
    practice, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    cas = practice.join("Cas")
    team.grant(ann, log, id_of(cas), "follower", "")
    say(ann, log, "Sealed.")
    practice.server.streams[read_id(log)].boxes[1].pop(cas.me)
    refresh(cas)
    assert child_of(cas, log).waiting
    assert [item.state for item in read_posts(cas, log)] == ["waiting"]
    assert child_of(cas, log).name == ""
    practice.server.streams[read_id(log)].boxes[1][cas.me] = bytes(200)
    refresh(cas)
    assert child_of(cas, log).waiting
    assert read_texts(cas, log) == [""]


@pytest.mark.parametrize("nudge", [True, False])
def test_a_nudge_is_the_one_thing_outside_the_sealed_body(team_of_two, nudge):
    _, ann, bea, log = team_of_two
    say(ann, log, "Ring me.", nudge=nudge)
    refresh(bea)
    assert read_posts(bea, log)[0].nudge is nudge


def test_a_time_beyond_the_calendar_is_shown_and_fails_nothing(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    monkeypatch.setattr("tests.lying.server.AHEAD_MS", 2**53)
    bea.world = replace(bea.world, clock=lambda: 2**53 - 1)
    say(bea, log, "From nowhere.", kind="visit", outcome="seen")
    refresh(ann)
    assert read_posts(ann, log)[0].odd_time
    assert read_posts(ann, log)[0].time == 2**53 - 1
    assert local_time(2**53 - 1).startswith("9999-12-")


def test_nobody_was_seen_later_than_today_whatever_a_clock_says(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    monkeypatch.setattr("tests.lying.server.AHEAD_MS", 2**53)
    bea.world = replace(bea.world, clock=lambda: 2**53 - 1)
    say(bea, log, "From nowhere.", kind="visit", outcome="seen")
    refresh(ann)
    assert child_of(ann, log).last_seen.time[:10] == local_time(practice.clock.now)[:10]
