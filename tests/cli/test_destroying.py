"""Destroying for good, holding, and for how long: as people type it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from microblog.cli import destroying
from microblog.client.retention import Done, Shred


@pytest.fixture
def team(office):
    """Return Ann (keeper) and Bea (supervisor) around Rosie, about whom Ann has posted."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Pine")
    ann.did("team", "add", "rosie", "bea", "--role", "supervisor")
    ann.did("post", "rosie", "A bruise on the left arm.", "--yes")
    return ann, bea


def test_it_is_proposed_waited_for_and_nobody_is_alone(team):
    ann, bea = team
    refused = ann.does("destroy", "propose", "rosie", "3", "--why", "kept long enough")
    assert "nothing was done: this destroys words for good" in refused.err
    said = ann.did("destroy", "propose", "rosie", "3", "--why", "kept long enough",
                   "--class", "School file", "--yes").out  # fmt: skip
    assert "It is proposed to destroy post 3 about Rosie Pine for good." in said
    assert "Nothing is destroyed yet." in said
    shown = bea.did("destroy", "rosie").out
    assert "1 entry of Rosie Pine, proposed by Ann Lee" in shown
    assert "(School file: kept long enough)" in shown
    assert "To be confirmed by a supervisor or second keeper, from" in shown
    (shred,) = bea.did("destroy", "rosie", "--json").json["shreds"]
    assert (shred["seqs"], shred["done"]) == ([3], None)
    alone = ann.does("destroy", "confirm", "rosie", shred["id"][:8], "--yes")
    assert "someone else must second" in alone.err
    soon = bea.does("destroy", "confirm", "rosie", shred["id"][:8], "--yes")
    assert "after fourteen days only" in soon.err
    assert "no open proposal has that id" in bea.does("destroy", "confirm", "rosie", "zz").err
    assert "A bruise" in bea.did("stream", "rosie").out


def test_a_hold_is_said_and_takes_proposals_back(team):
    ann, bea = team
    ann.did("destroy", "propose", "rosie", "--why", "all of it", "--yes")
    said = bea.did("hold", "rosie", "--why", "asked for by the court").out
    assert "Rosie Pine is held: nothing can be destroyed until it is lifted." in said
    shown = ann.did("destroy", "rosie").out
    assert "Rosie Pine is held by Bea Ode since" in shown
    assert "asked for by the court. Nothing can be destroyed." in shown
    assert "is proposed to be" in shown
    refused = ann.does("destroy", "propose", "rosie", "--why", "again", "--yes")
    assert "under a hold nothing is destroyed" in refused.err
    lifted = bea.did("hold", "rosie", "--lift", "--why", "released").out
    assert "must be proposed anew" in lifted


def test_for_how_long_is_off_until_a_steward_says_so(team):
    ann, bea = team
    assert "has not said for how long" in bea.did("retention").out
    offered = bea.did("retention", "examples").out
    assert "2. Looked after by the council (England): 75 years after the birth: Care" in offered
    assert len(bea.did("retention", "examples", "--json").json) == 5
    assert "only a steward may do this" in bea.does("retention", "add", "--example", "2").err
    ann.did("retention", "add", "--example", "2")
    ann.did("retention", "add", "Our own", "--months", "18", "--from", "newest")
    said = ann.did("retention", "backups", "35").out
    assert "Our own: 18 months after the newest post\n" in said
    assert "Backups are kept for 35 days." in said
    assert "Nothing is ever destroyed by itself" in said
    dates = bea.did("destroy", "rosie", "--json").json["retention"]
    assert [row["sort"] for row in dates] == ["Looked after by the council (England)", "Our own"]
    assert dates[0]["due"] == ""
    assert len(dates[1]["due"]) == len("2027-05-23")
    ann.did("retention", "remove", "Our own")
    assert "no class has that name" in ann.does("retention", "remove", "Our own").err
    assert [row["months"] for row in bea.did("retention", "--json").json] == [900]


@pytest.mark.parametrize("words", [["Name"], ["Name", "--months", "3"], ["--from", "birth"]])
def test_a_class_that_is_half_said_is_used_wrongly(somebody, words):
    said = somebody.does("retention", "add", *words)
    assert (said.code, "--example NUMBER" in said.err) == (2, True)


def test_what_is_destroyed_says_by_whom_and_when_it_is_gone_from_backups(capsys):
    child, by = SimpleNamespace(name="Rosie Pine", log="x"), SimpleNamespace(name="Ann")
    done = Done(by=SimpleNamespace(name="Bea"), time=1_790_000_000_000)
    shred = Shred(id="abcdefghij", seqs=(3, 4), by=by, time=1_780_000_000_000, sort="", why="old",
                  ready=0, done=done, gone_from_backups=1_800_000_000_000)  # fmt: skip
    destroying._print(child, shred)
    said = capsys.readouterr().out
    assert "2 entries of Rosie Pine, proposed by Ann, " in said
    assert "(old) [abcdefgh]" in said
    assert "Destroyed for good: confirmed by Bea, " in said
    assert "Gone from backups too: from " in said
    destroying._print(child, replace(shred, gone_from_backups=0))
    assert "When it is gone from backups too nobody has said." in capsys.readouterr().out
