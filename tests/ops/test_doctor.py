"""`microblogd doctor` names every misconfiguration, says what to do, and nothing private."""

from __future__ import annotations

import dataclasses
import os
import re
import socket
import sqlite3
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from microblog.ops import sealing
from microblog.ops.doctor import database, machine, reach
from microblog.ops.doctor.finding import WRONG, Patient
from microblog.ops.doctor.looking import AFAR, CHECKS, look
from microblog.ops.doctor.reach import Seen
from microblog.protocol.base64url import encode_base64url
from microblog.push.vapid import make_key
from microblog.service import restoring
from microblog.settings import load_settings
from microblog.store.engine import DATABASE
from tests.databases import name_of, run_sql, settings_on
from tests.hosting import Host

if TYPE_CHECKING:
    from microblog.store.db import Site

HOUR_MS = 60 * 60 * 1000

pytestmark = pytest.mark.only("sqlite", "what is looked at lies in a folder")


@pytest.fixture
def place(site) -> Site:
    """Return the site of the host, for `microblogd` too."""
    return site


@pytest.fixture
def well(host: Host, child, data_folder, tmp_path) -> Patient:
    """Return one with which nothing is wrong: mail, push, sealed backups, all done lately."""
    folder = data_folder
    public, _ = sealing.make_keys()
    key, secret = tmp_path / "backup.pub", tmp_path / "password"
    key.write_text(public)
    secret.write_text("sesame\n")
    secret.chmod(0o600)
    sealing.note_backed_up(folder)
    for it in folder.iterdir():
        it.chmod(0o600)
    settings = load_settings({"MICROBLOG_DATA": str(folder), "MICROBLOG_BACKUP_KEY": str(key)})
    # Root, who may run the tests, gives all of it to somebody else.
    user = os.geteuid() or 1000
    for it in (folder, *folder.iterdir()):
        os.chown(it, user, -1)
    return Patient(settings, {}, user, lambda: time.time_ns() // 1_000_000, lambda: True)


def said(patient: Patient, afar: bool = False) -> list[str]:
    return [str(it) for it in look(patient, afar=afar) if it.state == WRONG]


def lines(patient: Patient) -> str:
    return "\n".join(str(it) for it in look(patient, afar=False))


def but(patient: Patient, **environment: str) -> Patient:
    """Return the same with other settings."""
    settings = patient.settings
    known = {
        "MICROBLOG_DATA": str(settings.data),
        "MICROBLOG_BACKUP_KEY": str(settings.machine.backup_key),
    }
    return dataclasses.replace(patient, settings=load_settings({**known, **environment}))


def test_nothing_is_wrong_where_all_is_well(well):
    assert said(well) == []


# The machine.


def test_a_server_of_roots_is_wrong(well):
    found = said(dataclasses.replace(well, user=0))
    assert any(line.startswith("wrong user: this is root") for line in found)


def test_data_of_another_user_are_wrong(well):
    (line,) = said(dataclasses.replace(well, user=well.user + 1))
    assert "is another user's" in line


def test_a_clock_that_nothing_keeps_right_is_wrong(well):
    (line,) = said(dataclasses.replace(well, is_synced=lambda: False))
    assert "nothing keeps it right" in line
    unknown = lines(dataclasses.replace(well, is_synced=lambda: None))
    assert "cannot be told here" in unknown


def test_the_system_says_something_of_its_clock():
    assert machine.is_clock_synced() in (True, False, None)


def test_a_disk_that_is_nearly_full_is_wrong(well, monkeypatch):
    monkeypatch.setattr(
        "microblog.ops.doctor.machine.shutil.disk_usage",
        lambda _: type("Usage", (), {"free": 5 * 2**20})(),
    )
    (line,) = said(well)
    assert "disk: 5 MiB are free, 1,024 should be. To do: make room" in line


@pytest.mark.parametrize("asked", [{"WEB_CONCURRENCY": "4"}, {"GUNICORN_CMD_ARGS": "--workers=4"}])
def test_more_processes_than_the_database_takes_are_wrong(well, asked):
    (line,) = said(dataclasses.replace(well, environment=asked))
    assert "asks gunicorn for other processes" in line


# The files.


def test_event_streams_that_nobody_takes_are_wrong(well, tmp_path, free_port):
    for place in (str(free_port), str(tmp_path / "live.sock")):
        (line,) = said(but(well, MICROBLOG_LIVE=place))
        assert line.startswith("wrong event streams: nothing listens at MICROBLOG_LIVE")
    with socket.create_server(("127.0.0.1", free_port)):
        assert "somebody takes them" in lines(but(well, MICROBLOG_LIVE=str(free_port)))


def test_a_folder_that_is_missing_is_wrong(well, tmp_path):
    found = said(but(well, MICROBLOG_DATA=str(tmp_path / "none")))
    assert any("data: the folder" in line and "is missing" in line for line in found)


def test_a_folder_that_others_get_into_is_wrong(well, data_folder):
    data_folder.chmod(0o750)
    (line,) = said(well)
    assert "others than the server's user get into" in line
    assert "To do: chmod 700" in line


def test_a_file_that_others_may_read_is_wrong(well, data_folder):
    (data_folder / DATABASE).chmod(0o640)
    (line,) = said(well)
    assert "may read files in" in line


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_wrong(well, data_folder):
    os.chown(data_folder / "lock", 12345, 12345)
    (line,) = said(well)
    assert "some files in it are another user's" in line


def test_a_restore_that_was_stopped_half_way_is_wrong(well, data_folder):
    (data_folder / "restore.unfinished").touch()
    assert any("was stopped half way" in line for line in said(well))


def test_what_was_left_behind_is_named(well, data_folder):
    (data_folder / "backup.new").mkdir(mode=0o700)
    (data_folder / "replaced-20260101-000000").mkdir(mode=0o700)
    shown = lines(well)
    assert "look  data: backup.new is there" in shown
    assert "1 folders replaced-… are there" in shown


def test_a_mail_password_that_others_may_read_or_that_is_missing_is_wrong(well, tmp_path):
    secret = tmp_path / "password"
    mail = {"MICROBLOG_MAIL": "smtp://localhost:1", "MICROBLOG_MAIL_FROM": "r@example.org",
            "MICROBLOG_MAIL_USER": "r", "MICROBLOG_MAIL_PASSWORD_FILE": str(secret)}  # fmt: skip
    secret.chmod(0o644)
    assert any(
        "others than this user may read MICROBLOG_MAIL_PASS" in it for it in said(but(well, **mail))
    )
    secret.unlink()
    assert any(
        "mail password: MICROBLOG_MAIL_PASSWORD_FILE is missing" in it
        for it in said(but(well, **mail))
    )


def test_a_key_of_notices_that_is_missing_damaged_or_open_is_wrong(well, data_folder):
    push = but(well, MICROBLOG_PUSH="mailto:it@example.org")
    assert any("notices' key: there is none" in it for it in said(push))
    make_key(data_folder)
    (data_folder / "vapid.pem").chmod(0o604)
    assert any("may read vapid.pem" in it for it in said(push))
    (data_folder / "vapid.pem").write_text("x")
    assert any("vapid.pem is damaged, or no key" in it for it in said(push))


def test_the_private_half_of_the_backups_key_on_this_machine_is_wrong(well):
    key = well.settings.machine.backup_key
    _, private = sealing.make_keys()
    key.write_text(private)
    (line,) = said(well)
    assert "the private half of the backups' key is on this machine" in line
    assert private.split()[1] not in line
    key.write_text("nothing of the sort")
    assert any("it is no line such as" in it for it in said(well))


# The database.


def test_a_database_that_is_missing_older_newer_or_damaged_is_wrong(well, host, data_folder):
    host.close()
    file = data_folder / DATABASE
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '0002'")
    database.close()
    assert any("database: the database is older than this program" in it for it in said(well))
    data = bytearray(file.read_bytes())
    data[5000:9000] = b"\x55" * 4000
    file.write_bytes(data)
    assert any(it.startswith("wrong database: ") for it in said(well))
    file.unlink()
    assert any("there is no database in" in it for it in said(well))


def test_a_practice_that_is_being_restored_is_named(well, host):
    restoring.begin(host.marks)
    assert "practice: it is being restored" in lines(well)


# What must happen again and again.


def test_no_backup_and_an_old_one_are_wrong(well, data_folder):
    made = data_folder / sealing.BACKED_UP
    old = time.time() - timedelta(hours=27).total_seconds()
    os.utime(made, (old, old))
    assert any("backups: the last was made 27 hours ago" in it for it in said(well))
    made.unlink()
    assert any("backups: none was ever made" in it for it in said(well))


def test_backups_that_are_not_sealed_are_named(well):
    settings = load_settings({"MICROBLOG_DATA": str(well.settings.data)})
    shown = lines(dataclasses.replace(well, settings=settings))
    assert "look  backups: they are not sealed" in shown
    assert "look  round-ups: no mail is set up" in shown


def test_a_timer_that_never_ran_is_wrong(well):
    mail = {"MICROBLOG_MAIL": "smtp://localhost:1", "MICROBLOG_MAIL_FROM": "r@example.org"}
    found = said(but(well, **mail, MICROBLOG_PUSH="mailto:it@example.org"))
    assert any("round-ups: nobody ever looked whether any are due" in it for it in found)
    assert any("notices: nobody ever looked whether any are due" in it for it in found)


@pytest.mark.parametrize(("minutes", "words"), [(5, None), (45, "nobody has looked for 45 minut")])
def test_a_timer_that_stopped_is_wrong(well, monkeypatch, minutes, words):
    mail = {"MICROBLOG_MAIL": "smtp://localhost:1", "MICROBLOG_MAIL_FROM": "r@example.org"}
    monkeypatch.setattr(
        "microblog.service.looks.read_round_ups_looked",
        lambda _: well.now() - minutes * 60 * 1000,
    )
    found = [it for it in said(but(well, **mail)) if "round-ups" in it]
    assert [words in it for it in found] == ([True] if words else [])


# Afar.


def test_an_address_without_tls_is_named(well):
    assert "it is http: only browsers on this machine" in str(list(reach.check_address(well)))


def test_an_address_where_nothing_answers_is_wrong(well, free_port):
    (finding,) = reach.check_address(but(well, PUBLIC_URL=f"https://127.0.0.1:{free_port}"))
    assert (finding.state, finding.words) == (WRONG, "nothing answers there")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"status": 502}, ["it answers 502"]),
        ({"version": "TLSv1.2"}, ["TLSv1.2 is spoken"]),
        ({"headers": {}}, ["HSTS is missing"]),
        ({"days": 3}, ["the certificate ends in 3 days"]),
        ({"data": b'{"fingerprint":null}'}, ["what answers there has other data than these"]),
        ({"data": b"<html>"}, ["what answers there has other data than these"]),
        (
            {"headers": {"strict-transport-security": "max-age=1",
                         "date": "Mon, 23 Nov 2020 12:00:00 GMT"}},
            ["here and at PUBLIC_URL it differs"],
        ),
    ],
)  # fmt: skip
def test_what_an_address_answers_is_judged(well, host, monkeypatch, changed, words):
    here = encode_base64url(host.practice.fingerprint)
    usual = {
        "status": 200,
        "headers": {"strict-transport-security": "max-age=31536000"},
        "data": f'{{"fingerprint":"{here}"}}'.encode(),
        "version": "TLSv1.3",
        "days": 60,
    }
    answer = {**usual, **changed}
    answer["expires"] = time.time() + answer.pop("days") * 86400 + 60
    monkeypatch.setattr(reach, "_ask", lambda _: Seen(**answer))
    found = reach.check_address(but(well, PUBLIC_URL="https://microblog.example.org"))
    wrong = [it.words for it in found if it.state == WRONG]
    assert [it[: len(expected)] for it, expected in zip(wrong, words, strict=True)] == words


