"""Round-ups: at what hour, and that no clock makes them come twice or never."""

from __future__ import annotations

from tests.office import NUDGE, named


def test_who_asks_is_told_too_and_who_asks_not_to_be_is_not(office, ada):
    office.choose("Ben", at="17:00")
    office.choose("Sue", every="off", nudges=False)
    office.round()
    office.post(ada, "Sue", NUDGE)
    office.post(ada, "Ben", NUDGE)
    office.at("2026-09-22 18:00")
    office.round()
    assert office.lines("Ben") == [f"1 new on 1 stream ({named(ada, 1)}), 1 nudge"]
    assert office.lines("Sue") == []


def test_weekends_are_quiet_for_supervisors_and_come_with_monday(office, ada):
    office.at("2026-09-25 08:00")
    office.round()
    for day in (25, 26, 27):
        office.post(ada, "Ben")
        office.at(f"2026-09-{day} 20:00")
        office.round()
    assert office.lines("Sue") == []
    office.at("2026-09-28 08:00")
    office.round()
    assert office.lines("Sue") == [f"3 new on 1 stream ({named(ada, 3)})"]


def test_runs_that_were_missed_make_one_mail(office, ada):
    office.post(ada, "Ben")
    office.at("2026-10-13 11:11")
    assert office.round().made == 1
    assert len(office.lines("Sue")) == 1


def test_a_weekly_one_comes_once_a_week(office, ada):
    office.choose("Sue", every="weekly", weekday=2, nudges=False)
    for day in range(22, 30):
        office.post(ada, "Ben")
        office.at(f"2026-09-{day} 08:00")
        office.round()
    assert [line[:5] for line in office.lines("Sue")] == ["2 new"]
    office.at("2026-09-30 08:00")
    office.round()
    assert [line[:5] for line in office.lines("Sue")] == ["2 new", "6 new"]


def test_a_change_of_the_hour_brings_nothing_at_once(office, ada):
    office.post(ada, "Ben")
    office.choose("Sue", at="09:00")
    assert office.round().made == 0
    office.at("2026-09-22 09:00")
    assert office.round().made == 1


def test_who_turns_it_on_hears_from_then_on(office, ada):
    office.choose("Sue", every="off", nudges=False)
    office.post(ada, "Ben")
    office.at("2026-09-24 12:00")
    office.round()
    office.choose("Sue")
    office.post(ada, "Ben")
    office.at("2026-09-25 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)})"]


def test_a_clock_that_was_wrong_for_a_while_stops_nothing(office, ada):
    office.at("2031-01-01 12:00")
    office.round()
    office.at("2026-09-22 07:00")
    office.round()
    office.post(ada, "Ben")
    office.at("2026-09-23 08:00")
    office.round()
    assert len(office.lines("Sue")) == 1
