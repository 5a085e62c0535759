"""Destroying for good: two people, fourteen days, never under a hold; and it stays destroyed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.client import retention, staff, team
from microblog.client.destroying import confirm_shred, hold, propose_shred
from microblog.client.following import refresh
from microblog.client.household import describe
from microblog.client.memory import Memory
from microblog.client.messages import AboutDraft
from microblog.client.posting import withdraw
from microblog.client.retention import EXAMPLES, due, held, set_retention, settled, shreds
from microblog.client.session import Session, read_id
from microblog.protocol.entry import Entry, decode_entry
from microblog.protocol.errors import NotAllowed
from microblog.protocol.staff import Retention
from tests.browser import ROOT
from tests.client.practice import Practice, begin, child_of, id_of, read_posts, say
from tests.client.practice import read_texts as texts

DAY = 24 * 3600
CANARY = "A bruise on the left arm."


@pytest.fixture
def team_of_three(team_of_two) -> tuple[Practice, Session, Session, Session, str]:
    """Return Ann (keeper), Bea (supervisor), Cho (follower), and the child's log, with a canary."""
    practice, ann, bea, log = team_of_two
    cho = practice.join("Cho")
    refresh(ann)
    team.grant(ann, log, id_of(bea), "supervisor", "")
    team.grant(ann, log, id_of(cho), "follower", "")
    say(ann, log, CANARY)
    for session in (ann, bea, cho):
        refresh(session)
    return practice, ann, bea, cho, log


def stored(practice: Practice, log: str) -> list[Entry]:
    """Return what the server holds of a stream, to be changed by a test."""
    return practice.server.streams[read_id(log)].entries


def canary_seq(session: Session, log: str) -> int:
    return next(it.seq for it in read_posts(session, log) if it.text == CANARY)


def propose(ann: Session, bea: Session, log: str, *seqs: int) -> str:
    propose_shred(ann, log, seqs or [canary_seq(ann, log)], "Child protection", "Kept long enough")
    refresh(bea)
    return shreds(bea, log)[0].id


def test_two_people_and_fourteen_days_destroy_it_in_every_copy(team_of_three):
    practice, ann, bea, cho, log = team_of_three
    seq = canary_seq(ann, log)
    proposal = propose(ann, bea, log)
    assert texts(cho, log) == [CANARY]
    practice.clock.pass_seconds(14 * DAY)
    confirm_shred(bea, log, proposal)
    for session in (ann, bea, cho, practice.reopen(bea)):
        refresh(session)
        (post,) = read_posts(session, log)
        assert (post.state, post.text) == ("destroyed", "")
        stored = decode_entry(session.memory.entries(read_id(log))[seq])
        assert (stored.body, stored.salt) == (b"", b"")
        (shred,) = shreds(session, log)
        assert (shred.by.name, shred.sort, shred.why, shred.seqs) == (
            "Ann", "Child protection", "Kept long enough", (seq,),
        )  # fmt: skip
        assert shred.done.by.name == "Bea"
        assert shred.ready == shred.done.time


def test_nobody_destroys_alone(team_of_three):
    practice, ann, bea, _, log = team_of_three
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(15 * DAY)
    with pytest.raises(NotAllowed, match="someone else must second"):
        confirm_shred(ann, log, proposal)
    assert texts(ann, log) == [CANARY]


def test_it_waits_for_fourteen_days(team_of_three):
    practice, ann, bea, _, log = team_of_three
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(14 * DAY - 1)
    with pytest.raises(NotAllowed, match="after fourteen days only"):
        confirm_shred(bea, log, proposal)


def test_a_follower_neither_proposes_nor_seconds_nor_holds(team_of_three):
    practice, ann, bea, cho, log = team_of_three
    with pytest.raises(NotAllowed, match="only a keeper may do this"):
        propose_shred(cho, log, [], "", "")
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(14 * DAY)
    for act in (
        lambda: confirm_shred(cho, log, proposal),
        lambda: hold(cho, log, True, ""),
    ):
        with pytest.raises(NotAllowed, match="only a keeper may do this"):
            act()


