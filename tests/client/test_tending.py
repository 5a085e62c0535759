"""Lost devices: keys are changed by themselves, and what was lost opens nothing written later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.client import tending, writing
from microblog.client.directory import refresh_directory
from microblog.client.following import refresh
from microblog.client.sending import begin_batch
from microblog.client.session import Session, read_id
from microblog.client.shown import Trouble
from microblog.client.team import grant, remove
from microblog.client.transport import Refused
from microblog.protocol import post as written
from microblog.protocol.encoding import decode_array
from microblog.protocol.entry import encode_entry, open_body
from microblog.protocol.epoch import open_epoch
from microblog.protocol.errors import Malformed, Unreadable
from microblog.protocol.primitives import box_key, open_box
from tests.client.losing import kinds, let_in, lose
from tests.client.practice import (
    Practice,
    child_of,
    id_of,
    read_posts,
    read_texts,
    say,
)


def opened_with(practice: Practice, log: str, thief: Session) -> list[str]:
    """Return what a device's keys open of a stream, with all that the server has."""
    kept, keys = practice.server.streams[read_id(log)], thief.keys
    reading = set(keys.reading_secrets) | sealed_to(practice, thief)
    found = dict(thief.feeds[read_id(log)].secrets) if read_id(log) in thief.feeds else {}
    for epoch, boxes in kept.boxes.items():
        for box in boxes.values():
            for secret in reading:
                pair, whose = (secret, box_key(secret)), thief.me
                commitment = kept.stream.commitments[epoch]
                try:
                    found[epoch] = open_epoch(box, pair, read_id(log), epoch, whose, commitment)
                except Unreadable:
                    continue
    texts = []
    for entry in kept.entries:
        for secret in found.values():
            try:
                items = open_body(entry, secret)
            except Unreadable:
                continue
            if items[0] == "msb/1/post":
                texts.append(str(items[1]))
    return texts


def sealed_to(practice: Practice, thief: Session) -> set[bytes]:
    """Return every reading key in the directory that a device's box key opens."""
    found: set[bytes] = set()
    for entry in practice.server.directory_entries:
        if entry.header.kind not in ("device", "rekey"):
            continue
        payload = entry.header.payload
        blobs = [payload[3]] if len(payload) == 5 else [row[1] for row in payload[1]]
        for blob in blobs:
            try:
                items = decode_array(open_box(thief.keys.box_secret, blob))
            except (Unreadable, Malformed):
                continue
            found |= {secret for secret in items[4] if isinstance(secret, bytes)}
    return found