def test_a_certificate_of_nobody_known_is_wrong(well, pushbox):
    """Any server with such a certificate serves."""
    (finding,) = reach.check_address(but(well, PUBLIC_URL=f"https://{pushbox.host}"))
    assert finding.words == "its certificate is not to be trusted"


def test_a_mail_server_that_is_not_there_or_has_no_tls_is_wrong(well, free_port, postbox):
    sender = {"MICROBLOG_MAIL_FROM": "r@example.org"}
    gone = but(well, MICROBLOG_MAIL=f"smtp://localhost:{free_port}", **sender)
    assert [it.words for it in reach.check_mail(gone)] == [
        "the mail server cannot be reached, or hangs up"
    ]
    there = but(well, MICROBLOG_MAIL=f"smtp://localhost:{postbox.port}", **sender)
    assert [it.state for it in reach.check_mail(there)] == ["good"]
    assert postbox.letters == []
    assert not any(word.startswith("MAIL") for word, _ in postbox.heard)


# PostgreSQL.


@pytest.mark.only("postgresql", "its settings")
def test_a_postgresql_that_would_lose_what_it_acknowledges_is_wrong(site, host):
    settings = settings_on(site)
    patient = Patient(settings, {"WEB_CONCURRENCY": "4"}, 1000, lambda: 0, lambda: True)
    assert [it.state for it in database.check_postgresql(patient)] == ["good", "look"]
    assert list(machine.check_processes(patient)) == []
    name = name_of(site)
    run_sql(site, f"ALTER DATABASE {name} SET synchronous_commit = off")
    (finding,) = database.check_postgresql(patient)
    assert finding.state == WRONG
    assert "synchronous_commit is off" in finding.words
    waiting = dataclasses.replace(settings.database, standby=True)
    run_sql(site, f"ALTER DATABASE {name} RESET synchronous_commit")
    alone = dataclasses.replace(patient, settings=dataclasses.replace(settings, database=waiting))
    (finding,) = database.check_postgresql(alone)
    assert "asks for a standby, and the database waits for none" in finding.words


