"""When something happened: tests/webclient/when.test.ts holds the other client to the same list."""

import json
import os
import time
from datetime import date, timedelta
from functools import cmp_to_key
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from microblog.client.shown_picture import When
from microblog.client.when import (
    add_days,
    compare_when,
    days_between,
    local_time,
    monday_of,
    months_back,
    today,
    when_of,
)
from tests.client.posts import post

CASES = json.loads(Path(__file__).with_name("when.json").read_text())
EPOCH = date(1970, 1, 1)


@pytest.fixture
def zone(monkeypatch):
    """Set this process's time zone, until the test is over."""
    before = os.environ.get("TZ")

    def put(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


@pytest.mark.parametrize(("time_ms", "local", "why"), CASES["local"])
def test_a_time_is_said_by_the_clock_on_the_wall(zone, time_ms, local, why):
    zone(CASES["zone"])
    assert (local_time(time_ms), today(time_ms)) == (local, local[:10]), why


@pytest.mark.parametrize(("happened", "first", "last"), CASES["spans"])
def test_what_is_not_known_to_the_day_lies_between_two(happened, first, last):
    assert when_of(post(happened=happened)) == When(
        at=happened, first=first, last=last, posted=False
    )


def test_who_says_nothing_means_when_they_post(zone):
    zone("Europe/London")
    when = when_of(post(time=1782863999000))
    assert when == When(at="2026-07-01T00:59", first="2026-07-01", last="2026-07-01", posted=True)


def test_a_row_brought_in_without_a_date_did_not_happen_when_it_was_brought_in():
    assert when_of(post(row="cm93", time=1782863999000)) == When(
        at="", first="", last="", posted=False
    )


@pytest.mark.parametrize("name", ["Europe/London", "America/New_York", "Pacific/Apia", "UTC"])
def test_days_apart_are_those_of_the_calendar_in_every_zone(zone, name):
    zone(name)
    for start, end, days in CASES["between"]:
        assert days_between(start, end) == days, (start, end)
        assert add_days(start, days) == end, (start, end)


@pytest.mark.parametrize(("day", "monday"), CASES["mondays"])
def test_a_week_begins_on_monday(day, monday):
    assert [monday_of(add_days(monday, more)) for more in range(7)] == [monday] * 7
    assert monday_of(day) == monday


@pytest.mark.parametrize(("day", "months", "back"), CASES["months_back"])
def test_a_shorter_month_ends_earlier(day, months, back):
    assert months_back(day, months) == back


def test_the_calendar_is_that_of_the_library():
    random = Random(5)
    for day in (EPOCH + timedelta(days=random.randint(-719_162, 2_932_896)) for _ in range(500)):
        number = (day - EPOCH).days
        assert days_between("1970-01-01", day.isoformat()) == number
        assert add_days("1970-01-01", number) == day.isoformat()
        assert monday_of(day.isoformat()) == (day - timedelta(days=day.weekday())).isoformat()


def test_things_stand_in_the_order_in_which_they_may_have_begun():
    whens = [when_of(post(happened=at, row="cm93")) for at in CASES["order"]]
    mixed = Random(5).sample(whens, len(whens))
    assert sorted(mixed, key=cmp_to_key(compare_when)) == whens
    assert all(compare_when(a, b) < 0 < compare_when(b, a) for a, b in pairwise(whens))
    assert all(compare_when(a, a) == 0 for a in whens)
