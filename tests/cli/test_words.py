"""Words, names and what may reach a terminal."""

import re
from dataclasses import replace
from datetime import date

import pytest

from microblog.cli import words
from microblog.cli.failures import explain, trouble
from microblog.cli.names import find_agency, find_child, find_person
from microblog.cli.terminal import Failure, safe
from microblog.client.memory import StorageBusy, StorageFull
from microblog.client.session import InTrouble, NotFollowed, Waiting
from microblog.client.shown import Agency, Child, Member, Person, PhoneNumber, Trouble
from microblog.client.transport import Refused, StaleHead, Unreachable
from microblog.protocol import post, staff, stream
from microblog.protocol.errors import BrokenChain, TooNew, WeakVault

PERSON = Person(
    id="QUFBQQ", name="Ann Lee", job="manager", agency="Council", agency_id="Q0ND", role="steward",
    left=False, phone="", email="", supervisor="", deputies=(),
)  # fmt: skip
CHILD = Child(
    log="eyoKKeM9jJSzci0YMHCCeQ", sort="child", name="Rosie Turner", known_as=("Ro",),
    birth=("born", "2021-03-15"), school="", relatives=(), households=(),
    children=(), siblings=(), described=1, protected_address=False, closed=False, weeks=(),
    concern=None, words="amber heron", members=(), agencies=0, my_role="keeper", keeper=True,
    checked=1, posts=0, unread=0, last_post=0,
    last_seen=None, waiting=False, leaving=(), changing=(), removed=None, vouched=0,
    may_still_read=(), exports=(), trouble=None,
)  # fmt: skip
TODAY = date(2026, 3, 14)


def test_the_words_are_those_of_the_protocol():
    assert tuple(words.KINDS) == post.KINDS
    assert tuple(words.SURES) == post.SURES
    assert tuple(words.SIDES) == post.SIDES
    assert tuple(words.OUTCOMES) == post.OUTCOMES
    assert tuple(words.HOWS) == post.HOWS
    assert words.MAX_TEXT == post.MAX_TEXT
    assert words.SORTS == staff.SORTS
    assert words.ROLES == staff.ROLES
    assert words.TEAM_ROLES == stream.ROLES


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        (("born", "2021-03-15"), "4 years"),
        (("born", "2021-03-14"), "5 years"),
        (("born", "2021-03"), "5 years"),
        (("born", "2015"), "about 11 years"),
        (("born", "2025-12"), "3 months"),
        (("born", "2026-03-01"), "0 months"),
        (("born", "2026"), "born 2026"),
        (("born", "2030-01-01"), "born 2030-01-01"),
        (("due", "2026-06"), "due 2026-06"),
        (("unknown", ""), "age unknown"),
        (("born", ""), "age unknown"),
    ],
)
def test_an_age_is_no_surer_than_what_is_known(birth, age):
    assert words.age(replace(CHILD, birth=birth), TODAY) == age


@pytest.mark.parametrize(
    ("people", "agencies", "said"),
    [
        (7, 4, "7 people in 4 agencies can read this"),
        (1, 1, "1 person in 1 agency can read this"),
    ],
)
def test_who_can_read_this_is_counted(people, agencies, said):
    member = Member(person=PERSON, role="keeper", since=0, by=PERSON, why="", via="")
    assert words.readers([member] * people, agencies) == said


def test_who_is_on_duty_is_said_with_the_practices_own_numbers():
    number = PhoneNumber(agency_id="", label="Front door", number="01632 960001", hours="")
    assert words.duty([number, replace(number, hours="at night")]) == (
        "Nobody is on duty here. Danger now: 999. This is not a referral:"
        " ring Front door 01632 960001; Front door 01632 960001 (at night)."
    )
    assert "this practice has entered no number yet" in words.duty([])


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain “quoted” Zoë 孩子 👧🏽", "plain “quoted” Zoë 孩子 👧🏽"),
        ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\x7f\x85\x9b", "\\x7f\\x85\\x9b"),
        ("\u202egnp.exe", "\\u{202e}gnp.exe"),
        ("\u2066\u2067\u2068\u2069", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"),
        ("\u200e\u200f\u061c", "\\u{200e}\\u{200f}\\u{61c}"),
        ("\u2028\u2029", "\\u{2028}\\u{2029}"),
        ("\U000e0041", "\\u{e0041}"),
    ],
)  # fmt: skip
def test_what_could_steer_a_terminal_is_spelt_out(raw, shown):
    assert safe(raw) == shown


