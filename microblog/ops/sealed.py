"""Sealed backups as files: made without a plain one leaving the data, and opened for a while."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microblog.ops import sealing
from microblog.ops.refusal import Refusal
from microblog.settings import Settings

# Within the folder of the data: the plain copy is where what it copies is, and nowhere else.
ROOM = "backup.new"
_PLAIN = "plain"
_MAKES = "microblogd backup-key makes both halves"


def read_public_key(settings: Settings) -> sealing.Public | None:
    """Return the key that backups are sealed to; None: they are not.

    Raises:
        Refusal: the file that is named holds none.
    """
    file = settings.machine.backup_key
    if file is None:
        return None
    try:
        return sealing.read_public(_read(file, "MICROBLOG_BACKUP_KEY"))
    except sealing.BadBackupKey as error:
        raise Refusal(f"MICROBLOG_BACKUP_KEY: {error}", _MAKES) from None


def read_private_key(file: Path) -> sealing.Private:
    """Return the key that opens backups.

    Raises:
        Refusal: the file holds none.
    """
    try:
        return sealing.read_private(_read(file, str(file)))
    except sealing.BadBackupKey as error:
        raise Refusal(f"{file}: {error}", _MAKES) from None


def make_key_file(file: Path) -> str:
    """Write the private half of a new key to a new file; return the line of the public half.

    Raises:
        Refusal: the file cannot be written, or is there already.
    """
    public, private = sealing.make_keys()
    with _explained(file), sealing.whole_or_not(file) as target:
        target.write(private.encode())
    return public


@contextmanager
def room_for(folder: Path) -> Iterator[Path]:
    """Yield the name of a plain copy to be made within the data; it is gone afterwards.

    Raises:
        Refusal: another backup is being made.
    """
    room = folder / ROOM
    with _explained(room):
        room.mkdir(mode=0o700, exist_ok=True)
        lock = (room / "lock").open("ab")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("another backup is being made", "wait until it is done") from None
        plain = room / _PLAIN
        # Whoever was killed may have left one.
        plain.unlink(missing_ok=True)
        try:
            yield plain
        finally:
            shutil.rmtree(room, ignore_errors=True)


def seal_file(plain: Path, file: Path, key: sealing.Public) -> None:
    """Seal a file to a new one.

    Raises:
        Refusal: it cannot be written, or the name is taken.
    """
    with _explained(file), plain.open("rb") as source, sealing.whole_or_not(file) as target:
        sealing.seal(source, target, key)


@contextmanager
def opened(file: Path, key_file: Path | None, room: Path) -> Iterator[Path]:
    """Yield a backup that is not sealed: this one, or what is in it, in `room`, for the time.

    Raises:
        Refusal: it is sealed and the key is not there, or does not open it; or cannot be read.
    """
    if not file.is_file() or not _is_sealed(file):
        yield file
        return
    if key_file is None:
        raise Refusal(f"{file} is sealed", "name the private half of the backups' key with --key")
    key = read_private_key(key_file)
    plain = room / f"{file.name}.opened"
    try:
        plain.unlink(missing_ok=True)
        with _explained(file), file.open("rb") as source, sealing.whole_or_not(plain) as target:
            sealing.open_sealed(source, target, key)
        yield plain
    finally:
        plain.unlink(missing_ok=True)


def find_newest(place: Path) -> Path:
    """Return a backup, or the newest in a folder of them.

    Raises:
        Refusal: there is none.
    """
    if not place.is_dir():
        return place
    files = [it for it in place.glob("microblog-*") if it.is_file() and it.suffix != ".part"]
    if not files:
        raise Refusal(f"there is no backup in {place}", "microblogd backup makes one there")
    return max(files, key=lambda it: it.name)


def _is_sealed(file: Path) -> bool:
    with _explained(file):
        return sealing.is_sealed(file)


def _read(file: Path, name: str) -> str:
    with _explained(file, name):
        return file.read_text("utf-8")


@contextmanager
def _explained(file: Path, name: str = "") -> Iterator[None]:
    """Turn what the system says, or the seal, into one line."""
    try:
        yield
    except FileExistsError:
        raise Refusal(f"{file} is there already", "choose another name") from None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        hint = "is there room, and may this user read or write there?"
        raise Refusal(f"{name or file} cannot be used: {why}", hint) from None
    except UnicodeDecodeError:
        raise Refusal(f"{name or file} is no key", _MAKES) from None
    except sealing.NotOpened as error:
        raise Refusal(f"{file} cannot be opened: {error}", "choose another backup or key") from None
