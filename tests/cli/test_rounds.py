"""Round-ups, supervision and decisions: as people type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from microblog.client.lines import MOST
from microblog.client.rounds import round_up
from microblog.protocol.base64url import decode_base64url
from microblog.protocol.naming import two_words


@pytest.fixture
def team(office):
    """Return Ann, who keeps a child, and Bea, who follows it and names Ann as her supervisor."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Pine")
    ann.did("team", "add", "rosie", "bea", "--why", "teaches her")
    bea.did("profile", "--supervisor", "ann", "--email", "bea@school.example")
    bea.did("team", "rosie")
    return ann, bea


def day(days: int) -> str:
    return (datetime.now().astimezone().date() + timedelta(days=days)).isoformat()


def test_the_day_is_printed_in_lines_and_may_be_noted_as_read(team):
    ann, bea = team
    bea.did("post", "rosie", "Thin and quiet. " * 15, "--nudge", "--side", "worried", "--yes")
    bea.did("post", "rosie", "Nobody came.", "--kind", "visit", "--outcome", "nobody-in", "--yes")
    log = ann.did("children", "--json").json[0]["log"]
    said = ann.did("round-up").out
    assert said.startswith("2 posts by others since ")
    assert ", on 1 stream, 1 nudge.\n" in said
    assert f"Rosie Pine ({two_words(decode_base64url(log))})\n" in said
    assert "  NUDGE new Hunch, worried · " in said
    assert "  new Visit, nobody in · " in said
    told = ann.did("round-up", "--json").json
    assert all(len(line["line"]) <= MOST for line in told["children"][0]["lines"])
    assert told["children"][0]["lines"][0]["line"].endswith("…")
    assert ann.did("round-up", "--unread", "--read").out == said.replace(
        f"since {told['since']}", "that you have not read"
    )
    assert "new" not in ann.did("round-up").out
    assert ann.did("round-up", "--unread").out.startswith("0 posts by others")
    assert bea.did("round-up").out.startswith("0 posts by others")


def test_what_was_not_printed_is_not_noted_as_read(team, monkeypatch):
    ann, bea = team
    for text in ("Old.", "New."):
        bea.did("post", "rosie", text, "--yes")

    def later_only(session, days, *, unread):
        (child,) = (told := round_up(session, days, unread=unread)).children
        return replace(told, children=(replace(child, lines=child.lines[1:]),))

    monkeypatch.setattr("microblog.cli.rounds.tell_round_up", later_only)
    said = ann.did("round-up", "--read")
    assert "Rosie Pine has earlier posts that you have not read" in said.err
    assert ann.did("children", "--json").json[0]["unread"] == 2


def test_a_decision_comes_back_and_is_answered(team):
    ann, bea = team
    decided = ("--kind", "decision", "--reason", "three visits")
    ann.did("post", "rosie", "Ring the front door.", *decided, "--review", day(0), "--yes")
    said = bea.did("round-up").out
    assert f"  {day(0)}  decided by Ann" in said
    seq = bea.did("round-up", "--json").json["due"][0]["seq"]
    ann.did(
        "post", "rosie", "Seen.", *decided, "--review", day(7), "--review-of", str(seq), "--yes"
    )
    assert "Due for review" not in bea.did("round-up").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kind", "decision", "--reason", "seen"], "a decision has a --review DATE"),
        (["--kind", "decision", "--review", "none"], "a decision has a --reason"),
        (["--review-of", "3"], "--review-of goes with --kind decision"),
    ],
)
def test_a_decision_says_why_and_when_to_look_at_it_again(somebody, words, message):
    said = somebody.does("post", "rosie", "Close it.", *words)
    assert (said.code, message in said.err) == (2, True)


def test_supervision_is_by_name_and_says_what_to_ask_about(team):
    ann, bea = team
    for _ in range(2):
        bea.did("post", "rosie", "x", "--kind", "visit", "--outcome", "not-let-in", "--yes")
    said = ann.did("supervision").out
    for words in ("Rosie Pine [", "on the team: Bea Ode", "not seen yet", "2 visits failed since"):
        assert words in said
    assert "There is nobody to show." in ann.did("supervision", "--only", "nudged").out
    assert [row["name"] for row in ann.did("supervision", "--json").json] == ["Rosie Pine"]
    assert "There is nobody to show." in bea.did("supervision").out


def test_when_it_comes_by_mail_is_chosen(team):
    _, bea = team
    said = bea.did("round-up", "choose").out
    assert "Never." in said
    said = bea.did(
        "round-up",
        "choose",
        "--weekly",
        "fri",
        "7:30",
        "--nudges",
        "--quiet",
        "sat",
        "--quiet",
        "sun",
    ).out
    assert "On Friday at 07:30, by the practice's clock (Europe/London)." in said
    assert "Quiet days: Saturday, Sunday." in said
    assert "At once when someone nudges: yes." in said
    again = bea.did("round-up", "choose", "--quiet", "", "--json").json
    assert (again["every"], again["at"], again["quiet"]) == ("weekly", "07:30", [])
    assert "Every day at 08:00" in bea.did("round-up", "choose", "--daily", "08:00").out
    refused = bea.does("round-up", "choose", "--weekly", "sat", "08:00", "--quiet", "sat")
    assert (refused.code, "Saturday is a quiet day" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--daily", "25:00"], "“25:00” is not a time such as 08:00"),
        (["--weekly", "someday", "08:00"], "“someday” is not a day of the week"),
        (["--daily", "08:00", "--never"], "choose one of --daily, --weekly and --never"),
    ],
)
def test_what_cannot_be_is_refused(somebody, words, message):
    said = somebody.does("round-up", "choose", *words)
    assert (said.code, message in said.err) == (2, True)


def test_only_a_steward_is_told_what_became_of_the_mails(team):
    ann, bea = team
    assert "The server last looked after round-ups: never." in ann.did("round-up", "mails").out
    assert bea.does("round-up", "mails").code == 1
