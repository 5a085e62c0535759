"""Households, descriptions, many streams at once, profiles: as people type them."""

import pytest

from microblog.client.transport import HttpTransport, Refused


@pytest.fixture
def family(office):
    """Return Ann, who keeps a household and its two children, and Bea, who follows nothing."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("household", "add", "The Samples")
    for name in ("Rosie Pine", "Alfie Pine"):
        ann.did("child", "add", name, "--in", "the samples")
    return ann, bea


def test_a_child_moves_and_both_households_remember_it(family):
    ann, _ = family
    ann.did("household", "add", "Nan's")
    said = ann.did(
        "household", "move", "rosie", "--from", "samples", "--to", "nan", "--date", "2030-01-02"
    )
    assert "lived in The Samples from 20" in said.out
    assert "until 2030-01-02" in said.out
    assert "lives in Nan's since 2030-01-02" in said.out
    assert "Rosie Pine lived here from" in ann.did("about", "samples").out
    assert "Rosie Pine lives here since 2030-01-02" in ann.did("about", "nan's").out
    shown = ann.did("about", "rosie", "--json").json
    assert [row["name"] for row in shown["households"]] == ["The Samples", "Nan's"]
    assert "lives in Nan's" in ann.did("children").out
    unknown = ann.does("household", "move", "rosie", "--to", "elsewhere")
    assert "you follow no household known as “elsewhere”" in unknown.err
    again = ann.does("household", "move", "rosie", "--from", "samples", "--date", "2030-02")
    assert (again.code, "the child is not in that household" in again.err) == (1, True)


def test_what_is_said_of_a_child_is_shown_and_changed_one_thing_at_a_time(family):
    ann, _ = family
    names = ["--known-as", "Ro", "--known-as", "Bear", "--school", "St Mark's"]
    people = ["--relative", "Pat Pine=father", "--relative", "Nan"]
    ann.did("about", "rosie", "--due", "2030-05", *names, *people)
    said = ann.did("about", "rosie", "--protect", "--close").out
    for words in (
        "Rosie Pine, due 2030-05, closed [", "PROTECTED ADDRESS", "also known as Ro\n",
        "Pat Pine: father", "  Nan\n", "school: St Mark's", "lives in The Samples since",
        "lives with Alfie Pine",
    ):  # fmt: skip
        assert words in said
    said = ann.did(
        "about", "rosie", "--open", "--no-protect", "--known-as", "", "--born", "2030-05-02"
    )
    shown = ann.did("about", "rosie", "--json").json
    assert (shown["closed"], shown["protected_address"], shown["known_as"]) == (False, False, [])
    assert (shown["birth"], len(shown["relatives"])) == (["born", "2030-05-02"], 2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["about", "x", "--born", "2020", "--due", "2021"], "either born or due"),
        (["household", "move", "x"], "say --from HOUSEHOLD, --to HOUSEHOLD, or both"),
        (["hand-over", "x"], "name each CHILD, or say --all"),
        (["hand-over", "x", "y", "--all"], "name each CHILD, or say --all"),
    ],
)
def test_what_is_used_wrongly_leaves_with_2(somebody, words, message):
    said = somebody.does(*words)
    assert (said.code, message in said.err) == (2, True)


def test_following_a_household_and_each_of_its_children(family):
    ann, bea = family
    said = ann.did("team", "add", "samples", "bea")
    assert "not yet on the teams of Alfie Pine, Rosie Pine: --yes lets them in" in said.err
    assert [row["name"] for row in bea.did("children", "--json").json] == ["The Samples"]
    said = ann.did("team", "add", "samples", "bea", "--yes", "--why", "visits").out
    assert "Bea Ode can read everything about Rosie Pine." in said
    assert len(bea.did("children", "--json").json) == 3
    shown = ann.did("team", "rosie").out
    assert "let in by Ann Lee, through The Samples: visits" in shown
    said = ann.did("team", "remove", "samples", "bea").out
    assert "They still follow Alfie Pine, Rosie Pine: --all-children" in said
    ann.did("team", "add", "samples", "bea")
    said = ann.did("team", "remove", "samples", "bea", "--all-children").out
    assert "can read nothing that is posted from now on about Alfie Pine." in said
    assert {row["my_role"] for row in bea.did("children", "--json").json} == {""}


def test_in_a_terminal_each_child_is_asked_about_by_name(family):
    ann, bea = family
    said = ann.types(
        "team", "add", "samples", "bea",
        answers=[
            (r"Let Bea Ode read everything about Alfie Pine, too\? \[y/N\]: ", "y\n"),
            (r"Let Bea Ode read everything about Rosie Pine, too\? \[y/N\]: ", "n\n"),
        ],
    )  # fmt: skip
    assert said.code == 0
    names = [row["name"] for row in bea.did("children", "--json").json]
    assert names == ["Alfie Pine", "The Samples"]


def test_a_familys_streams_are_read_as_one_on_demand(family):
    ann, _ = family
    for child in ("rosie", "alfie", "the samples"):
        ann.did("post", child, f"About {child}.")
    assert len(ann.did("stream", "rosie", "--json").json) == 1
    said = ann.did("stream", "rosie", "--family").out
    assert [f"About {name}." in said for name in ("rosie", "alfie", "the samples")] == [True] * 3
    assert "about Alfie Pine" in said


def test_a_caseload_is_handed_over_and_goes_on_where_it_broke_off(family, monkeypatch):
    ann, bea = family
    append, count = HttpTransport.append, 0

    def refuse_second(self, log, entries):
        nonlocal count
        count += 1
        if count == 2:
            raise Refused("too-large", "")
        return append(self, log, entries)

    with monkeypatch.context() as patch:
        patch.setattr(HttpTransport, "append", refuse_second)
        said = ann.does("hand-over", "bea", "--all", "--why", "takes over from Ann")
    assert said.code == 1
    assert "Bea Ode is a keeper of Alfie Pine." in said.out
    assert "NOT DONE: Rosie Pine (too-large)." in said.out
    assert "microblog: error: 1 of 3 were not done" in said.err
    handed = ann.did("hand-over", "bea", "rosie", "alfie", "samples", "--json").json
    assert [row["done"] for row in handed] == [True] * 3
    assert all(row["keeper"] for row in bea.did("children", "--json").json)


def test_a_supervisor_is_proposed_by_name_and_let_in_or_not(office, family):
    ann, bea = family
    sue, deb = office.join("Sue Lamb"), office.join("Deb Orr")
    said = bea.did("profile", "--phone", "01632 960777", "--supervisor", "sue", "--deputy", "deb")
    assert "supervisor: Sue Lamb (nurse, Northam Council)" in said.out
    assert "deputy: Deb Orr" in said.out
    said = ann.did("team", "add", "rosie", "bea").out
    assert "Sue Lamb (nurse, Northam Council) supervises them, and is not on the team of" in said
    assert sue.did("children", "--json").json == []
    ann.did("team", "add", "samples", "bea")
    said = ann.did("proposals").out
    assert "supervises Bea Ode, who follows " in said
    assert len(ann.did("proposals", "--json").json[0]["logs"]) == 2
    assert "Sue Lamb can read everything about Rosie" in ann.did("proposals", "accept", "bea").out
    assert len(sue.did("children", "--json").json) == 2
    assert "supervises Bea Ode" in ann.did("team", "rosie").out
    said = ann.did("team", "add", "alfie", "bea", "--with-supervisor").out
    assert "Sue Lamb can read everything about Alfie Pine." in said
    bea.did("profile", "--supervisor", "deb")
    assert "Deb Orr" in ann.did("proposals").out
    ann.did("proposals", "dismiss", "bea")
    assert ann.did("proposals", "--json").json == []
    bea.did("profile", "--supervisor", "", "--deputy", "")
    mine = bea.did("profile", "--json").json
    assert (mine["supervisor"], mine["deputies"], mine["phone"]) == ("", [], "01632 960777")
    assert deb.did("children", "--json").json == []


def test_what_hangs_on_a_leaver_is_listed(office, family):
    ann, bea = family
    office.join("Cas Pye")
    ann.did("team", "add", "rosie", "bea", "--role", "keeper")
    bea.did("profile", "--supervisor", "ann")
    ann.did("about", "alfie", "--close")
    said = ann.did("left", "ann").out
    assert "Alfie Pine, closed [" in said
    assert said.count("nobody else is its keeper") == 2
    assert "is named as supervisor or deputy by Bea Ode" in said
    found = ann.did("left", "ann", "--json").json
    assert [row["name"] for row in found["sole_keeper"]] == ["Alfie Pine", "The Samples"]
    assert "nothing that you can see" in bea.did("left", "cas").out
