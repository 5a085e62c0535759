"""Households: where a child lives and lived, what is said of it, and by whom."""

from dataclasses import replace

import pytest

from microblog.client import household, team
from microblog.client.family import described
from microblog.client.following import refresh
from microblog.client.messages import AboutDraft, NewChild
from microblog.client.reading import posts
from microblog.client.session import NotFollowed, read_id
from microblog.client.transport import Unreachable
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.errors import Malformed, NotAllowed, TooNew, Unreadable
from tests.client.practice import begin, child_of, id_of, say

TODAY = "2026-09-21"


def begin_household(session, name: str) -> str:
    return team.begin_child(session, NewChild(name=name, sort="household"))


def draft_of(session, log: str, **changes) -> AboutDraft:
    child = child_of(session, log)
    draft = AboutDraft(
        name=child.name,
        known_as=child.known_as,
        birth=child.birth,
        school=child.school,
        relatives=tuple((row.name, row.relation) for row in child.relatives),
        households=tuple((row.log, row.since, row.until) for row in child.households),
        protected_address=child.protected_address,
        closed=child.closed,
    )
    return replace(draft, **changes)


def stays(session, log: str) -> list[tuple[str, str, str]]:
    return [(row.name, row.since, row.until) for row in child_of(session, log).households]


@pytest.fixture
def two_homes(practice):
    """Return Ann, who keeps one child, the household it lives in, and another."""
    ann = practice.found()
    first, second = begin_household(ann, "12 Sample Row"), begin_household(ann, "Sample Nan")
    log = team.begin_child(ann, NewChild(name="Rosie", households=(first,)))
    return ann, log, first, second


def test_a_child_begins_in_a_household_today(two_homes):
    ann, log, first, _ = two_homes
    assert stays(ann, log) == [("12 Sample Row", TODAY, "")]
    home = child_of(ann, first)
    assert (home.sort, home.households) == ("household", ())
    assert [(row.log, row.name, row.since, row.until) for row in home.children] == [
        (log, "Rosie", TODAY, "")
    ]


def test_a_move_leaves_history_in_the_child_and_in_both_households(two_homes):
    ann, log, first, second = two_homes
    household.move_child(ann, log, first, second, "2026-10-01")
    assert stays(ann, log) == [
        ("12 Sample Row", TODAY, "2026-10-01"),
        ("Sample Nan", "2026-10-01", ""),
    ]
    assert [row.until for row in child_of(ann, first).children] == ["2026-10-01"]
    assert [row.since for row in child_of(ann, second).children] == ["2026-10-01"]
    household.move_child(ann, log, second, first, "2026-11")
    assert stays(ann, log)[2] == ("12 Sample Row", "2026-11", "")
    assert len(child_of(ann, first).children) == 2


def test_a_child_lives_in_several_households_at_once(two_homes):
    ann, log, first, second = two_homes
    household.move_child(ann, log, "", second, "2026-09")
    assert [until for _, _, until in stays(ann, log)] == ["", ""]
    household.move_child(ann, log, first, "", "2026-10-02")
    assert [until for _, _, until in stays(ann, log)] == ["2026-10-02", ""]


def test_siblings_are_those_who_live_in_a_household_with_it_now(two_homes):
    ann, log, first, second = two_homes
    sib = team.begin_child(ann, NewChild(name="Sib", households=(first,)))
    begin(ann, "Elsewhere")
    assert [row.name for row in child_of(ann, log).siblings] == ["Sib"]
    household.move_child(ann, sib, first, second, "2026-10-01")
    assert child_of(ann, log).siblings == ()
    household.move_child(ann, log, "", second, "2026-10-02")
    assert [row.name for row in child_of(ann, sib).siblings] == ["Rosie"]


def test_a_follower_of_the_child_alone_sees_a_household_without_its_name(practice, two_homes):
    ann, log, first, _ = two_homes
    bea = practice.join("Bea")
    refresh(ann)
    team.grant(ann, log, id_of(bea), "follower", "")
    refresh(bea)
    (stay,) = child_of(bea, log).households
    assert (stay.log, stay.name) == (first, "")


def test_a_child_that_is_named_as_a_household_lends_it_no_name(two_homes, monkeypatch):
    ann, log, _, _ = two_homes
    other = begin(ann, "Other Child")
    with monkeypatch.context() as patch:
        patch.setattr(household, "check_stays", lambda *_: None)
        household.describe(ann, log, draft_of(ann, log, households=((other, "", ""),)))
    assert [(row.log, row.name) for row in child_of(ann, log).households] == [(other, "")]
    assert child_of(ann, other).children == ()


