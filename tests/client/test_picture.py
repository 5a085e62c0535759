"""The picture of a stream, and what a supervisor looks at, out of real sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.client import staff, team
from microblog.client.following import refresh
from microblog.client.messages import Change
from microblog.client.picture import picture, supervision
from microblog.client.posting import withdraw
from microblog.client.reading import overview
from microblog.client.session import NotFollowed, read_id
from microblog.client.showing import show_posts
from microblog.client.when import local_time
from tests.client.practice import begin, child_of, id_of, say

DAY_SECONDS = 24 * 60 * 60
VISIT = {"kind": "visit"}


def days_on(practice, days):
    practice.clock.pass_seconds(days * DAY_SECONDS)


def test_a_picture_is_of_what_was_posted(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "At home.", **VISIT, outcome="alone", scale="4")
    days_on(practice, 19)
    refresh(bea)
    say(bea, log, "Nobody answered.", **VISIT, outcome="not-let-in", side="worried")
    refresh(ann)
    found = picture(ann, log)
    assert [(mark.lane, mark.scale, mark.failed, mark.side) for mark in found.marks] == [
        ("Council", "4", False, ""),
        ("Health", "", True, "worried"),
    ]
    assert [(lane.name, lane.sort, lane.posts) for lane in found.lanes] == [
        ("Council", "council", 1),
        ("Health", "health", 1),
    ]
    assert (found.seen.days, found.seen.alone, found.seen.by.name) == (19, True, "Ann")
    assert [(attempt.outcome, attempt.by.name) for attempt in found.attempts] == [
        ("not-let-in", "Bea")
    ]
    assert (found.tellers, found.agencies, found.unreadable, found.unchecked) == (2, 2, 0, 0)
    assert found.today == local_time(practice.clock.now)[:10]


def test_a_sibling_gets_thick_in_step_and_lends_no_figures(team_of_two):
    _, ann, _, log = team_of_two
    other, third = begin(ann, "Ben Turner"), begin(ann, "Abe Turner")
    say(ann, other, "Seen.", **VISIT, outcome="seen", happened="2020-01-06")
    say(ann, log, "A hunch.")
    found = picture(ann, log, (other, third, log))
    assert [thick.name for thick in found.thickness] == ["Rosie Turner", "Abe Turner", "Ben Turner"]
    assert {thick.weeks[0].monday for thick in found.thickness} == {"2020-01-06"}
    assert len({len(thick.weeks) for thick in found.thickness}) == 1
    assert [sum(week.posts for week in thick.weeks) for thick in found.thickness] == [1, 0, 1]
    assert found.seen is None
    assert {mark.log for mark in found.marks} == {log}


def test_of_all_i_follow_nobody_is_seen_and_nobody_is_of_concern(team_of_two):
    _, ann, _, log = team_of_two
    other = begin(ann, "Ben Turner")
    for one in (log, other):
        say(ann, one, "Seen.", **VISIT, outcome="seen")
        say(ann, one, "Not.", **VISIT, outcome="not-seen")
        for who in ("a", "b", "c"):
            say(ann, one, "Worried.", kind="told", source=who, side="worried")
    found = picture(ann, "")
    assert (found.seen, found.attempts, found.concern) == (None, (), None)
    assert {mark.log for mark in found.marks} == {log, other}
    assert [(thick.log, sum(w.posts for w in thick.weeks)) for thick in found.thickness] == [
        ("", 10)
    ]


def test_a_picture_of_a_stream_that_i_do_not_follow_is_refused(team_of_two):
    _, ann, bea, log = team_of_two
    other = begin(ann, "Ben Turner")
    with pytest.raises(NotFollowed, match="no stream of that id"):
        picture(bea, other)
    with pytest.raises(NotFollowed, match="no stream of that id"):
        picture(bea, log, (other,))


def test_words_that_are_withheld_are_counted_as_unreadable(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "A hunch.")
    kept = practice.server.streams[read_id(log)]
    kept.entries[-1] = replace(kept.entries[-1], body=b"", salt=b"")
    refresh(bea)
    found = picture(bea, log)
    assert (found.marks, found.unreadable) == ((), 1)


def test_a_childs_line_says_what_the_picture_says(team_of_two):
    _, ann, _, log = team_of_two
    for who in ("a", "b", "c"):
        say(ann, log, "Worried.", kind="told", source=who, side="worried")
    child = child_of(ann, log)
    assert child.concern == picture(ann, log).concern is not None
    weeks = picture(ann, log).thickness[0].weeks
    assert child.weeks == tuple(week.posts for week in weeks) == (0,) * 11 + (3,)


def test_a_glance_is_taken_again_only_when_something_is_another(team_of_two, monkeypatch):
    practice, ann, _, log = team_of_two
    taken = []
    monkeypatch.setattr(
        "microblog.client.showing.show_posts",
        lambda *asked: taken.append(asked) or show_posts(*asked),
    )
    for _ in range(3):
        child_of(ann, log)
    assert len(taken) == 1
    say(ann, log, "Seen.", **VISIT, outcome="seen")
    taken.clear()
    assert child_of(ann, log).last_seen is not None
    withdraw(ann, log, child_of(ann, log).checked - 1, False, "the wrong day")
    assert child_of(ann, log).last_seen is None
    refresh(ann)
    taken.clear()
    days_on(practice, 1)
    child_of(ann, log)
    child_of(ann, log)
    assert len(taken) == 1


def test_a_glance_opens_with_the_words(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Seen.", **VISIT, outcome="seen")
    kept = practice.server.streams[read_id(log)]
    whole = kept.entries[-1]
    kept.entries[-1] = replace(whole, body=b"", salt=b"")
    refresh(bea)
    assert child_of(bea, log).last_seen is None
    kept.entries[-1] = whole
    practice.clock.pass_seconds(60)
    refresh(bea)
    assert child_of(bea, log).last_seen is not None


def test_a_glance_knows_people_as_the_directory_knows_them_now(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "Seen.", **VISIT, outcome="seen")
    assert child_of(ann, log).last_seen.by.job == "manager"
    me = overview(ann).me
    change = Change(
        person=me.id, name=me.name, job="head of service", agency=me.agency_id, role=me.role,
        left=False,
    )  # fmt: skip
    staff.change_person(ann, change)
    refresh(ann)
    assert child_of(ann, log).last_seen.by.job == "head of service"


def test_a_supervisor_sees_the_children_of_those_they_supervise(team_of_two):
    practice, ann, bea, log = team_of_two
    sue = practice.join("Sue", role="supervisor")
    other = begin(ann, "Ben Turner")
    for one in (log, other):
        team.grant(ann, one, id_of(sue), "supervisor", "supervises")
    refresh(sue)
    assert [one.name for one in supervision(sue)] == ["Ben Turner", "Rosie Turner"]
    staff.set_profile(bea, "", "", supervisor=id_of(sue))
    refresh(sue)
    found = supervision(sue)
    assert [(one.log, [who.name for who in one.workers]) for one in found] == [(log, ["Bea"])]


def test_a_deputy_supervises_and_who_supervises_nobody_sees_nothing(team_of_two):
    _, ann, bea, log = team_of_two
    assert supervision(ann) == ()
    staff.set_profile(bea, "", "", deputies=[id_of(ann)])
    refresh(ann)
    assert [one.log for one in supervision(ann)] == [log]


def test_a_supervisors_line_says_what_wants_looking_at(team_of_two):
    practice, ann, bea, log = team_of_two
    staff.set_profile(bea, "", "", supervisor=id_of(ann))
    today = local_time(practice.clock.now)[:10]
    refresh(bea)
    say(bea, log, "Seen.", **VISIT, outcome="seen")
    days_on(practice, 30)
    refresh(bea)
    say(bea, log, "No.", **VISIT, outcome="nobody-in", nudge=True)
    say(bea, log, "Keep on.", kind="decision", reason="thin", review=today)
    refresh(ann)
    [line] = supervision(ann)
    assert (line.name, line.seen.days, line.attempts) == ("Rosie Turner", 30, 1)
    assert line.nudged.by.name == "Bea"
    assert [due.text for due in line.due] == ["Keep on."]