def test_a_supervisor_does_not_propose(team_of_three):
    _, _, bea, _, log = team_of_three
    with pytest.raises(NotAllowed, match="only a keeper may do this"):
        propose_shred(bea, log, [], "", "")


def test_under_a_hold_nothing_is_destroyed_and_what_was_proposed_is_taken_back(team_of_three):
    practice, ann, bea, _, log = team_of_three
    seq = canary_seq(ann, log)
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(14 * DAY)
    hold(bea, log, True, "asked for by the court")
    refresh(ann)
    found = held(ann, log)
    assert (found.by.name, found.why) == ("Bea", "asked for by the court")
    assert shreds(ann, log) == ()
    say(ann, log, "New.")
    newest = read_posts(ann, log)[0].seq
    for act in (
        lambda: confirm_shred(bea, log, proposal),
        lambda: propose_shred(ann, log, [seq], "", ""),
        lambda: withdraw(ann, log, newest, True, "wrong child"),
    ):
        with pytest.raises(NotAllowed, match="under a hold nothing is destroyed"):
            act()
    withdraw(ann, log, newest, False, "wrong day")
    hold(ann, log, False, "released")
    assert held(ann, log) is None
    refresh(bea)
    with pytest.raises(NotAllowed, match="no open proposal says the same"):
        confirm_shred(bea, log, proposal)


def test_a_hold_that_is_there_already_is_done(team_of_three):
    _, ann, bea, _, log = team_of_three
    hold(ann, log, True, "court")
    count = ann.feeds[read_id(log)].next_seq
    hold(bea, log, True, "court")
    assert bea.feeds[read_id(log)].next_seq == count


def test_a_proposal_made_again_after_a_lost_answer_is_made_once(team_of_three):
    _, ann, bea, _, log = team_of_three
    propose(ann, bea, log)
    propose(ann, bea, log)
    assert len(shreds(bea, log)) == 1


def test_all_that_is_there_until_now_goes_but_who_was_on_the_team_and_the_epochs(team_of_three):
    practice, ann, bea, cho, log = team_of_three
    team.remove(ann, log, id_of(cho))
    refresh(bea)
    propose_shred(ann, log, [], "Child protection", "")
    refresh(bea)
    practice.clock.pass_seconds(14 * DAY)
    say(bea, log, "Said later.")
    confirm_shred(bea, log, shreds(bea, log)[0].id)
    refresh(ann)
    feed = ann.feeds[read_id(log)]
    bare = {entry.header.kind for entry in feed.entries if not entry.body}
    whole = {entry.header.kind for entry in feed.entries if entry.body}
    assert bare == {"post", "about", "grant"}
    assert whole == {"found", "epoch", "post", "shred"}
    assert texts(ann, log) == ["Said later.", ""]
    assert child_of(ann, log).name == ""
    assert {it.person.name for it in child_of(ann, log).members} == {"Ann", "Bea"}
    # Whoever comes later reads what is left, and can be told whom it is about.
    describe(ann, log, AboutDraft(name="Rosie Turner"))
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert texts(anew, log) == ["Said later.", ""]
    assert child_of(anew, log).name == "Rosie Turner"


def test_what_a_server_brings_back_is_not_taken(team_of_three):
    practice, ann, bea, cho, log = team_of_three
    seq = canary_seq(ann, log)
    whole = stored(practice, log)[seq]
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(14 * DAY)
    confirm_shred(bea, log, proposal)
    refresh(cho)
    stored(practice, log)[seq] = whole
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    for session in (ann, cho, anew):
        refresh(session)
        assert [it.state for it in read_posts(session, log)] == ["destroyed"]
        assert session.feeds[read_id(log)].entries[seq].body == b""


def test_what_is_missing_without_two_people_is_withheld_and_not_destroyed(team_of_three):
    practice, ann, bea, _, log = team_of_three
    seq = canary_seq(ann, log)
    propose(ann, bea, log)
    entries = stored(practice, log)
    entries[seq] = replace(entries[seq], body=b"", salt=b"")
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert [it.state for it in read_posts(anew, log)] == ["withheld"]