def test_whoever_was_taken_off_a_child_no_longer_counts_it_in_a_household(practice, two_homes):
    ann, log, first, _ = two_homes
    bea = practice.join("Bea")
    refresh(ann)
    team.grant_many(ann, id_of(bea), "follower", "", first, [first, log])
    refresh(bea)
    assert [row.name for row in child_of(bea, first).children] == ["Rosie"]
    team.remove(ann, log, id_of(bea))
    refresh(bea)
    assert child_of(bea, first).children == ()


@pytest.mark.parametrize(
    ("out", "into", "date", "error", "message"),
    [
        ("second", "", "2026-10-01", NotAllowed, "the child is not in that household"),
        ("", "first", "2026-10-01", NotAllowed, "in that household already"),
        ("first", "child", "2026-10-01", NotAllowed, "that is no household"),
        ("first", "first", "2026-10-01", Malformed, "from one household to another"),
        ("", "", "2026-10-01", Malformed, "from one household to another"),
        ("first", "second", "", Malformed, "a move has a date"),
        ("first", "second", "October", Malformed, "is not a date"),
        ("first", "second", "2026-08-01", Malformed, "a stay ends before it begins"),
        ("first", "nowhere", "2026-10-01", NotFollowed, "no stream of that id"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(two_homes, out, into, date, error, message):
    ann, log, first, second = two_homes
    ids = {"first": first, "second": second, "child": log, "": "", "nowhere": "A" * 21 + "A"}
    before = stays(ann, log)
    with pytest.raises(error, match=message):
        household.move_child(ann, log, ids[out], ids[into], date)
    assert stays(ann, log) == before


def test_a_household_is_in_no_household(two_homes):
    ann, _, first, second = two_homes
    with pytest.raises(NotAllowed, match="only a child moves"):
        household.move_child(ann, first, "", second, "2026-10-01")
    draft = draft_of(ann, first, households=((second, "", ""),))
    with pytest.raises(Malformed, match="a household is in no household"):
        household.describe(ann, first, draft)


def test_a_move_whose_answer_was_lost_is_not_made_twice(two_homes, monkeypatch):
    ann, log, first, second = two_homes
    append = ann.transport.append

    def lose(*arguments):
        append(*arguments)
        raise Unreachable("the server cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(ann.transport, "append", lose)
        with pytest.raises(Unreachable):
            household.move_child(ann, log, first, second, "2026-10-01")
    household.move_child(ann, log, first, second, "2026-10-01")
    assert len(ann.feeds[read_id(log)].abouts) == 2
    assert len(stays(ann, log)) == 2


def test_the_ninth_stay_makes_room_and_the_oldest_is_not_forgotten(two_homes):
    ann, log, first, second = two_homes
    homes = [first, second]
    for number in range(9):
        date = f"2026-10-{number + 1:02}"
        household.move_child(ann, log, homes[number % 2], homes[(number + 1) % 2], date)
    rows = stays(ann, log)
    assert [since for _, since, _ in rows] == [
        TODAY, *(f"2026-10-{day:02}" for day in range(1, 10))
    ]  # fmt: skip
    assert len(described(ann.feeds[read_id(log)])[1].households) == 8
    household.describe(ann, log, draft_of(ann, log, school="St Sample's"))
    assert stays(ann, log) == rows
    assert child_of(ann, log).school == "St Sample's"


def test_everything_a_keeper_says_of_a_child_is_read_by_the_team(team_of_two):
    _, ann, bea, log = team_of_two
    draft = AboutDraft(
        name="Rosie Sample", known_as=("Ro", "Bear"), birth=("due", "2026-12"), school="None yet",
        relatives=(("Sample Nan", "grandmother"), ("Unknown", "")), protected_address=True,
    )  # fmt: skip
    household.describe(ann, log, draft)
    refresh(bea)
    child = child_of(bea, log)
    assert (child.name, child.known_as, child.birth) == (
        "Rosie Sample", ("Ro", "Bear"), ("due", "2026-12")
    )  # fmt: skip
    assert [(row.name, row.relation) for row in child.relatives] == [*draft.relatives]
    assert (child.protected_address, child.closed) == (True, False)


def test_an_unborn_child_is_born(practice):
    ann = practice.found()
    log = team.begin_child(ann, NewChild(name="Baby Sample", birth=("due", "2026-12")))
    household.describe(ann, log, draft_of(ann, log, name="Rosie", birth=("born", "2026-12-03")))
    assert child_of(ann, log).birth == ("born", "2026-12-03")


def test_a_closed_child_is_opened_again_and_posts_go_on(team_of_two):
    _, ann, bea, log = team_of_two
    household.describe(ann, log, draft_of(ann, log, closed=True))
    refresh(bea)
    assert child_of(bea, log).closed
    assert say(bea, log, "Seen in town.").sent
    household.describe(ann, log, draft_of(ann, log, closed=False))
    refresh(bea)
    assert not child_of(bea, log).closed


def test_only_a_keeper_describes_and_moves(team_of_two):
    _, _, bea, log = team_of_two
    with pytest.raises(NotAllowed, match="only a keeper may do this"):
        household.describe(bea, log, draft_of(bea, log, school="Mine"))
    home = begin_household(bea, "Home")
    with pytest.raises(NotAllowed, match="only a keeper may do this"):
        household.move_child(bea, log, "", home, "2026-10-01")


def test_what_another_keeper_changed_meanwhile_stays(team_of_two):
    _, ann, bea, log = team_of_two
    team.grant(ann, log, id_of(bea), "keeper", "")
    refresh(bea)
    on_anns_screen, seen = draft_of(ann, log), child_of(ann, log).described
    household.describe(bea, log, draft_of(bea, log, school="St Sample's", protected_address=True))
    refresh(ann)
    household.describe(ann, log, replace(on_anns_screen, known_as=("Ro",)), seen)
    child = child_of(ann, log)
    assert (child.school, child.protected_address, child.known_as) == ("St Sample's", True, ("Ro",))


def test_saying_what_is_said_already_sends_nothing(team_of_two):
    _, ann, _, log = team_of_two
    before = ann.feeds[read_id(log)].next_seq
    household.describe(ann, log, draft_of(ann, log))
    assert ann.feeds[read_id(log)].next_seq == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "name is not text"),
        ({"relatives": (("", "aunt"),)}, "name is not text"),
        ({"relatives": (("x", ""),) * 31}, "people is not an array"),
        ({"birth": ("due", "soon")}, "birth is not a date"),
        ({"school": "x" * 121}, "school is not text"),
    ],
)
def test_what_cannot_be_said_is_refused_before_it_is_sent(team_of_two, changes, message):
    _, ann, _, log = team_of_two
    with pytest.raises(Malformed, match=message):
        household.describe(ann, log, draft_of(ann, log, **changes))


def test_a_description_by_a_newer_version_is_not_written_over(team_of_two, monkeypatch):
    _, ann, _, log = team_of_two
    plain = household.encode_about

    def newer(about):
        return encode([*decode_array(plain(about)), "more"])

    with monkeypatch.context() as patch:
        patch.setattr("microblog.client.writing.encode_about", newer)
        household.describe(ann, log, draft_of(ann, log, school="St Sample's"))
    assert child_of(ann, log).school == "St Sample's"
    with pytest.raises(TooNew, match="written with a newer version"):
        household.describe(ann, log, draft_of(ann, log, school="Other"))


def test_a_withheld_description_is_not_written_over(team_of_two):
    practice, ann, bea, log = team_of_two
    team.grant(ann, log, id_of(bea), "keeper", "")
    refresh(bea)
    household.describe(bea, log, draft_of(bea, log, protected_address=True))
    kept = practice.server.streams[read_id(log)]
    kept.entries[-1] = replace(kept.entries[-1], body=b"", salt=b"")
    with pytest.raises(Unreadable):
        household.describe(ann, log, draft_of(ann, log, school="Known"))


def test_siblings_streams_are_read_as_one_on_demand(two_homes):
    ann, log, first, _ = two_homes
    sib = team.begin_child(ann, NewChild(name="Sib", households=(first,)))
    other = begin(ann, "Elsewhere")
    for number, where in enumerate((log, sib, other, log, sib)):
        ann.world.clock.pass_seconds(60)
        say(ann, where, f"Post {number}.")
    merged = posts(ann, log, "", 10, [sib, log])
    assert [(post.text, post.log == sib) for post in merged.posts] == [
        ("Post 4.", True), ("Post 3.", False), ("Post 1.", True), ("Post 0.", False)
    ]  # fmt: skip
    page = posts(ann, log, "", 3, [sib])
    rest = posts(ann, log, page.next, 3, [sib])
    assert [post.text for post in rest.posts] == ["Post 0."]
    with pytest.raises(NotFollowed):
        posts(ann, log, "", 10, ["A" * 22])
