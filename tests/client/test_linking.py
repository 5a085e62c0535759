"""Linking one more device: by letters alone, either end sure of the other, for ten minutes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.client import linking
from microblog.client.devices import devices, revoke_device
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.linking import Newcomer, begin_link, let_in, proceed, read_link
from microblog.client.memory import Memory
from microblog.client.session import InTrouble, Waiting, read_id
from microblog.client.transport import Refused
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import (
    BadLetters,
    LinkOver,
    NotAuthentic,
    ProtocolError,
    UnknownDevice,
)
from microblog.protocol.link import (
    CONSENT,
    LIFE_MS,
    PINS,
    WELCOME,
    Welcome,
    open_pins,
    seal_pins,
    seal_welcome,
)
from tests.client.practice import Practice, device_of, read_texts, say

HOUR_MS = 3_600_000


def newcomer_at(practice: Practice, name: str = "laptop") -> Newcomer:
    return begin_link(practice.server.connect(), name, practice.world)


def link(practice: Practice, old, until: int = 0, name: str = "laptop"):
    """Link a device and return its session, that has fetched everything."""
    newcomer = newcomer_at(practice, name)
    let_in(old, newcomer.letters, until, lambda: proceed(newcomer))
    assert proceed(newcomer).state == "done"
    return open_new(practice, newcomer)


def open_new(practice: Practice, newcomer: Newcomer):
    keys = newcomer.keys
    session = open_session(
        keys, practice.server.connect(), Memory(None, keys.device_seed), practice.world
    )
    refresh(session)
    return session


def test_a_linked_device_reads_and_posts_as_its_person(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    refresh(bea)
    laptop = link(practice, bea)
    assert read_texts(laptop, log) == ["Before."]
    say(laptop, log, "From the laptop.")
    refresh(ann)
    assert read_texts(ann, log) == ["From the laptop.", "Before."]
    assert laptop.me == bea.me
    assert device_of(laptop) != device_of(bea)


def test_each_end_says_how_far_it_is(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    assert proceed(newcomer).state == "waiting"
    assert read_link(bea.transport, newcomer.letters).name == "laptop"
    states = []

    def pause():
        states.append(proceed(newcomer))

    let_in(bea, newcomer.letters, 0, pause)
    states.append(proceed(newcomer))
    assert [row.state for row in states] == ["welcomed", "done"]
    assert [(row.practice, row.name) for row in states] == [("Northam", "Bea")] * 2


def test_letters_are_read_as_people_type_them(team_of_two):
    practice, _, bea, _ = team_of_two
    letters = newcomer_at(practice).letters
    typed = " ".join(letters[at : at + 4] for at in range(0, 20, 4)).lower().replace("0", "o")
    assert read_link(bea.transport, typed).name == "laptop"
    with pytest.raises(BadLetters, match="not 20 letters"):
        read_link(bea.transport, letters[:-1])
    other = "A" if letters[-1] != "A" else "B"
    with pytest.raises(LinkOver, match="no device waits"):
        read_link(bea.transport, letters[:-1] + other)


def test_the_letters_and_what_was_said_under_them_never_reach_the_server(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice, "a name of its own")
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    proceed(newcomer)
    stored = b"".join(practice.server.links.messages.values()) + b"".join(
        tag for tag, _ in practice.server.links.messages
    )
    told = (newcomer.letters.encode(), newcomer.link.key, b"a name of its own", b"Northam",
            bea.keys.fingerprint, bea.me, *bea.keys.reading_secrets)  # fmt: skip
    assert len(practice.server.links.messages) == 4
    assert [secret for secret in told if secret in stored] == []


def test_after_ten_minutes_it_is_over_at_both_ends(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    practice.clock.now += LIFE_MS
    assert proceed(newcomer).state == "over"
    with pytest.raises(LinkOver):
        let_in(bea, newcomer.letters, 0, lambda: None)
    assert [row.mine for row in devices(bea)] == [True]


def test_a_device_that_does_not_answer_is_not_let_in(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    with pytest.raises(LinkOver, match="does not answer"):
        let_in(bea, newcomer.letters, 0, lambda: None)
    assert len(devices(bea)) == 1
    # It is asked again, with the same welcome, and then it answers.
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    assert proceed(newcomer).state == "done"


def test_one_welcome_only_and_no_other_in_its_place(team_of_two):
    practice, ann, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    with pytest.raises(LinkOver):
        let_in(ann, newcomer.letters, 0, lambda: None)
    with pytest.raises(LinkOver, match="another device has answered"):
        let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))


def test_a_device_for_a_shift_ends_with_it(team_of_two):
    practice, _, bea, log = team_of_two
    began = practice.clock.now
    laptop = link(practice, bea, began + 8 * HOUR_MS)
    say(laptop, log, "On shift.")
    practice.clock.now = began + 8 * HOUR_MS + 1
    with pytest.raises((Refused, ProtocolError)):
        say(laptop, log, "After it.")
    refresh(bea)
    row = devices(bea)[1]
    assert (row.name, row.until, row.revoked) == ("laptop", began + 8 * HOUR_MS, False)
    assert row.last_use == began


def test_where_the_answer_gets_lost_what_was_let_in_is_shut_out_again(team_of_two, monkeypatch):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    honest = practice.server.links.put

    def put(tag, slot, message):
        if slot == PINS:
            practice.clock.now += LIFE_MS
        honest(tag, slot, message)

    monkeypatch.setattr(practice.server.links, "put", put)
    with pytest.raises(LinkOver, match="ten minutes are over"):
        let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    assert [(row.mine, row.revoked) for row in devices(bea)] == [(True, False), (False, True)]
    assert not bea.directory.is_stale(bea.me)


# What a server, or who stands between, may try.


def test_a_false_message_under_the_tag_is_not_believed(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    practice.server.links.messages[newcomer.link.tag, WELCOME] = bytes(100)
    with pytest.raises(NotAuthentic, match="not sealed with these letters"):
        proceed(newcomer)
    first = next(iter(practice.server.links.messages))
    practice.server.links.messages[first] = bytes(100)
    with pytest.raises(NotAuthentic, match="not sealed with these letters"):
        read_link(bea.transport, newcomer.letters)


def test_a_message_from_another_place_is_not_believed(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    messages = practice.server.links.messages
    messages[newcomer.link.tag, WELCOME] = messages[newcomer.link.tag, 1]
    with pytest.raises(NotAuthentic):
        proceed(newcomer)
    del messages[newcomer.link.tag, WELCOME]

    def swap():
        proceed(newcomer)
        messages[newcomer.link.tag, CONSENT] = messages[newcomer.link.tag, WELCOME]

    with pytest.raises(NotAuthentic):
        let_in(bea, newcomer.letters, 0, swap)
    assert len(devices(bea)) == 1


def test_a_consent_to_something_else_lets_nothing_in(team_of_two):
    practice, ann, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    until = practice.clock.now + HOUR_MS
    # Whoever has the letters says that it is for somebody else, and for ever.
    other = Welcome(bea.keys.fingerprint, ann.me, 0, "Northam", "Ann")
    message = seal_welcome(newcomer.link, bytes(24), other)
    practice.server.links.put(newcomer.link.tag, WELCOME, message)
    proceed(newcomer)
    practice.server.links.messages.pop((newcomer.link.tag, WELCOME))
    with pytest.raises(NotAuthentic, match="the new device did not sign this"):
        let_in(bea, newcomer.letters, until, lambda: None)
    assert len(devices(bea)) == 1


def test_a_practice_that_does_not_have_the_entry_is_not_entered(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    server = practice.server
    before = server.directory
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    server.directory, server.directory_entries = before, server.directory_entries[:-1]
    with pytest.raises((InTrouble, UnknownDevice)):
        proceed(newcomer)
    assert newcomer.keys is None


def test_a_directory_that_is_another_than_the_old_device_saw_is_not_entered(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    at = (newcomer.link.tag, PINS)
    pins = open_pins(newcomer.link, practice.server.links.messages[at])
    assert pins.heads[0] == (DIRECTORY, bea.directory.head)
    forged = replace(pins.heads[0][1], id=bytes(32))
    told = replace(pins, heads=((DIRECTORY, forged), *pins.heads[1:]))
    practice.server.links.messages[at] = seal_pins(newcomer.link, bytes(24), told)
    with pytest.raises(InTrouble, match="RolledBack"):
        proceed(newcomer)


def test_who_lets_it_in_as_somebody_else_than_was_said_is_not_believed(team_of_two):
    practice, ann, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    at = (newcomer.link.tag, PINS)
    pins = open_pins(newcomer.link, practice.server.links.messages[at])
    for other in (replace(pins, person=ann.me), replace(pins, fingerprint=bytes(32))):
        practice.server.links.messages[at] = seal_pins(newcomer.link, bytes(24), other)
        with pytest.raises(NotAuthentic, match="somebody else than was said"):
            proceed(newcomer)


def test_a_practice_without_the_entry_that_let_it_in_is_not_entered(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    at = (newcomer.link.tag, PINS)
    pins = open_pins(newcomer.link, practice.server.links.messages[at])
    told = seal_pins(newcomer.link, bytes(24), replace(pins, entry=bytes(32)))
    practice.server.links.messages[at] = told
    with pytest.raises(UnknownDevice, match="the entry that let this device in"):
        proceed(newcomer)


def test_a_stream_that_is_shorter_than_the_old_device_saw_is_in_trouble_at_once(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Seen by the old device.")
    refresh(bea)
    newcomer = newcomer_at(practice)
    let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    proceed(newcomer)
    kept = practice.server.streams[read_id(log)]
    kept.entries.pop()
    kept.stream = replace(kept.stream, head=replace(kept.stream.head, seq=len(kept.entries) - 1,
                                                    id=kept.entries[-1].id))  # fmt: skip
    laptop = open_new(practice, newcomer)
    assert laptop.feeds[read_id(log)].trouble.error == "RolledBack"


def test_a_device_without_the_newest_reading_key_hands_on_none(team_of_two):
    practice, _, bea, _ = team_of_two
    newcomer = newcomer_at(practice)
    bea.keys = replace(bea.keys, reading_secrets=(bytes(32),))
    with pytest.raises(Waiting, match="newest reading key"):
        let_in(bea, newcomer.letters, 0, lambda: proceed(newcomer))
    assert linking.TRIES == 60


def test_a_revoked_device_lets_nobody_in(team_of_two):
    practice, _, bea, _ = team_of_two
    laptop = link(practice, bea)
    revoke_device(bea, devices(bea)[1].key, 0)
    newcomer = newcomer_at(practice)
    with pytest.raises((ProtocolError, Refused, Waiting)):
        let_in(laptop, newcomer.letters, 0, lambda: proceed(newcomer))
    assert proceed(newcomer).state != "done"


def test_a_name_that_is_too_long_is_not_offered(practice):
    practice.found()
    with pytest.raises(ProtocolError, match="device name"):
        newcomer_at(practice, "x" * 121)
