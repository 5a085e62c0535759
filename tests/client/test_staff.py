"""What a steward settles, and what each says of themselves."""

import pytest

from microblog.client import joining, staff
from microblog.client.following import refresh
from microblog.client.messages import Change
from microblog.client.reading import overview
from microblog.client.shown import PhoneNumber
from microblog.client.transport import StaleHead
from microblog.protocol.errors import BadInvitation, Malformed, NotAllowed
from microblog.protocol.log import Head
from tests.client.practice import id_of


def change(session, person, **changes):
    shown = next(row for row in overview(session).people if row.id == person)
    fields = {
        "person": person, "name": shown.name, "job": shown.job, "agency": shown.agency_id,
        "role": shown.role, "left": False,
    }  # fmt: skip
    staff.change_person(session, Change(**{**fields, **changes}))


def test_an_invitation_is_kept_seven_days_and_shown_to_all(practice):
    ann = practice.found()
    agency = overview(ann).agencies[0].id
    issued = staff.invite(ann, "Bea", "nurse", agency, "practitioner")
    assert issued.expiry == practice.clock.now + 7 * 24 * 3600 * 1000
    assert len(issued.letters.replace(" ", "")) == 8
    assert issued.letters.replace(" ", "") not in issued.link
    (invite,) = overview(ann).invites
    assert (invite.name, invite.state, invite.inviter) == ("Bea", "open", id_of(ann))
    practice.clock.now = issued.expiry + 1
    assert overview(ann).invites[0].state == "expired"


def test_only_a_steward_settles_things(team_of_two):
    _, _, bea, _ = team_of_two
    agency = overview(bea).agencies[0].id
    with pytest.raises(NotAllowed, match="only a steward may do this"):
        staff.invite(bea, "Eve", "", agency, "practitioner")
    with pytest.raises(NotAllowed, match="only a steward may do this"):
        staff.add_agency(bea, "Police", "police")
    with pytest.raises(NotAllowed, match="only a steward may do this"):
        staff.set_policy(bea, "Mine", [])


def test_a_revoked_invitation_lets_nobody_in(practice):
    ann = practice.found()
    agency = overview(ann).agencies[0].id
    issued = staff.invite(ann, "Bea", "nurse", agency, "practitioner")
    staff.revoke_invite(ann, overview(ann).invites[0].id)
    assert overview(ann).invites[0].state == "revoked"
    fragment = issued.link.split("#")[1]
    with pytest.raises(BadInvitation, match="the letters do not fit the link, or the place is"):
        joining.read_invitation(practice.server.connect(), fragment, issued.letters, practice.world)
    with pytest.raises(BadInvitation, match="the invitation is not there, used or revoked"):
        staff.revoke_invite(ann, overview(ann).invites[0].id)


def test_a_person_changes_agency_and_leaves_for_good(team_of_two):
    _practice, ann, bea, _ = team_of_two
    police = staff.add_agency(ann, "Police", "police")
    change(ann, id_of(bea), agency=police, job="sergeant")
    refresh(bea)
    assert (overview(bea).me.agency, overview(bea).me.job) == ("Police", "sergeant")
    change(ann, id_of(bea), left=True)
    with pytest.raises(Exception, match="signed-out"):
        refresh(bea)
    with pytest.raises(NotAllowed, match="nobody by that id works here"):
        change(ann, id_of(bea), left=False)


def test_the_last_steward_stays(practice):
    ann = practice.found()
    with pytest.raises(NotAllowed, match="this would leave no steward"):
        change(ann, id_of(ann), role="practitioner")


def test_a_profile_and_a_policy_are_seen_by_all(team_of_two):
    _, ann, bea, _ = team_of_two
    staff.set_profile(bea, "01632 960777", "bea@health.example")
    number = PhoneNumber(agency_id="", label="Out of hours", number="01632 960002", hours="night")
    staff.set_policy(ann, "Northam Partnership", [number])
    for session in (ann, bea):
        refresh(session)
        shown = overview(session)
        assert shown.practice == "Northam Partnership"
        assert shown.numbers == (number,)
        phones = {person.name: person.phone for person in shown.people}
        assert phones["Bea"] == "01632 960777"


def test_a_text_that_is_too_long_is_not_entered(practice):
    ann = practice.found()
    with pytest.raises(Malformed, match="agency name is not text of the right length"):
        staff.add_agency(ann, "x" * 121, "health")
    with pytest.raises(Malformed, match="sort is not a known word"):
        staff.add_agency(ann, "x", "church")


def test_the_directory_is_written_anew_when_another_steward_was_first(team_of_two, monkeypatch):
    practice, ann, _, _ = team_of_two
    cas = practice.join("Cas", role="steward")
    append, raced = ann.transport.append, []

    def beaten(log, entries):
        if not raced:
            raced.append(True)
            staff.add_agency(cas, "Cas's", "other")
        return append(log, entries)

    monkeypatch.setattr(ann.transport, "append", beaten)
    staff.add_agency(ann, "Ann's", "other")
    names = [agency.name for agency in overview(ann).agencies]
    assert {"Ann's", "Cas's"} <= set(names)


def test_an_entry_that_was_kept_though_refused_is_not_written_twice(practice, monkeypatch):
    ann = practice.found()
    append, refused = ann.transport.append, []

    def keep_and_refuse(log, entries):
        head = append(log, entries)
        if not refused:
            refused.append(True)
            raise StaleHead("someone was first", head)
        return head

    monkeypatch.setattr(ann.transport, "append", keep_and_refuse)
    staff.add_agency(ann, "Once", "other")
    assert [row.name for row in overview(ann).agencies].count("Once") == 1


def test_a_directory_that_went_back_is_seen_in_a_refusal(practice, monkeypatch):
    ann = practice.found()

    def refuse(log, entries):
        raise StaleHead("someone was first", Head(0, bytes(32)))

    monkeypatch.setattr(ann.transport, "append", refuse)
    with pytest.raises(Exception, match="RolledBack"):
        staff.add_agency(ann, "Never", "other")
    assert overview(ann).trouble.error == "RolledBack"
