"""Follow slips and requests to follow, as people type them."""

import pytest

WHY = "I am her class teacher"


@pytest.fixture
def slip(office):
    """Return Ann, who keeps a child, Bea, who follows nobody, and the child's slip."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Pine")
    return ann, bea, ann.did("slip", "rosie", "--json").json["link"]


def test_two_people_meet_over_a_follow_slip(slip):
    ann, bea, link = slip
    assert link in ann.did("slip", "rosie").out
    assert "/ask#" in link
    said = bea.did("ask", link, "--why", WHY, "--yes").out
    assert "The server says that these can let you in:\n  Ann Lee" in said
    assert "Asked." in said
    assert "You asked Ann Lee on" in bea.did("requests").out
    said = ann.did("requests").out
    assert "Bea Ode" in said
    assert "asks to follow Rosie Pine since" in said
    assert f"    {WHY}\n" in said
    said = ann.did("approve", "rosie", "bea").out
    assert "Bea Ode can read everything about Rosie Pine." in said
    assert "Nobody asks to follow" in ann.did("requests").out
    assert [row["name"] for row in bea.did("children", "--json").json] == ["Rosie Pine"]
    assert WHY in ann.did("team", "rosie").out
    assert bea.did("requests", "--json").json == {"requests": [], "asked": []}
    again = bea.does("ask", link, "--why", WHY, "--yes")
    assert (again.code, "you follow Rosie Pine already" in again.err) == (1, True)


def test_a_request_is_declined_and_taken_back(slip):
    ann, bea, link = slip
    bea.did("ask", link, "--why", WHY, "--yes")
    (row,) = ann.did("requests", "--json").json["requests"]
    assert (row["reason"], row["person"]["name"]) == (WHY, "Bea Ode")
    assert "Bea Ode asks no longer" in ann.did("decline", "rosie", "bea").out
    assert ann.did("requests", "--json").json["requests"] == []
    bea.did("ask", link, "--why", WHY, "--yes")
    assert len(bea.did("requests", "--json").json["asked"]) == 1
    assert "Nothing is asked any more." in bea.did("ask", link, "--take-back").out
    assert bea.did("requests", "--json").json["asked"] == []
    for word in ("approve", "decline"):
        said = ann.does(word, "rosie", "bea")
        assert (said.code, "nobody asks to follow Rosie Pine" in said.err) == (1, True)


def test_nothing_is_asked_before_the_names_were_looked_at(slip):
    ann, bea, link = slip
    said = bea.does("ask", link, "--why", WHY)
    assert (said.code, "nothing was sent: nobody can be asked here" in said.err) == (1, True)
    assert "  Ann Lee" in said.out
    said = bea.types("ask", link, answers=[("Why:", WHY + "\n"), ("Ask them", "n\n")])
    assert (said.code, "nothing was sent" in said.out) == (1, True)
    assert ann.did("requests", "--json").json["requests"] == []
    said = bea.types("ask", link, answers=[("Why:", WHY + "\n"), ("Ask them", "y\n")])
    assert (said.code, "Asked." in said.out) == (0, True)
    assert len(ann.did("requests", "--json").json["requests"]) == 1


def test_what_is_no_slip_or_no_reason_is_told_to_be_none(slip):
    ann, bea, link = slip
    for cut in (link[:-4], f"{link}AAAA", "x", link[:-1] + ("A" if link[-1] != "A" else "E")):
        said = bea.does("ask", cut, "--why", WHY, "--yes")
        assert (said.code, "not the whole link of a follow slip" in said.err) == (1, True)
    assert bea.does("ask", link, "--yes").code == 2
    said = bea.does("ask", link, "--yes", "--why", "a" * 121)
    assert (said.code, "reason is not text of the right length" in said.err) == (1, True)
    # Nor can a reason steer the keeper's terminal.
    bea.did("ask", link, "--why", "come\x1b[2Jin", "--yes")
    assert "\x1b" not in ann.did("requests").out
