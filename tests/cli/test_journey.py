"""The whole way on the real server: founding, joining, posting, reading, removing."""

import json
import re
import subprocess

import pytest

from tests.cli.terminals import MICROBLOG, PASSPHRASE, TYPED_BACK

DUTY = (
    "Nobody is on duty here. Danger now: 999. This is not a referral:"
    " ring Front door 01632 960001 (9 to 5)."
)


def test_a_practice_is_founded_joined_used_and_left(office):
    ann = office.found()
    ann.did("agency", "add", "Northam Health", "--sort", "health")
    bea, cas = office.join("Bea Ode", "health"), office.join("Cas Pye")
    log = ann.did("child", "add", "Rosie Turner", "--born", "2021-03", "--json").json["log"]
    assert "2 people in 2 agencies can read this" in ann.did("team", "add", "rosie", "bea").out

    posted = ann.did("post", "rosie", "Quieter than last week.", "--sure", "niggle", "--scale", "4")
    assert posted.out.splitlines() == [
        "Posted to Rosie Turner's team (2).",
        "2 people in 2 agencies can read this.",
        DUTY,
    ]
    shown = bea.did("stream").out
    assert "Ann Lee (team manager, Northam Council) · about Rosie Turner · new" in shown
    assert "Hunch · niggle · 4 of 10 (0 not safe, 10 safe enough to close)" in shown
    assert "    Quieter than last week.\n" in shown
    assert "· new" not in bea.did("stream").out

    bea.did("team", "rosie")
    bea.did(
        "post", "rosie", "-", "--kind", "visit", "--outcome", "not-let-in",
        "--at", "2026-08-03T10:00", "--same", "3", typed="Nobody let me in.\n",
    )  # fmt: skip
    shown = ann.did("stream", "Rosie").out
    assert "I see this too · Visit · not let in · happened 2026-08-03 10:00" in shown
    assert "I see this too: Bea Ode (4)" in shown

    ann.did("team", "remove", "rosie", "bea")
    ann.did("post", "rosie", "After Bea.")
    assert "you were taken off the team" in bea.did("children").out
    bea_sees = bea.did("stream", "rosie", "--json").json
    assert [post["text"] for post in bea_sees] == ["Nobody let me in.", "Quieter than last week."]
    refused = bea.does("post", "rosie", "Still there?", "--yes")
    assert refused.code == 1

    ann.did("team", "add", log[:6], "cas", "--role", "keeper", "--why", "covers for Ann")
    assert [post["text"] for post in cas.did("stream", "--json").json] == [
        "After Bea.",
        "Nobody let me in.",
        "Quieter than last week.",
    ]
    verified = cas.did("verify", "--json").json
    assert verified["trouble"] is None
    (stream,) = verified["streams"]
    assert (stream["checked"], stream["epochs"], stream["bundles"]) == (8, 2, 2)
    assert "8 entries checked" in cas.did("verify", "rosie").out


def test_someone_new_is_named_and_nothing_is_sent_until_the_team_was_looked_at(office):
    ann = office.found()
    bea, cas = office.join("Bea Ode"), office.join("Cas Pye")
    ann.did("child", "add", "Rosie Turner")
    ann.did("team", "add", "rosie", "bea", "--role", "keeper")
    bea.did("team", "rosie")
    ann.did("team", "add", "rosie", "cas")
    for more in ([], ["--yes"]):
        said = bea.does("post", "rosie", "For Ann only.", *more)
        assert said.code == 1
        assert (
            "microblog: error: nothing was sent: new on the team since you last looked" in said.err
        )
        assert "Cas Pye (nurse, Northam Council)" in said.err
        assert re.search(r"microblog: hint: look at `microblog team .+`, then post again", said.err)
        assert "3 people in 1 agency can read this:" in said.err
    assert cas.did("stream", "--json").json == []
    assert "Cas Pye" in bea.did("stream", "rosie").out
    bea.did("post", "rosie", "For the three of us.", "--yes")
    assert [post["text"] for post in cas.did("stream", "--json").json] == ["For the three of us."]


def test_in_a_terminal_someone_new_is_shown_and_asked_about(office):
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Turner")
    ann.did("team", "add", "rosie", "bea")
    question = r"Post to Rosie Turner's team \(2\)\? \[y/N\]: "
    said = bea.types("post", "rosie", "Hello.", answers=[(question, "n\n")])
    assert said.code == 1
    assert "Ann Lee (team manager, Northam Council)  new" in said.out
    assert "microblog: error: nothing was sent" in said.out
    said = bea.types("post", "rosie", "Hello.", answers=[(question, "y\n")])
    assert said.code == 0
    assert "Posted to Rosie Turner's team (2)." in said.out
    said = bea.types("post", "rosie", "Not asked again.", answers=[])
    assert said.code == 0


