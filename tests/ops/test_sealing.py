"""Backups that only the operator's private key opens; a restore that is rehearsed."""

from __future__ import annotations

import io
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from microblog.ops import rehearsing, sealed, sealing
from microblog.ops.sealing import BadBackupKey, NotOpened
from microblog.store.engine import DATABASE
from tests.databases import settings_on
from tests.forking import Forked
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from pathlib import Path

    from microblog.store.db import Site
    from tests.ops.saying import Done

SEAL = pytest.mark.only("sqlite", "the seal is of a file, whatever it was made of")


@pytest.fixture
def place(site) -> Site:
    """Return the site of the host, for `microblogd` too."""
    return site


@pytest.fixture
def keys(tmp_path, microblogd) -> tuple[Path, Path]:
    """Return the files of the public and of the private half, made as an operator makes them."""
    private, public = tmp_path / "backup.private", tmp_path / "backup.pub"
    done: Done = microblogd("backup-key", str(private))
    public.write_text(done.out)
    return public, private


@pytest.fixture
def backups(host, child, microblogd, keys, tmp_path) -> Path:
    """Return a folder with one sealed backup of a practice with one child."""
    place = tmp_path / "backups"
    place.mkdir()
    done = microblogd("backup", str(place), MICROBLOG_BACKUP_KEY=str(keys[0]))
    assert (done.code, done.lines) == (0, [])
    return place


def sealed_bytes(size: int) -> tuple[bytes, bytes, str]:
    public, private = sealing.make_keys()
    plain, target = os.urandom(size), io.BytesIO()
    sealing.seal(io.BytesIO(plain), target, sealing.read_public(public))
    return plain, target.getvalue(), private


def opened_bytes(data: bytes, private: str) -> bytes:
    target = io.BytesIO()
    sealing.open_sealed(io.BytesIO(data), target, sealing.read_private(private))
    return target.getvalue()


# The seal.


@SEAL
@pytest.mark.parametrize("size", [1, 100, 65535, 65536, 65537, 200_000])
def test_what_is_sealed_is_opened_by_its_own_key_alone(size):
    plain, data, private = sealed_bytes(size)
    assert opened_bytes(data, private) == plain
    assert plain[:64] not in data or size == 1
    with pytest.raises(NotOpened, match="sealed to another key"):
        opened_bytes(data, sealing.make_keys()[1])


@SEAL
@pytest.mark.trial(small=60, great=20_000)
def test_no_change_cut_or_addition_is_opened(trials):
    _, data, private = sealed_bytes(150_000)
    for number in range(trials.count):
        random = trials.random(number)
        place = random.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= 1 << random.randrange(8)
        for other in (bytes(changed), data[:place], data + data[place:]):
            with pytest.raises(NotOpened):
                opened_bytes(other, private)


@SEAL
def test_chunks_that_change_places_are_not_opened():
    _, data, private = sealed_bytes(4 * 65536)
    begin, size = len(data) - 4 * (65536 + 17), 65536 + 17
    chunks = [data[begin + n * size : begin + (n + 1) * size] for n in range(4)]
    with pytest.raises(NotOpened, match="damaged"):
        opened_bytes(data[:begin] + chunks[1] + chunks[0] + chunks[2] + chunks[3], private)


@SEAL
def test_what_ends_after_a_whole_chunk_or_goes_on_after_the_last_is_not_opened():
    _, data, private = sealed_bytes(3 * 65536)
    with pytest.raises(NotOpened, match="ends too early"):
        opened_bytes(data[: -(65536 + 17)], private)
    with pytest.raises(NotOpened, match="ends too early"):
        opened_bytes(data[: -3 * (65536 + 17)], private)
    with pytest.raises(NotOpened, match="added to its end"):
        opened_bytes(data + data[-100:], private)


@SEAL
def test_each_half_is_refused_where_the_other_belongs():
    public, private = sealing.make_keys()
    with pytest.raises(BadBackupKey, match="the private half of the backups' key is on this"):
        sealing.read_public(private)
    with pytest.raises(BadBackupKey, match="this is the public half"):
        sealing.read_private(public)
    for text in ("", "x", public[:-6], f"{public.strip()} more", public.replace("-1 ", "-2 ")):
        with pytest.raises(BadBackupKey, match="no line such as"):
            sealing.read_public(text)


# The commands.


@SEAL
def test_a_key_is_made_once_and_its_private_half_is_this_users_alone(keys, microblogd):
    public, private = keys
    assert public.read_text().startswith(sealing.PUBLIC)
    assert private.stat().st_mode & 0o777 == 0o600
    microblogd("backup-key", str(private)).refused("is there already")


