"""The stories of the invented practice: their words keep the rules; they are read as written."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest

from deploy.demo import __main__ as demo
from deploy.demo.cast import read_cast
from deploy.demo.dates import WEEKS, Clock, Year
from deploy.demo.script import KINDS, MARKS, Act, ScriptError, read_stories, read_story
from microblog.protocol.post import HOWS, OUTCOMES, SURES

STORIES = read_stories(demo.HERE / "stories")
CAST = read_cast(demo.HERE / "practice.toml")
ACTS = sorted((act for acts in STORIES.values() for act in acts), key=lambda act: act.when)
POSTS = [act for act in ACTS if act.verb == "posts"]
HEAD = "Week 7\n\n"


# The words.


def test_there_are_about_five_hundred_posts_and_no_two_say_the_same():
    assert 480 <= len(POSTS) <= 560
    assert [text for text, times in Counter(act.text for act in POSTS).items() if times > 1] == []


def test_every_post_has_words_and_keeps_the_limits():
    assert [act.where for act in POSTS if not 0 < len(act.text) <= 280] == []
    notes = [act.notes.get("source", "") + act.notes.get("reason", "") for act in POSTS]
    assert max(map(len, notes)) <= 120


def test_every_kind_and_mark_that_there_is_occurs():
    assert {act.marks["kind"] for act in POSTS} == set(KINDS)
    assert {act.marks.get("sure") for act in POSTS} == {None, *SURES}
    assert {act.marks.get("outcome") for act in POSTS} == {None, *OUTCOMES}
    assert {act.marks.get("how") for act in POSTS} == {None, *HOWS} - {"copied"}
    assert sum(act.verb == "copies" for act in ACTS) >= 3
    assert {act.marks.get("side") for act in POSTS} == {None, "well", "worried"}
    assert sum("nudge" in act.marks for act in POSTS) >= 3
    verbs = {act.verb for act in ACTS}
    assert verbs >= {"withdraws", "puts", "moves", "describes", "takes off", "lets in"}
    assert len(MARKS) == 13


def test_what_each_kind_asks_for_is_there():
    for act in POSTS:
        kind = act.marks["kind"]
        assert (kind == "visit") == ("outcome" in act.marks), act.where
        assert kind not in ("told", "records") or "source" in act.notes, act.where
        assert (kind == "decision") == ("reason" in act.notes) == ("review" in act.notes), act.where


def test_strengths_stand_beside_worries():
    sides = Counter(act.marks.get("side") for act in POSTS)
    assert sides["well"] > sides["worried"] > 20


def test_whoever_posts_is_on_the_team_by_then():
    teams: dict[str, dict[str, str]] = {}
    for act in ACTS:
        team = teams.setdefault(act.stream, {act.who: "keeper"} if act.verb == "begins" else {})
        assert act.who in team, act.where
        if act.verb == "lets in":
            others = filter(None, act.marks["others"].split(", "))
            for stream in (act.stream, *others):
                assert teams[stream][act.who] == "keeper", act.where
                teams[stream][act.marks["person"]] = act.marks["role"]
        if act.verb == "takes off":
            del team[act.marks["person"]]
    assert set(teams) == set(CAST.subjects)


def test_what_is_answered_is_in_the_same_stream_and_stood_there_before():
    named: dict[str, Act] = {}
    for act in ACTS:
        if meant := act.marks.get("refers") or act.marks.get("label"):
            assert named[meant].stream == act.stream, act.where
            assert act.marks.get("how") != "correction" or named[meant].who == act.who, act.where
        if act.label:
            assert act.label not in named, act.where
            named[act.label] = act


def test_ten_people_in_four_agencies_post_about_seven_children_in_four_households():
    assert len(CAST.workers) == 10
    assert {worker.agency for worker in CAST.workers.values()} == set(CAST.agencies)
    assert len(CAST.agencies) == 4
    sorts = Counter(subject.sort for subject in CAST.subjects.values())
    assert sorts == {"child": 7, "household": 4}
    # Who lets staff in reads nothing.
    assert {act.who for act in POSTS} == set(CAST.workers) - {"Ines"}


def test_one_decision_is_due_for_review():
    answered = {act.marks.get("refers") for act in POSTS if act.marks["kind"] == "decision"}
    open_ones = [act for act in POSTS if "review" in act.notes and act.label not in answered]
    weeks = {act.stream: act.week + int(act.notes["review"].split()[0]) for act in open_ones}
    assert [stream for stream, week in weeks.items() if week < WEEKS] == ["Saltbox House"]


# How they are read.


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Mon 9:10  Priya on Pip: told", "neither a week nor an act in one"),
        ("Mun 09:10  Priya on Pip: told", "neither a week nor an act in one"),
        ("Mon 09:10  Priya on Pip: rumour", "rumour is neither a kind of post nor anything else"),
        ("Mon 09:10  Priya on Pip: told, loudly", "loudly is no mark of a post"),
        ("Mon 09:10  Priya on Pip: told, sure, niggle", "where something is said already"),
    ],
)
def test_a_story_that_is_not_written_as_stories_are_is_refused_by_its_line(line, why):
    with pytest.raises(ScriptError, match=f"^planted:3: .*{why}"):
        list(read_story("planted", f"{HEAD}{line}\n"))


def test_a_story_goes_forward():
    with pytest.raises(ScriptError, match="planted:5: not later"):
        list(read_story("planted", f"{HEAD}Tue 09:10  A on B: told\n\nMon 09:10  A on B: told\n"))


def test_an_act_is_read_with_its_marks_words_and_notes():
    text = "Tue 16:10  A on B C: visit, not let in, 4 of 10, same as x, as y\n    One\n    two.\n"
    (act,) = read_story("planted", f"{HEAD}{text}    source: the\n    neighbour\n")
    assert (act.when, act.who, act.stream, act.label) == ((7, 1, 970), "A", "B C", "y")
    assert act.marks == {"kind": "visit", "outcome": "not-let-in", "scale": "4", "how": "same",
                         "refers": "x"}  # fmt: skip
    assert (act.text, act.notes) == ("One two.", {"source": "the neighbour"})


@pytest.mark.parametrize("hours", range(0, 24 * 7, 6))
def test_the_year_ends_today_and_its_days_follow_one_another(hours):
    zone = timezone(timedelta(hours=1))
    now = datetime(2030, 3, 4, 1, tzinfo=zone) + timedelta(hours=hours)
    year = Year(now)
    days = [year.day(week, day) for week in range(53) for day in range(5 if week == 52 else 7)]
    assert days == sorted(set(days))
    assert all(day.weekday() == place % 7 for place, day in enumerate(days[:-5]))
    assert all(day.weekday() < 5 for day in days[-5:])
    assert (
        timedelta(hours=6)
        <= now.replace(tzinfo=None) - datetime.combine(days[-1], datetime.min.time())
        < timedelta(days=4)
    )
    assert timedelta(days=358) < days[-1] - year.day(1, 0) < timedelta(days=370)


def test_the_clock_never_goes_back():
    clock = Clock(100_000)
    clock.set(50_000)
    assert clock() == 160_000