def test_joining_in_a_terminal_offers_a_passphrase_and_shows_who_invites(office):
    office.found()
    link, letters = office.invite("Bea Ode")
    bea = office.person("Bea Ode")
    said = bea.types(
        "join", link,
        answers=[
            ("The eight letters: ", f"{letters.lower()}\n"),
            (r"do you want to join\? \[y/N\]: ", "y\n"),
            (r"Here is one:\s+([a-z-]{29})\s.*Enter takes the one above\): ", "short\n"),
            (r"at least 12 characters.*\): ", "\n"),
            (r"The same again: ", "another one typed\n"),
            (r"They differ\..*\): ", f"{PASSPHRASE}\n"),
            (r"The same again: ", f"{PASSPHRASE}\n"),
            *TYPED_BACK,
        ],
        MICROBLOG_PASSPHRASE_FILE="",
    )  # fmt: skip
    assert said.code == 0
    assert "Ann Lee (team manager, Northam Council) invites you to Northam" in said.out
    assert "What you write is part of the child's record." in said.out
    assert "You have joined Northam." in said.out
    assert PASSPHRASE not in said.out
    assert "You follow no child yet." in bea.did("children").out


def test_the_passphrase_that_is_offered_can_be_taken_with_enter(office):
    office.found()
    link, letters = office.invite("Bea Ode")
    bea = office.person("Bea Ode")
    offered = r"Here is one:\s+([a-z]{4}(?:-[a-z]{4}){5})\s"
    said = bea.types(
        "join", link, "--letters", letters, "--yes",
        answers=[(offered + r".*above\): ", "\n"), ("The same again: ", "{}\n"), *TYPED_BACK],
        MICROBLOG_PASSPHRASE_FILE="",
    )  # fmt: skip
    assert said.code == 0
    bea.passphrase_file.write_text(re.search(offered, said.out).group(1))
    bea.did("children")


