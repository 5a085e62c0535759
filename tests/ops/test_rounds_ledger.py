"""Round-ups: two looked after at once, a server that is restored, the ledger of what was sent."""

from __future__ import annotations

import threading

import pytest

from microblog.ops import rounds
from microblog.service import restoring
from microblog.store.db import hold_ledger
from microblog.store.ledger import LEDGER
from microblog.store.mailings import SENT, marks
from tests.office import NUDGE, named


def test_of_two_at_once_one_sends(office, ada):
    office.post(ada, "Ben", NUDGE)
    arrived, go_on = threading.Event(), threading.Event()

    def conduct(step):
        if step == "words":
            arrived.set()
            assert go_on.wait(20)

    office.box.conduct = conduct
    first = threading.Thread(target=office.round)
    first.start()
    assert arrived.wait(20)
    work = rounds.Work(office.settings, office.box.mail(), "", lambda: office.now)
    assert rounds.run_round(work) is None
    # While the mail server takes its time, people post.
    office.post(ada, "Ben")
    go_on.set()
    first.join()
    assert len(office.box.letters) == 1


def test_while_a_server_is_restored_nothing_is_mailed(office, ada):
    office.post(ada, "Ben", NUDGE)
    restoring.begin(office.host.marks)
    assert office.round().made == 0
    restoring.end(office.host.marks)
    assert office.round().made == 1


def test_what_is_posted_where_a_restore_lost_something_is_told(office, ada):
    with hold_ledger(office.host.site) as book:
        book.write(lambda it: it.execute(marks.update().values(posts=900, nudges=900)))
    rounds.settle_restored(office.host.site)
    office.post(ada, "Ben", NUDGE)
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)}), 1 nudge"]


@pytest.mark.only("sqlite", "it is a file that can be removed there")
def test_without_its_ledger_it_begins_again_from_now_on(office, ada):
    office.post(ada, "Ben")
    (office.folder / LEDGER).unlink()
    office.at("2026-09-22 08:00")
    office.round()
    office.post(ada, "Ben")
    office.at("2026-09-23 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)})"]


def test_what_is_long_done_is_forgotten_but_everyones_newest(office, ada):
    for day in (22, 23):
        office.post(ada, "Ben")
        office.at(f"2026-09-{day} 08:00")
        office.round()
    office.at("2026-12-01 08:00")
    office.round()
    assert [row.state for row in office.book()] == [SENT]
