"""The day as a device tells it: which posts are in it, under which child, and what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from microblog.client import posting, team
from microblog.client.following import refresh
from microblog.client.marks import mark_read
from microblog.client.reading import children
from microblog.client.rounds import (
    mail_states,
    round_up,
    round_up_choice,
    set_round_up_choice,
)
from microblog.client.sending import add_due_epoch, send
from microblog.client.session import read_id
from microblog.client.when import add_days, today
from microblog.client.writing import post as write_post
from microblog.protocol.naming import two_words
from microblog.protocol.post import PLAIN, QUIET, Post
from tests.client.practice import begin, child_of, id_of, read_posts, say
from tests.lying.rounds import NEVER

DAY_SECONDS = 24 * 60 * 60
START_OF_DAY = round(datetime(2026, 11, 23).astimezone().timestamp() * 1000)


@pytest.fixture
def two(team_of_two):
    """Return Ann, Bea and their child, at nine in the morning of 23 November."""
    practice, ann, bea, log = team_of_two
    practice.clock.now = START_OF_DAY + 9 * 60 * 60 * 1000
    refresh(ann)
    refresh(bea)
    return practice, ann, bea, log


def lines_of(told) -> list[str]:
    return [line.line for child in told.children for line in child.lines]


def texts_of(told) -> list[str]:
    return [line.rpartition(": ")[2] for line in lines_of(told)]


def bring_in(session, log: str, text: str, row: bytes) -> None:
    words = Post(text=text, kind="records", row=row)

    def write(batch) -> None:
        add_due_epoch(batch)
        batch.add(
            write_post(session.writer, batch.place, batch.fresh(), batch.secret, words, QUIET)
        )

    send(session, read_id(log), write)


def test_the_day_is_told_by_child_oldest_first(two) -> None:
    practice, ann, bea, log = two
    other = begin(bea, "Abel Ash")
    say(bea, log, "One.")
    practice.clock.pass_seconds(60)
    say(bea, log, "Two.", kind="visit", outcome="not-let-in", nudge=True)
    say(bea, other, "Only Bea's.")
    refresh(ann)
    assert [child.name for child in round_up(bea, 1).children] == ["Abel Ash", "Rosie Turner"]
    told = round_up(ann, 1)
    assert lines_of(told) == [
        "Hunch · 09:00 · nurse: One.",
        "Visit, not let in · 09:01 · nurse: Two.",
    ]
    assert (told.posts, told.nudges, told.unchecked) == (2, 1, 0)
    assert [child.words for child in told.children] == [two_words(read_id(log))]


def test_a_child_is_called_by_the_same_two_words_everywhere(two) -> None:
    _, ann, _, log = two
    say(ann, log, "Mine.")
    assert child_of(ann, log).words == round_up(ann, 1).children[0].words != ""


def test_days_are_days_of_the_calendar(two) -> None:
    practice, ann, bea, log = two
    practice.clock.now = START_OF_DAY - 2 * DAY_SECONDS * 1000 - 60_000  # Friday 23:59
    say(bea, log, "Friday.")
    practice.clock.pass_seconds(60)
    say(bea, log, "Saturday.")
    practice.clock.pass_seconds(DAY_SECONDS)
    say(bea, log, "Sunday.")
    practice.clock.now = START_OF_DAY + 60_000
    refresh(ann)
    assert texts_of(round_up(ann, 1)) == ["Sunday."]
    assert texts_of(round_up(ann, 2)) == ["Saturday.", "Sunday."]
    assert texts_of(round_up(ann, 3)) == ["Friday.", "Saturday.", "Sunday."]
    assert round_up(ann, 3).since == "2026-11-20"


def test_what_i_have_not_read_is_told_however_old_it_is(two) -> None:
    practice, ann, bea, log = two
    say(bea, log, "Old.")
    practice.clock.pass_seconds(40 * DAY_SECONDS)
    say(bea, log, "New.")
    say(ann, log, "Mine.")
    refresh(ann)
    told = round_up(ann, 0, unread=True)
    assert texts_of(told) == ["Old.", "New."]
    assert told.since == ""
    mark_read(ann, log, told.children[0].lines[0].seq)
    assert texts_of(round_up(ann, 0, unread=True)) == ["New."]


def test_my_own_posts_stand_there_and_are_not_counted(two) -> None:
    _, ann, _, log = two
    say(ann, log, "Mine.")
    told = round_up(ann, 1)
    assert lines_of(told) == ["Hunch · 09:00 · you: Mine."]
    assert told.posts == 0


def test_a_clock_that_is_behind_hides_nothing(two) -> None:
    """Ours never write an earlier time than that of the entry before; others may."""
    practice, ann, bea, log = two
    say(ann, log, "First.")
    refresh(bea)
    written = practice.clock.now - 9 * DAY_SECONDS * 1000

    def write(batch) -> None:
        place, words = replace(batch.place, time=written), Post(text="Behind.")
        batch.add(write_post(bea.writer, place, batch.fresh(), batch.secret, words, PLAIN))

    send(bea, read_id(log), write)
    refresh(ann)
    assert texts_of(round_up(ann, 1)) == ["First.", "Behind."]


def test_a_clock_that_is_ahead_brings_nothing_else_back(two) -> None:
    practice, ann, bea, log = two
    say(bea, log, "Old.")
    practice.clock.pass_seconds(90 * DAY_SECONDS)
    say(bea, log, "From the future.")
    practice.clock.pass_seconds(-60 * DAY_SECONDS)
    refresh(ann)
    assert texts_of(round_up(ann, 1)) == ["From the future."]


def test_a_row_brought_in_is_no_news_and_a_post_that_says_so_falsely_is(two) -> None:
    _, ann, bea, log = two
    bring_in(bea, log, "Out of a spreadsheet.", b"r" * 32)
    bring_in(bea, log, "Hidden by an insider.", b"")
    refresh(ann)
    assert texts_of(round_up(ann, 1)) == ["Hidden by an insider."]
    assert texts_of(round_up(ann, 0, unread=True)) == ["Hidden by an insider."]


def test_what_i_see_too_is_told(two) -> None:
    _, ann, bea, log = two
    say(bea, log, "Thinner.")
    refresh(ann)
    (post,) = read_posts(ann, log)
    assert [line.answered for line in round_up(ann, 1).children[0].lines] == [False]
    say(ann, log, "", how="same", refers=(post.id,))
    refresh(bea)
    assert [line.answered for line in round_up(ann, 1).children[0].lines] == [True, False]
    assert [line.answered for line in round_up(bea, 1).children[0].lines] == [False, False]


def test_the_words_of_what_was_withdrawn_are_not_told(two) -> None:
    _, ann, bea, log = two
    say(bea, log, "It was her sister.")
    (post,) = read_posts(bea, log)
    posting.withdraw(bea, log, post.seq, False, "a mistake")
    refresh(ann)
    assert lines_of(round_up(ann, 1)) == ["Post, withdrawn · 09:00 · nurse"]


def test_a_decision_comes_back_on_its_day_until_another_answers_it(two) -> None:
    practice, ann, bea, log = two
    day = add_days(today(practice.clock.now), 2)
    say(ann, log, "Ring the front door.", kind="decision", reason="three visits", review=day)
    assert round_up(ann, 1).due == ()
    practice.clock.pass_seconds(2 * DAY_SECONDS)
    refresh(bea)
    for session in (ann, bea):
        (due,) = round_up(session, 1).due
        assert (due.log, due.review, due.text) == (log, day, "Ring the front door.")
    say(ann, log, "Closed.", kind="decision", reason="seen", refers=(due.id,))
    refresh(bea)
    assert round_up(bea, 1).due == round_up(ann, 1).due == ()


def test_nothing_is_due_for_who_no_longer_follows(two) -> None:
    practice, ann, bea, log = two
    day = today(practice.clock.now)
    say(ann, log, "Ring the front door.", kind="decision", reason="three visits", review=day)
    refresh(bea)
    assert len(round_up(bea, 1).due) == 1
    team.remove(ann, log, id_of(bea))
    refresh(bea)
    assert children(bea)[0].removed is not None
    assert round_up(bea, 1).due == ()


def test_my_choice_goes_to_the_server_and_comes_back(two) -> None:
    _, ann, _, _ = two
    assert round_up_choice(ann) == NEVER
    mine = replace(NEVER, every="weekly", at="17:30", weekday=4, nudges=True, quiet=(5, 6))
    set_round_up_choice(ann, mine)
    assert round_up_choice(ann) == mine
    assert mail_states(ann).states == ()
