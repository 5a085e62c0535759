"""One process at a time writes a folder of data: whoever holds the lock on it.

SQLite before 3.51.2 can lose committed pages when two connections write or checkpoint at the wrong
moment, so there is one server, and in it one writer.
"""

import fcntl
import os
from pathlib import Path

from microblog.store.errors import FolderUnusable, InUse


class Lock:
    """A held lock; it ends with `release`, or with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of this folder.

        Raises:
            InUse: another process holds it.
            FolderUnusable: the folder is missing or cannot be written.
        """
        check_folder(folder)
        try:
            self._file = (folder / "lock").open("ab")
        except OSError as error:
            raise FolderUnusable(
                f"the data folder {folder} cannot be written: {_reason(error)}"
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


def make_folder(folder: Path) -> None:
    """Make the folder of the data, for this user's eyes only, unless it is there.

    Raises:
        FolderUnusable: it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            f"the data folder {folder} cannot be made: {_reason(error)}",
            "choose another with MICROBLOG_DATA",
        ) from None
    check_folder(folder)


def check_folder(folder: Path) -> None:
    """Raise FolderUnusable unless the folder is there and can be written."""
    hint = "choose another with MICROBLOG_DATA"
    if not folder.is_dir():
        raise FolderUnusable(f"the data folder {folder} is missing", hint)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderUnusable(f"the data folder {folder} cannot be written by this user", hint)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()