def test_a_new_device_begins_with_its_own_two_keys_and_reads_everything(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    refresh(bea)
    laptop = let_in(practice, bea)
    refresh(laptop)
    assert read_texts(laptop, log) == ["Before."]
    assert laptop.keys.reading_secrets == bea.keys.reading_secrets


def test_a_stolen_device_opens_nothing_after_the_next_epoch(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    say(ann, log, "Before.")
    refresh(laptop)
    lose(ann, laptop)
    refresh(bea)
    refresh(ann)
    say(ann, log, "After, from Ann.")
    refresh(bea)
    say(bea, log, "After, from Bea.")
    assert opened_with(practice, log, laptop) == ["Before."]
    assert set(opened_with(practice, log, bea)) == {
        "Before.", "After, from Ann.", "After, from Bea.",
    }  # fmt: skip


def test_a_stolen_device_reads_on_where_no_epoch_comes(team_of_two, monkeypatch):
    """The planted fault: without what a client does by itself, the test above would fail."""
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    monkeypatch.setattr("microblog.client.following.tend", lambda session: None)
    monkeypatch.setattr("microblog.protocol.stream.Stream.losses", lambda *_: set())
    lose(ann, laptop)
    refresh(ann)
    say(ann, log, "After.")
    assert opened_with(practice, log, laptop) == ["After."]


def test_a_stolen_device_reads_on_where_a_stale_key_gets_a_box(team_of_two, monkeypatch):
    """The planted fault: a box for the key that was lost is all that a thief needs."""
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    monkeypatch.setattr("microblog.protocol.directory.Directory.is_stale", lambda *_: False)
    lose(ann, laptop)
    refresh(ann)
    say(ann, log, "After.")
    assert opened_with(practice, log, laptop) == ["After."]


def test_who_lost_a_device_reads_on_with_another_reading_key(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    lose(ann, laptop)
    refresh(ann)
    assert kinds(practice, log)[-1] == "epoch"
    say(ann, log, "While Bea is away.")
    kept = practice.server.streams[read_id(log)]
    assert bea.me not in kept.boxes[kept.stream.epoch]
    refresh(bea)
    assert not bea.directory.is_stale(bea.me)
    assert child_of(bea, log).waiting
    refresh(ann)
    refresh(bea)
    assert read_texts(bea, log) == ["While Bea is away."]
    assert say(bea, log, "Here again.").sent


def test_whoever_revokes_their_own_device_has_another_key_at_once(team_of_two):
    practice, _ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    count = len(practice.server.directory_entries)
    lose(bea, laptop)
    added = practice.server.directory_entries[count:]
    assert [entry.header.kind for entry in added] == ["revoke", "rekey"]
    refresh(bea)
    assert not child_of(bea, log).waiting
    assert kinds(practice, log)[-1] == "epoch"
    say(bea, log, "After.")
    assert opened_with(practice, log, laptop) == []


def test_it_is_said_whose_keys_are_being_changed(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    refresh_directory(ann)
    assert [person.name for person in child_of(ann, log).changing] == ["Bea"]
    assert child_of(ann, log).leaving == ()
    assert [member.person.name for member in child_of(ann, log).members] == ["Ann", "Bea"]
    refresh(ann)
    assert child_of(ann, log).changing == ()


def test_a_lost_device_takes_nobody_off_the_team(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    refresh(ann)
    assert [member.person.name for member in child_of(ann, log).members] == ["Ann", "Bea"]


def test_a_revoked_device_is_refused_everywhere(team_of_two):
    practice, ann, bea, _log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    lose(ann, laptop)
    with pytest.raises(Refused) as refused:
        refresh(laptop)
    assert refused.value.code == "signed-out"


@pytest.mark.parametrize(("knows", "error"), [(False, "StaleDirectory"), (True, "UnknownDevice")])
def test_a_revoked_device_with_a_servers_help_writes_nothing_more(team_of_two, knows, error):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    lose(ann, laptop)
    refresh(ann)
    feed = ann.feeds[read_id(log)]
    laptop.directory = ann.directory if knows else laptop.directory
    batch = begin_batch(laptop, laptop.feeds[read_id(log)])
    place = replace(batch.place, head=feed.stream.head, epoch=feed.stream.epoch)
    words = written.Post(text="From the thief.")
    entry = writing.post(laptop.writer, place, batch.fresh(), bytes(32), words, written.PLAIN)
    feed.take([encode_entry(entry)], ann.directory)
    assert feed.trouble is not None
    assert feed.trouble.error == error


def test_what_a_lost_device_signed_is_doubtful_from_then_on(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    refresh(laptop)
    say(laptop, log, "On Monday.")
    practice.clock.pass_seconds(3600)
    lost_at = practice.clock.now
    practice.clock.pass_seconds(3600)
    say(laptop, log, "On Tuesday.")
    refresh(bea)
    say(bea, log, "From the phone.")
    lose(ann, laptop, since=lost_at)
    refresh(ann)
    found = {post.text: post.doubtful for post in read_posts(ann, log)}
    assert found == {"On Monday.": False, "On Tuesday.": True, "From the phone.": False}


def test_the_quickest_client_is_enough(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    refresh(ann)
    refresh(bea)
    refresh(ann)
    assert kinds(practice, log).count("epoch") == 1


def test_a_client_that_is_beaten_leaves_it_at_that(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    append, beaten = bea.transport.append, []

    def be_beaten(to, entries):
        if to == read_id(log) and not beaten:
            beaten.append(to)
            refresh(ann)
        return append(to, entries)

    monkeypatch.setattr(bea.transport, "append", be_beaten)
    refresh(bea)
    assert beaten
    assert kinds(practice, log).count("epoch") == 1


def test_what_the_server_refuses_is_tried_again_later(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    append = ann.transport.append

    def refuse(to, entries):
        raise Refused("restoring", "")

    monkeypatch.setattr(ann.transport, "append", refuse)
    refresh(ann)
    assert "epoch" not in kinds(practice, log)
    monkeypatch.setattr(ann.transport, "append", append)
    refresh(ann)
    assert kinds(practice, log)[-1] == "epoch"


@pytest.mark.parametrize("why", ["trouble", "directory", "restoring", "removed"])
def test_nothing_is_begun_where_nothing_may_be_sent(team_of_two, why):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    cas = practice.join("Cas")
    refresh(ann)
    grant(ann, log, id_of(cas), "follower", "")
    refresh(cas)
    if why == "removed":
        remove(ann, log, id_of(cas))
        refresh(cas)
    lose(ann, laptop)
    refresh_directory(cas)
    feed = cas.feeds[read_id(log)]
    if why == "trouble":
        feed.stop(Malformed("x"))
    if why == "directory":
        cas.trouble = Trouble(error="BrokenChain", seq=1)
    cas.restoring = why == "restoring"
    epochs = kinds(practice, log).count("epoch")
    tending.tend(cas)
    assert kinds(practice, log).count("epoch") == epochs


def test_who_is_waiting_begins_no_epoch(team_of_two):
    practice, ann, bea, log = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    refresh_directory(bea)
    feed = bea.feeds[read_id(log)]
    feed.secrets.clear()
    assert not tending.is_due(bea, feed)
