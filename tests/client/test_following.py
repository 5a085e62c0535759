"""Keeping up with a server: what counts, what is trouble, what heals and what never does."""

from dataclasses import replace
from itertools import pairwise

import pytest

from microblog.client import following
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.reading import overview
from microblog.client.replies import Listed
from microblog.client.sealing import keys_with_pins
from microblog.client.session import InTrouble, read_id
from microblog.client.transport import Unreachable
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.log import Head
from tests.client.practice import (
    Clock,
    Practice,
    begin,
    child_of,
    read_posts,
    read_texts,
    say,
)
from tests.lying.server import HonestServer


def test_two_people_read_each_others_posts(team_of_two):
    _, ann, bea, log = team_of_two
    assert say(ann, log, "Quieter than last week.").sent
    refresh(bea)
    assert say(bea, log, "Clinic missed again.", kind="records").sent
    refresh(ann)
    assert read_texts(ann, log) == ["Clinic missed again.", "Quieter than last week."]
    assert read_texts(bea, log) == read_texts(ann, log)
    assert [m.person.name for m in child_of(bea, log).members] == ["Ann", "Bea"]


def test_the_same_refresh_twice_changes_nothing(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "Once.")
    refresh(ann)
    before = overview(ann)
    refresh(ann)
    assert overview(ann) == before


def test_a_reply_cut_short_is_asked_for_until_all_is_here():
    clock = Clock()
    practice = Practice(HonestServer(clock), clock)
    ann = practice.found()
    logs = [begin(ann, f"Child {number}") for number in range(5)]
    for log in logs:
        for number in range(3):
            say(ann, log, f"Post {number}.")
    practice.server.reply_bytes = 7000  # two entries or so
    anew = practice.reopen(ann, Memory(None, ann.keys.device_seed))
    refresh(anew)
    assert [child_of(anew, log).posts for log in logs] == [3] * 5


def test_a_second_start_asks_only_for_what_is_new_and_verifies_nothing_twice(
    team_of_two, monkeypatch
):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    refresh(bea)
    checked = []
    monkeypatch.setattr(
        "microblog.protocol.stream.verify_entry", lambda *_: checked.append("stream")
    )
    monkeypatch.setattr(
        "microblog.protocol.admission.verify_entry", lambda *_: checked.append("directory")
    )
    again = practice.reopen(bea)
    refresh(again)
    assert checked == []
    say(ann, log, "After.")
    checked.clear()
    refresh(again)
    assert checked == ["stream"]
    assert read_texts(again, log) == ["After.", "Before."]


