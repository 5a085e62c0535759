"""Many streams in one act: letting in, taking off, handing over; what is asked, what hangs."""

import pytest

from microblog.client import staff, team
from microblog.client.following import refresh
from microblog.client.hanging import hanging
from microblog.client.messages import NewChild
from microblog.client.proposals import dismiss_proposal, proposals
from microblog.client.reading import overview
from microblog.client.session import read_id
from microblog.client.transport import Refused, Unreachable
from microblog.protocol.errors import NotAllowed
from tests.client.practice import begin, child_of, id_of, read_texts, say
from tests.client.test_staff import change


@pytest.fixture
def caseload(practice):
    """Return Ann, who keeps a household and three children of it, and Bea, who follows none."""
    ann, bea = practice.found(), practice.join("Bea", agency="Health")
    home = team.begin_child(ann, NewChild(name="Home", sort="household"))
    logs = [
        team.begin_child(ann, NewChild(name=f"Child {n}", households=(home,))) for n in range(3)
    ]
    refresh(ann)
    return practice, ann, bea, home, logs


def roles(session, person, logs) -> list[str]:
    who = read_id(person)
    return [session.feeds[read_id(log)].stream.roles.get(who, "") for log in logs]


def test_following_a_household_and_each_of_its_children_is_one_act(caseload):
    _, ann, bea, home, logs = caseload
    say(ann, logs[0], "Before.")
    handed = team.grant_many(ann, id_of(bea), "follower", "visits", home, [home, *logs])
    assert [(row.log, row.done, row.error) for row in handed] == [
        (log, True, "") for log in [home, *logs]
    ]
    refresh(bea)
    assert read_texts(bea, logs[0]) == ["Before."]
    vias = [child_of(bea, log).members[-1].via for log in [home, *logs]]
    assert vias == ["", home, home, home]
    assert child_of(bea, logs[1]).members[-1].why == "visits"


def test_one_who_is_there_already_keeps_role_and_reason(caseload):
    _, ann, bea, home, logs = caseload
    team.grant(ann, logs[1], id_of(bea), "keeper", "covers for Ann")
    entries = ann.feeds[read_id(logs[1])].next_seq
    handed = team.grant_many(ann, id_of(bea), "supervisor", "", home, logs)
    assert all(row.done for row in handed)
    assert roles(ann, id_of(bea), logs) == ["supervisor", "keeper", "supervisor"]
    assert ann.feeds[read_id(logs[1])].next_seq == entries


def test_a_caseload_is_handed_over_and_a_follower_becomes_keeper(caseload):
    _, ann, bea, _, logs = caseload
    team.grant(ann, logs[0], id_of(bea), "follower", "")
    team.grant_many(ann, id_of(bea), "keeper", "takes over from Ann", "", logs)
    assert roles(ann, id_of(bea), logs) == ["keeper"] * 3
    refresh(bea)
    team.remove_many(bea, id_of(ann), logs)
    assert roles(bea, id_of(ann), logs) == [""] * 3


def test_a_failure_in_the_middle_is_reported_and_stops_no_other(caseload, monkeypatch):
    practice, ann, bea, _, logs = caseload
    append = ann.transport.append

    def refuse(log, entries):
        if log == read_id(logs[1]):
            raise Refused("too-large", "")
        return append(log, entries)

    with monkeypatch.context() as patch:
        patch.setattr(ann.transport, "append", refuse)
        handed = team.grant_many(ann, id_of(bea), "keeper", "", "", logs)
    assert [(row.done, row.error, row.code) for row in handed] == [
        (True, "", ""), (False, "Refused", "too-large"), (True, "", "")
    ]  # fmt: skip
    before = [len(practice.server.streams[read_id(log)].entries) for log in logs]
    again = team.grant_many(ann, id_of(bea), "keeper", "", "", logs)
    assert all(row.done for row in again)
    after = [len(practice.server.streams[read_id(log)].entries) for log in logs]
    assert [b - a for a, b in zip(before, after, strict=True)] == [0, 1, 0]


def test_streams_that_are_not_mine_to_give_are_named_one_by_one(caseload):
    practice, ann, bea, _, logs = caseload
    cas = practice.join("Cas")
    own = begin(bea, "Bea's")
    refresh(ann)
    team.grant(ann, logs[0], id_of(bea), "follower", "")
    refresh(bea)
    handed = team.grant_many(bea, id_of(cas), "follower", "", "", [logs[0], logs[1], own])
    assert [(row.error, row.code) for row in handed] == [
        ("NotAllowed", ""), ("Refused", "not-found"), ("", "")
    ]  # fmt: skip