# As a whole.


def test_every_check_is_in_the_list():
    named = {it.__name__ for it in (*CHECKS, *AFAR)}
    from microblog.ops.doctor import database, duties, files

    defined = {
        name
        for module in (machine, files, database, duties, reach)
        for name in vars(module)
        if name.startswith("check_") and vars(module)[name].__module__ == module.__name__
    }
    assert defined == named


def test_the_command_says_what_is_wrong_and_ends_with_1(microblogd, well, data_folder):
    data_folder.chmod(0o755)
    done = microblogd("doctor", "--here")
    done.refused("things are wrong")
    assert re.search(r"^wrong data: others than the server's user get into", done.out, re.M)
    assert not re.search(r"^good ", done.out, re.M)
    assert re.search(r"^good  database", microblogd("doctor", "--here", "--all").out, re.M)


def test_settings_that_cannot_be_are_said_first(microblogd):
    microblogd("doctor", PORT="x").refused("PORT is not a number", 2)


def test_nothing_private_is_printed(microblogd, well, host, child):
    said = microblogd("doctor", "--all").out
    ids = [encode_base64url(it) for it in (child.log, host.practice.asha.id)]
    words = ["Ada", "Asha", "Ben", "sesame", "mailto:", host.practice.fingerprint.hex(), *ids]
    assert [it for it in words if it in said] == []
