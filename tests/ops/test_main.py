"""`microblogd`'s words, and every way in which it refuses: an error, a hint, an exit code."""

from __future__ import annotations

import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from microblog.store.db import Lock
from microblog.store.engine import DATABASE
from tests.databases import run_sql
from tests.ops.saying import Done
from tests.serving import MICROBLOGD, Server

if TYPE_CHECKING:
    pass

FILE = pytest.mark.only("sqlite", "it is about its file, or those beside it")
READERS = ("check", "rebuild", "founding-link")
ALL = ("serve", "migrate", *READERS)


# The data.


def test_serve_makes_the_folder_and_the_database(microblogd, folder):
    done = microblogd("serve")
    assert (done.code, done.lines) == (0, [])
    assert "migrated: 0001" in done.out
    assert "not founded yet" in done.out
    assert folder.stat().st_mode & 0o777 == 0o700


@FILE
def test_a_second_server_on_the_same_data_is_refused(microblogd, folder):
    microblogd("serve")
    lock = Lock(folder)
    for word in ("serve", "migrate", "rebuild"):
        microblogd(word).refused(f"another server is running on the data in {folder}")
    assert microblogd("check").code == 0
    assert microblogd("founding-link").code == 0
    lock.release()


def test_a_folder_that_cannot_be_made_is_refused(microblogd, folder):
    folder.write_text("")
    microblogd("serve").refused("cannot be made: file exists")
    microblogd("serve", MICROBLOG_DATA="/proc/microblog").refused("cannot be made: no such file")


@FILE
@pytest.mark.parametrize("word", ["serve", "migrate"])
def test_a_folder_that_cannot_be_written_is_refused(microblogd, folder, monkeypatch, word):
    # Tests may run as root, who may write anywhere.
    folder.mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    microblogd(word).refused("cannot be written by this user")


@pytest.mark.parametrize("word", ALL)
def test_a_database_of_a_newer_version_is_refused(microblogd, place, word):
    microblogd("serve")
    run_sql(place, "UPDATE alembic_version SET version_num = '9999'")
    microblogd(word).refused("made by a newer version")


@FILE
@pytest.mark.parametrize("word", ALL)
def test_a_database_that_is_none_is_refused(microblogd, folder, word):
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"not a database" * 1000)
    microblogd(word).refused("damaged or no database")


@FILE
@pytest.mark.parametrize("word", READERS)
def test_where_there_is_no_database_the_commands_say_so(microblogd, folder, word):
    microblogd(word).refused("is missing")
    folder.mkdir()
    microblogd(word).refused("there is no database")


@pytest.mark.parametrize("word", READERS)
def test_an_older_database_is_to_be_migrated(microblogd, place, word):
    microblogd("serve")
    run_sql(place, "DELETE FROM alembic_version")
    microblogd(word).refused("older than this program")


@FILE
def test_a_full_disk_is_one_line(tmp_path):
    stopped = Server(tmp_path / "data", tmp_path / "log")
    stopped.data.mkdir()
    # A limit on the size of files stands in for a disk with no room.
    done = subprocess.run(
        ["bash", "-c", f"trap '' XFSZ; ulimit -f 20; exec {' '.join(MICROBLOGD)} migrate"],
        env=stopped.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    Done(done.returncode, done.stdout, done.stderr.splitlines()).refused("cannot be used")


# The port, the settings, the words.


def test_a_port_in_use_is_refused(microblogd):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        microblogd("serve", PORT=str(port)).refused(f"port {port}: is in use")


@pytest.mark.parametrize(
    ("words", "changes", "message"),
    [
        (["serve"], {"PORT": "x"}, "PORT is not a number"),
        (["serve"], {"MICROBLOG_PORT": "1"}, "MICROBLOG_PORT is not a setting"),
        (["serve"], {"PUBLIC_URL": "http://m.example"}, "PUBLIC_URL is not https"),
        (["nothing"], {}, "No such command 'nothing'"),
        (["serve", "--x"], {}, "No such option"),
    ],
)
def test_what_is_said_wrongly_is_answered_with_usage(microblogd, words, changes, message):
    microblogd(*words, **changes).refused(message, code=2)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["serve", "--help"]])
def test_help_and_version_are_no_errors(microblogd, words):
    done = microblogd(*words)
    assert (done.code, done.lines) == (0, [])
    assert "microblogd" in done.out or "Serve on PORT" in done.out


def test_being_interrupted_is_said(microblogd, monkeypatch):
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("microblog.ops.serving._Server.run", interrupt)
    microblogd("serve").refused("stopped")


# The link.


def test_a_founding_link_replaces_the_one_before(microblogd):
    microblogd("serve")
    links = {microblogd("founding-link", PUBLIC_URL="https://m.example").out for _ in range(2)}
    assert len(links) == 2
    assert all(link.startswith("https://m.example/found#") for link in links)


@FILE
def test_a_founding_link_is_kept_for_this_user_only(microblogd, folder):
    microblogd("serve")
    microblogd("founding-link")
    assert (folder / "founding").stat().st_mode & 0o777 == 0o600


@FILE
def test_a_link_that_cannot_be_kept_is_said(microblogd, folder):
    microblogd("serve")
    (folder / "founding").mkdir()
    microblogd("founding-link").refused("the founding link cannot be kept: is a directory")


# Migrating, checking, rebuilding. What they find is tested where it is found.


def test_migrate_says_what_it_did(microblogd, folder):
    folder.mkdir()
    assert microblogd("migrate").out.startswith("migrated: 0001, ")
    assert microblogd("migrate").out == "nothing to migrate\n"


def test_check_names_what_differs_and_rebuild_puts_it_right(microblogd, place):
    microblogd("serve")
    run_sql(place, "INSERT INTO person VALUES (x'00', x'00', 'steward', 0, NULL)")
    done = microblogd("check")
    done.refused("1 faults in 0 logs")
    assert done.out == "person AA: stored, but does not follow from the logs\n"
    assert microblogd("rebuild").out.endswith("rebuilt: 1 differences\n")
    assert microblogd("check").out == "verified: 0 entries in 0 logs, nothing differs\n"
    assert microblogd("rebuild").out == "rebuilt: nothing differed\n"


def test_rebuild_refuses_when_a_log_does_not_verify(microblogd, place):
    microblogd("serve")
    run_sql(place, "INSERT INTO entry VALUES (x'01', 0, x'', 'post', x'', 0, 0, 0, x'', x'')")
    microblogd("rebuild").refused("log AQ seq 0: does not verify")