def test_a_post_on_the_wrong_child_is_moved_and_its_words_are_erased(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    ann.did("child", "add", "Tom Hale")
    ann.did("post", "rosie", "Tom was at school.")
    refused = ann.does("withdraw", "rosie", "2", "--wrong-child", "--to", "tom", "--why", "Tom's")
    assert refused.code == 1
    assert "nothing was done: this erases words" in refused.err
    done = ann.did(
        "withdraw", "rosie", "2", "--wrong-child", "--to", "tom", "--why", "Tom's", "--yes"
    )
    assert "Posted to Tom Hale's team (1)." in done.out
    assert "The words of post 2 are erased." in done.out
    shown = ann.did("stream", "rosie").out
    assert "The words were erased: they had been put on the wrong child." in shown
    assert "Tom was at school." not in shown
    assert "Tom was at school." in ann.did("stream", "tom").out


def test_a_withdrawn_post_is_shown_with_who_and_why(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    ann.did("post", "rosie", "On Monday.")
    ann.did("withdraw", "rosie", "2", "--why", "it was Tuesday")
    assert re.search(r"\[Withdrawn by Ann Lee, .*: it was Tuesday\]", ann.did("stream").out)
    said = ann.does("withdraw", "rosie", "9", "--why", "?")
    assert (said.code, "Rosie Turner has no post 9" in said.err) == (1, True)


def test_two_children_who_share_a_name_are_told_apart_by_age(office):
    ann = office.found()
    logs = [
        ann.did("child", "add", "Rosie Turner", "--born", born, "--json").json["log"]
        for born in ("2021-03", "2015-01")
    ]
    said = ann.does("post", "rosie", "Which?")
    assert said.code == 1
    for log in logs:
        assert f"[{log}]" in said.err
    assert re.search(r"Rosie Turner, \d+ years", said.err)
    ann.did("post", logs[0][:8], "This one.")


def test_a_key_file_opens_on_another_machine_and_the_passphrase_changes(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    ann.did("post", "rosie", "Kept.")
    file = str(office.folder / "ann.key")
    ann.did("key-file", "save", file)
    assert ann.does("key-file", "save", file).code == 1
    other = office.person("Ann's laptop")
    other.did("key-file", "open", file)
    assert "Kept." in other.did("stream").out
    assert "holds somebody's keys already" in other.does("key-file", "open", file).err
    new = office.folder / "new"
    new.write_text("a new one that is long\n")
    other.did("passphrase", "--new-file", str(new))
    refused = other.does("children")
    assert refused.code == 1
    assert "microblog: error: the passphrase does not open the vault" in refused.err
    other.passphrase_file.write_text("a new one that is long")
    other.did("children")
    new.write_text("too short")
    assert "at least 12 characters" in other.does("passphrase", "--new-file", str(new)).err


def test_what_is_remembered_is_shown_when_the_server_is_gone(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    ann.did("post", "rosie", "Kept.")
    office.server.stop()
    said = ann.did("stream", "rosie")
    assert "Kept." in said.out
    assert "microblog: warning: the server cannot be reached: this is what was known" in said.err
    refused = ann.does("post", "rosie", "Not now.")
    assert refused.code == 1
    assert "microblog: error: the server cannot be reached" in refused.err


def test_an_invitation_is_not_taken_twice_nor_with_other_letters(office):
    ann = office.found()
    link, letters = office.invite("Bea Ode")
    bea = office.person("Bea Ode")
    said = bea.does("join", link, "--letters", "AAAA AAAA", "--yes")
    assert said.code == 1
    assert "the letters do not fit the link, or the place is gone" in said.err
    assert "hint: check the eight letters, or ask a steward for a new invitation" in said.err
    assert not (bea.home / "vault").exists()
    bea.did("join", link, "--letters", letters, "--yes")
    assert "holds somebody's keys already" in bea.does("join", link, "--letters", letters).err
    eve = office.person("Eve")
    assert eve.does("join", link, "--letters", letters, "--yes").code == 1
    assert "Bea Ode (nurse, Northam Council): practitioner" in ann.did("people").out


def test_an_invitation_is_taken_back(office):
    ann = office.found()
    link, letters = office.invite("Bea Ode")
    (invite,) = ann.did("people", "--json").json["invites"]
    assert "is invited as practitioner by Ann Lee" in ann.did("people").out
    ann.did("revoke-invite", invite["id"][:8])
    assert "no open invitation has that id" in ann.does("revoke-invite", invite["id"]).err
    assert office.person("Bea").does("join", link, "--letters", letters, "--yes").code == 1


def test_a_practice_is_founded_once_with_its_own_link(office):
    link = office.server.founding_link()
    words = ("--practice", "N", "--name", "A", "--job", "j", "--agency", "C")
    eve = office.person("Eve")
    wrong = link.partition("#")[0] + "#" + "A" * 43
    said = eve.does("found", wrong, *words)
    assert said.code == 1
    assert "the founding link is used or out of date" in said.err
    assert not (eve.home / "vault").exists()
    ann = office.person("Ann")
    ann.did("found", link, *words)
    assert "the practice is founded already" in eve.does("found", link, *words).err


def test_who_is_no_steward_or_no_keeper_is_refused_in_words(office):
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Turner")
    ann.did("team", "add", "rosie", "bea")
    said = bea.does("agency", "add", "Mine", "--sort", "other")
    assert (said.code, "only a steward may do this" in said.err) == (1, True)
    said = bea.does("team", "remove", "rosie", "ann")
    assert (said.code, "only a keeper may remove someone" in said.err) == (1, True)
    said = bea.does("team", "add", "rosie", "nobody at all")
    assert (said.code, "nobody here is known as" in said.err) == (1, True)
    said = ann.does("invite", "X", "--job", "j", "--agency", "Mars")
    assert (said.code, "no agency is known as" in said.err) == (1, True)


@pytest.mark.parametrize(
    "command",
    [["people"], ["children"], ["team", "rosie"], ["stream"], ["verify"]],
    ids=lambda command: command[0],
)
def test_everything_that_prints_data_prints_it_as_ascii_json(office, command):
    ann = office.found()
    ann.did("child", "add", "Rosie \u202eTurner")
    ann.did("post", "rosie", "Zoë \u001b[31m said.")
    said = ann.did(*command, "--json")
    assert said.out.isascii()
    assert "\u001b" not in said.out
    json.loads(said.out)


def test_nothing_that_others_wrote_can_steer_the_terminal(office):
    ann = office.found()
    ann.did("child", "add", "Rosie \u202eTurner")
    ann.did("post", "rosie", "One\u001b[2J.\r\n9 · Ann Lee\u2066 x \u0085\u200f")
    for command in (["stream"], ["stream", "rosie"], ["children"], ["team", "rosie"]):
        out = ann.did(*command).out
        assert not set(out) & set("\u001b\r\u0085\u202e\u2066\u200f")
    assert "\n    9 · Ann Lee" in ann.did("stream").out


def test_two_commands_at_once_take_turns(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    running = [
        subprocess.Popen(
            [*MICROBLOG, "post", "rosie", f"Post {n}.", "--yes"],
            env={**office.server.environment, **ann.environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(4)
    ]  # fmt: skip
    done = [(process.communicate(timeout=60), process.returncode) for process in running]
    assert [code for _, code in done] == [0, 0, 0, 0], done
    texts = [post["text"] for post in ann.did("stream", "--json").json]
    assert sorted(texts) == [f"Post {n}." for n in range(4)]
    assert ann.did("verify", "--json").json["trouble"] is None
