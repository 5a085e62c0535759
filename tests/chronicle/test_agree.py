"""What is taken out is the same, whichever client takes it out."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from random import Random

import pytest

from microblog.client.blacking import Names, propose_blacking
from microblog.client.chronology import chronology_of
from microblog.client.columns import (
    COLUMNS,
    join_original,
    join_remarks,
    split_original,
    split_remarks,
    was_taken_back,
)
from microblog.client.shown_rows import ChronologyRow
from tests.chronicle.streams import TEXTS, invent
from tests.chronicle.twins import camel, in_typescript

ZONES = ["Europe/London", "UTC", "Pacific/Auckland"]
SPANS = [("", ""), ("2026", ""), ("2026-02-28", "2026-04-01"), ("", "2025-12-31")]
PIECES = ["", "a", " ", "·", " · ", "\\", "\\·", "a·", "· b", "é 🙂", "]", "[Remarks: ", "\n"]


@pytest.fixture(params=ZONES)
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.trial(small=4, great=200)
def test_both_clients_make_the_same_chronology(trials, zone):
    random, asked, found = Random(trials.seed), [], []
    for _ in range(trials.count):
        posts = [*invent(random, 40), *invent(random, 20, "other")]
        names = {posts[0].log: "Sample Rosie", "other": "12 Sample Row"}
        start, end = random.choice(SPANS)
        found.append(chronology_of(posts, names, start, end))
        names_asked = list(names.items())
        asked.append({"posts": posts, "names": names_asked, "from": start, "to": end})
    assert in_typescript(asked, zone) == [camel(one) for one in found]
    assert any(one.rows for one in found)


def test_both_clients_join_and_split_the_same_texts():
    texts = ["".join(some) for some in itertools.product(PIECES, repeat=3)] + TEXTS
    asked = [(text, texts[-at], "b") for at, text in enumerate(texts)]
    found = [
        {
            "original": join_original(*three),
            "split": list(split_original(three[0])),
            "remarks": join_remarks(three[0], three[1]),
            "text": list(split_remarks(three[0])),
            "back": was_taken_back("x", three[0]),
        }
        for three in asked
    ]
    assert in_typescript([{"texts": three} for three in asked]) == found


def test_both_clients_propose_the_same_blacking():
    texts = [
        "Ring Grandma on 07700 900123 or (0113) 496 0000, not 999 or 101.",
        "Now at Flat 3, 12a Sample Row, LS1 4AP; before, 7 mill lane. Mail jo@example.test",
        "Maya Turner and maya turner and Mrs O\u2019Hara-Smith saw Ben; will Will come?",
        "+44 7700 900 123, 0044 113 496 0000, 1234567890, ref 2026-05-31T10:00",
        "🙂 Ben 🙂 2 visits in 3 weeks, 12 Grove children, 4 Privet Drive",
    ]
    cells = [["", *[text if one.field == "text" else "" for one in COLUMNS][1:]] for text in texts]
    rows = [ChronologyRow(log="l", seq=1, cells=tuple(row)) for row in cells]
    names = Names(
        ("Ben Lee", "Maya Turner", "Will Hope"), ("North Street home",), ("Rosie Turner",)
    )
    (there,) = in_typescript([{"rows": rows, "black": names}])
    here = camel(propose_blacking(rows, names))
    shown = [(one["row"], one["why"], _units(texts[one["row"]], one)) for one in there]
    # Python counts characters, and a browser's text fields count UTF-16 units.
    assert shown == [
        (one["row"], one["why"], texts[one["row"]][one["start"] : one["end"]]) for one in here
    ]
    assert shown == [
        (0, "phone", "07700 900123"),
        (0, "phone", "(0113) 496 0000"),
        (1, "address", "Flat 3, 12a Sample Row"),
        (1, "address", "LS1 4AP"),
        (1, "address", "7 mill lane"),
        (1, "address", "jo@example.test"),
        (2, "name", "Maya Turner"),
        (2, "name", "maya turner"),
        (2, "name", "Mrs O\u2019Hara-Smith"),
        (2, "name", "Ben"),
        (2, "name", "Will"),
        (3, "phone", "+44 7700 900 123"),
        (3, "phone", "0044 113 496 0000"),
        (4, "name", "Ben"),
        (4, "address", "4 Privet Drive"),
    ]


def _units(text, span):
    units = text.encode("utf-16-le")
    return units[span["start"] * 2 : span["end"] * 2].decode("utf-16-le")


def test_a_difference_between_the_clients_is_seen():
    posts = invent(Random(1), 5)
    (there,) = in_typescript([{"posts": posts, "names": [], "from": "", "to": ""}])
    assert there == camel(chronology_of(posts, {}, "", ""))
    changed = [replace(posts[0], text="Something else."), *posts[1:]]
    assert there != camel(chronology_of(changed, {}, "", ""))
