"""What was read, what is to be read again, and what my other devices hear of it."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture
def team(office):
    """Return Ann, who keeps a child and has posted thrice, and Bea's two machines."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Pine")
    ann.did("team", "add", "rosie", "bea", "--why", "teaches her")
    for text in ("One.", "Two.", "Three."):
        ann.did("post", "rosie", text, "--yes")
    other = office.person("other")
    shutil.copytree(office.folder / "Bea Ode", office.folder / "other", dirs_exist_ok=True)
    return ann, bea, other


def unread(person):
    said = person.did("stream", "rosie", "--unread", "--json").json
    assert person.did("children", "--json").json[0]["unread"] == len(said)
    return [post["text"] for post in said]


def test_what_was_read_on_one_machine_is_read_on_the_other_and_may_be_unread_again(team):
    ann, bea, other = team
    one, two, three = (post["seq"] for post in reversed(bea.did("stream", "--json").json))
    assert unread(other) == ["Three.", "Two.", "One."]
    assert bea.did("read", "rosie", "--up-to", str(two)).out == "Rosie Pine: 1 post unread.\n"
    assert unread(other) == ["Three."]
    assert bea.did("read", "rosie").out == "Rosie Pine: 0 posts unread.\n"
    assert bea.did("read", "rosie", "--unread", str(one)).out == "Rosie Pine: 1 post unread.\n"
    assert unread(other) == ["One."]
    other.did("read", "rosie", "--unread", str(two), "--onwards")
    assert unread(bea) == ["Three.", "Two.", "One."]
    # Reading the stream reads what was printed; what was made unread again stays so.
    assert "Two." in bea.did("stream", "rosie").out
    assert unread(other) == ["One."]
    other.did("read", "rosie")
    assert unread(bea) == []
    ann.did("post", "rosie", "Four.", "--yes")
    bea.did("post", "rosie", "Five.", "--yes")
    said = bea.did("stream", "--unread").out
    assert ("Four." in said, "Five." in said, " · new" in said) == (True, False, True)
    said = bea.does("read", "rosie", "--unread", str(three + 2))
    assert (said.code, "is never unread" in said.err) == (1, True)
    said = bea.does("read", "rosie", "--unread", "999")
    assert (said.code, "Rosie Pine has no post 999" in said.err) == (1, True)
    for words in (["--onwards"], ["--unread", "1", "--up-to", "2"]):
        assert bea.does("read", "rosie", *words).code == 2


def test_older_posts_that_were_not_printed_stay_unread(team):
    _, bea, _ = team
    assert "Three." in bea.did("stream", "rosie", "--count", "1").out
    assert unread(bea) == ["Three.", "Two.", "One."]