@pytest.mark.parametrize("meant", ["Rosie Turner", "rosie turner", " rosie  turner ", "turn", "Ro",
                                   "eyoK", "eyoKKeM9jJSzci0YMHCCeQ"])  # fmt: skip
def test_a_child_is_found_by_name_by_a_part_of_it_or_by_its_id(meant):
    tom = replace(CHILD, log="AAAAAAAAAAAAAAAAAAAAAA", name="Tom Hale", known_as=())
    assert find_child([tom, CHILD], meant) is CHILD


def test_a_whole_name_is_meant_before_a_part_of_another():
    other = replace(CHILD, log="AAAAAAAAAAAAAAAAAAAAAA", name="Rosie Turner-Hale", known_as=())
    assert find_child([other, CHILD], "rosie turner") is CHILD


@pytest.mark.parametrize("meant", ["", " ", "Amy", "eyo", "EYOK"])
def test_a_child_that_nobody_can_mean_is_not_found(meant):
    with pytest.raises(Failure, match="you follow no child known as"):
        find_child([CHILD], meant)


def test_two_of_a_name_are_named_with_what_tells_them_apart():
    twin = replace(CHILD, log="AAAAAAAAAAAAAAAAAAAAAA", birth=("unknown", ""))
    with pytest.raises(
        Failure, match=r"“rosie” may be .*\[eyoK.*; Rosie Turner, age unknown \[AAA"
    ):
        find_child([CHILD, twin], "rosie")
    other = replace(PERSON, id="QkJCQg", job="nurse")
    with pytest.raises(Failure, match=r"Ann Lee \(manager, Council\).*Ann Lee \(nurse, Council\)"):
        find_person([PERSON, other], "ann")
    agencies = [Agency(id=letter * 4, name="Health", sort="health") for letter in "AB"]
    with pytest.raises(Failure, match=r"Health \[AAAA\]; Health \[BBBB\]"):
        find_agency(agencies, "health")


def test_who_has_left_is_not_found():
    with pytest.raises(Failure, match="nobody here is known as “ann”"):
        find_person([replace(PERSON, left=True)], "ann")


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (Unreachable("the server cannot be reached"), "cannot be reached", "it may have arrived"),
        (StaleHead("", None), "others were first, again and again", "try again"),
        (Refused("not-found", ""), "the server has nothing of that name for you", "refresh"),
        (Refused("odd", "a field"), "the server refuses: odd", "a field"),
        (InTrouble(Trouble(error="RolledBack", seq=4)), "the server shows less than it did",
         "`microblog verify`"),
        (InTrouble(Trouble(error="NotAuthentic", seq=4)), "entry 4 is not what it must be",
         "`microblog verify`"),
        (InTrouble(Trouble(error="TooNew", seq=4)), "this app is too old, update it", "verify"),
        (TooNew("of another version"), "of another version", "update this program"),
        (WeakVault("too little work"), "too little work", "do not use it"),
        (Waiting("no key"), "no key", "try again later"),
        (NotFollowed("none"), "none", "`microblog children`"),
        (StorageBusy("another"), "another", "wait until it has finished"),
        (StorageFull("no space"), "no space", "MICROBLOG_HOME"),
        (BrokenChain("not the next"), "not the next", "`microblog verify`"),
    ],
)  # fmt: skip
def test_every_error_comes_with_a_hint(error, message, hint):
    failure = explain(error)
    assert message in str(failure)
    assert hint in failure.hint


def test_a_trouble_names_its_error_and_its_place():
    assert trouble("RolledBack", 7).endswith("[RolledBack at 7]")
    assert trouble("NotAuthentic", 7) == "entry 7 is not what it must be (NotAuthentic)"


def test_a_time_is_written_as_people_write_it():
    assert re.fullmatch(r"(21|22) Sep 2026 \d\d:\d\d", words.moment(1_790_000_000_000))
    assert "9999" in words.moment(2**53 - 1)
