"""The load at a tiny size: its day, its people with the real client, and its look at the end."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.forking import Forked
from tests.load import __main__ as load
from tests.load.day import CONFERENCE_HOUR, HOURS, Day, Urge
from tests.load.person import APPEND, Notes, Person
from tests.load.town import Town
from tests.serving import Server


@pytest.mark.parametrize("level", [False, True])
def test_a_day_has_as_many_posts_and_looks_as_it_is_to_have(level):
    day = Day(600, 2400, 7200, level=level)
    steps = [it * 0.1 for it in range(6000)]
    assert sum(day.posts_a_second(it) for it in steps) * 0.1 == pytest.approx(2400)
    assert sum(day.looks_a_second(it) for it in steps) * 0.1 == pytest.approx(7200)


def test_people_come_in_the_morning_look_first_and_then_post():
    day = Day(HOURS, 1, 1)
    assert day.here(3) < 0.1 < 0.8 < day.here(9)
    assert max(range(HOURS), key=day.looks_a_second) < max(range(HOURS), key=day.posts_a_second)


def test_after_a_conference_those_who_were_there_write_and_at_no_other_time():
    day = Day(HOURS, 1, 1, conferences=1)
    hours = [it / 10 for it in range(10 * HOURS) if day.is_after_conference(it / 10)]
    assert hours == [CONFERENCE_HOUR + it / 10 for it in range(4)]


def test_somebody_acts_as_often_as_the_rate_says_however_it_changes():
    chance = random.Random(1)
    urge = Urge(chance.expovariate(1))
    rates = [0.02, 0.2, 0.6, 0.0] * 5000
    count = sum(urge.grows(rate, chance.expovariate(1)) for rate in rates)
    assert count == pytest.approx(sum(rates), rel=0.03)


def test_a_few_streams_are_busy_and_many_are_quiet():
    town = Town(20, 100, 1)
    weights = Counter[str]()
    for name in town.names:
        weights.update(town.weights_of(name))
    assert len(weights) == 100
    ten = sum(weight for _, weight in weights.most_common(10))
    assert ten > weights.total() / 2


@pytest.fixture
def town_and_server(tmp_path):
    town = Town(3, 2, 1)
    server = Server(tmp_path / "data", tmp_path / "log", begin=Forked)
    town.settle(server.site)
    server.start()
    yield town, server
    server.kill()


def test_people_post_and_what_is_not_there_in_the_end_is_noticed(town_and_server, capsys):
    town, server = town_and_server
    notes, log = Notes(), town.log_of(0)
    for name in town.names:
        person = Person(name, town.keys_of(name, server.origin), notes)
        person.open()
        person.post(log)
        person.look()
        person.close()
    assert (notes.faults, notes.refused, len(notes.acknowledged)) == ([], {}, 3)
    assert len(notes.seconds[APPEND]) == 3
    assert load.check(town, server.origin, notes.acknowledged, []) == (0, 0, 0)
    lost, other = (log, "never sent"), notes.acknowledged[1:]
    assert load.check(town, server.origin, [*other, lost], []) == (1, 0, 1)
    result = {**vars(notes), "took": 1.0, "busy": 0.1, "acknowledged": [*notes.acknowledged, lost]}
    assert load.tell(town, Day(1, 3, 3), [result], server.origin) == 1
    assert "not there: 1; there twice: 0" in capsys.readouterr().out


def test_without_locust_it_says_in_one_line_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(load.importlib.util, "find_spec", lambda _: None)
    assert load.main([]) == 2
    said = "microblog: error: Locust is not here: make load installs it\n"
    assert capsys.readouterr().err == said
