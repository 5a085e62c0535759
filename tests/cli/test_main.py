"""What every command does alike: exit codes, errors in words, no traceback."""

import subprocess
import time

import click
import pytest

from microblog.cli import home, main
from microblog.cli.main import cli
from microblog.client.session import World
from microblog.client.transport import HttpTransport, Refused
from tests.cli.terminals import INTERRUPT, MICROBLOG


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["post"], "Missing argument 'CHILD'"),
        (["post", "rosie", "x", "--kind", "rumour"], "'rumour' is not one of"),
        (["post", "rosie", "x", "--scale", "11"], "11 is not in the range"),
        (["post", "rosie", "x", "--same", "1", "--correct", "2"], "answers one other in one way"),
        (["post", "rosie"], "there is no text to post"),
        (["child", "add", "x", "--born", "2020", "--due", "2021"], "either born or due"),
        (["withdraw", "x", "1", "--why", "y", "--to", "z"], "--to goes with --wrong-child"),
        (["withdraw", "x", "1"], "Missing option '--why'"),
        (["join", "https://x.example/join#AA"], "The eight letters is missing: give --letters"),
        (["found", "https://x.example/found#AA", "--number", "1"], "LABEL=NUMBER"),
        (["found", "https://x.example/found#AA", "--device", "x" * 121], "at most 120 characters"),
    ],
)
def test_what_is_used_wrongly_leaves_with_2(somebody, words, message):
    said = somebody.does(*words)
    assert said.code == 2
    assert said.err.startswith("microblog: error: ")
    assert message in said.err
    assert "\nmicroblog: hint: microblog" in said.err


@pytest.mark.parametrize(
    "link",
    [
        "join",
        "https://x.example/join",
        "https://x.example/found#AA",
        "ftp://x.example/join#AA",
        "https://me@x.example/join#AA",
        "https:///join#AA",
        "https://[x/join#AA",
    ],
)
def test_a_link_that_is_not_whole_is_refused(somebody, link):
    said = somebody.does("join", link, "--letters", "AAAA AAAA")
    assert said.code == 1
    assert "microblog: error: this is not a whole link to join" in said.err
    assert "hint: it looks like https://…/join#…; put it in quotation marks" in said.err


def test_a_plain_http_link_to_elsewhere_is_warned_of(somebody, monkeypatch):
    monkeypatch.setattr("microblog.client.transport.CONNECT_SECONDS", 0.001)
    link = "http://192.0.2.1/join#" + "A" * 64
    said = somebody.does("join", link, "--letters", "AAAA AAAA", "--yes")
    assert said.code == 1
    assert "microblog: warning: the link is not https" in said.err


def test_without_keys_nothing_can_be_done(somebody):
    said = somebody.does("children")
    assert said.code == 1
    assert said.err == (
        f"microblog: error: there are no keys in {somebody.home}\n"
        "microblog: hint: begin with `microblog join LINK`\n"
    )


def test_a_passphrase_is_not_asked_for_where_there_is_no_terminal(somebody):
    somebody.home.mkdir()
    (somebody.home / "vault").write_bytes(b"sealed")
    somebody.passphrase_file.unlink()
    said = somebody.does("children")
    assert (said.code, "cannot be read: No such file or directory" in said.err) == (1, True)
    somebody.monkeypatch.setattr(
        type(somebody), "environment", {"MICROBLOG_HOME": str(somebody.home)}
    )
    said = somebody.does("children")
    assert said.code == 1
    assert "no passphrase: there is no terminal to ask on" in said.err
    assert "hint: name a file that holds it in MICROBLOG_PASSPHRASE_FILE" in said.err


def test_what_is_no_vault_is_said_to_be_none(somebody):
    somebody.home.mkdir()
    (somebody.home / "vault").write_bytes(b"sealed")
    said = somebody.does("children")
    assert said.code == 1
    assert "microblog: error: " in said.err


