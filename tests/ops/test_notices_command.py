"""`microblogd vapid` and `microblogd notices`: what they say and refuse; a restore; two at once."""

from __future__ import annotations

import socket
import sqlite3

import pytest
from sqlalchemy import select

from microblog.ops import main
from microblog.ops.notices import settle_restored
from microblog.push.vapid import FILE, read_key
from microblog.service import restoring
from microblog.store.ledger import NOTICES, hold_ledger
from microblog.store.notices import marks
from tests.databases import environment_of
from tests.ops.saying import Done
from tests.pushbox import CONTACT
from tests.vectors.practice import staff


@pytest.fixture
def command(bell, monkeypatch, capsys):
    """Return what runs a command of `microblogd` in this process, by the clock of the notices."""
    settings = {
        **environment_of(bell.site),
        "MICROBLOG_PUSH": CONTACT,
        "MICROBLOG_PUSH_HOSTS": bell.pushbox.host,
        "MICROBLOG_PUSH_CA": str(bell.pushbox.authority),
        "PUBLIC_URL": bell.host.origin,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, **changes: str | None) -> Done:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("time.time_ns", lambda: bell.now * 1_000_000)
            for name, value in changes.items():
                patch.delenv(name) if value is None else patch.setenv(name, value)
            given = list(words) or ["notices"]
            code = main.run(lambda: main.commands.main(given, standalone_mode=False))
        said = capsys.readouterr()
        return Done(code, said.out, [line for line in said.err.splitlines() if line])

    return run


@pytest.fixture
def ada(bell):
    """Return a stream in which Sue was not told of the newest post."""
    bell.post(bell.children["Ada"], "Ben")
    return bell.children["Ada"]


# The key.


def test_the_key_is_for_the_servers_user_only_and_is_made_once(microblogd, folder):
    done = microblogd("vapid")
    assert (done.code, done.lines) == (0, [])
    assert len(done.out) == 88
    file = folder / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_bytes()
    again = microblogd("vapid")
    again.refused("there is a key already: with another, everyone has to switch notices on again")
    assert "microblogd vapid --replace" in again.lines[1]
    assert file.read_bytes() == kept
    replaced = microblogd("vapid", "--replace")
    assert replaced.code == 0
    assert replaced.out != done.out
    assert file.read_bytes() != kept
    assert file.stat().st_mode & 0o777 == 0o600
    assert [it.name for it in folder.iterdir()] == [FILE]


def test_a_key_that_cannot_be_kept_is_said(microblogd, folder):
    folder.mkdir()
    (folder / f"{FILE}.part").mkdir()
    microblogd("vapid").refused("the key cannot be kept: ")


# The notices.


def test_what_was_done_is_said_in_numbers(bell, command, ada):
    assert command() == Done(0, "notices: 1 sent, 0 gone, 0 waiting\n", [])
    assert command("notices", "--once") == Done(0, "", [])
    assert bell.pushbox.paths() == ["/sue"]


def test_what_waits_is_an_error_with_a_hint_and_says_no_address(bell, command, ada):
    bell.pushbox.conduct = lambda _: (401, {})
    done = command()
    done.refused("a push service answers 401: 1 notices wait")
    assert done.lines[1] == "microblogd: hint: see deploy/PUSH.md"
    assert "sue" not in done.out + "".join(done.lines)
    assert bell.pushbox.host not in done.out + "".join(done.lines)


def test_a_device_that_is_gone_is_no_error_of_the_operators(bell, command, ada):
    bell.pushbox.conduct = lambda _: (410, {})
    assert command() == Done(0, "notices: 0 sent, 1 gone, 0 waiting\n", [])


def test_a_push_service_that_is_allowed_no_more_is_not_called(bell, command, ada):
    done = command(MICROBLOG_PUSH_HOSTS="push.example:443", MICROBLOG_PUSH_CA=None)
    done.refused("a push service is not one that may be called: 1 notices wait")
    assert bell.pushbox.got == []


def test_without_web_push_it_says_what_to_set(bell, command):
    changes = dict.fromkeys(("MICROBLOG_PUSH", "MICROBLOG_PUSH_HOSTS", "MICROBLOG_PUSH_CA"))
    command(**changes).refused("web push is not set up: MICROBLOG_PUSH says whom", code=2)


def test_without_a_key_it_says_how_one_is_made(bell, command, ada):
    (bell.folder / FILE).unlink()
    done = command()
    done.refused("there is no key to sign notices with")
    assert done.lines[1] == "microblogd: hint: microblogd vapid makes it"
    (bell.folder / FILE).write_text("no key")
    command().refused("vapid.pem is damaged, or no key")
    assert bell.pushbox.got == []


