"""Finding posts by words and marks; tests/webclient/folding.test.ts holds to the same list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from microblog.client.finding import Filter, find
from microblog.client.folding import fold, occurs, terms_of
from microblog.client.following import refresh
from microblog.client.marks import mark_read
from microblog.client.posting import withdraw
from microblog.client.reading import overview
from microblog.client.when import today
from tests.client.practice import begin, id_of, read_posts, say

LIST = json.loads(Path(__file__).with_name("finding.json").read_text())
ALL = Filter()


@pytest.mark.parametrize(("text", "folded"), LIST["folded"], ids=ascii)
def test_a_text_is_folded(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(("words", "terms"), LIST["terms"], ids=ascii)
def test_what_is_looked_for_is_read(words, terms):
    assert [[term.text, term.whole] for term in terms_of(words)] == terms


@pytest.mark.parametrize(("words", "text", "found"), LIST["occurs"], ids=ascii)
def test_a_word_is_found_where_one_begins(words, text, found):
    assert all(occurs(fold(text), term) for term in terms_of(words)) == found


def texts(session, words, filtered=ALL):
    return [post.text for post in find(session, words, filtered, "", 100).posts]


def test_every_word_has_to_occur_somewhere_in_a_post(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "Shouting most nights.", kind="told", source="Grandmother")
    say(ann, log, "Lights on.", kind="visit", outcome="not-let-in")
    say(ann, log, "Core group.", kind="decision", reason="Three failed visits", review="2099-01-31")
    refresh(bea)
    assert texts(bea, "SHOUT grandm") == ["Shouting most nights."]
    assert texts(bea, '"not let in"') == ["Lights on."]
    assert texts(bea, "failed") == ["Core group."]
    assert len(texts(bea, "ann rosie")) == 3
    assert texts(bea, "shouting lights") == []
    assert len(texts(bea, "")) == 3


def test_what_is_found_comes_newest_first_in_pages(team_of_two):
    practice, ann, _, log = team_of_two
    other = begin(ann, "Tom")
    for number in range(7):
        practice.clock.pass_seconds(1)
        say(ann, other if number % 2 else log, f"Post {number}, {'thin' if number else 'fed'}.")
    pages, before = [], ""
    while before or not pages:
        page = find(ann, "thin", ALL, before, 4)
        pages.append([post.text[5] for post in page.posts])
        assert page.total == 6
        before = page.next
    assert pages == [["6", "5", "4", "3"], ["2", "1"]]
    assert find(ann, "thin", ALL, "AAAA", 4).posts == ()
    assert [post[5] for post in texts(ann, "thin", Filter(logs=(other,)))] == ["5", "3", "1"]


def test_posts_are_found_by_marks(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Hers.", kind="observation")
    practice.clock.pass_seconds(3 * 24 * 60 * 60)
    refresh(bea)
    say(bea, log, "Mine.", kind="told", source="Neighbour")
    refresh(ann)
    health = next(row.id for row in overview(ann).agencies if row.name == "Health")
    day = today(practice.clock.now)
    hers, mine = read_posts(bea, log)[1], read_posts(bea, log)[0]
    for filtered in (Filter(kind="told"), Filter(agency_id=health), Filter(person=id_of(bea)),
                     Filter(start=day), Filter(start=day, end=day)):  # fmt: skip
        assert texts(ann, "", filtered) == ["Mine."]
    assert texts(ann, "", Filter(end=today(hers.time))) == ["Hers."]
    assert texts(bea, "", Filter(unread=True)) == ["Hers."]
    assert texts(bea, "", Filter(since=hers.time - 1)) == ["Hers."]
    assert texts(ann, "", Filter(since=mine.time)) == []
    mark_read(bea, log, hers.seq)
    assert texts(bea, "", Filter(unread=True)) == []


def test_withdrawn_words_are_found_and_erased_ones_are_not(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "Thinner.")
    say(ann, log, "Thin ice.")
    first, second = (post.seq for post in reversed(read_posts(ann, log)))
    withdraw(ann, log, first, False, "It was her sister")
    withdraw(ann, log, second, True, "Wrong child")
    assert texts(ann, "thin") == ["Thinner."]
