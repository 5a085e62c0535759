"""Round-ups: to what addresses, and what becomes of what the mail server refuses."""

from __future__ import annotations

import pytest

from microblog.ops import rounds
from microblog.store.mailings import BEGUN, DROPPED, PLANNED, REFUSED, SENT
from tests.office import NUDGE, named
from tests.postbox import DROP
from tests.vectors.practice import staff

# Addresses.


@pytest.mark.parametrize(
    "address",
    ["", "sue", "sue@", "@council.example", "sue@council.example\r\nBcc: eve@elsewhere.example",
     "sue@council.example\n", "sue@council.example, eve@elsewhere.example", "Sue <sue@x.example>",
     "sue @council.example", "sue@council.example\u2028x", "sué@council.example",
     "\"sue\"@council.example", "sue@[127.0.0.1]", ".sue@council.example",
     "sue@-council.example", "s" * 65 + "@council.example", "sue@council.example>",
     "sue@council..example", "sue\r\nRCPT TO:<eve@elsewhere.example>@council.example"],
)  # fmt: skip
def test_what_is_no_address_is_never_used(office, ada, address):
    office.move("Sue", address)
    office.post(ada, "Ben", NUDGE)
    office.at("2026-09-22 08:00")
    assert office.round().made == 0
    assert office.box.letters == []
    assert office.box.heard == []


def test_a_new_address_is_used_for_what_waits(office, ada):
    office.move("Sue", "old@council.example")
    office.post(ada, "Ben", NUDGE)
    office.box.conduct = lambda _: DROP
    office.round()
    office.box.conduct = lambda _: None
    office.move("Sue", "sue@council.example")
    office.later(5)
    office.round()
    assert len(office.lines("Sue")) == 1
    assert len(office.box.letters) == 1


# What the mail server does.


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_what_cannot_be_sent_waits_longer_each_time_and_then_goes(office, ada, step):
    office.post(ada, "Ben", NUDGE)
    office.box.conduct = lambda at: DROP if at == step else None
    waits = []
    for _ in range(8):
        report = office.round()
        assert (report.sent, report.waiting) == (0, 1)
        (row,) = office.book()
        waits.append((row.next - office.now) // 60_000)
        office.later((row.next - office.now) / 60_000 - 0.5)
        assert office.round().trouble == ""
        office.later(0.5)
    assert waits == [1, 2, 5, 15, 60, 60, 60, 60]
    office.box.conduct = lambda _: None
    assert office.round().sent == 1
    assert len(office.lines("Sue")) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "words"])
def test_a_mail_server_that_asks_for_patience_gets_it(office, ada, step):
    office.post(ada, "Ben", NUDGE)
    office.box.conduct = lambda at: "451 later" if at == step else None
    assert office.round().waiting == 1
    (row,) = office.book()
    assert (row.state, row.code, row.repeats) == (PLANNED, 451, 0)
    office.box.conduct = lambda _: None
    office.later()
    assert office.round().sent == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "words"])
def test_what_is_refused_for_good_is_counted_by_the_next(office, ada, step):
    office.post(ada, "Ben")
    office.box.conduct = lambda at: "550 no" if at == step else None
    office.at("2026-09-22 08:00")
    report = office.round()
    assert (report.refused, report.waiting) == (1, 0)
    (row,) = office.book()
    assert (row.state, row.code) == (REFUSED, 550)
    office.later(600)
    assert office.round().sent == 0
    office.box.conduct = lambda _: None
    office.post(ada, "Ben")
    office.at("2026-09-23 08:00")
    office.round()
    office.at("2026-09-24 08:00")
    office.round()
    assert len({row.message_id for row in office.book()}) == 2
    assert office.lines("Sue")[-1:] == [f"2 new on 1 stream ({named(ada, 2)})"]


def test_a_refused_nudge_is_counted_by_the_next_nudge_and_not_tried_at_once(office, ada):
    office.choose("Sue", every="off")
    office.box.conduct = lambda at: "550 no" if at == "RCPT" else None
    office.post(ada, "Ben", NUDGE)
    for _ in range(5):
        office.round()
        office.later(10)
    assert len(office.book()) == 1
    office.box.conduct = lambda _: None
    office.post(ada, "Ben", NUDGE)
    office.round()
    assert office.lines("Sue") == [f"2 nudges on 1 stream ({named(ada, 2)})"]


