"""`microblogd backup`, `restore` and `open`: what they do, and every way in which they refuse."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from microblog.protocol.shred import WAIT_MS, Reason, encode_reason
from microblog.service import founding, restoring
from microblog.store import backup
from microblog.store.db import Lock, Site, open_marks, read_in
from microblog.store.engine import DATABASE
from tests.databases import environment_of, run_sql
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ops.saying import Done

FILE = pytest.mark.only("sqlite", "it is about its files")


@pytest.fixture
def place(site) -> Site:
    """Return the host's data, for `microblogd` too."""
    return site


@pytest.fixture
def file(tmp_path) -> Path:
    """Return where a backup is to go."""
    return tmp_path / "backups" / "monday"


@pytest.fixture
def backed_up(host, child, microblogd, file) -> Done:
    """Return what came of backing up a practice with one child."""
    file.parent.mkdir()
    return microblogd("backup", str(file))


def files(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def set_aside(place: Site) -> list[int]:
    """Return how many entries there are in each database that was set aside."""
    if not place.is_shared:
        return [run_sql(Site(it), "SELECT count(*) FROM entry")[0][0]
                for it in place.folder.glob("replaced-*") if (it / DATABASE).exists()]  # fmt: skip
    names = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced%'"
    return [
        run_sql(place, f"SELECT count(*) FROM {name}.entry")[0][0]
        for (name,) in run_sql(place, names)
    ]


def change(file: Path, *statements: str) -> None:
    database = sqlite3.connect(file)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def test_a_backup_is_one_checked_file_for_this_user_only(backed_up, file):
    assert (backed_up.code, backed_up.lines) == (0, [])
    assert backed_up.out == f"backed up: 7 entries in 2 logs, to {file}\n"
    assert files(file.parent) == ["monday"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_takes_no_words_along_that_were_erased(host, child, microblogd, file):
    file.parent.mkdir()
    post = child.post(staff("Ben"), "Wrong child.")
    host.callers["Ben"].append(child.log, [post])
    host.callers["Ben"].append(child.log, [child.withdraw(staff("Ben"), 3, erase=1)])
    assert microblogd("backup", str(file)).code == 0
    assert post.body[:64] not in file.read_bytes()


def test_a_backup_takes_no_words_along_that_were_destroyed(host, child, microblogd, file):
    """One made before still has them: for how long is the practice's to say."""
    file.parent.mkdir()
    asha, ben = host.practice.asha, staff("Ben")
    child.grant(asha, ben, "supervisor")
    host.asha.append_all(child, since=3)
    post = child.post(ben, "Kept long enough.")
    host.callers["Ben"].append(child.log, [post])
    reason = encode_reason(Reason("child protection", ""))
    proposal = child.keep(child.then(asha, "shred", [[4], b""], reason))
    host.asha.append(child.log, [proposal])
    assert microblogd("backup", str(file)).code == 0
    assert post.body in file.read_bytes()
    host.clock.now += WAIT_MS
    time, payload = host.clock.now, [[4], proposal.id]
    done = child.keep(child.then(ben, "shred", payload, reason, time=time))
    assert host.sign_in(ben).append(child.log, [done]).status == 201
    after = file.with_name("tuesday")
    assert microblogd("backup", str(after)).code == 0
    assert post.body[:64] not in after.read_bytes()
    assert post.salt not in after.read_bytes()


def test_what_is_restored_is_what_was_backed_up_and_the_rest_is_kept_aside(
    host, child, microblogd, place, folder, file, backed_up
):
    host.callers["Ben"].append(child.log, [child.post(staff("Ben"), "Since then.")])
    host.close()
    done = microblogd("restore", str(file))
    assert (done.code, done.lines) == (0, [])
    assert f"restored: 7 entries in 2 logs, from {file}\nwhat was there lies in " in done.out
    assert microblogd("check").out == "verified: 7 entries in 2 logs, nothing differs\n"
    assert set_aside(place) == [8]
    assert restoring.is_restoring(open_marks(place))
    assert not {"restore.unfinished", "restore.new"} & set(files(folder))
    assert run_sql(place, "SELECT count(*) FROM session") == [(0,)]


@FILE
def test_what_is_kept_aside_is_a_database_for_this_user_only(
    host, microblogd, folder, file, backed_up
):
    host.close()
    assert microblogd("restore", str(file)).code == 0
    (aside,) = folder.glob("replaced-*")
    assert read_in(Site(aside), founding.find_fingerprint) == host.practice.fingerprint
    assert (folder / DATABASE).stat().st_mode & 0o777 == 0o600
    assert aside.stat().st_mode & 0o777 == 0o700


def test_a_backup_is_restored_where_there_is_nothing_yet(microblogd, file, backed_up, bare_site):
    there = environment_of(bare_site)
    done = microblogd("restore", str(file), **there)
    assert done.code == 0
    assert "lies in" not in done.out
    assert microblogd("check", **there).code == 0


@pytest.mark.only("postgresql", "the other is not there where only SQLite is tested")
def test_a_backup_of_either_database_is_restored_into_the_other(
    host, microblogd, file, backed_up, tmp_path, monkeypatch, place
):
    """From PostgreSQL into a file, and that file's backup back."""
    host.close()
    monkeypatch.delenv("MICROBLOG_DATABASE")
    assert microblogd("restore", str(file), MICROBLOG_DATA=str(tmp_path / "new")).code == 0
    again = file.with_name("tuesday")
    assert microblogd("backup", str(again), MICROBLOG_DATA=str(tmp_path / "new")).code == 0
    assert microblogd("restore", str(again), **environment_of(place)).code == 0
    done = microblogd("check", **environment_of(place))
    assert done.out == "verified: 7 entries in 2 logs, nothing differs\n"


def test_opening_waits_for_everyone_or_says_who_many_are_missing(host, microblogd, file, backed_up):
    host.close()
    microblogd("open").refused("nothing is being restored")
    microblogd("restore", str(file))
    microblogd("open").refused("2 of the 2 people here were not seen since the restore")
    for name in ("Asha", "Ben"):
        restoring.note_seen(host.marks, staff(name).id)
    assert microblogd("open").out == "open: 2 of 2 people have given back what they held\n"
    assert not restoring.is_restoring(host.marks)
    microblogd("restore", str(file))
    assert microblogd("open", "--anyway").out.startswith("open: 0 of 2 people")


# What cannot be backed up, or restored.


def test_a_file_that_is_there_is_never_overwritten(microblogd, file, backed_up):
    microblogd("backup", str(file)).refused("is there already")
    assert microblogd("backup", str(file.with_name("tuesday"))).code == 0


def test_a_backup_to_a_place_that_is_none_is_refused(host, microblogd, tmp_path):
    microblogd("backup", str(tmp_path / "no" / "file")).refused("cannot be used: no such file")
    (tmp_path / "file").write_text("")
    microblogd("backup", str(tmp_path / "file" / "x")).refused("cannot be used: not a directory")


@FILE
def test_a_backup_of_a_place_that_is_none_is_refused(host, microblogd, tmp_path):
    microblogd("backup", str(tmp_path / "x"), MICROBLOG_DATA="/nowhere").refused("is missing")


def test_what_does_not_verify_is_no_backup(host, child, microblogd, place, file):
    host.close()
    file.parent.mkdir()
    run_sql(place, "UPDATE entry SET author = x'00' WHERE seq = 1")
    microblogd("backup", str(file)).refused("what is stored does not verify: ")
    assert files(file.parent) == []


def test_a_running_server_is_not_restored(microblogd, file, backed_up, folder):
    before = files(folder)
    microblogd("restore", str(file)).refused("server is running on the data")
    assert files(folder) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no database"),
        (b"not a database" * 1000, "is no database"),
        (b"SQLite format 3\0" + bytes(5000), "cannot be made or read: file is not a database"),
    ],
)
def test_a_file_that_is_no_backup_is_refused(microblogd, file, content, words, folder):
    file.parent.mkdir()
    file.write_bytes(content)
    before = files(folder)
    microblogd("restore", str(file)).refused(words)
    assert set(files(folder)) - {"lock"} == set(before) - {"lock"}
    microblogd("restore", str(file.parent)).refused("there is no file")


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["UPDATE alembic_version SET version_num = '9999'"], "made by a newer version"),
        (["DELETE FROM body WHERE seq = 1"], "does not verify: "),
        (["UPDATE entry SET signature = zeroblob(64) WHERE seq = 2"], "does not verify: "),
        (
            [f"DELETE FROM {it}" for it in ("entry", "body", "log_head", "follower", "person",
                                            "device", "box")],
            "nobody had founded",
        ),
    ],
)  # fmt: skip
def test_a_backup_that_does_not_do_is_refused(
    host, microblogd, file, backed_up, statements, words, folder
):
    host.close()
    change(file, *statements)
    microblogd("restore", str(file)).refused(words)
    assert not restoring.is_restoring(host.marks)
    assert microblogd("check").out == "verified: 7 entries in 2 logs, nothing differs\n"


