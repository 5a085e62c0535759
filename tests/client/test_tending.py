"""Lost devices: keys are changed by themselves, and what was lost opens nothing written later."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest

from microblog.client import tending, writing
from microblog.client.admitting import NewDevice
from microblog.client.asking import read_slip
from microblog.client.devices import add_device, revoke_device
from microblog.client.directory import refresh_directory
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.rekeying import count_room, rekey
from microblog.client.sending import begin_batch
from microblog.client.session import Session, read_id
from microblog.client.shown import Trouble
from microblog.client.team import grant, remove
from microblog.client.transport import Refused
from microblog.protocol import post as written
from microblog.protocol.ask import encode_slip
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import MAX_DEVICES, sign_device
from microblog.protocol.encoding import decode_array
from microblog.protocol.entry import MAX_PAYLOAD_BYTES, decode_entry, encode_entry, open_body
from microblog.protocol.epoch import open_epoch
from microblog.protocol.errors import Malformed, Unreadable
from microblog.protocol.primitives import box_key, open_box, signing_key
from microblog.protocol.reading import Owner, open_reading
from tests.client.practice import (
    Practice,
    begin,
    child_of,
    device_of,
    id_of,
    read_posts,
    read_texts,
    say,
)

HOUR_MS = 60 * 60 * 1000


def let_in(practice: Practice, session: Session, until: int = 0) -> Session:
    """Return another device of the same person, which begins with nothing but its own two keys."""
    seed, box_secret = secrets.token_bytes(32), secrets.token_bytes(32)
    fingerprint, box = session.keys.fingerprint, box_key(box_secret)
    signature = sign_device(seed, fingerprint, session.me, box, until)
    add_device(session, NewDevice(
        key=signing_key(seed), box_key=box, name="laptop", sort="", until=until,
        signature=signature,
    ))  # fmt: skip
    keys = replace(
        session.keys, device_seed=seed, box_secret=box_secret, reading_secrets=(), pins=()
    )
    memory = Memory(None, seed)
    return open_session(keys, practice.server.connect(), memory, practice.world)


def lose(session: Session, device: Session, since: int = 0) -> None:
    """Revoke a device."""
    revoke_device(session, encode_base64url(device_of(device)), since)


def kinds(practice: Practice, log: str) -> list[str]:
    return [entry.header.kind for entry in practice.server.streams[read_id(log)].entries]


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
    entry = writing.post(laptop.writer, place, batch.fresh(), bytes(32), words, False)
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


def test_reading_keys_are_the_same_on_every_device_of_a_person(team_of_two):
    practice, _ann, bea, _log = team_of_two
    laptop, tablet = let_in(practice, bea), let_in(practice, bea)
    for _ in range(3):
        rekey(bea)
        refresh(laptop)
    lose(bea, tablet)
    for device in (bea, laptop):
        refresh(device)
        known = [key for _, key in device.directory.persons[device.me].reading_keys]
        assert [box_key(secret) for secret in device.keys.reading_secrets] == known
    assert len(laptop.keys.reading_secrets) == 5
    reopened = practice.reopen(laptop)
    assert reopened.keys.reading_secrets == laptop.keys.reading_secrets


def test_a_device_that_was_away_opens_what_the_others_brought(team_of_two):
    practice, _ann, bea, log = team_of_two
    laptop, tablet = let_in(practice, bea), let_in(practice, bea)
    refresh(laptop)
    lose(bea, tablet)
    refresh(bea)
    say(bea, log, "While the laptop was shut.")
    refresh(laptop)
    assert read_texts(laptop, log) == ["While the laptop was shut."]


def test_a_device_takes_no_key_that_the_directory_does_not_show(team_of_two):
    practice, _ann, bea, _log = team_of_two
    laptop = let_in(practice, bea)
    owner = Owner(bea.keys.fingerprint, bea.me, device_of(laptop))
    entry = practice.server.directory_entries[-1]
    with pytest.raises(Unreadable, match="void"):
        open_reading(laptop.keys.box_secret, entry.header.payload[3], owner, [bytes(32)])


def test_a_second_sheet_of_a_busy_person_still_has_room_for_the_newest_key():
    for devices in range(1, MAX_DEVICES + 1):
        room = count_room(devices)
        assert room >= 8
        sealed = 48 + 110 + 34 * room
        assert sealed <= 4096
        assert devices * (sealed + 40) + 64 <= MAX_PAYLOAD_BYTES


def test_a_reading_key_fits_with_as_many_devices_and_keys_as_there_may_be(team_of_two):
    practice, _ann, bea, _ = team_of_two
    for _ in range(MAX_DEVICES - 1):
        let_in(practice, bea)
    for _ in range(12):
        rekey(bea)
    entry = practice.server.directory_entries[-1]
    assert entry.header.kind == "rekey"
    assert len(entry.header.payload[1]) == MAX_DEVICES
    assert decode_entry(encode_entry(entry)).id == entry.id
    assert not bea.directory.is_stale(bea.me)


def test_who_lost_a_device_before_is_let_in_with_others_after(team_of_two):
    practice, ann, _bea, log = team_of_two
    cas, dan = practice.join("Cas"), practice.join("Dan")
    lose(cas, let_in(practice, cas))
    refresh(ann)
    grant(ann, log, id_of(cas), "follower", "")
    grant(ann, log, id_of(dan), "follower", "")
    assert kinds(practice, log)[-3:] == ["epoch", "grant", "grant"]
    refresh(cas)
    assert not child_of(cas, log).waiting


def test_a_stale_keeper_is_not_asked(team_of_two):
    practice, ann, bea, log = team_of_two
    grant(ann, log, id_of(bea), "keeper", "")
    cas = practice.join("Cas")
    fragment = encode_slip(read_id(log), ann.keys.fingerprint)
    refresh(cas)
    assert {person.name for person in read_slip(cas, fragment).keepers} == {"Ann", "Bea"}
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    refresh(cas)
    assert {person.name for person in read_slip(cas, fragment).keepers} == {"Ann"}


def test_a_child_begun_with_a_stale_key_is_sealed_to_nobody(team_of_two):
    practice, ann, bea, _ = team_of_two
    laptop = let_in(practice, bea)
    lose(ann, laptop)
    log = begin(bea, "Sample Child")
    assert practice.server.streams[read_id(log)].boxes[0] == {}
    refresh(bea)
    kept = practice.server.streams[read_id(log)]
    assert bea.me in kept.boxes[kept.stream.epoch]


def test_nothing_is_signed_by_a_device_whose_time_is_over(team_of_two):
    practice, _ann, bea, _ = team_of_two
    laptop = let_in(practice, bea, until=practice.clock.now + HOUR_MS)
    refresh(laptop)
    practice.clock.pass_seconds(3601)
    laptop.transport.sort = ""
    with pytest.raises(Refused) as refused:
        refresh(laptop)
    assert refused.value.code == "signed-out"