def test_a_sealed_backup_shows_nothing_and_leaves_nothing_plain(backups, host, child, folder):
    (file,) = backups.iterdir()
    assert file.name.startswith("microblog-20")
    assert file.stat().st_mode & 0o777 == 0o600
    data = file.read_bytes()
    assert data.startswith(sealing.MAGIC)
    assert b"SQLite" not in data
    assert b"Asha" not in data
    assert child.log not in data
    assert not (folder / sealed.ROOM).exists()
    assert sealing.read_backed_up(folder) > 0


def test_a_sealed_backup_is_restored_with_the_private_half_alone(
    backups, keys, host, microblogd, folder
):
    (file,) = backups.iterdir()
    host.close()
    microblogd("restore", str(file)).refused("is sealed")
    microblogd("restore", str(file), "--key", str(keys[0])).refused("this is the public half")
    done = microblogd("restore", str(file), "--key", str(keys[1]))
    assert (done.code, done.lines) == (0, [])
    assert "restored: 7 entries in 2 logs" in done.out
    assert microblogd("check").code == 0
    assert not list(folder.glob("*.opened*"))


@SEAL
def test_a_damaged_sealed_backup_changes_nothing(backups, keys, host, microblogd, folder):
    (file,) = backups.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    host.close()
    before = (folder / DATABASE).read_bytes()
    microblogd("restore", str(file), "--key", str(keys[1])).refused("cannot be opened: it is dam")
    assert (folder / DATABASE).read_bytes() == before
    assert not list(folder.glob("*.opened*"))


@SEAL
def test_the_private_half_on_the_server_makes_no_backup(keys, host, child, microblogd, tmp_path):
    done = microblogd("backup", str(tmp_path / "x"), MICROBLOG_BACKUP_KEY=str(keys[1]))
    done.refused("the private half of the backups' key is on this machine")
    assert not (tmp_path / "x").exists()


@SEAL
def test_two_backups_at_once_are_not_made(keys, host, child, microblogd, folder, tmp_path):
    with sealed.room_for(folder):
        microblogd("backup", str(tmp_path), MICROBLOG_BACKUP_KEY=str(keys[0])).refused(
            "another backup is being made"
        )


@SEAL
def test_a_backup_never_takes_a_name_that_is_taken(keys, host, child, microblogd, tmp_path):
    file = tmp_path / "monday"
    file.write_text("mine")
    microblogd("backup", str(file), MICROBLOG_BACKUP_KEY=str(keys[0])).refused("is there already")
    assert file.read_text() == "mine"


# The rehearsal.


@pytest.fixture
def quickly(monkeypatch) -> None:
    """Begin the server as the tests do: in a tenth of the time."""

    class Begun(Forked):
        def __init__(self, words, env, **_: object) -> None:
            super().__init__(words[3:], env, os.devnull)

        def wait(self, timeout: float) -> int:
            return super().wait(timeout)

    monkeypatch.setattr(subprocess, "Popen", Begun)
    monkeypatch.setattr(rehearsing.subprocess, "Popen", Begun)


def test_the_newest_backup_is_rehearsed_and_nothing_is_left(
    backups, keys, host, child, microblogd, quickly, tmp_path, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "room"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "room").mkdir()
    (backups / "microblog-1999-01-01T000000Z").write_text("an older one")
    host.callers["Ben"].append(child.log, [child.post(staff("Ben"), "Since then.")])
    done = microblogd("rehearse", str(backups), "--key", str(keys[1]))
    assert (done.code, done.lines) == (0, [])
    assert "7 entries in 2 logs, verified" in done.out
    assert "all 2 logs are the beginning of what is here" in done.out
    assert "served, and asked" in done.out
    assert done.out.splitlines()[-1].startswith("rehearsed: ")
    assert list((tmp_path / "room").glob("microblog-*")) == []


@SEAL
def test_a_rehearsal_without_data_to_compare_says_so(
    backups, keys, host, microblogd, quickly, tmp_path
):
    none = str(tmp_path / "none")
    done = microblogd("rehearse", str(backups), "--key", str(keys[1]), MICROBLOG_DATA=none)
    assert done.code == 0
    assert "no data here to compare" in done.out


def test_a_backup_of_another_history_is_found_out(backups, site):
    """As if this server's data had been put back to before, and had gone on otherwise."""
    heads = {b"\1" * 16: type("Head", (), {"seq": 1, "id": b"\2" * 32})()}
    with pytest.raises(rehearsing.Refusal, match="1 of its 1 logs are not the beginning"):
        rehearsing._compare(settings_on(site), heads)


@SEAL
def test_a_rehearsal_of_nothing_is_refused(microblogd, tmp_path):
    microblogd("rehearse", str(tmp_path)).refused("there is no backup in")
