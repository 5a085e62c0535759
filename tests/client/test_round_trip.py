"""Out, in and out again loses nothing, of whatever a stream holds."""

from __future__ import annotations

from random import Random

import pytest

from microblog.client import team
from microblog.client.bringing import Sheet, bring_in, plan_import
from microblog.client.following import refresh
from microblog.client.posting import Terms, withdraw
from microblog.client.session import read_id
from microblog.client.shown_rows import Chronology
from microblog.client.taking import chronology
from microblog.sheets.tables import read_table, write_table
from tests.chronicle.streams import KINDS, MOMENTS, TEXTS
from tests.client.practice import begin, child_of, id_of, read_posts, say

#: Who brought it in and when, about whom, and by what a program knows it: these are of the stream
#: that it stands in.
OWN = ("About", "Brought in by", "Id")
POSTS = 30
LATER = 1_796_000_000_000
FOREIGN = [
    ["Date of contact", "Worker", "Job", "Notes", "Category"],
    ["31/05/2019", "J. Smith", "health visitor", "Weighed. " * 120, "Telephone call"],
    ["May 2020", "", "", "=HYPERLINK(1)", "Visit"],
    ["", "A · B", "", "Undated.", ""],
]


def invent(random: Random, ann, bea, log) -> None:
    """Post what one might, and what one would not, to a stream."""
    # After whatever may have happened: nothing that is still to come is brought in.
    ann.world.clock.now = max(ann.world.clock.now, LATER)
    for count in range(POSTS):
        by = random.choice([ann, bea])
        refresh(by)
        before = read_posts(by, log)
        answered = random.choice(before).id if before and random.random() < 0.3 else ""
        how = random.choice(["same", "different", "correction", "copied"]) if answered else ""
        kind = random.choice(KINDS)
        say(
            by, log, "" if how and random.random() < 0.5 else random.choice(TEXTS),
            kind=kind, how=how, refers=(answered,) if answered else (),
            sure=random.choice(["", "niggle", "fairly", "sure"]),
            scale=random.choice(["", "0", "5", "10"]),
            side=random.choice(["", "well", "worried"]),
            happened=random.choice(["", "", "", *MOMENTS]),
            source="neighbour; 3 doors · down" if kind == "told" else "",
            outcome=random.choice(["seen", "not-let-in"]) if kind == "visit" else "",
            reason="three visits failed" if kind == "decision" else "",
            review="2026-12-31" if kind == "decision" else "",
            nudge=random.random() < 0.1,
        )  # fmt: skip
        by.world.clock.pass_seconds(random.randrange(1, 90_000))
        if random.random() < 0.15:
            mine = next(one for one in read_posts(by, log) if one.mine)
            withdraw(by, log, mine.seq, count % 2 == 0, "not her; a\nmix-up")
    bring(bea, log, FOREIGN)


def bring(session, log, table) -> None:
    refresh(session)
    sheet = Sheet(table, None, "")
    plan = plan_import(session, log, sheet)
    assert (plan.bad, plan.good, plan.known) == ((), len(table) - 1, 0)
    seen = frozenset(read_id(member.person.id) for member in child_of(session, log).members)
    sheet = Sheet(table, plan.columns, "")
    assert bring_in(session, log, sheet, Terms(seen, all_the_same=False)).left == 0


def take_out(session, log) -> Chronology:
    refresh(session)
    return chronology(session, [log], "", "")


def saved(found: Chronology, form: str) -> list[list[str]]:
    """Return it as someone saves it, and opens it again."""
    columns = [(column.title, column.sort) for column in found.columns]
    data = write_table(columns, [row.cells for row in found.rows], form)
    return read_table(data).sheets[0].table


def lasting(found: Chronology) -> list[dict[str, str]]:
    titles = [column.title for column in found.columns]
    rows = (zip(titles, row.cells, strict=True) for row in found.rows)
    return [{title: cell for title, cell in row if title not in OWN} for row in rows]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.trial(small=1, great=10)
def test_out_in_and_out_again_loses_nothing(trials, form, team_of_two):
    _, ann, bea, _ = team_of_two
    random = Random(trials.seed)
    for _ in range(trials.count):
        log, other, third = (_followed(ann, bea, name) for name in ("Sam", "Kit", "Jo"))
        invent(random, ann, bea, log)
        first = take_out(ann, log)
        assert len(first.rows) >= POSTS
        bring(bea, other, saved(first, form))
        second = take_out(ann, other)
        assert lasting(second) == lasting(first)
        bring(ann, third, saved(second, form))
        assert lasting(take_out(bea, third)) == lasting(first)


def _followed(ann, bea, name) -> str:
    log = begin(ann, f"Sample {name}")
    refresh(ann)
    team.grant(ann, log, id_of(bea), "follower", "")
    refresh(bea)
    return log


def test_what_was_taken_out_of_a_stream_is_known_when_it_is_brought_in_there(team_of_two):
    _, ann, bea, log = team_of_two
    invent(Random(2), ann, bea, log)
    table = saved(take_out(ann, log), "xlsx")
    plan = plan_import(ann, log, Sheet(table, None, ""))
    assert (plan.rows, plan.good, plan.known) == (len(table) - 1, 0, len(table) - 1)