def test_without_a_connection_the_rest_is_not_tried_and_goes_on_later(caseload, monkeypatch):
    practice, ann, bea, home, logs = caseload
    append, count = ann.transport.append, 0

    def break_off(log, entries):
        nonlocal count
        count += 1
        practice.server.down = count > 1
        return append(log, entries)

    def fetch(since):
        vain.append(practice.server.down)
        return get(since)

    get, vain = ann.transport.fetch, []
    monkeypatch.setattr(ann.transport, "append", break_off)
    monkeypatch.setattr(ann.transport, "fetch", fetch)
    handed = team.grant_many(ann, id_of(bea), "follower", "", home, [home, *logs])
    assert [row.error for row in handed] == ["", *["Unreachable"] * 3]
    assert sum(vain) == 1
    monkeypatch.setattr(ann.transport, "append", append)
    practice.server.down = False
    handed = team.grant_many(ann, id_of(bea), "follower", "", home, [home, *logs])
    assert all(row.done for row in handed)
    assert roles(ann, id_of(bea), [home, *logs]) == ["follower"] * 4


def test_progress_is_told_stream_by_stream(caseload, monkeypatch):
    _, ann, bea, _, logs = caseload
    told = []
    world = ann.world.__class__(ann.world.clock, ann.world.random, lambda *row: told.append(row))
    ann.world = world
    team.grant_many(ann, id_of(bea), "follower", "", "", logs)
    assert [row for row in told if row[0] == "hand"] == [("hand", done, 3) for done in range(4)]


def test_one_is_removed_from_a_household_and_all_its_children_in_one_act(caseload):
    _, ann, bea, home, logs = caseload
    team.grant_many(ann, id_of(bea), "follower", "", home, [home, *logs[:2]])
    refresh(bea)
    handed = team.remove_many(ann, id_of(bea), [home, *logs])
    assert [row.done for row in handed] == [True] * 4
    for log in (home, *logs[:2]):
        say(ann, log, "After.")
    refresh(bea)
    assert [read_texts(bea, log) for log in (home, *logs[:2])] == [[], [], []]
    assert [child_of(bea, log).removed.by.name for log in (home, *logs[:2])] == ["Ann"] * 3


def test_nobody_who_has_left_is_let_in(caseload):
    _, ann, bea, _, logs = caseload
    team.grant(ann, logs[0], id_of(bea), "follower", "")
    change(ann, id_of(bea), left=True)
    handed = team.grant_many(ann, id_of(bea), "follower", "", "", logs)
    assert [row.done for row in handed] == [False] * 3


# Supervisors


@pytest.fixture
def supervised(caseload):
    """Return a caseload that Bea follows too; Sue supervises her and follows nothing."""
    practice, ann, bea, home, logs = caseload
    sue = practice.join("Sue")
    team.grant_many(ann, id_of(bea), "follower", "", home, [home, *logs])
    staff.set_profile(bea, "", "", supervisor=id_of(sue))
    refresh(ann)
    return practice, ann, bea, sue, [home, *logs]


def test_a_profile_names_supervisor_and_deputies_and_keeps_what_is_not_given(supervised):
    practice, ann, bea, sue, _ = supervised
    deb = practice.join("Deb")
    refresh(bea)
    staff.set_profile(bea, "01632 960777", "", deputies=[id_of(deb)])
    staff.set_profile(bea, "01632 960778", "bea@health.example")
    refresh(ann)
    shown = next(row for row in overview(ann).people if row.id == id_of(bea))
    assert (shown.phone, shown.supervisor, shown.deputies) == (
        "01632 960778", id_of(sue), (id_of(deb),)
    )  # fmt: skip
    staff.set_profile(bea, "", "", supervisor="", deputies=())
    refresh(ann)
    shown = next(row for row in overview(ann).people if row.id == id_of(bea))
    assert (shown.supervisor, shown.deputies) == ("", ())


def test_nobody_supervises_themselves(supervised):
    _, _, bea, _, _ = supervised
    with pytest.raises(NotAllowed, match="nobody supervises themselves"):
        staff.set_profile(bea, "", "", supervisor=id_of(bea))
    with pytest.raises(NotAllowed, match="nobody supervises themselves"):
        staff.set_profile(bea, "", "", deputies=[id_of(bea)])
    with pytest.raises(NotAllowed, match="a supervisor or deputy is not known"):
        staff.set_profile(bea, "", "", supervisor="A" * 22)


