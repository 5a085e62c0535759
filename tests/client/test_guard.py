"""What the guard notices, and what it leaves alone: tests/webclient/guard.test.ts, likewise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from microblog.client.guard import Caution, Known, cautions, notice
from microblog.client.household import describe
from microblog.client.messages import AboutDraft, NewChild
from microblog.client.shown import Draft
from microblog.client.team import begin_child
from tests.client.practice import begin

LIST = json.loads(Path(__file__).with_name("cautions.json").read_text())
NAMES = {who: tuple(names) for who, names in LIST["known"].items()}


def noticed(text, protected):
    found = notice((text,), Known(**NAMES, protected=protected))
    return [[one.sort, one.words, one.hard] for one in found]


@pytest.mark.parametrize(("text", "found"), LIST["noticed"])
def test_what_could_tell_more_than_is_meant_is_noticed(text, found):
    assert noticed(text, False) == [[*one, False] for one in found]


@pytest.mark.parametrize(("text", "found"), LIST["guarded"])
def test_it_is_noticed_harder_where_the_address_is_protected(text, found):
    assert noticed(text, True) == [[*one, True] for one in found]


@pytest.mark.parametrize("text", LIST["quiet"])
def test_what_is_ordinary_is_left_alone(text):
    assert noticed(text, False) == []


def test_what_stands_beside_the_text_is_looked_at_and_the_same_words_are_noticed_once():
    texts = ("Ring 07700 900123", "07700 900123", "Zeffy")
    assert notice(texts, Known(**NAMES, protected=True)) == (
        Caution(sort="phone", words="07700 900123", hard=True),
        Caution(sort="child", words="Zeffy", hard=False),
    )


def test_a_siblings_name_is_told_from_another_childs_and_a_protected_home_is_everyones(team_of_two):
    _, ann, _, log = team_of_two
    home = begin_child(ann, NewChild(name="Sample household", sort="household"))
    begin_child(ann, NewChild(name="Lettice Turner", households=(home,)))
    begin(ann, "Zephyrine Invented")
    stays = ((home, "2026-01", ""),)
    describe(ann, log, AboutDraft(name="Rosie Turner", households=stays))
    said = Draft(text="Rosie, Lettice and Zephyrine at 14 Sycamore Road. Ann was there.")
    assert [(one.sort, one.words, one.hard) for one in cautions(ann, log, said)] == [
        ("sibling", "Lettice", False),
        ("child", "Zephyrine", False),
        ("address", "14 Sycamore Road", False),
    ]
    describe(ann, home, AboutDraft(name="Sample household", protected_address=True))
    assert [(one.sort, one.hard) for one in cautions(ann, log, said)] == [
        ("sibling", False),
        ("child", False),
        ("address", True),
    ]
    # Of the household's own stream all who live there are the subject.
    assert [one.words for one in cautions(ann, home, said)] == ["Zephyrine", "14 Sycamore Road"]
