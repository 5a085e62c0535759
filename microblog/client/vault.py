"""Where the sealed vault is kept: a file that only its owner can read, replaced as a whole."""

import os
import secrets
from pathlib import Path

from microblog.protocol.errors import Malformed

MAX_VAULT_BYTES = 1024 * 1024


class Vault:
    """The file `vault` in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.path = home / "vault"

    def load(self) -> bytes | None:
        """Return the sealed vault, or None if there is none."""
        try:
            return read_file(self.path)
        except FileNotFoundError:
            return None

    def store(self, vault: bytes) -> None:
        """Put a sealed vault in the place of the one before; raises OSError and then keeps that."""
        write_file(self.path, vault)

    def forget(self) -> None:
        """Remove the vault."""
        self.path.unlink(missing_ok=True)


def read_file(path: Path) -> bytes:
    """Return the bytes of a vault or key file.

    Raises:
        OSError: it cannot be read.
        Malformed: it is far too long to be one.
    """
    with path.open("rb") as file:
        data = file.read(MAX_VAULT_BYTES + 1)
    if len(data) > MAX_VAULT_BYTES:
        raise Malformed("the file is too long to be a vault")
    return data


def write_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read: after a crash it is the old one or the new one.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