def test_a_damaged_backup_is_refused(host, microblogd, file, backed_up, folder):
    host.close()
    data = bytearray(file.read_bytes())
    data[16384 * 3 : 16384 * 5] = bytes(16384 * 2)
    file.write_bytes(data)
    done = microblogd("restore", str(file))
    assert done.code == 1
    assert len(done.lines) == 2
    assert microblogd("check").out == "verified: 7 entries in 2 logs, nothing differs\n"


@FILE
def test_a_database_of_something_else_is_refused(host, microblogd, file, folder, tmp_path):
    host.close()
    other = tmp_path / "other"
    change(other, "CREATE TABLE recipe (name TEXT)")
    microblogd("restore", str(other)).refused("not one of this program")
    shutil.copy(other, folder / DATABASE)
    for word in ("serve", "migrate", "check", "rebuild", "founding-link", "open"):
        microblogd(word).refused("not one of this program")
    microblogd("backup", str(tmp_path / "x")).refused("not one of this program")


def test_a_backup_of_another_practice_is_refused(host, microblogd, file, backed_up, place):
    host.close()
    run_sql(place, f"UPDATE entry SET id = x'{'00' * 32}' WHERE log = x'{'00' * 16}'")
    microblogd("restore", str(file)).refused("of another practice")


@FILE
def test_a_damaged_database_is_replaced_all_the_same(host, microblogd, file, backed_up, folder):
    host.close()
    for name in files(folder):
        if name.startswith(DATABASE):
            (folder / name).write_bytes(b"damaged" * 5000)
    assert microblogd("restore", str(file)).code == 0
    assert microblogd("check").code == 0
    (aside,) = folder.glob("replaced-*")
    assert (aside / DATABASE).read_bytes().startswith(b"damaged")


