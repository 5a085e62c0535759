"""Round-ups: who is told of how much, and who at once."""

from __future__ import annotations

import pytest

from tests.office import NUDGE, QUIET, named
from tests.postbox import DROP
from tests.vectors.practice import staff


def test_a_supervisor_hears_in_the_morning_how_much_is_new(office, ada):
    bob = office.child("Bob", "Ben", "Sue")
    for child, count in ((ada, 3), (bob, 2)):
        for _ in range(count):
            office.post(child, "Ben")
    office.at("2026-09-22 07:59")
    assert (office.round().made, office.lines("Sue")) == (0, [])
    office.later()
    report = office.round()
    assert (report.made, report.sent, report.waiting, report.trouble) == (1, 1, 0, "")
    names = ", ".join(sorted([named(ada, 3), named(bob, 2)]))
    assert office.lines("Sue") == [f"5 new on 2 streams ({names})"]
    assert office.lines("Ben") == []


def test_nothing_is_told_twice_and_nothing_new_is_no_mail(office, ada):
    office.post(ada, "Ben")
    for day in (22, 23, 24):
        office.at(f"2026-09-{day} 08:00")
        office.round()
        office.later(30)
        office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)})"]


def test_what_comes_after_the_mail_is_in_the_next(office, ada):
    office.post(ada, "Ben")
    office.at("2026-09-22 08:00")
    office.round()
    office.post(ada, "Ben")
    office.post(ada, "Ben")
    office.at("2026-09-23 08:00")
    office.round()
    assert [line[:5] for line in office.lines("Sue")] == ["1 new", "2 new"]


def test_nothing_from_before_the_first_look_is_told(office):
    ada = office.child("Ada", "Ben", "Sue")
    office.post(ada, "Ben")
    office.at("2026-09-22 09:00")
    office.round()
    office.at("2026-09-23 09:00")
    office.round()
    assert office.lines("Sue") == []


def test_ones_own_posts_rows_brought_in_and_what_was_taken_back_are_not_counted(office, ada):
    office.post(ada, "Sue")
    office.post(ada, "Ben", QUIET)
    office.post(ada, "Ben")
    seq = len(ada.entries) - 1
    office.send("Ben", ada, lambda: ada.withdraw(staff("Ben"), seq))
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Sue") == []
    office.post(ada, "Ben")
    office.at("2026-09-23 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)})"]


def test_other_entries_than_posts_are_not_counted(office, ada):
    cho = office.admit("Cho")
    office.send("Ben", ada, lambda: ada.grant(staff("Ben"), cho))
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Sue") == []


def test_who_comes_later_hears_of_what_is_posted_from_then_on(office, ada):
    office.post(ada, "Ben")
    eve = office.admit("Eve", "supervisor")
    office.round()
    office.send("Ben", ada, lambda: ada.grant(staff("Ben"), eve))
    office.post(ada, "Ben")
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Eve") == [f"1 new on 1 stream ({named(ada, 1)})"]
    assert office.lines("Sue") == [f"2 new on 1 stream ({named(ada, 2)})"]


def test_who_was_removed_is_told_nothing_of_it_any_more(office, ada):
    office.post(ada, "Ben")
    office.send("Ben", ada, lambda: ada.remove(staff("Ben"), staff("Sue")))
    office.post(ada, "Ben", NUDGE)
    office.at("2026-09-22 08:00")
    office.round()
    assert office.box.letters == []


@pytest.mark.parametrize("between", [True, False])
def test_who_comes_back_hears_nothing_of_the_time_between(office, ada, between):
    office.send("Ben", ada, lambda: ada.remove(staff("Ben"), staff("Sue")))
    office.post(ada, "Ben")
    if between:
        office.round()
    office.send("Ben", ada, lambda: ada.grant(staff("Ben"), staff("Sue")))
    office.post(ada, "Ben")
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)})"]


def test_who_has_left_is_told_nothing(office, ada):
    office.post(ada, "Ben", NUDGE)
    office.box.conduct = lambda _: DROP
    office.round()
    office.host.practice.leave(staff("Sue"))
    office.host.send()
    office.box.conduct = lambda _: None
    office.at("2026-09-22 08:00")
    assert office.round().waiting == 0
    assert office.box.letters == []


# Nudges.


def test_a_nudge_comes_at_once_and_once_and_stands_in_the_days_round_up(office, ada):
    office.post(ada, "Ben", NUDGE)
    office.post(ada, "Ben")
    for _ in range(3):
        office.later()
        office.round()
    assert office.lines("Sue") == [f"1 nudge on 1 stream ({named(ada, 1)})"]
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Sue")[1:] == [f"2 new on 1 stream ({named(ada, 2)}), 1 nudge"]


def test_a_nudge_comes_on_a_quiet_day_too(office, ada):
    office.at("2026-09-26 03:00")
    office.round()
    office.post(ada, "Ben", NUDGE)
    office.later()
    office.round()
    assert office.lines("Sue") == [f"1 nudge on 1 stream ({named(ada, 1)})"]


def test_ones_own_nudge_is_not_told(office, ada):
    office.post(ada, "Sue", NUDGE)
    office.round()
    assert office.box.letters == []


def test_with_nudges_only_nothing_else_comes(office, ada):
    office.choose("Ben", every="off", nudges=True)
    office.post(ada, "Sue")
    office.post(ada, "Sue", NUDGE)
    office.at("2026-09-22 08:00")
    office.round()
    office.at("2026-09-23 08:00")
    office.round()
    assert office.lines("Ben") == [f"1 nudge on 1 stream ({named(ada, 1)})"]


def test_a_nudge_as_the_round_up_falls_due_is_one_mail(office, ada):
    office.post(ada, "Ben", NUDGE)
    office.at("2026-09-22 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)}), 1 nudge"]
