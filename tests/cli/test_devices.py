"""Devices from a terminal: linking from either end, shutting out, the sheet, coming back."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.cli.terminals import MICROBLOG, TYPED_BACK, Person, sheet_of


@pytest.fixture
def team(office):
    """Return Ann and Bea, who follow Rosie."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Turner")
    ann.did("team", "add", "rosie", "bea")
    ann.did("post", "rosie", "From before.", "--yes")
    return office, ann, bea


def linked(office, old: Person, name: str, *more: str) -> Person:
    """Link a second machine of somebody's, from both terminals."""
    new = office.person(name)
    process = subprocess.Popen(
        [*MICROBLOG, "device", "link", office.server.origin, "--device", name],
        env={**os.environ, **new.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    shown = ""
    while not (found := re.search(r"\n    ((?:[0-9A-Z]{4} ?){5})\n", shown)):
        line = process.stdout.readline()
        assert line, process.stderr.read()
        shown += line
    said = old.did("device", "accept", *found.group(1).split(), "--yes", *more)
    assert f"It calls itself '{name}'" in said.out
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Bea Ode, Northam, lets this device in…" in out
    assert "This is a device of Bea Ode now, Northam." in out
    return new


def texts(person: Person) -> list[str]:
    return [post["text"] for post in person.did("stream", "rosie", "--json").json]


def paper(person: Person) -> str:
    said = person.types("sheet", answers=TYPED_BACK)
    assert said.code == 0, said.out
    assert "The sheet counts." in said.out
    return "".join(sheet_of(said.out))


def test_a_laptop_links_a_command_line_loses_the_phone_and_comes_back_from_the_sheet(team):
    office, ann, phone = team
    letters = paper(phone)
    shell = linked(office, phone, "shell")
    assert texts(shell) == ["From before."]
    shell.did("team", "rosie")
    shell.did("post", "rosie", "From the shell.")
    assert texts(ann) == ["From the shell.", "From before."]

    # Both are lost; only the paper is left.
    back = office.person("back")
    said = back.does("recover", office.server.origin, "--letters", letters)
    assert (said.code, "give --lost DEVICE" in said.err) == (1, True)
    said = back.did(
        "recover", office.server.origin, "--letters", letters.lower(), "--device", "new phone",
        "--lost", "command line", "--lost", "shell",
    )  # fmt: skip
    assert "You are Bea Ode, Northam." in said.out
    assert "shell is shut out." in said.out
    assert texts(back) == ["From the shell.", "From before."]
    for gone in (phone, shell):
        refused = gone.does("post", "rosie", "By the thief.", "--yes")
        assert refused.code == 1
        assert "the server does not let this device in" in refused.err
    ann.did("post", "rosie", "Not for the thief.")
    assert texts(back)[0] == "Not for the thief."
    rows = back.did("device", "list", "--json").json
    assert [(row["name"], row["sort"], row["revoked"]) for row in rows] == [
        ("command line", "", True), ("", "paper", False), ("shell", "", True),
        ("new phone", "", False),
    ]  # fmt: skip


def test_a_device_is_listed_with_its_end_shut_out_by_name_and_the_keys_are_changed(team):
    office, ann, bea = team
    shell = linked(office, bea, "shell", "--hours", "8")
    out = bea.did("device", "list").out
    assert re.search(r"  command line: since .*, last used .*, this one \[", out)
    assert re.search(r"  shell: since .*, not used yet, until ", out)
    said = bea.does("device", "revoke", "shell")
    assert (said.code, "nobody is there to say" in said.err) == (1, True)
    assert bea.does("device", "revoke", "shell", "--yes", "--since", "yesterday").code == 2
    said = bea.did("device", "revoke", "shell", "--since", "2026-08-03T10:00", "--yes")
    assert "shell is shut out." in said.out
    assert "The keys of all that you follow are changed." in said.out
    ann.did("post", "rosie", "After it.", "--yes")
    assert texts(bea)[0] == "After it."
    assert shell.does("children").code == 1
    assert "there is no such device: shell" in bea.does("device", "revoke", "shell", "--yes").err
    assert "the device in use" in bea.does("device", "revoke", "command", "--yes").err

    # A steward shuts out a colleague's, and nobody else does.
    said = bea.does("device", "revoke", "command", "--person", "ann", "--yes")
    assert "only a steward, or whose it is, may revoke a device" in said.err
    assert "command line" in ann.did("device", "list", "--person", "bea").out
    said = ann.did("device", "revoke", "command", "--person", "bea", "--yes")
    assert "command line is shut out." in said.out
    assert bea.does("children").code == 1


def test_a_sheet_is_made_by_who_sits_there_and_read_as_it_stands(office):
    ann = office.found()
    said = ann.does("sheet")
    assert "nobody is there to type two groups back" in said.err
    wrong = (r"group \d: ", "0000\n")
    said = ann.types("sheet", answers=[wrong, wrong, *TYPED_BACK])
    assert said.code == 0
    assert re.search(r"Group \d is not what the sheet says\.", said.out)
    letters = "".join(sheet_of(said.out))
    other = "A" if letters[9] != "A" else "B"
    typed = letters[:9] + other + letters[10:]
    said = office.person("x").does("recover", office.server.origin, "--letters", typed)
    assert (said.code, "the check does not fit: look at group 3" in said.err) == (1, True)


def test_what_is_no_code_no_address_or_would_overwrite_keys_is_refused(office):
    ann = office.found()
    said = ann.does("device", "accept", "0" * 20, "--yes")
    assert "no device waits under these letters" in said.err
    assert "begin again on the new device" in said.err
    assert "not 20 letters or digits" in ann.does("device", "accept", "0123", "--yes").err
    for words in (["device", "link", office.server.origin], ["recover", office.server.origin]):
        said = ann.does(*words)
        assert (said.code, "holds somebody's keys already" in said.err) == (1, True)
    link, letters = office.invite("Bea Ode")
    bea = office.person("Bea Ode")
    assert "not the address of a server" in bea.does("device", "link", "practice").err
    said = bea.did("join", link, "--letters", letters, "--yes")
    assert "microblog: warning: no recovery sheet was made" in said.err
