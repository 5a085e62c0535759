"""Old notes by the thousand, brought in by the command line's client: counted, stopped, broken off,
gone on with, and never twice.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from microblog.client.bringing import Sheet, bring_in, plan_import
from microblog.client.following import refresh
from microblog.client.posting import Terms
from microblog.client.reading import all_posts, posts
from microblog.client.session import read_id
from microblog.client.team import grant
from microblog.client.transport import Unreachable
from microblog.sheets.tables import read_table
from tests.client.practice import Clock, Practice, begin, child_of, id_of
from tests.lying.server import HonestServer
from tests.spreadsheets.notes import notes

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from microblog.client.session import Session
    from tests.conftest import Trials

#: Of so many rows so many are wrong.
WRONG = {120: 10, 5_000: 50}
SECONDS = 60


@pytest.mark.trial(small=120, great=5_000)
def test_thousands_of_rows_come_in_once_and_what_is_wrong_is_said(
    practice: Practice, trials: Trials, record_property: Callable[[str, object], None]
) -> None:
    rows, wrong = trials.count, WRONG[trials.count]
    made = notes(trials.random(), rows, wrong)
    ann = practice.found()
    log = begin(ann, "Sample A")
    began = time.monotonic()
    sheet = Sheet(read_table(made.xlsx()).sheets[0].table, None, "old notes")
    plan = plan_import(ann, log, sheet)
    assert (plan.rows, plan.good, plan.known, len(plan.bad)) == (rows, rows - wrong, 0, wrong)
    assert {it.row: made.wrong[it.row] in it.reason for it in plan.bad} == dict.fromkeys(
        made.wrong, True
    )
    turns = iter([False, False, True])
    first = bring_in(ann, log, sheet, everyone(ann, log), lambda: next(turns))
    assert 0 < first.rows < rows - wrong
    again = bring_in(ann, log, sheet, everyone(ann, log))
    seconds = time.monotonic() - began
    assert (again.rows, again.known, again.left) == (rows - wrong - first.rows, first.rows, 0)
    record_property("trial", f"rows={rows} all={seconds:.1f}s")
    if rows == max(WRONG):
        assert seconds < SECONDS
    assert len(all_posts(ann, [log]).posts) == rows - wrong
    known = plan_import(ann, log, sheet)
    assert (known.good, known.known) == (0, rows - wrong)
    assert bring_in(ann, log, sheet, everyone(ann, log)).rows == 0
    # In the stream it is one line, which is nobody's news.
    (line,) = posts(ann, log, "", 10).posts
    assert (line.rows, line.unread, child_of(ann, log).unread) == (rows - wrong, False, 0)


@pytest.mark.trial(small=3, great=60)
def test_whatever_breaks_off_each_row_comes_in_once(trials: Trials) -> None:
    breaks: Counter[str] = Counter()
    for number in range(trials.count):
        random = trials.random(number)
        clock = Clock()
        practice = Practice(HonestServer(clock), clock)
        ann, bea, log = _two_who_bring_in(practice)
        made = notes(random, 150, 5)
        sheet = Sheet(made.table, None, "old notes")
        for session in (ann, bea):
            _break_now_and_then(session, random, breaks)
        left = 150 - 5
        for _ in range(200):
            # Now one of them tries, now the other, each with the same file.
            session = random.choice((ann, bea))
            try:
                refresh(session)
                left = bring_in(session, log, sheet, everyone(session, log)).left
            except Unreachable:
                continue
            if left == 0:
                break
        assert left == 0
        session.transport.breaking = False
        refresh(session)
        found = all_posts(session, [log]).posts
        assert len({post.row for post in found}) == len(found) == 145
        texts = {row[-1] for at, row in enumerate(made.table[1:], 2) if at not in made.wrong}
        assert all(any(post.text.startswith(text) for text in texts) for post in found)
    assert min(breaks["before"], breaks["after"]) >= trials.count, breaks


def everyone(session: Session, log: str) -> Terms:
    """Return the terms that whoever is on the team now was on the screen."""
    members = child_of(session, log).members
    return Terms(frozenset(read_id(member.person.id) for member in members), False)


def _two_who_bring_in(practice: Practice) -> tuple[Session, Session, str]:
    ann, bea = practice.found(), practice.join("Bea")
    log = begin(ann, "Sample A")
    refresh(ann)
    grant(ann, log, id_of(bea), "keeper", "works with her")
    refresh(bea)
    return ann, bea, log


def _break_now_and_then(session: Session, random: Random, breaks: Counter[str]) -> None:
    """Have what is sent not arrive, or arrive without an answer, now and then."""
    transport = session.transport
    send = transport.append
    transport.breaking = True

    def append(*given: object) -> object:
        answer = None
        for stage in ("before", "after"):
            if transport.breaking and random.random() < 0.3:
                breaks[stage] += 1
                raise Unreachable(f"cut {stage}")
            answer = answer or send(*given)
        return answer

    transport.append = append
