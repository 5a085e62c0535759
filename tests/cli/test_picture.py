"""The picture in a terminal: words, a table, and who to ring."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from microblog.cli.picture_words import mark_words, paragraph, when_words
from microblog.client.account import account_of
from microblog.client.facts import attempts_in, seen_in, tellers_in
from microblog.client.picture import marks_of
from microblog.client.shown_picture import Picture, QuietAgency
from microblog.client.when import when_of
from microblog.protocol.post import OUTCOMES
from tests.browser import node
from tests.client.posts import person, post
from tests.counting.plain import plain

TODAY = "2026-11-23"
HOSTILE = "\x1b[31mevil\u202e"


@pytest.fixture
def family(office):
    """Return Ann, who keeps a child and posted of it, and Bea, who follows it."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Pine")
    ann.did("team", "add", "rosie", "bea")
    return ann, bea


def test_a_picture_is_words_a_table_and_who_to_ring(family):
    ann, bea = family
    ann.did("post", "rosie", "At home.", "--kind", "visit", "--outcome", "alone", "--scale", "0",
            "--at", "2020-01-31")  # fmt: skip
    ann.did("post", "rosie", "Again.", "--kind", "visit", "--outcome", "not-let-in",
            "--at", "2020-02")  # fmt: skip
    bea.did("team", "rosie")
    bea.did("post", "rosie", "Thin.", "--side", "worried")
    out = ann.did("picture", "rosie").out
    head, words, *_ = out.splitlines()
    assert head.startswith("Rosie Pine, age unknown [")
    assert words.startswith("1 agency, 3 posts since January 2020; not seen for ")
    assert "; the last visit was not let in. It comes from two separate people." in words
    assert "Who to ring. Danger now: 999.\n  Front door 01632 960001 (9 to 5)\n" in out
    for line in (
        "  31 January 2020: Visit: seen alone, scale 0 of 10 (0 not safe, 10 safe",
        "  ✗ February 2020: Visit: not let in [",
        ": Hunch, worried [",
        "  Rosie Pine: 0 0 0 0 0 0 0 0 0 0 0 1 (2 before)\n",
    ):
        assert line in out


def test_a_correction_that_does_not_say_leaves_the_kind_as_it_was(family):
    ann, _ = family
    ann.did("post", "rosie", "No.", "--kind", "visit", "--outcome", "not-let-in")
    seq = str(ann.did("picture", "rosie", "--json").json["marks"][0]["seq"])
    ann.did("post", "rosie", "At the back, too.", "--correct", seq)
    ann.did("post", "rosie", "Nobody there.", "--correct", seq, "--outcome", "nobody-in")
    [mark] = ann.did("picture", "rosie", "--json").json["marks"]
    assert (mark["kind"], mark["outcome"], mark["failed"]) == ("visit", "nobody-in", True)
    ann.did("post", "rosie", "I only heard of it.", "--correct", seq, "--kind", "told")
    ann.did("post", "rosie", "I only heard of that.", "--correct", seq)
    [mark] = ann.did("picture", "rosie", "--json").json["marks"]
    assert (mark["kind"], mark["outcome"]) == ("told", "")


def test_three_who_worry_are_said_first_and_steer_no_terminal(family):
    ann, _ = family
    assert "\nNothing has been posted yet.\n" in ann.did("picture", "rosie").out
    for source in ("Neighbour", HOSTILE, "Nan"):
        told = ["--kind", "told", "--source", source, "--side", "worried"]
        ann.did("post", "rosie", "Thin.", *told)
    out = ann.did("picture", "rosie").out
    assert "THREE PEOPLE ARE WORRIED THIS FORTNIGHT. Ring.\n  Neighbour; " in out
    assert out.index("WORRIED") < out.index("Who to ring") < out.index("Posts a week")
    assert not {"\x1b", "\u202e"} & set(out)
    shown = ann.did("picture", "rosie", "--json").json
    assert [mark["kind"] for mark in shown["marks"]] == ["told"] * 3
    assert (shown["tellers"], shown["seen"], len(shown["thickness"][0]["weeks"])) == (3, None, 12)


def pictures() -> list[Picture]:
    """Return pictures in which all that can be said is said once at least."""
    visits = [
        post(kind="visit", outcome=outcome, happened=f"2026-0{number}-11")
        for number, outcome in enumerate(OUTCOMES, 1)
    ]
    others = [
        post(happened="2025-12", side="worried"),
        post(row="cm93", how="different", refers=(visits[0].id,)),
        post(kind="told", source="Nan", day="2026-11-22"),
        post(author=person("bea", "Health"), day="2026-11-23"),
    ]
    quiet = (
        QuietAgency(agency_id="a", name="Health", days=1200, usual=1),
        QuietAgency(agency_id="b", name="", days=22, usual=7),
    )
    found = []
    for tried, more, left in product(range(len(visits) + 1), range(len(others) + 1), (0, 1, 12)):
        account = account_of([*visits[:tried], *visits[3:], *others[:more]][: tried + more], TODAY)
        marks, seen = marks_of(account.said, ()), seen_in(account)
        found.append(Picture(
            log="log", today=TODAY, marks=marks, lanes=(), thickness=(), seen=seen,
            attempts=attempts_in(account, seen), tellers=tellers_in(account), agencies=more,
            quiet=quiet[:left], concern=None, unchecked=left, unreadable=left,
        ))  # fmt: skip
    return found


def test_a_terminal_says_what_a_screen_says():
    found = pictures()
    asked = [{"picture": plain(one), "of": of} for one in found for of in ("child", "household")]
    done = subprocess.run(
        [node(), Path(__file__).with_name("picture_words.ts")],
        input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    said = [paragraph(one, of) for one in found for of in ("child", "household")]
    assert len(set(said)) > 100
    assert said == json.loads(done.stdout)


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        ("2026-03-29T14:30", "29 March 2026, 14:30"),
        ("2026-03-01", "1 March 2026"),
        ("2026-03", "March 2026"),
        ("2026", "2026"),
        ("", "not sure when"),
    ],
)
def test_a_time_is_said_as_precisely_as_it_is_known(happened, words):
    assert when_words(when_of(post(happened=happened, row="cm93"))) == words


def test_a_mark_says_all_that_it_shows():
    [mark] = marks_of(account_of([post(scale="0", side="well", row="cm93")], TODAY).said, ())
    assert mark_words(replace(mark, differs=True, corrected=True)) == (
        "Hunch, scale 0 of 10 (0 not safe, 10 safe enough to close), working well,"
        " seen differently, corrected, brought in"
    )