def test_what_is_remembered_is_shown_while_the_server_is_out_of_reach(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Known before.")
    refresh(bea)
    practice.server.down = True
    again = practice.reopen(bea)
    with pytest.raises(Unreachable, match="the server cannot be reached"):
        refresh(again)
    assert read_texts(again, log) == ["Known before."]
    assert not overview(again).online


def test_a_shorter_stream_is_rolled_back_for_good(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Seen.")
    refresh(bea)
    kept = practice.server.streams[read_id(log)]
    newest = kept.entries.pop()
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"
    assert read_texts(bea, log) == ["Seen."]
    kept.entries.append(newest)
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"
    again = practice.reopen(bea)
    assert child_of(again, log).trouble.error == "RolledBack"
    with pytest.raises(InTrouble, match="RolledBack"):
        say(again, log, "Not sent.")


def test_a_stream_that_vanishes_without_a_removal_is_trouble(team_of_two, monkeypatch):
    practice, _, bea, log = team_of_two
    monkeypatch.setattr(practice.server, "list_streams", lambda person: [])
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_a_removal_that_is_claimed_but_not_shown_is_trouble(team_of_two, monkeypatch):
    practice, _, bea, log = team_of_two
    entries = practice.server.streams[read_id(log)].entries
    row = Listed(read_id(log), Head(len(entries) - 1, entries[-1].id), len(entries) - 1)
    monkeypatch.setattr(practice.server, "list_streams", lambda person: [row])
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_a_shorter_directory_is_rolled_back_for_good_and_nothing_is_sent(team_of_two):
    practice, ann, _, log = team_of_two
    newest = practice.server.directory_entries.pop()
    refresh(ann)
    assert overview(ann).trouble.error == "RolledBack"
    practice.server.directory_entries.append(newest)
    refresh(ann)
    assert overview(ann).trouble.error == "RolledBack"
    with pytest.raises(InTrouble, match="RolledBack"):
        say(ann, log, "Not sent.")
    with pytest.raises(InTrouble, match="RolledBack"):
        begin(practice.reopen(ann), "Another child")


def test_a_key_file_brings_its_pins_to_a_client_that_remembers_nothing(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Seen.")
    refresh(bea)
    keys = keys_with_pins(bea)
    practice.server.streams[read_id(log)].entries.pop()
    memory = Memory(None, keys.device_seed)
    anew = open_session(keys, practice.server.connect(), memory, bea.world)
    refresh(anew)
    assert child_of(anew, log).trouble.error == "RolledBack"


def test_a_key_file_sees_a_directory_that_is_shorter_than_its_pin(team_of_two):
    practice, ann, _, _ = team_of_two
    keys = keys_with_pins(ann)
    practice.server.directory_entries.pop()
    memory = Memory(None, keys.device_seed)
    anew = open_session(keys, practice.server.connect(), memory, ann.world)
    refresh(anew)
    assert overview(anew).trouble.error == "RolledBack"


def test_a_pinned_stream_that_is_not_listed_is_trouble_on_a_new_machine(team_of_two, monkeypatch):
    practice, _, bea, log = team_of_two
    keys = keys_with_pins(bea)
    monkeypatch.setattr(practice.server, "list_streams", lambda person: [])
    memory = Memory(None, keys.device_seed)
    anew = open_session(keys, practice.server.connect(), memory, bea.world)
    refresh(anew)
    assert child_of(anew, log).trouble.error == "RolledBack"


def test_what_does_not_fit_stops_the_log_and_a_valid_continuation_heals_it(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Real.")
    kept = practice.server.streams[read_id(log)]
    real = kept.entries[-1]
    kept.entries[-1] = replace(real, signature=bytes(64))
    refresh(bea)
    assert child_of(bea, log).trouble.error == "NotAuthentic"
    assert child_of(bea, log).trouble.seq == real.header.seq
    with pytest.raises(InTrouble, match="NotAuthentic"):
        say(bea, log, "Not sent.")
    kept.entries[-1] = real
    refresh(bea)
    assert child_of(bea, log).trouble is None
    assert read_texts(bea, log) == ["Real."]


def test_a_trouble_is_over_when_the_server_serves_it_no_longer(team_of_two):
    practice, ann, bea, log = team_of_two
    before = practice.server.streams[read_id(log)]
    say(ann, log, "Never there.")
    kept = practice.server.streams[read_id(log)]
    kept.entries[-1] = replace(kept.entries[-1], signature=bytes(64))
    refresh(bea)
    assert child_of(bea, log).trouble.error == "NotAuthentic"
    practice.server.streams[read_id(log)] = before
    refresh(bea)
    assert child_of(bea, log).trouble is None


def test_entries_that_are_listed_but_not_served_are_trouble(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Hidden.")
    serve = practice.server.serve_stream
    monkeypatch.setattr(practice.server, "serve_stream", lambda *a: serve(*a)[:-1])
    refresh(bea)
    assert child_of(bea, log).trouble.error == "BrokenChain"


def test_a_withheld_body_is_shown_as_such_and_fetched_again(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Sooner or later.")
    kept = practice.server.streams[read_id(log)]
    whole = kept.entries[-1]
    kept.entries[-1] = replace(whole, body=whole.body[:-1] + b"\0")
    refresh(bea)
    assert [p.state for p in read_posts(bea, log)] == ["withheld"]
    again = practice.reopen(bea)
    kept.entries[-1] = whole
    refresh(again)
    assert read_texts(again, log) == ["Sooner or later."]


def test_a_stream_that_is_not_mine_is_not_shown_whatever_the_server_lists(team_of_two, monkeypatch):
    practice, ann, bea, _ = team_of_two
    other = begin(ann, "Not Bea's")
    monkeypatch.setattr(practice.server, "may_read", lambda kept, person: True)
    refresh(bea)
    assert read_id(other) not in bea.feeds


def test_an_entry_that_has_seen_more_of_the_directory_makes_the_client_fetch_it_first(
    team_of_two, monkeypatch
):
    practice, ann, bea, log = team_of_two
    real, done = following.refresh_directory, []

    def refresh_and_move_on(session):
        real(session)
        if not done:
            done.append(True)
            practice.join("Cas")
            say(ann, log, "Seen by a newer directory.")

    monkeypatch.setattr(following, "refresh_directory", refresh_and_move_on)
    refresh(bea)
    assert child_of(bea, log).trouble is None
    assert read_texts(bea, log) == ["Seen by a newer directory."]


def test_a_directory_that_stays_behind_the_stream_stops_it(team_of_two):
    practice, ann, bea, log = team_of_two
    practice.join("Cas")
    say(ann, log, "Ahead.")
    practice.server.directory_entries = practice.server.directory_entries[: len(bea.directory.ids)]
    refresh(bea)
    assert child_of(bea, log).trouble.error == "DirectoryBehind"


def test_the_server_is_signed_in_to_again_when_it_has_forgotten(team_of_two):
    _, ann, _, _ = team_of_two
    ann.transport.sign_out()
    refresh(ann)
    assert overview(ann).online


def test_the_directory_is_asked_from_its_newest_entry(team_of_two, monkeypatch):
    _, ann, _, _ = team_of_two
    asked = []
    fetch = ann.transport.fetch
    monkeypatch.setattr(ann.transport, "fetch", lambda since: asked.append(since) or fetch(since))
    refresh(ann)
    assert asked[0] == {DIRECTORY: len(ann.directory.ids) - 1}


def test_a_directory_that_is_no_directory_any_more_is_rolled_back(team_of_two, monkeypatch):
    practice, ann, _, _ = team_of_two
    monkeypatch.setattr(practice.server, "serve_directory", lambda: [b"\xff"] * 20)
    refresh(ann)
    assert overview(ann).trouble.error == "RolledBack"


def test_a_refresh_that_finds_nothing_new_costs_three_requests(team_of_two):
    _, ann, _, _ = team_of_two
    refresh(ann)
    ann.transport.calls.clear()
    refresh(ann)
    assert ann.transport.calls == ["fetch", "streams", "asks"]


def test_an_entry_served_again_as_another_is_a_roll_back(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Withheld.")
    say(ann, log, "Seen.")
    entries = practice.server.streams[read_id(log)].entries
    entries[-2] = replace(entries[-2], body=b"", salt=b"")
    refresh(bea)
    entries[-2] = replace(entries[-2], signature=bytes(64))
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_what_a_server_keeps_back_is_asked_for_ever_more_rarely(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Kept back.")
    entries = practice.server.streams[read_id(log)].entries
    whole = entries[-1]
    entries[-1] = replace(whole, body=b"", salt=b"")
    refresh(bea)
    asked, minutes = [], []
    fetch = bea.transport.fetch

    def watched(since, until=None):
        asked.append(until)
        return fetch(since, until)

    monkeypatch.setattr(bea.transport, "fetch", watched)
    for minute in range(600):
        asked.clear()
        refresh(bea)
        if any(asked):
            minutes.append(minute)
        practice.clock.pass_seconds(60)
    pauses = [after - before for before, after in pairwise(minutes)]
    assert len(minutes) < 20
    assert 55 <= max(pauses) <= 60
    entries[-1] = whole
    practice.clock.pass_seconds(3600)
    refresh(bea)
    assert read_texts(bea, log) == ["Kept back."]
