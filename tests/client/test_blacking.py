"""Blacking out: proposed by rule, done by the person, and telling nothing of what stood there."""

from __future__ import annotations

from microblog.client.blacking import BLACK, black_cell, black_out, names_held, propose_blacking
from microblog.client.columns import COLUMNS
from microblog.client.following import refresh
from microblog.client.taking import chronology
from tests.client.practice import begin, say

TEXT = [one.field for one in COLUMNS].index("text")


def test_whatever_was_marked_is_five_squares_long():
    assert len(BLACK) == 5
    assert black_cell("ring 07700 900123 now", [(5, 17)]) == "ring █████ now"
    assert black_cell("ring 1 now", [(5, 6)]) == "ring █████ now"
    assert black_cell("abcdefgh", [(4, 6), (1, 5)]) == "a█████gh"
    assert black_cell("abcdefgh", [(1, 7), (2, 3)]) == "a█████h"


def test_a_row_that_is_black_wholly_is_still_a_row(team_of_two):
    _, ann, _, log = team_of_two
    for text in ("first", "second", "third"):
        say(ann, log, text)
    found = chronology(ann, [log], "", "")
    blacked = black_out(found, {(0, TEXT): [(0, 3)]}, {1})
    assert [row.cells[TEXT] for row in blacked.rows] == ["█████st", "[blacked out]", "third"]
    assert [cell for cell in blacked.rows[1].cells if cell] == ["2", "[blacked out]"]
    assert blacked.rows[2] == found.rows[2]


def test_names_of_others_are_proposed_and_the_childs_own_is_not(team_of_two):
    _, ann, bea, log = team_of_two
    begin(ann, "Sample Sam")
    text = "Rosie Turner told Sam and Bea."
    say(ann, log, text)
    refresh(bea)
    rows = chronology(ann, [log], "", "").rows
    found = propose_blacking(rows, names_held(ann, [log]))
    assert [text[one.start : one.end] for one in found] == ["Sam", "Bea"]
    # Whoever does not follow Sam holds no such name.
    rows = chronology(bea, [log], "", "").rows
    found = propose_blacking(rows, names_held(bea, [log]))
    assert [text[one.start : one.end] for one in found] == ["Bea"]