# Stopped half way.


@pytest.fixture
def stop_after(monkeypatch) -> Callable[[int], None]:
    """Return what has the power go after so many files were moved or kept in a restore."""

    def stop(steps: int) -> None:
        left = iter(range(steps))
        real = backup._keep

        def keep(path: Path) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            real(path)

        monkeypatch.setattr(backup, "_keep", keep)

    return stop


@FILE
@pytest.mark.parametrize("steps", range(3))
def test_a_restore_stopped_half_way_is_said_and_done_again(
    host, child, microblogd, folder, file, backed_up, stop_after, monkeypatch, steps
):
    host.callers["Ben"].append(child.log, [child.post(staff("Ben"), "Since then.")])
    host.close()
    stop_after(steps)
    microblogd("restore", str(file)).refused("stopped")
    for word in ("serve", "migrate", "check", "rebuild", "founding-link", "open"):
        microblogd(word).refused("was stopped half way")
    monkeypatch.undo()
    monkeypatch.setenv("MICROBLOG_DATA", str(folder))
    assert microblogd("restore", str(file)).code == 0
    assert microblogd("check").out == "verified: 7 entries in 2 logs, nothing differs\n"
    # Nothing of what was there is gone.
    assert 8 in set_aside(Site(folder))
    Lock(folder).release()