def test_a_backup_from_before_is_refused_and_what_it_says_stays_hidden(team_of_three):
    practice, ann, bea, _, log = team_of_three
    before = list(stored(practice, log))
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(14 * DAY)
    confirm_shred(bea, log, proposal)
    refresh(ann)
    stored(practice, log)[:] = before
    for session in (ann, practice.reopen(bea)):
        refresh(session)
        assert child_of(session, log).trouble.error == "RolledBack"
        assert [(it.state, it.text) for it in read_posts(session, log)] == [("destroyed", "")]


def test_from_when_it_is_gone_from_backups_too(team_of_three, monkeypatch):
    practice, ann, bea, _, log = team_of_three
    proposal = propose(ann, bea, log)
    practice.clock.pass_seconds(14 * DAY)
    confirm_shred(bea, log, proposal)
    (shred,) = shreds(bea, log)
    assert shred.gone_from_backups == 0
    monkeypatch.setattr(retention, "rules_of", lambda _: {"backups-kept-days": 35})
    (shred,) = shreds(bea, log)
    assert shred.gone_from_backups == shred.done.time + 35 * DAY * 1000


# For how long


def test_nothing_is_settled_before_a_steward_confirms_it(team_of_two):
    _, ann, bea, log = team_of_two
    assert settled(ann) == ()
    assert due(bea, log) == ()
    set_retention(ann, EXAMPLES)
    refresh(bea)
    assert settled(bea) == EXAMPLES
    assert [it.due for it in due(bea, log)] == [
        "", "2096-03-31", "2121-03-31", "2047-03-31", "2046-03-31",
    ]  # fmt: skip


def test_only_a_steward_settles_for_how_long(team_of_two):
    _, _, bea, _ = team_of_two
    with pytest.raises(NotAllowed, match="only a steward may do this"):
        set_retention(bea, EXAMPLES)


def test_the_practice_keeps_its_numbers_and_may_go_on_changing_them(team_of_two):
    _, ann, _, _ = team_of_two
    set_retention(ann, EXAMPLES[:1])
    numbers = ann.directory.policy.numbers
    staff.set_policy(ann, "Northam", ())
    assert settled(ann) == EXAMPLES[:1]
    assert len(numbers) == 1


@pytest.mark.parametrize(("birth", "months", "expected"), [
    (("born", "2020"), 12, "2021-12-31"), (("born", "2019-02"), 12, "2020-02-28"),
    (("born", "2020-02-29"), 12, "2021-02-28"), (("due", "2020-01-31"), 1, "2020-02-29"),
    (("born", "2020-12-31"), 2, "2021-02-28"), (("unknown", ""), 12, ""),
    (("born", "9999"), 12, ""), (("born", "2020"), 2**40, ""),
])  # fmt: skip
def test_a_date_that_is_half_known_is_taken_to_be_the_last(practice, birth, months, expected):
    ann = practice.found()
    log = begin(ann, "Rosie Turner")
    describe(ann, log, AboutDraft(name="Rosie Turner", birth=birth))
    set_retention(ann, [Retention("Any", months, "birth", "")])
    assert [it.due for it in due(ann, log)] == [expected]


def test_counting_from_the_closing_or_the_newest_post(practice):
    ann = practice.found()
    log = begin(ann, "Rosie Turner")
    set_retention(ann, [Retention("A", 1, "closed", ""), Retention("B", 2, "newest", "")])
    assert [it.due for it in due(ann, log)] == ["", ""]
    draft = AboutDraft(name="Rosie Turner")
    for closed in (True, False, True):
        practice.clock.pass_seconds(10 * DAY)
        describe(ann, log, replace(draft, closed=closed))
    say(ann, log, "Closed.")
    describe(ann, log, replace(draft, closed=True, school="Moved on"))
    # From 21 September 2026, thirty days on.
    assert [it.due for it in due(ann, log)] == ["2026-11-21", "2026-12-21"]


def test_both_languages_offer_the_same_examples():
    text = (ROOT / "microblog/web/src/client/retention.ts").read_text()
    for row in EXAMPLES:
        months = f"{row.months // 12} * YEAR"
        expected = f"""\
    cls: "{row.name}",
    months: {months},
    from: "{row.begins}",
    source: "{row.source}",
"""
        assert expected in text
    assert text.count('cls: "') == len(EXAMPLES)