def test_a_refused_nudge_is_counted_once_by_the_days_round_up(office, ada):
    office.box.conduct = lambda at: "550 no" if at == "RCPT" else None
    office.post(ada, "Ben", NUDGE)
    office.round()
    office.box.conduct = lambda _: None
    office.at("2026-09-22 08:00")
    office.round()
    office.post(ada, "Ben", NUDGE)
    office.round()
    assert office.lines("Sue") == [
        f"1 new on 1 stream ({named(ada, 1)}), 1 nudge",
        f"1 nudge on 1 stream ({named(ada, 1)})",
    ]


def test_days_without_the_mail_server_make_one_mail(office, ada):
    office.box.conduct = lambda _: DROP
    for day in (22, 23, 24):
        office.post(ada, "Ben")
        office.at(f"2026-09-{day} 08:00")
        office.round()
    assert [row.state for row in office.book()] == [DROPPED, DROPPED, PLANNED]
    office.box.conduct = lambda _: None
    office.later(60)
    office.round()
    assert office.lines("Sue") == [f"3 new on 1 stream ({named(ada, 3)})"]


def test_after_three_days_it_is_refused_and_its_nudge_is_in_the_next_round_up(office, ada):
    office.choose("Sue", every="weekly", weekday=0)
    office.box.conduct = lambda _: DROP
    office.post(ada, "Ben", NUDGE)
    for _ in range(9):
        office.round()
        office.later(10 * 60)
    assert [row.state for row in office.book()] == [REFUSED]
    office.box.conduct = lambda _: None
    office.at("2026-09-28 08:00")
    office.round()
    assert office.lines("Sue") == [f"1 new on 1 stream ({named(ada, 1)}), 1 nudge"]


def test_a_server_that_takes_the_words_and_hangs_up_gets_the_same_mail_again(office, ada):
    office.post(ada, "Ben", NUDGE)
    taken = iter([DROP, DROP])
    office.box.conduct = lambda at: next(taken, None) if at == "words" else None
    for _ in range(4):
        office.round()
        office.later(5)
    first, *others = office.letters("Sue")
    assert len(others) == 2
    assert [it.data for it in others] == [first.data, first.data]
    (row,) = office.book()
    assert (row.state, row.repeats, row.tries) == (SENT, 2, 3)


def test_what_may_have_arrived_is_not_counted_by_the_next(office, ada):
    office.post(ada, "Ben")
    office.box.conduct = lambda at: DROP if at == "words" else None
    office.at("2026-09-22 08:00")
    office.round()
    (row,) = office.book()
    assert row.state == BEGUN
    office.box.conduct = lambda _: None
    office.post(ada, "Ben")
    office.at("2026-09-23 08:00")
    office.round()
    assert office.lines("Sue") == [
        f"1 new on 1 stream ({named(ada, 1)})",
        f"1 new on 1 stream ({named(ada, 1)})",
        f"1 new on 1 stream ({named(ada, 1)})",
    ]
    assert len({letter.id for letter in office.letters("Sue")}) == 2


def test_one_readers_refusal_is_not_anothers(office, ada):
    office.admit("Eve", "supervisor", "eve@elsewhere.example")
    office.send("Ben", ada, lambda: ada.grant(staff("Ben"), staff("Eve")))
    office.round()
    refusals = iter(["550 no"])
    office.box.conduct = lambda at: next(refusals, None) if at == "RCPT" else None
    office.post(ada, "Ben", NUDGE)
    report = office.round()
    assert (report.made, report.sent, report.refused) == (2, 1, 1)


def test_a_server_that_is_down_is_asked_twice_and_not_for_everyone(office, ada):
    for name in ("Eve", "Fay", "Gil", "Hal"):
        office.admit(name, "supervisor")
        office.send("Ben", ada, lambda name=name: ada.grant(staff("Ben"), staff(name)))
    office.round()
    asked = []
    office.box.conduct = lambda at: asked.append(at) or DROP
    office.post(ada, "Ben", NUDGE)
    report = office.round()
    assert (report.made, report.waiting, asked) == (5, 5, ["greeting"] * 2)
    assert {row.tries for row in office.book()} == {1}
    office.box.conduct = lambda _: None
    office.later()
    assert office.round().sent == 5


def test_a_wrong_password_refuses_nothing_for_good(office, ada):
    office.box.users[b"us"] = b"secret"
    mail = office.box.mail(user="us")
    office.post(ada, "Ben", NUDGE)
    report = rounds.run_round(rounds.Work(office.settings, mail, "other", lambda: office.now))
    assert (report.refused, report.waiting) == (0, 1)
    assert report.trouble == "the mail server refuses user or password"
    assert [(row.state, row.code) for row in office.book()] == [(PLANNED, 535)]
