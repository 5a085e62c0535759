"""One process at a time writes a folder of data: whoever holds the lock on it.

SQLite before 3.51.2 can lose committed pages when two connections write or checkpoint at the wrong
moment, so there is one server, and in it one writer.
"""

import fcntl
import os
from pathlib import Path

from microblog.store.engine import DATABASE
from microblog.store.errors import FolderUnusable, InUse, Unfinished

#: While a file of this name is there, a restore is under way, or was stopped half way.
UNFINISHED = "restore.unfinished"
#: While one of this name is there, the data were moved to PostgreSQL.
AWAY = "moved.to-postgresql"


class Lock:
    """A held lock; it ends with `release`, or with the process, however that ends."""

    def __init__(self, folder: Path, *, unfinished: bool = False, moved: bool = False) -> None:
        """Take the lock of this folder, even an `unfinished` or a `moved` one if that is said.

        Raises:
            InUse: another process holds it.
            FolderUnusable: the folder is missing or cannot be written, or its data are elsewhere.
            Unfinished: a restore was stopped half way.
        """
        check_folder(folder, unfinished=unfinished)
        if (folder / AWAY).exists() and not moved:
            raise FolderUnusable(
                f"the data in {folder} were moved to PostgreSQL",
                f"name the database in MICROBLOG_DATABASE, or remove {AWAY} to begin anew here",
            )
        try:
            self._file = (folder / "lock").open("ab")
        except OSError as error:
            raise FolderUnusable(
                f"the data folder {folder} cannot be written: {reason(error)}"
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise InUse(
                f"another server is running on the data in {folder}",
                "stop it first, or choose another folder with MICROBLOG_DATA",
            ) from None

    def release(self) -> None:
        """Let another process have the folder."""
        self._file.close()


def make_folder(folder: Path, *, unfinished: bool = False) -> None:
    """Make the folder of the data, for this user's eyes only, unless it is there.

    Raises:
        FolderUnusable: it cannot be made.
        Unfinished: a restore was stopped half way, and that is not said to be all right.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            f"the data folder {folder} cannot be made: {reason(error)}",
            "choose another with MICROBLOG_DATA",
        ) from None
    check_folder(folder, unfinished=unfinished)


def check_folder(folder: Path, *, unfinished: bool = False) -> None:
    """Check that the folder is there and can be written, and was not left half restored.

    Raises:
        FolderUnusable: it is missing or cannot be written.
        Unfinished: a restore was stopped half way, and that is not said to be all right.
    """
    hint = "choose another with MICROBLOG_DATA"
    if not folder.is_dir():
        raise FolderUnusable(f"the data folder {folder} is missing", hint)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderUnusable(f"the data folder {folder} cannot be written by this user", hint)
    # SQLite would open a file that it may not write, and fail at the first post.
    for file in folder.glob(f"{DATABASE}*"):
        if not os.access(file, os.R_OK | os.W_OK):
            raise FolderUnusable(
                f"the database {file} cannot be written by this user",
                "are its files another user's?",
            )
    if not unfinished and (folder / UNFINISHED).exists():
        raise Unfinished(
            f"a restore of the data in {folder} was stopped half way",
            "run the same microblogd restore again: nothing of what was there is deleted",
        )


def reason(error: OSError) -> str:
    """Return what the system says of an error."""
    return (error.strerror or "unknown reason").lower()
