"""Lists of children and households: who is begun, who is followed already, what cannot be read."""

from microblog.client.beginning import begin_children, plan_children
from microblog.client.reading import children
from microblog.client.shown_rows import Column
from microblog.client.transport import Unreachable
from tests.client.practice import begin

TITLES = ["First name", "Surname", "Known as", "Date of birth", "School", "Lives in", "Sort"]
TABLE = [
    TITLES,
    ["Rosie", "Pine", "Ro; Bear", "31/05/2019", "Oak School", "The Pines", ""],
    ["Alfie", "Pine", "", "EDD 01/02/2027", "", "the  pines", "child"],
    ["The Elms", "", "", "", "", "", "Household"],
    ["Cas", "Elm", "", "", "", "The Elms", ""],
    ["", "", "", "31/05/2019", "", "", ""],
    ["Rosie", "PINE", "", "31/5/19", "", "", ""],
    ["Bo", "Oak", "", "31/02/2019", "", "", ""],
    ["Bo", "Oak", "", "2029", "", "", ""],
    ["Bo", "Oak", "", "", "", "", "dog"],
    ["Bo", "Oak", "a,b,c,d,e,f,g,h,i", "", "", "", ""],
    ["B" * 121, "", "", "", "", "", ""],
    ["", "", "", "", "", "", ""],
]


def test_a_list_becomes_children_and_households_once(practice):
    ann = practice.found()
    plan = plan_children(ann, TABLE)
    assert (plan.rows, plan.known, plan.needs) == (11, (), ())
    assert [(one.name, one.birth, one.sort, one.household) for one in plan.good] == [
        ("Rosie Pine", "2019-05-31", "child", "The Pines"),
        ("Alfie Pine", "2027-02-01", "child", "the pines"),
        ("The Elms", "", "household", ""),
        ("Cas Elm", "", "child", "The Elms"),
    ]
    handed = begin_children(ann, TABLE, plan.columns, [one.row for one in plan.good])
    assert all(one.done and one.log for one in handed)
    found = {child.name: child for child in children(ann)}
    assert sorted(found) == ["Alfie Pine", "Cas Elm", "Rosie Pine", "The Elms", "The Pines"]
    rosie = found["Rosie Pine"]
    assert (rosie.known_as, rosie.birth, rosie.school) == (
        ("Ro", "Bear"), ("born", "2019-05-31"), "Oak School",
    )  # fmt: skip
    assert [stay.name for stay in rosie.households] == ["The Pines"]
    assert found["Alfie Pine"].birth == ("due", "2027-02-01")
    assert [stay.name for stay in found["Cas Elm"].households] == ["The Elms"]
    again = plan_children(ann, TABLE)
    assert ([one.row for one in again.known], again.good) == ([2, 3, 4, 5], ())
    same = begin_children(ann, TABLE, plan.columns, [2, 5])
    assert [one.log for one in same] == [handed[0].log, handed[3].log]
    assert len(children(ann)) == 5


def test_every_row_that_cannot_be_read_says_why(practice):
    plan = plan_children(practice.found(), TABLE)
    assert [(bad.row, bad.reason) for bad in plan.bad] == [
        (6, "“First name” is empty: whom is this row about?"),
        (7, "Row 2 has the same name and birth date."),
        (8, "“Date of birth” says “31/02/2019”: February 2019 has no day 31."),
        (9, "“Date of birth” says “2029”: that is still to come."),
        (10, "“Sort” says “dog”: it can be child or household."),
        (11, "“Known as” says “a,b,c,d,e,f,g,h,i”: there is room for 8 names."),
        (12, f"“First name” says “{'B' * 60}…”: that is longer than 120 characters."),
    ]


def test_only_the_rows_asked_for_are_begun_and_whom_i_follow_is_known(practice):
    ann = practice.found()
    begin(ann, "Rosie Pine")  # born in March 2021
    table = [["Name", "DOB"], ["rosie  pine", "03/2021"], ["Rosie Pine", "2019"], ["Bo", ""]]
    plan = plan_children(ann, table)
    assert [one.row for one in plan.known] == [2]
    begin_children(ann, table, plan.columns, [4, 99])
    assert sorted(child.name for child in children(ann)) == ["Bo", "Rosie Pine"]


def test_without_a_column_of_names_nobody_is_begun(practice):
    plan = plan_children(practice.found(), [["DOB"], ["2019"]])
    assert (plan.needs, plan.good, plan.bad) == (("name",), (), ())
    columns = [Column(title="DOB", field="name")]
    assert plan_children(practice.sessions["Ann"], [["DOB"], ["x"]], columns).good


def test_it_stops_when_the_server_is_not_reached_or_somebody_says_so(practice, monkeypatch):
    ann = practice.found()
    table = [["Name"], ["Bo"], ["Cas"], ["Dot"]]
    columns = plan_children(ann, table).columns
    turns = iter([False, True])
    first = begin_children(ann, table, columns, [2, 3, 4], lambda: next(turns))
    assert [one.done for one in first] == [True, False, False]

    def append(*_):
        raise Unreachable("cut off")

    monkeypatch.setattr(ann.transport, "append", append)
    cut = begin_children(ann, table, columns, [2, 3, 4])
    assert [(one.done, one.error) for one in cut] == [
        (True, ""), (False, "Unreachable"), (False, ""),
    ]  # fmt: skip
    monkeypatch.undo()
    assert all(one.done for one in begin_children(ann, table, columns, [2, 3, 4]))
    assert len(children(ann)) == 3