def test_a_keeper_is_asked_once_for_all_the_children_and_accepts(supervised):
    _, ann, bea, sue, logs = supervised
    (asked,) = overview(ann).proposals
    assert (asked.person.id, asked.supervisor.id) == (id_of(bea), id_of(sue))
    assert sorted(asked.logs) == sorted(logs)
    assert asked.key == f"{id_of(bea)}/{id_of(sue)}"
    refresh(bea)
    assert child_of(bea, logs[1]).my_role == "follower"
    assert proposals(bea) == ()
    team.grant_many(ann, asked.supervisor.id, "supervisor", "supervises Bea", "", asked.logs)
    assert proposals(ann) == ()
    refresh(sue)
    assert child_of(sue, logs[1]).my_role == "supervisor"


def test_a_no_is_remembered_and_another_supervisor_is_asked_about_again(supervised):
    practice, ann, bea, _, _ = supervised
    (asked,) = proposals(ann)
    dismiss_proposal(ann, asked.key)
    assert proposals(ann) == ()
    assert proposals(practice.reopen(ann)) == ()
    deb = practice.join("Deb")
    refresh(bea)
    staff.set_profile(bea, "", "", supervisor=id_of(deb))
    refresh(ann)
    assert [row.supervisor.name for row in proposals(ann)] == ["Deb"]


def test_what_is_remembered_beside_the_logs_is_no_log(supervised):
    _, ann, _, _, _ = supervised
    logs = ann.memory.logs()
    dismiss_proposal(ann, "a/b")
    assert ann.memory.logs() == logs
    assert ann.memory.aside("settings") is None


def test_nothing_is_proposed_for_whom_it_would_be_wrong(supervised):
    practice, ann, bea, sue, logs = supervised
    team.remove_many(ann, id_of(bea), logs[:1])
    (asked,) = proposals(ann)
    assert sorted(asked.logs) == sorted(logs[1:])
    change(ann, id_of(sue), left=True)
    assert proposals(ann) == ()
    deb = practice.join("Deb")
    refresh(bea)
    staff.set_profile(bea, "", "", supervisor=id_of(deb))
    refresh(ann)
    assert len(proposals(ann)) == 1
    change(ann, id_of(bea), left=True)
    assert proposals(ann) == ()


# What hangs on someone


def test_a_leavers_screen_lists_what_still_hangs_on_them(supervised):
    _, ann, bea, sue, logs = supervised
    team.grant(ann, logs[1], id_of(bea), "keeper", "")
    own = begin(bea, "Only Bea's")
    refresh(ann)
    found = hanging(ann, id_of(bea))
    assert [row.name for row in found.streams] == ["Child 0", "Child 1", "Child 2", "Home"]
    assert found.sole_keeper == ()
    assert own not in [row.log for row in found.streams]
    mine = hanging(ann, id_of(ann))
    assert len(mine.sole_keeper) == 3
    assert [row.name for row in hanging(ann, id_of(sue)).supervises] == ["Bea"]
    assert hanging(ann, id_of(sue)).streams == ()


def test_a_keeper_beside_one_who_has_left_is_the_only_one(supervised):
    _, ann, bea, _, logs = supervised
    team.grant(ann, logs[1], id_of(bea), "keeper", "")
    assert logs[1] not in [row.log for row in hanging(ann, id_of(ann)).sole_keeper]
    change(ann, id_of(bea), left=True)
    assert logs[1] in [row.log for row in hanging(ann, id_of(ann)).sole_keeper]
    assert logs[1] in [row.log for row in hanging(ann, id_of(bea)).streams]


def test_open_invitations_hang_on_who_issued_them(practice):
    ann = practice.found()
    agency = overview(ann).agencies[0].id
    staff.invite(ann, "Bea", "nurse", agency, "practitioner")
    staff.invite(ann, "Cas", "nurse", agency, "practitioner")
    staff.revoke_invite(ann, overview(ann).invites[0].id)
    assert [row.name for row in hanging(ann, id_of(ann)).invites] == ["Bea"]


def test_an_unreachable_server_is_no_reason_to_say_done(caseload):
    practice, ann, bea, _, logs = caseload
    practice.server.down = True
    handed = team.grant_many(ann, id_of(bea), "follower", "", "", logs)
    assert [row.done for row in handed] == [False] * 3
    assert {row.error for row in handed} == {Unreachable.__name__}
