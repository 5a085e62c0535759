"""When a round-up falls due: across summer time, weeks and years, and over quiet days."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from microblog.service.rounds import Choice
from microblog.service.schedule import last_due

LONDON = ZoneInfo("Europe/London")


def at(text, zone=LONDON, fold=0):
    """Return the moment of a local time, in milliseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()) * 1000


def due(choice, now, zone=LONDON, fold=0):
    """Return when it fell due, as local time with its offset."""
    found = last_due(choice, zone, at(now, zone, fold))
    return found and datetime.fromtimestamp(found / 1000, zone).isoformat(timespec="minutes")


def daily(clock="08:00", quiet=()):
    hours, minutes = map(int, clock.split(":"))
    return Choice(every="daily", at=60 * hours + minutes, quiet=frozenset(quiet))


def weekly(weekday, clock="08:00", quiet=()):
    hours, minutes = map(int, clock.split(":"))
    return Choice("weekly", 60 * hours + minutes, weekday, quiet=frozenset(quiet))


def test_off_is_never():
    assert due(Choice(), "2026-06-01T12:00") is None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-06-03T08:00", "2026-06-03T08:00+01:00"),
        ("2026-06-03T07:59:59", "2026-06-02T08:00+01:00"),
        ("2026-06-03T23:59", "2026-06-03T08:00+01:00"),
        ("2026-01-01T07:00", "2025-12-31T08:00+00:00"),
        ("2026-01-01T09:00", "2026-01-01T08:00+00:00"),
        ("2028-02-29T08:30", "2028-02-29T08:00+00:00"),
        # Eight is eight, whatever the clock did in the night.
        ("2026-03-28T12:00", "2026-03-28T08:00+00:00"),
        ("2026-03-29T12:00", "2026-03-29T08:00+01:00"),
        ("2026-10-24T12:00", "2026-10-24T08:00+01:00"),
        ("2026-10-25T12:00", "2026-10-25T08:00+00:00"),
    ],
)
def test_daily(now, then):
    assert due(daily(), now) == then


def test_a_time_that_summer_time_skips_comes_an_hour_later_and_once():
    choice = daily("01:30")
    assert due(choice, "2026-03-29T00:59") == "2026-03-28T01:30+00:00"
    assert due(choice, "2026-03-29T02:29") == "2026-03-28T01:30+00:00"
    assert due(choice, "2026-03-29T02:30") == "2026-03-29T02:30+01:00"
    assert due(choice, "2026-03-29T23:00") == "2026-03-29T02:30+01:00"


def test_a_time_that_winter_repeats_comes_the_first_time_and_once():
    choice = daily("01:30")
    first = due(choice, "2026-10-25T01:30")
    assert first == "2026-10-25T01:30+01:00"
    assert due(choice, "2026-10-25T01:29", fold=1) == first
    assert due(choice, "2026-10-25T01:30", fold=1) == first
    assert due(choice, "2026-10-25T12:00") == first


def test_midnight_where_the_clock_changes_at_midnight():
    zone = ZoneInfo("America/Havana")
    assert due(daily("00:30"), "2026-03-08T12:00", zone) == "2026-03-08T01:30-04:00"
    assert due(daily("00:30"), "2026-11-01T12:00", zone) == "2026-11-01T00:30-04:00"


def test_what_comes_on_no_quiet_day_comes_with_the_next():
    weekend = (5, 6)
    friday = "2026-06-05T08:00+01:00"
    for now in ("2026-06-05T20:00", "2026-06-06T08:30", "2026-06-07T23:59", "2026-06-08T07:59"):
        assert due(daily(quiet=weekend), now) == friday
    assert due(daily(quiet=weekend), "2026-06-08T08:00") == "2026-06-08T08:00+01:00"


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-06-03T07:59", "2026-05-27T08:00+01:00"),
        ("2026-06-03T08:00", "2026-06-03T08:00+01:00"),
        ("2026-06-09T23:00", "2026-06-03T08:00+01:00"),
        ("2026-01-02T09:00", "2025-12-31T08:00+00:00"),
        ("2026-04-01T07:59", "2026-03-25T08:00+00:00"),
        ("2026-04-01T08:00", "2026-04-01T08:00+01:00"),
    ],
)
def test_weekly_on_a_wednesday(now, then):
    assert due(weekly(2), now) == then


def test_a_weekly_one_on_a_quiet_day_comes_on_the_next_day_that_is_none():
    choice = weekly(5, quiet=(5, 6))
    assert due(choice, "2026-06-08T07:59") == "2026-06-01T08:00+01:00"
    assert due(choice, "2026-06-08T08:00") == "2026-06-08T08:00+01:00"
    assert due(choice, "2026-06-13T12:00") == "2026-06-08T08:00+01:00"


def test_with_one_day_left_a_weekly_one_comes_on_it():
    for weekday in range(7):
        choice = weekly(weekday, quiet={0, 1, 2, 3, 5, 6})
        assert due(choice, "2026-06-10T12:00") == "2026-06-05T08:00+01:00"


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Apia", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("choice", [daily("00:00"), daily("23:59"), daily(quiet=(2,)), weekly(0),
                                    weekly(6, "01:30")])  # fmt: skip
def test_over_two_years_it_comes_as_often_as_there_are_days_for_it(zone, choice):
    place = ZoneInfo(zone)
    begin, end = at("2026-01-01T12:00", place), at("2028-01-01T12:00", place)
    seen = []
    for now in range(begin, end, 5 * 60 * 60 * 1000):
        moment = last_due(choice, place, now)
        assert moment <= now
        if not seen or moment != seen[-1]:
            seen.append(moment)
    days = {datetime.fromtimestamp(it / 1000, place).date() for it in seen}
    assert seen == sorted(seen)
    assert len(days) == len(seen)
    assert {day.weekday() for day in days} == (
        {choice.weekday} if choice.every == "weekly" else set(range(7)) - choice.quiet
    )
    wanted = 730 * (1 if choice.every == "daily" else 1 / 7) * (7 - len(choice.quiet)) / 7
    assert abs(len(seen) - wanted) < 3
