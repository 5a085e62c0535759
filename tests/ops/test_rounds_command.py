"""`microblogd round-ups`: what it says, what it refuses, and that two at once are one."""

from __future__ import annotations

import os
import sqlite3

import pytest

from microblog.app import create_app
from microblog.ops import main
from microblog.service import restoring
from microblog.store.ledger import LEDGER, hold_ledger
from tests.databases import environment_of, run_sql, settings_on
from tests.forking import Forked
from tests.hosting import Host
from tests.office import NUDGE, named
from tests.ops.saying import Done
from tests.postbox import DROP, FROM
from tests.vectors.practice import staff


@pytest.fixture
def command(office, monkeypatch, capsys):
    """Return what runs a command of `microblogd` in this process on the office's data."""
    settings = {
        **environment_of(office.host.site),
        "MICROBLOG_MAIL": f"smtp://127.0.0.1:{office.box.port}",
        "MICROBLOG_MAIL_FROM": FROM,
        "PUBLIC_URL": office.settings.public_url,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, **changes: str | None) -> Done:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("time.time_ns", lambda: office.now * 1_000_000)
            for name, value in changes.items():
                patch.delenv(name) if value is None else patch.setenv(name, value)
            given = list(words) or ["round-ups"]
            code = main.run(lambda: main.commands.main(given, standalone_mode=False))
        said = capsys.readouterr()
        return Done(code, said.out, [line for line in said.err.splitlines() if line])

    return run


@pytest.fixture
def ada(office, command):
    """Return a stream that was looked at once, and has a nudge since."""
    ada = office.child("Ada", "Ben", "Sue")
    assert command() == Done(0, "", [])
    office.post(ada, "Ben", NUDGE)
    return ada


def test_what_was_done_is_said_in_numbers(office, command, ada):
    done = command()
    assert done == Done(0, "round-ups: 1 made, 1 sent, 0 refused, 0 waiting\n", [])
    assert len(office.lines("Sue")) == 1
    assert command("round-ups", "--once") == Done(0, "", [])


def test_what_waits_is_an_error_with_a_hint_and_names_nobody(office, command, ada):
    office.box.conduct = lambda at: "421 sue@council.example" if at == "RCPT" else None
    done = command()
    done.refused("the mail server closes: 1 round-ups wait")
    assert done.lines[1] == "microblogd: hint: see deploy/MAIL.md"
    assert "@" not in done.out + "".join(done.lines)


def test_one_refused_address_is_no_error_of_the_operators(office, command, ada):
    office.box.conduct = lambda at: "550 no such user" if at == "RCPT" else None
    assert command() == Done(0, "round-ups: 1 made, 0 sent, 1 refused, 0 waiting\n", [])


def test_without_mail_it_says_what_to_set(command, office):
    command(MICROBLOG_MAIL=None, MICROBLOG_MAIL_FROM=None).refused("no mail is set up", code=2)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), ("", "is not one line"), ("a\nb", "is not one line"),
     ("\x07", "is not one line"), ("gehe\u00ebm", "cannot be read")],
)  # fmt: skip
def test_a_password_that_is_none_is_refused_and_not_said(command, tmp_path, content, words):
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    done = command(MICROBLOG_MAIL_USER="us", MICROBLOG_MAIL_PASSWORD_FILE=str(file))
    done.refused(f"MICROBLOG_MAIL_PASSWORD_FILE {words}", code=2)


@pytest.mark.parametrize("words", [("--once", "--every", "9"), ("--every", "0"), ("--every", "x")])
def test_what_makes_no_sense_is_answered_with_usage(command, words):
    assert command("round-ups", *words).code == 2


def test_it_goes_on_until_it_is_stopped(office, command, ada, monkeypatch):
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) == 1:
            office.box.conduct = lambda _: DROP
            office.post(ada, "Ben", NUDGE)
            office.later()
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)
    done = command("round-ups", "--every", "60")
    assert done.lines == ["microblogd: error: stopped"]
    assert waited == [60] * 3
    first, second = done.out.splitlines()
    assert first == "round-ups: 1 made, 1 sent, 0 refused, 0 waiting"
    assert second.startswith("round-ups: 1 made, 0 sent, 0 refused, 1 waiting: the mail server")


@pytest.mark.only("sqlite", "the folder says where it is")
def test_where_there_is_no_database_it_says_so(command, tmp_path):
    command(MICROBLOG_DATA=str(tmp_path)).refused("there is no database")


def test_an_older_database_is_to_be_migrated(command, office):
    office.host.close()
    run_sql(office.host.site, "UPDATE alembic_version SET version_num = '0003'")
    command().refused("the database is older than this program")


@pytest.mark.only("sqlite", "the ledger is a file there")
def test_a_damaged_ledger_is_one_line(command, office, ada):
    (office.folder / LEDGER).write_bytes(b"no database" * 1000)
    command().refused("round-ups.db cannot be read")


def test_another_that_is_at_work_is_left_to_it(command, office, ada):
    with hold_ledger(office.host.site):
        assert command() == Done(0, "round-ups: another process is sending them\n", [])
    assert office.box.letters == []


def test_two_processes_at_once_send_one(office, ada, tmp_path):
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("MICROBLOG_", "PUBLIC_"))},
        **environment_of(office.host.site),
        "MICROBLOG_MAIL": f"smtp://127.0.0.1:{office.box.port}",
        "MICROBLOG_MAIL_FROM": FROM,
        "PUBLIC_URL": office.settings.public_url,
    }
    for _ in range(4):
        office.post(ada, "Ben", NUDGE)
    two = [Forked(["round-ups"], environment, tmp_path / f"said{it}") for it in (1, 2)]
    assert [it.wait(60) for it in two] == [0, 0]
    assert len(office.box.letters) == 1


def test_the_ledger_is_in_no_backup(office, command, ada, tmp_path):
    command()
    file = tmp_path / "backup"
    assert command("backup", str(file)).code == 0
    tables = {name for (name,) in sqlite3.connect(file).execute("SELECT name FROM sqlite_master")}
    assert "round_up_choice" in tables
    assert not {"round_up", "mark", "told"} & tables


def test_what_is_posted_after_a_restore_is_told_even_in_a_lost_ones_place(
    office, command, ada, tmp_path
):
    """Of what was told, some is lost for good; what then stands in its place is new."""
    file, host = tmp_path / "backup", office.host
    before = len(ada.entries)
    assert command("backup", str(file)).code == 0
    for _ in range(3):
        office.post(ada, "Ben", NUDGE)
    command()
    assert len(office.box.letters) == 1
    host.close()
    assert command("restore", str(file)).code == 0
    assert restoring.is_restoring(office.host.marks)
    assert command() == Done(0, "", [])
    assert command("open", "--anyway").code == 0
    del ada.entries[before:]
    office.host = Host(create_app(host_settings(office), host.clock), host.site, host.clock)
    office.host.practice = host.practice
    office.host.callers = {name: office.host.sign_in(staff(name)) for name in ("Ben", "Sue")}
    for _ in range(4):
        office.post(ada, "Ben", NUDGE, text="Not the same.")
    office.later()
    command()
    office.host.close()
    assert office.lines("Sue")[1:] == [f"4 nudges on 1 stream ({named(ada, 4)})"]


def host_settings(office):
    return settings_on(office.host.site, office.host.origin)
