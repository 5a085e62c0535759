"""Founding and joining: nobody is let in, or taken in, by a server that lies."""

from dataclasses import replace

import pytest

from microblog.client import joining, staff
from microblog.client.following import refresh
from microblog.client.joining import FirstSteward
from microblog.client.reading import overview
from microblog.client.transport import Refused, StaleHead, Unreachable
from microblog.protocol.errors import BadInvitation, BrokenChain, Malformed, ProtocolError
from tests.client.practice import NUMBERS
from tests.lying.server import TOKEN

FIRST = FirstSteward(
    practice="Northam", name="Ann", job="manager", agency="Council", sort="council",
    device="laptop", numbers=NUMBERS,
)  # fmt: skip


@pytest.fixture
def invited(practice):
    """Return a practice, and an invitation's fragment and letters."""
    ann = practice.found()
    agency = overview(ann).agencies[0].id
    issued = staff.invite(ann, "Bea", "nurse", agency, "supervisor")
    return practice, issued.link.split("#")[1], issued.letters


def read(practice, fragment, letters, transport=None):
    transport = transport or practice.server.connect()
    return joining.read_invitation(transport, fragment, letters, practice.world)


def test_a_practice_begins_with_steward_agency_and_numbers(practice):
    ann = practice.found()
    shown = overview(ann)
    assert (shown.practice, shown.me.name, shown.me.role) == ("Northam", "Ann", "steward")
    assert (shown.me.agency, shown.me.job) == ("Council", "manager")
    assert shown.numbers == NUMBERS


def test_a_practice_is_founded_once(practice):
    practice.found()
    _keys, entries = joining.draft_founding(FIRST, "https://x", practice.world)
    with pytest.raises(Refused, match="signed-out"):
        joining.found(practice.server.connect(), TOKEN, entries)


def test_a_wrong_founding_token_founds_nothing(practice):
    _, entries = joining.draft_founding(FIRST, "https://x", practice.world)
    with pytest.raises(Refused, match="signed-out"):
        joining.found(practice.server.connect(), "another", entries)
    assert practice.server.directory_entries == []


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("practice", "practice name is not text"),
        ("agency", "agency name is not text"),
    ],
)
def test_a_founding_without_names_is_not_drafted(practice, field, message):
    with pytest.raises(Malformed, match=message):
        joining.draft_founding(replace(FIRST, **{field: ""}), "https://x", practice.world)


def test_an_invitation_says_who_invites_whom_to_what(invited):
    practice, fragment, letters = invited
    _, offer = read(practice, fragment, letters)
    assert (offer.practice, offer.name, offer.job) == ("Northam", "Bea", "nurse")
    assert (offer.agency, offer.role, offer.inviter.name) == ("Council", "supervisor", "Ann")


def test_letters_are_read_as_they_are_spoken(invited):
    practice, fragment, letters = invited
    spoken = letters.lower().replace("0", "o").replace("1", "l").replace(" ", "-")
    _, offer = read(practice, fragment, spoken)
    assert offer.name == "Bea"


@pytest.mark.parametrize(
    ("fragment", "letters", "error", "message"),
    [
        ("{}", "AAAA AAAA", BadInvitation, "the letters do not fit the link, or the place is"),
        ("{}", "AAAA AAA", Malformed, "not 8 letters or digits"),
        ("{}", "AAAA AAAU", Malformed, "not 8 letters or digits"),
        ("AAAA", None, Malformed, "the link is not complete"),
        ("{}=", None, Malformed, "not base64url"),
    ],
)
def test_what_is_mistyped_is_refused(invited, fragment, letters, error, message):
    practice, right, spoken = invited
    with pytest.raises(error, match=message):
        read(practice, fragment.format(right), letters or spoken)


def test_an_invitation_is_used_once(invited):
    practice, fragment, letters = invited
    guest, _ = read(practice, fragment, letters)
    other, _ = read(practice, fragment, letters)
    joining.join(guest, joining.new_keys(guest, practice.world), "phone", practice.world)
    with pytest.raises(BadInvitation, match="the invitation is not there, used or revoked"):
        joining.join(other, joining.new_keys(other, practice.world), "phone", practice.world)
    with pytest.raises(BadInvitation, match="the letters do not fit the link, or the place is"):
        read(practice, fragment, letters)


def test_a_directory_of_another_practice_is_not_believed(invited, monkeypatch):
    practice, fragment, letters = invited
    _, entries = joining.draft_founding(FIRST, "https://x", practice.world)
    monkeypatch.setattr(practice.server, "directory_entries", entries)
    with pytest.raises(BrokenChain, match="this is another practice's directory"):
        read(practice, fragment, letters)


def test_a_directory_without_the_invitation_is_not_believed(invited, monkeypatch):
    practice, fragment, letters = invited
    entries = practice.server.directory_entries[:-1]
    monkeypatch.setattr(practice.server, "directory_entries", entries)
    with pytest.raises(BadInvitation, match="the place is gone"):
        read(practice, fragment, letters)


def test_an_altered_directory_is_not_believed(invited, monkeypatch):
    practice, fragment, letters = invited
    entries = list(practice.server.directory_entries)
    entries[1] = replace(entries[1], signature=bytes(64))
    monkeypatch.setattr(practice.server, "directory_entries", entries)
    with pytest.raises(ProtocolError, match="the signature does not fit"):
        read(practice, fragment, letters)


def test_another_is_first_while_someone_joins(invited, monkeypatch):
    practice, fragment, letters = invited
    ann = practice.sessions["Ann"]
    transport = practice.server.connect()
    guest, _ = read(practice, fragment, letters, transport)
    append, raced = transport.append, []

    def beaten(log, entries):
        if not raced:
            raced.append(True)
            staff.add_agency(ann, "Police", "police")
        return append(log, entries)

    monkeypatch.setattr(transport, "append", beaten)
    joining.join(guest, joining.new_keys(guest, practice.world), "phone", practice.world)
    refresh(ann)
    assert {person.name for person in overview(ann).people} == {"Ann", "Bea"}


def test_a_join_that_was_kept_though_refused_is_done(invited, monkeypatch):
    practice, fragment, letters = invited
    transport = practice.server.connect()
    guest, _ = read(practice, fragment, letters, transport)
    append = transport.append

    def keep_and_refuse(log, entries):
        head = append(log, entries)
        raise StaleHead("someone was first", head)

    monkeypatch.setattr(transport, "append", keep_and_refuse)
    joining.join(guest, joining.new_keys(guest, practice.world), "phone", practice.world)


def test_a_server_out_of_reach_lets_nobody_join(invited):
    practice, fragment, letters = invited
    practice.server.down = True
    with pytest.raises(Unreachable, match="the server cannot be reached"):
        read(practice, fragment, letters)


def test_a_directory_that_comes_in_pieces_is_read_whole(invited):
    practice, fragment, letters = invited
    practice.server.reply_bytes = 700
    _, offer = read(practice, fragment, letters)
    assert offer.name == "Bea"