def test_a_folder_that_cannot_be_used_is_named(somebody):
    somebody.home.write_text("a file in the way")
    said = somebody.does("children")
    assert said.code == 1
    assert f"microblog: error: {somebody.home / 'vault'}: Not a directory" in said.err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RuntimeError("a private word"), "something is wrong in this program (RuntimeError)"),
        (KeyboardInterrupt(), "microblog: stopped"),
        (click.Abort(), "microblog: stopped"),
        (click.FileError("x", "gone"), "gone"),
        (OSError(28, "No space left on device", "memory"), "memory: No space left on device"),
    ],
)
def test_whatever_happens_is_told_in_words(somebody, monkeypatch, error, message):
    def fail(*_):
        raise error

    monkeypatch.setattr(home, "find_home", fail)
    said = somebody.does("children")
    assert said.code == 1
    assert message in said.err
    assert "private" not in said.err


def test_every_command_explains_itself(somebody):
    def commands(group, words):
        for name, command in group.commands.items():
            yield [*words, name]
            if isinstance(command, click.Group):
                yield from commands(command, [*words, name])

    for words in commands(cli, []):
        said = somebody.does(*words, "--help")
        assert said.code == 0
        assert "Usage: microblog" in said.out
    assert somebody.does("--version").code == 0


def test_output_that_nobody_reads_ends_quietly(office):
    ann = office.found()
    for number in range(3):
        ann.did("child", "add", f"Child {number}")
    process = subprocess.Popen(
        [*MICROBLOG, "children", "--json"],
        env={**office.server.environment, **ann.environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=30) == 1


ERASE = ("withdraw", "rosie", "2", "--wrong-child", "--why", "x")


@pytest.mark.parametrize(
    ("words", "question", "file"),
    [(("children",), "Passphrase: ", ""), (ERASE, r"on every device\? \[y/N\]: ", None)],
)
def test_ctrl_c_ends_a_command_cleanly(office, words, question, file):
    ann = office.found()
    ann.did("child", "add", "Rosie")
    ann.did("post", "rosie", "Words.")
    changes = {} if file is None else {"MICROBLOG_PASSPHRASE_FILE": file}
    said = ann.types(*words, answers=[(question, INTERRUPT)], **changes)
    assert said.code == 1
    assert said.out.rstrip().endswith("microblog: stopped")
    assert "Traceback" not in said.out
    ann.did("children")


def test_progress_is_shown_on_a_terminal_only(office, monkeypatch):
    ann = office.found()
    assert "\x1b" not in ann.did("children").err
    said = ann.types("children", answers=[])
    assert "Opening the vault…" in said.out
    assert said.out.endswith("\x1b[KYou follow no child yet. Begin one with `microblog child add"
                             " NAME`, or ask a keeper to add you.\n")  # fmt: skip


def test_a_refusal_of_the_server_is_told_in_words(office, monkeypatch):
    ann = office.found()
    ann.did("child", "add", "Rosie")
    ahead = World(clock=lambda: time.time_ns() // 10**6 + 10**6)
    real = home.find_home

    def find_home():
        found = real()
        return type(found)(found.folder, ahead, found.progress)

    monkeypatch.setattr(home, "find_home", find_home)
    said = ann.does("post", "rosie", "Too early.")
    assert said.code == 1
    assert "the server's clock and this machine's do not agree" in said.err
    assert "hint: set this machine's clock and try again" in said.err


def test_a_device_whose_person_has_left_is_told_so(office, monkeypatch):
    office.found()
    bea = office.join("Bea Ode")

    def refuse(*_):
        raise Refused("signed-out", "")

    monkeypatch.setattr(HttpTransport, "sign_in", refuse)
    said = bea.does("children")
    assert said.code == 1
    assert "the server does not let this device in" in said.err


@pytest.mark.parametrize("words", [[], ["team"], ["child"], ["key-file"]])
def test_a_command_that_needs_another_word_explains_itself(somebody, words):
    said = somebody.does(*words)
    assert said.code == 2
    assert "Usage: microblog" in said.err


def test_the_main_function_leaves_with_the_exit_code(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["microblog", "nonsense"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 2
