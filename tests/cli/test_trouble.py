"""What the command line says when something is out of the ordinary."""

import pytest

from microblog.client import joining
from microblog.client.replies import Fetched
from microblog.client.transport import HttpTransport, Unreachable
from microblog.protocol.entry import DIRECTORY
from tests.cli.terminals import TYPED_BACK


def lie(monkeypatch, alter, of_directory=False):
    """Let the server serve a log's entries altered."""
    fetch = HttpTransport.fetch

    def altered(self, since):
        return [
            Fetched(row.log, alter(row.entries), row.more)
            if (row.log == DIRECTORY) == of_directory
            else row
            for row in fetch(self, since)
        ]

    monkeypatch.setattr(HttpTransport, "fetch", altered)


def flip(entries):
    last = bytearray(entries[-1])
    last[20] ^= 1
    return [*entries[:-1], bytes(last)]


def test_a_stream_that_cannot_be_trusted_is_said_to_be_and_nothing_is_sent(office, monkeypatch):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    bea = office.join("Bea Ode")
    bea.did("children")
    ann.did("team", "add", "rosie", "bea")
    bea.did("stream", "rosie")
    ann.did("post", "rosie", "Altered on the way.")
    with monkeypatch.context() as patch:
        lie(patch, flip)
        assert "NOT TO BE TRUSTED: entry 3 is not what it must be" in bea.did("children").out
        said = bea.did("stream", "rosie")
        assert "microblog: warning: Rosie Turner: NOT TO BE TRUSTED: entry 3" in said.err
        assert "Altered on the way." not in said.out
        said = bea.does("post", "rosie", "Not sent.")
        assert said.code == 1
        assert "microblog: error: nothing was sent: entry 3 is not what it must be" in said.err
        assert "hint: `microblog verify` checks everything again; tell your steward" in said.err
        said = bea.does("verify")
        assert said.code == 1
        assert "microblog: error: not everything is as it must be" in said.err
    assert "Altered on the way." in bea.did("stream", "rosie").out


def test_a_directory_that_went_back_is_warned_of_by_every_command(office, monkeypatch):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    with monkeypatch.context() as patch:
        lie(patch, lambda entries: entries[:-1], of_directory=True)
        said = ann.did("people")
    assert "microblog: warning: the directory: the server shows less than it did" in said.err
    said = ann.does("post", "rosie", "Not sent.")
    assert said.code == 1
    assert "nothing is sent any more [RolledBack at 4]" in said.err


def test_a_join_of_which_nothing_is_known_keeps_its_keys_and_says_so(office, monkeypatch):
    office.found()
    link, letters = office.invite("Bea Ode")
    bea = office.person("Bea Ode")
    join = joining.join

    def lose_the_answer(*arguments):
        join(*arguments)
        raise Unreachable("the server cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(joining, "join", lose_the_answer)
        said = bea.does("join", link, "--letters", letters, "--yes")
    assert said.code == 1
    assert "microblog: warning: it is not known whether the server has it" in said.err
    assert "Bea Ode" in bea.did("people").out


def test_a_practice_is_founded_by_answering_questions(office):
    ann = office.person("Ann Lee")
    said = ann.types(
        "found",
        office.server.founding_link(),
        answers=[
            ("Practice: ", "Northam\n"),
            ("Your name: ", "Ann Lee\n"),
            ("Your job: ", "manager\n"),
            ("Your agency: ", "Council\n"),
            *TYPED_BACK,
        ],
    )
    assert said.code == 0
    assert "The sheet counts." in said.out
    assert "Not for real children yet" in said.out
    assert "Northam is founded. You are its steward." in said.out
    assert "Ann Lee (manager, Council): steward, you" in ann.did("people").out


def test_who_does_not_agree_does_not_join(office):
    office.found()
    link, letters = office.invite("Bea Ode")
    bea = office.person("Bea Ode")
    answers = [(r"do you want to join\? \[y/N\]: ", "n\n")]
    said = bea.types("join", link, "--letters", letters, answers=answers)
    assert said.code == 1
    assert "microblog: error: you did not join" in said.out
    assert not bea.home.exists()
    said = bea.does("join", link, "--letters", letters)
    assert said.code == 1
    assert "nobody is there to say whether this is right" in said.err
    assert "Ann Lee (team manager, Northam Council) invites you to Northam" in said.out


def test_a_child_is_listed_with_all_that_matters_about_it(office):
    ann = office.found()
    ann.did("household", "add", "The Turners")
    ann.did("child", "add", "Rosie Turner", "--due", "2026-12")
    ann.did("post", "rosie", "Seen.", "--kind", "visit", "--outcome", "seen", "--at", "2026-08-02")
    household, child = sorted(ann.did("children").out.splitlines(), key=lambda row: "Rosie" in row)
    assert "The Turners, age unknown · 0 posts · household" in household
    assert "Rosie Turner, due 2026-12 · 1 post · last post " in child
    assert "last seen 2026-08-02" in child
    assert "one keeper. Ask for a second." in ann.did("team", "rosie").out


def test_an_invitation_is_printed_to_be_handed_over_in_two_ways(office):
    ann = office.found()
    out = ann.did("invite", "Bea Ode", "--job", "nurse", "--agency", "council").out
    assert "Send Bea Ode this link:\n\n    http" in out
    assert "eight letters another way, by telephone or on paper:" in out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 281, "the text has 281 characters, and a post has at most 280"),
        ("-", "there is no text to post"),
    ],
)
def test_a_text_that_cannot_be_posted_is_refused_before_anything_is_opened(somebody, text, message):
    said = somebody.does("post", "rosie", text, typed=" \n")
    assert said.code in (1, 2)
    assert message in said.err


def test_erasing_in_a_terminal_shows_the_words_and_asks(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    ann.did("post", "rosie", "On the wrong child.")
    words = ("withdraw", "rosie", "2", "--wrong-child", "--why", "x")
    question = r"    On the wrong child\..*on every device\? \[y/N\]: "
    said = ann.types(*words, answers=[(question, "n\n")])
    assert said.code == 1
    assert "microblog: error: nothing was done" in said.out
    said = ann.types(*words, answers=[(question, "y\n")])
    assert said.code == 0
    assert "The words of post 2 are erased." in said.out


def test_a_long_stream_is_shown_in_part(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    for number in range(3):
        ann.did("post", "rosie", f"Post {number}.")
    out = ann.did("stream", "rosie", "--count", "2").out
    assert "Post 0." not in out
    assert out.endswith("More: --count 4\n")
