"""Checking everything again, as if nothing were remembered."""

from dataclasses import replace

from microblog.client.following import refresh
from microblog.client.posting import withdraw
from microblog.client.session import read_id
from microblog.client.verify import verify
from tests.client.practice import begin, read_posts, say


def test_all_that_is_as_it_must_be_is_counted(team_of_two):
    _, ann, _bea, log = team_of_two
    begin(ann, "Tom")
    say(ann, log, "One.")
    say(ann, log, "Two.")
    withdraw(ann, log, read_posts(ann, log)[0].seq, True, "wrong child")
    refresh(ann)
    verified = verify(ann)
    assert verified.trouble is None
    assert verified.checked == len(ann.directory.ids)
    (rosie,) = verify(ann, log).streams
    assert (rosie.checked, rosie.epochs, rosie.bundles) == (6, 1, 1)
    assert (rosie.erased, rosie.withheld, rosie.void, rosie.waiting) == (1, 0, 0, 0)
    assert rosie.readable == 4
    assert len(verified.streams) == 2


def test_an_entry_altered_after_it_was_checked_is_found(team_of_two):
    practice, ann, _, log = team_of_two
    say(ann, log, "One.")
    refresh(ann)
    entries = practice.server.streams[read_id(log)].entries
    entries[1] = replace(entries[1], signature=bytes(64))
    (verdict,) = verify(ann, log).streams
    assert (verdict.trouble.error, verdict.trouble.seq) == ("NotAuthentic", 1)


def test_a_log_shorter_than_it_was_is_found(team_of_two):
    practice, ann, _, log = team_of_two
    say(ann, log, "One.")
    practice.server.streams[read_id(log)].entries.pop()
    (verdict,) = verify(ann, log).streams
    assert verdict.trouble.error == "RolledBack"


def test_a_directory_altered_after_it_was_checked_is_found(team_of_two):
    practice, ann, _, _ = team_of_two
    entries = practice.server.directory_entries
    entries[2] = replace(entries[2], signature=bytes(64))
    assert verify(ann).trouble.error == "NotAuthentic"
