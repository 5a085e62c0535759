"""A chronology is of what its reader holds, and leaves only after each team was told."""

from __future__ import annotations

import pytest

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.messages import NewChild
from microblog.client.posting import withdraw
from microblog.client.session import NotFollowed
from microblog.client.taking import chronology
from microblog.client.telling import tell_taken_out
from microblog.protocol.errors import Malformed, NotAllowed
from microblog.protocol.export import Export
from tests.client.practice import begin, child_of, id_of, read_posts, say

WHY = "the case conference"


def texts(found):
    at = [column.title for column in found.columns].index("Text")
    return [row.cells[at] for row in found.rows]


def exports(session, log):
    refresh(session)
    return [(one.by.name, one.format, one.start, one.end, one.why)
            for one in child_of(session, log).exports]  # fmt: skip


def test_a_chronology_holds_every_post_also_what_was_withdrawn(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "In May.", happened="2026-05")
    say(bea, log, "In April.", happened="2026-04-02")
    refresh(ann)
    withdraw(ann, log, read_posts(ann, log)[1].seq, False, "a mistake")
    found = chronology(ann, [log], "", "")
    assert texts(found) == ["In April.", "In May."]
    assert (found.title, found.unchecked) == ("Rosie Turner", 0)
    assert "This post was withdrawn by Ann" in " ".join(found.rows[1].cells)
    assert texts(chronology(ann, [log], "2026-05-02", "")) == ["In May."]


def test_a_household_is_merged_with_its_children_each_named(team_of_two):
    _, ann, _, log = team_of_two
    home = team.begin_child(ann, NewChild(name="12 Sample Row", sort="household"))
    say(ann, log, "The child.", happened="2026-05-02")
    say(ann, home, "The house.", happened="2026-05-01")
    found = chronology(ann, [home, log, home], "", "")
    assert texts(found) == ["The house.", "The child."]
    assert [row.cells[3] for row in found.rows] == ["12 Sample Row", "Rosie Turner"]
    assert texts(chronology(ann, [], "", "")) == ["The house.", "The child."]


def test_all_that_i_follow_is_not_what_i_followed_once(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    refresh(bea)
    team.remove(ann, log, id_of(bea))
    refresh(bea)
    assert texts(chronology(bea, [], "", "")) == []
    with pytest.raises(NotFollowed):
        chronology(bea, ["A" * 22], "", "")


@pytest.mark.parametrize("form", ["csv", "xlsx", "print"])
def test_each_team_is_told(team_of_two, form):
    _, ann, bea, log = team_of_two
    other = begin(ann, "Sample Sam")
    tell_taken_out(ann, [log, other], Export(form, "2026-05-01", "2026-06", WHY))
    told = ("Ann", form, "2026-05-01", "2026-06", WHY)
    assert exports(bea, log) == [told]
    assert exports(ann, other) == [told]


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (Export("bundle", "", "", WHY), "no such format"),
        (Export("csv", "soon", "", WHY), "from is not"),
        (Export("csv", "2026-06", "2026-05-31", WHY), "later than the last"),
        (Export("csv", "", "", "x" * 121), "why"),
    ],
)
def test_what_cannot_be_told_is_refused_before_anyone_is(team_of_two, told, named):
    _, ann, _, log = team_of_two
    with pytest.raises(Malformed, match=named):
        tell_taken_out(ann, [log], told)
    assert exports(ann, log) == []


def test_whoever_was_taken_off_the_team_takes_nothing_out(team_of_two):
    _, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    refresh(bea)
    with pytest.raises(NotAllowed):
        tell_taken_out(bea, [log], Export("csv", "", "", WHY))
