"""Devices: what there is, shutting one out, the recovery sheet, and who is back with new keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.client import recovering, sheets, staff, team
from microblog.client.devices import devices, devices_of, revoke_device
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.messages import Change
from microblog.client.proposals import dismiss_proposal
from microblog.client.reading import overview
from microblog.client.returns import returns
from microblog.client.session import InTrouble, Waiting
from microblog.client.transport import Refused
from microblog.protocol.errors import BadLetters, NotAllowed, ProtocolError, UnknownDevice
from microblog.protocol.log import Head
from microblog.protocol.recovery import decode_sheet_link, encode_sheet_link
from tests.client.practice import child_of, id_of, read_texts, say
from tests.client.test_linking import link


def paper(session):
    """Make a recovery sheet, typed back as it should be, and return it."""
    draft = sheets.draft_sheet(session)
    first, second = draft.shown.asked
    sheets.keep_sheet(session, draft, (draft.shown.letters[first], draft.shown.letters[second]))
    return draft.shown


def recover(practice, found, *lost, name="new phone"):
    keys = recovering.new_keys(found)
    recovering.recover(found, keys, name, lost)
    session = open_session(
        keys, practice.server.connect(), Memory(None, keys.device_seed), practice.world
    )
    refresh(session)
    return session


def by_letters(practice, sheet):
    letters = " ".join(sheet.letters).lower()
    return recovering.read_letters(practice.server.connect(), letters, practice.world)


def by_link(practice, sheet):
    fragment = sheet.link.partition("#")[2]
    return recovering.read_link(practice.server.connect(), fragment, practice.world)


# The list.


def test_devices_are_listed_with_name_and_last_use(team_of_two):
    practice, ann, bea, log = team_of_two
    practice.clock.pass_seconds(60)
    link(practice, bea)
    practice.clock.pass_seconds(60)
    say(bea, log, "Used.")
    first, second = devices(bea)
    assert (first.name, first.mine, first.last_use) == ("phone", True, practice.clock.now)
    assert (second.name, second.mine, second.last_use) == ("laptop", False, 0)
    assert second.since == practice.clock.now - 60_000
    refresh(ann)
    assert [row.name for row in devices_of(ann, id_of(bea))] == ["phone", "laptop"]
    assert [row.mine for row in devices_of(ann, id_of(bea))] == [False, False]


# Shutting out.


def test_a_device_that_is_shut_out_opens_nothing_that_is_posted_from_then_on(team_of_two):
    practice, ann, bea, log = team_of_two
    stolen = link(practice, bea)
    old_key = bea.directory.persons[bea.me].reading_key
    revoke_device(bea, devices(bea)[1].key, practice.clock.now)
    assert bea.directory.persons[bea.me].reading_key != old_key
    refresh(ann)
    refresh(bea)
    say(ann, log, "Not for the thief.")
    refresh(bea)
    assert read_texts(bea, log) == ["Not for the thief."]
    with pytest.raises((Refused, ProtocolError)):
        refresh(stolen)
    assert read_texts(stolen, log) == []


def test_a_device_is_shut_out_once_and_again_is_nothing_new(team_of_two):
    practice, _, bea, _ = team_of_two
    link(practice, bea)
    key = devices(bea)[1].key
    revoke_device(bea, key, 0)
    count = len(bea.directory.ids)
    revoke_device(bea, key, 0)
    assert len(bea.directory.ids) == count


def test_a_steward_shuts_out_a_colleagues_device_and_nobody_else_does(team_of_two):
    practice, ann, bea, log = team_of_two
    link(practice, bea)
    refresh(ann)
    key = devices_of(ann, id_of(bea))[1].key
    with pytest.raises(NotAllowed, match="only a steward, or whose it is"):
        revoke_device(practice.join("Cas"), key, 0)
    revoke_device(ann, key, 0)
    assert ann.directory.is_stale(bea.me)
    # Her other device makes its next key by itself, and reads on.
    refresh(bea)
    refresh(ann)
    assert not ann.directory.is_stale(bea.me)
    say(ann, log, "Still here.")
    refresh(bea)
    assert read_texts(bea, log)[0] == "Still here."


def test_there_is_no_such_device(team_of_two):
    _, ann, _, _ = team_of_two
    with pytest.raises(NotAllowed, match="no such device"):
        revoke_device(ann, "A" * 43, 0)


# The sheet.


def test_a_sheet_counts_once_its_groups_are_typed_back(team_of_two):
    _, _, bea, _ = team_of_two
    assert overview(bea).sheets == 0
    draft = sheets.draft_sheet(bea)
    first, second = draft.shown.asked
    assert (len(draft.shown.letters), first < second) == (9, True)
    wrong = "0000" if draft.shown.letters[second] != "0000" else "1111"
    with pytest.raises(BadLetters) as refused:
        sheets.keep_sheet(bea, draft, (draft.shown.letters[first], wrong))
    assert (refused.value.group, overview(bea).sheets) == (second, 0)
    typed = (draft.shown.letters[first].lower(), f" {draft.shown.letters[second]} ")
    sheets.keep_sheet(bea, draft, typed)
    assert overview(bea).sheets == 1
    assert [(row.sort, row.name) for row in devices(bea)] == [("", "phone"), ("paper", "")]
    # Typed once more, because the answer was lost: it is there.
    sheets.keep_sheet(bea, draft, typed)
    assert overview(bea).sheets == 1


def test_what_is_printed_pins_the_directory_and_names_its_person(team_of_two):
    _, _, bea, _ = team_of_two
    shown = sheets.draft_sheet(bea).shown
    assert (shown.practice, shown.name) == ("Northam", "Bea")
    assert shown.fingerprint == overview(bea).fingerprint
    assert shown.directory[0] == bea.directory.head.seq
    assert shown.link.startswith("https://practice.example/recover#")


@pytest.mark.parametrize("read", [by_letters, by_link])
def test_back_from_the_sheet_with_the_lost_phone_shut_out(team_of_two, read):
    practice, ann, bea, log = team_of_two
    say(ann, log, "From before.")
    sheet = paper(bea)
    phone = devices(bea)[0].key
    found = read(practice, sheet)
    assert (found.shown.practice, found.shown.name) == ("Northam", "Bea")
    assert [(row.sort, row.mine) for row in found.shown.devices] == [("", False), ("paper", True)]
    again = recover(practice, found, phone)
    assert read_texts(again, log) == ["From before."]
    refresh(ann)
    refresh(again)
    say(again, log, "I am back.")
    refresh(ann)
    assert read_texts(ann, log)[0] == "I am back."
    with pytest.raises((Refused, ProtocolError)):
        refresh(bea)
    rows = {row.name: row.revoked for row in devices(again)}
    assert rows == {"phone": True, "": False, "new phone": False}


def test_a_used_sheet_is_good_again(team_of_two):
    practice, _, bea, log = team_of_two
    sheet = paper(bea)
    first = recover(practice, by_letters(practice, sheet), devices(bea)[0].key, name="one")
    second = recover(practice, by_letters(practice, sheet), devices(first)[2].key, name="two")
    assert child_of(second, log).name == "Rosie Turner"
    assert [row.revoked for row in devices(second)] == [True, False, True, False]


def test_with_nothing_lost_the_keys_stay(team_of_two):
    practice, _, bea, log = team_of_two
    sheet, key = paper(bea), bea.directory.persons[bea.me].reading_key
    again = recover(practice, by_letters(practice, sheet))
    assert again.directory.persons[again.me].reading_key == key
    assert child_of(again, log).name == "Rosie Turner"


def test_keys_that_were_sent_without_an_answer_are_not_sent_twice(team_of_two):
    practice, _, bea, _ = team_of_two
    found = by_letters(practice, paper(bea))
    keys = recovering.new_keys(found)
    for _ in range(2):
        recovering.recover(found, keys, "new phone", ())
    assert len(devices(found.session)) == 3


def test_a_steward_who_lost_their_only_device_comes_back(practice):
    ann = practice.found()
    sheet, phone = paper(ann), devices(ann)[0].key
    again = recover(practice, by_letters(practice, sheet), phone)
    assert overview(again).me.role == "steward"


def test_letters_that_no_sheet_has_are_refused_and_where_is_said_if_known(team_of_two):
    practice, _, bea, _ = team_of_two
    letters = "".join(paper(bea).letters)
    connection = practice.server.connect()

    def group_of(typed):
        with pytest.raises(BadLetters) as refused:
            recovering.read_letters(connection, typed, practice.world)
        return refused.value.group

    def other(at):
        return letters[:at] + ("A" if letters[at] != "A" else "B") + letters[at + 1 :]

    assert [group_of(other(at)) for at in (0, 9, 35)] == [0, 2, 8]
    assert group_of(other(3)[:30] + other(30)[30:]) is None
    assert group_of(letters[:-1]) is None


def test_a_sheet_that_is_shut_out_or_of_another_practice_opens_nothing(team_of_two):
    practice, _, bea, _ = team_of_two
    sheet, unknown = paper(bea), sheets.draft_sheet(bea).shown
    with pytest.raises(UnknownDevice):
        by_letters(practice, unknown)
    with pytest.raises(UnknownDevice):
        by_link(practice, unknown)
    revoke_device(bea, devices(bea)[1].key, 0)
    with pytest.raises(UnknownDevice):
        by_letters(practice, sheet)
    assert overview(bea).sheets == 0


def test_a_server_that_lets_a_sheet_in_that_is_shut_out_helps_it_to_nothing(
    team_of_two, monkeypatch
):
    practice, _, bea, _ = team_of_two
    sheet = paper(bea)
    revoke_device(bea, devices(bea)[1].key, 0)
    monkeypatch.setattr("tests.lying.server.is_good", lambda device, time: True)
    with pytest.raises(UnknownDevice, match="it is shut out"):
        by_letters(practice, sheet)


def test_a_directory_other_than_the_sheet_was_printed_from_is_not_believed(team_of_two):
    practice, _, bea, _ = team_of_two
    sheet = decode_sheet_link(paper(bea).link.partition("#")[2])
    for head in (Head(sheet.directory.seq, bytes(32)), Head(999, sheet.directory.id)):
        link = encode_sheet_link(replace(sheet, directory=head))
        with pytest.raises(InTrouble, match="RolledBack"):
            recovering.read_link(practice.server.connect(), link, practice.world)


def test_a_server_that_calls_itself_another_practice_gets_nothing_out_of_a_sheet(
    team_of_two, monkeypatch
):
    practice, _, bea, _ = team_of_two
    sheet = paper(bea)
    connection = practice.server.connect()
    monkeypatch.setattr(connection, "fingerprint", lambda: bytes(32))
    letters = "".join(sheet.letters)
    with pytest.raises(UnknownDevice):
        recovering.read_letters(connection, letters, practice.world)
    monkeypatch.setattr(connection, "fingerprint", lambda: None)
    with pytest.raises(BadLetters, match="no practice is founded"):
        recovering.read_letters(connection, letters, practice.world)


def test_a_device_that_holds_no_newest_key_makes_no_sheet(team_of_two):
    _, _, bea, _ = team_of_two
    draft = sheets.draft_sheet(bea)
    first, second = draft.shown.asked
    bea.keys = replace(bea.keys, reading_secrets=(bytes(32),))
    with pytest.raises(Waiting):
        sheets.keep_sheet(bea, draft, (draft.shown.letters[first], draft.shown.letters[second]))


# Invited anew.


@pytest.fixture
def back(team_of_two):
    """Return Bea, who lost everything and was invited anew, and what Ann the keeper sees."""
    practice, ann, bea, log = team_of_two
    say(bea, log, "Before it was lost.")
    refresh(ann)
    former = id_of(bea)
    known = overview(ann).me.agency_id
    issued = staff.invite(ann, "Bea again", "nurse", known, "practitioner", formerly=former)
    again = practice.take(issued, "Bea again")
    refresh(ann)
    return practice, ann, bea, again, log


def leave(ann, person):
    row = next(row for row in overview(ann).people if row.id == person)
    staff.change_person(ann, Change(
        person=person, name=row.name, job=row.job, agency=row.agency_id, role=row.role, left=True
    ))  # fmt: skip
    refresh(ann)


def test_nobody_is_asked_while_the_former_person_still_has_a_device(back):
    _, ann, _, _, _ = back
    assert returns(ann) == ()


def test_each_keeper_is_asked_once_and_one_act_brings_all_back(back):
    _, ann, bea, again, log = back
    leave(ann, id_of(bea))
    (row,) = returns(ann)
    assert (row.person.name, row.former.name) == ("Bea again", "Bea")
    assert (row.logs, row.roles) == ((log,), ("follower",))
    assert overview(ann).returns == (row,)
    handed = team.grant_many(ann, row.person.id, row.roles[0], "Back", "", row.logs)
    assert [it.done for it in handed] == [True]
    assert returns(ann) == ()
    refresh(again)
    assert read_texts(again, log) == ["Before it was lost."]


def test_all_devices_shut_out_is_as_good_as_gone(back):
    _, ann, bea, _, log = back
    revoke_device(ann, devices_of(ann, id_of(bea))[0].key, 0)
    assert [row.logs for row in returns(ann)] == [(log,)]


def test_whom_a_keeper_had_taken_off_before_has_nothing_to_come_back_to(back):
    _, ann, bea, _, log = back
    team.remove(ann, log, id_of(bea))
    leave(ann, id_of(bea))
    assert returns(ann) == ()


def test_who_is_no_keeper_is_not_asked_and_no_is_no(back):
    practice, ann, bea, _, log = back
    cas = practice.join("Cas")
    team.grant(ann, log, id_of(cas), "follower", "")
    leave(ann, id_of(bea))
    refresh(cas)
    assert returns(cas) == ()
    (row,) = returns(ann)
    dismiss_proposal(ann, row.key)
    assert returns(ann) == ()