@pytest.mark.parametrize("words", [("--once", "--every", "9"), ("--every", "0"), ("--every", "x")])
def test_what_makes_no_sense_is_answered_with_usage(command, words):
    assert command("notices", *words).code == 2


@pytest.mark.only("sqlite", "the folder says where it is")
def test_where_there_is_no_database_it_says_so(bell, command, tmp_path):
    key = (bell.folder / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(key)
    command(MICROBLOG_DATA=str(tmp_path)).refused("there is no database")


@pytest.mark.only("sqlite", "the ledger is a file there")
def test_a_damaged_ledger_is_one_line(bell, command, ada):
    (bell.folder / NOTICES.file).write_bytes(b"no database" * 1000)
    done = command()
    done.refused("notices.db cannot be read")
    assert done.lines[1] == "microblogd: hint: move it away: notices begin again from now on"
    # The server goes on without it.
    assert bell.ask("Sue", "GET", "/api/push").json["on"] is True


def test_it_goes_on_until_it_is_stopped(bell, command, ada, monkeypatch):
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) == 1:
            bell.pushbox.conduct = lambda _: (503, {})
            bell.post(ada, "Ben")
            bell.later(10)
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)
    done = command("notices", "--every", "60")
    assert done.lines == ["microblogd: error: stopped"]
    assert waited == [60] * 3
    assert done.out.splitlines() == [
        "notices: 1 sent, 0 gone, 0 waiting",
        "notices: 0 sent, 0 gone, 1 waiting: a push service answers 503",
    ]


def test_another_that_is_at_work_is_left_to_it(bell, command, ada):
    with hold_ledger(bell.site, NOTICES):
        assert command() == Done(0, "notices: another process is sending them\n", [])
    assert bell.pushbox.got == []


def test_a_push_service_that_is_down_is_tried_twice_a_round(bell, command, monkeypatch):
    ada = bell.children["Ada"]
    for name in ("P1", "P2", "P3", "P4"):
        who = bell.admit(name)
        bell.send("Ben", ada, lambda who=who: ada.grant(staff("Ben"), who))
        bell.wants(name)
    bell.ring()
    bell.post(ada, "Ben")
    called, connect = [], socket.create_connection

    def noted(address, *rest):
        called.append(address)
        return connect(address, *rest)

    monkeypatch.setattr(socket, "create_connection", noted)
    bell.pushbox.conduct = lambda _: (503, {})
    command().refused("a push service answers 503: 5 notices wait")
    assert len(called) == 5
    bell.pushbox.close()
    bell.later()
    command().refused("a push service cannot be reached, or hangs up: 5 notices wait")
    assert len(called) == 7


# A backup, and what is put back.


def test_neither_the_ledger_nor_the_key_is_in_a_backup(bell, command, ada, tmp_path):
    command()
    file = tmp_path / "backup"
    assert command("backup", str(file)).code == 0
    tables = {name for (name,) in sqlite3.connect(file).execute("SELECT name FROM sqlite_master")}
    assert "push" in tables
    assert not {"woken", "mark", "look"} & tables
    assert b"PRIVATE KEY" not in file.read_bytes()
    assert read_key(bell.folder) is not None


def test_while_a_server_is_restored_nothing_is_sent(bell, command, ada):
    restoring.begin(bell.host.marks)
    assert command() == Done(0, "", [])
    restoring.end(bell.host.marks)
    assert command().out == "notices: 1 sent, 0 gone, 0 waiting\n"


def test_what_is_posted_where_a_restore_lost_something_is_told(bell, command, ada):
    # Told of much that the backup does not have.
    with hold_ledger(bell.site, NOTICES) as book:
        book.write(lambda it: it.execute(marks.update().values(posts=900)))
    settle_restored(bell.site)
    bell.post(ada, "Ben")
    assert command().out == "notices: 1 sent, 0 gone, 0 waiting\n"


def test_opening_again_after_a_restore_brings_the_marks_down(bell, command, ada):
    with hold_ledger(bell.site, NOTICES) as book:
        book.write(lambda it: it.execute(marks.update().values(posts=900)))
    restoring.begin(bell.host.marks)
    assert command("open", "--anyway").code == 0
    with hold_ledger(bell.site, NOTICES) as book:
        [seq] = book.write(lambda it: it.scalars(select(marks.c.posts)).all())
    assert seq == len(ada.entries) - 1
