"""Reading keys that come with the directory, and what is sealed to whom after a loss."""

from __future__ import annotations

import pytest

from microblog.client.asking import read_slip
from microblog.client.following import refresh
from microblog.client.rekeying import count_room, rekey
from microblog.client.session import read_id
from microblog.client.team import grant
from microblog.client.transport import Refused
from microblog.protocol.ask import encode_slip
from microblog.protocol.device import MAX_DEVICES
from microblog.protocol.entry import MAX_PAYLOAD_BYTES, decode_entry, encode_entry
from microblog.protocol.errors import Unreadable
from microblog.protocol.primitives import box_key
from microblog.protocol.reading import Owner, open_reading
from tests.client.losing import kinds, let_in, lose
from tests.client.practice import (
    begin,
    child_of,
    device_of,
    id_of,
    read_texts,
    say,
)

HOUR_MS = 60 * 60 * 1000


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
