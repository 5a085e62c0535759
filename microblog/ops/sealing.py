"""Backups sealed to the operator's key: this machine makes them, and cannot open them.

The private half stays off the machine. A sealed backup is

    microblog-backup-1 LF ‖ box (80 bytes) ‖ header (24) ‖ chunks of at most 64 KiB + 17

where the box is a key of its own, sealed to the public half (libsodium's crypto_box_seal), and the
header and the chunks are its secretstream (XChaCha20-Poly1305); the last chunk says that it is the
last, so what is cut off is seen. Sealing hides; it does not say who sealed: whoever has the public
half can make one. What a restore trusts is the signatures inside.
"""

import base64
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

MAGIC = b"microblog-backup-1\n"
CHUNK_BYTES = 64 * 1024
KEY_BYTES = 32
PUBLIC, PRIVATE = "microblog-backup-public-1", "microblog-backup-PRIVATE-1"
#: When a backup was last made: that file's own time.
BACKED_UP = "backed-up"

#: The halves, for whoever passes them on.
Public: TypeAlias = PublicKey
Private: TypeAlias = PrivateKey

_BOX_BYTES = KEY_BYTES + bindings.crypto_box_SEALBYTES
_HEADER_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_SEALED_BYTES = CHUNK_BYTES + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


class BadBackupKey(Exception):
    """A file holds no key of a backup, or the wrong half of it."""


class NotOpened(Exception):
    """A sealed backup cannot be opened; the message says why."""


def make_keys() -> tuple[str, str]:
    """Return a new key's two halves as the lines that they are kept as: public, private."""
    private = PrivateKey.generate()
    return _write(PUBLIC, bytes(private.public_key)), _write(PRIVATE, bytes(private))


def read_public(text: str) -> PublicKey:
    """Return the public half from its line.

    Raises:
        BadBackupKey: it is none; or it is the private half, which must not be here.
    """
    if text.startswith(PRIVATE):
        raise BadBackupKey("the private half of the backups' key is on this machine")
    return PublicKey(_read(PUBLIC, text))


def read_private(text: str) -> PrivateKey:
    """Return the private half from its line.

    Raises:
        BadBackupKey: it is none.
    """
    if text.startswith(PUBLIC):
        raise BadBackupKey(
            "this is the public half of the backups' key: the private one opens them"
        )
    return PrivateKey(_read(PRIVATE, text))


def is_sealed(file: Path) -> bool:
    """Return whether a file begins as a sealed backup does."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def seal(source: BinaryIO, target: BinaryIO, key: PublicKey) -> None:
    """Write what is in `source` to `target`, sealed to a public key."""
    secret = os.urandom(KEY_BYTES)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, secret)
    target.write(MAGIC + SealedBox(key).encrypt(secret) + header)
    data = source.read(CHUNK_BYTES)
    while data:
        after = source.read(CHUNK_BYTES)
        tag = _MORE if after else _LAST
        target.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, data, MAGIC, tag))
        data = after


def open_sealed(source: BinaryIO, target: BinaryIO, key: PrivateKey) -> None:
    """Write what is sealed in `source` to `target`; nothing of it counts before this returns.

    Raises:
        NotOpened: it is sealed to another key, or damaged, or ends too early.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise NotOpened("it is no sealed backup")
    box, header = source.read(_BOX_BYTES), source.read(_HEADER_BYTES)
    try:
        secret = SealedBox(key).decrypt(box)
    except (CryptoError, ValueError):
        raise NotOpened("it is sealed to another key, or damaged") from None
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    tag = _MORE
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, secret)
        while data := source.read(_SEALED_BYTES):
            if tag == _LAST:
                raise NotOpened("something was added to its end")
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, data, MAGIC)
            target.write(plain)
    except (CryptoError, ValueError, RuntimeError):
        raise NotOpened("it is damaged") from None
    if tag != _LAST:
        raise NotOpened("it ends too early")


@contextmanager
def whole_or_not(file: Path) -> Iterator[BinaryIO]:
    """Yield a new file for this user's eyes only, which gets its name once it is on the disk.

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(opened, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        # Unlike a rename this fails if the name is taken.
        os.link(part, file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def note_backed_up(folder: Path) -> None:
    """Note in the folder of the data that a backup was made now."""
    file = folder / BACKED_UP
    file.touch(mode=0o600)
    os.utime(file)


def read_backed_up(folder: Path) -> int:
    """Return when a backup was last made, in milliseconds since 1970; 0: never."""
    try:
        return (folder / BACKED_UP).stat().st_mtime_ns // 1_000_000
    except OSError:
        return 0


def name_by_time(folder: Path) -> Path:
    """Return a name for a backup in a folder, so that names are in the order of time."""
    return folder / time.strftime("microblog-%Y-%m-%dT%H%M%SZ", time.gmtime())


def _write(sort: str, key: bytes) -> str:
    return f"{sort} {base64.b64encode(key).decode()}\n"


def _read(sort: str, text: str) -> bytes:
    words = text.split()
    try:
        key = base64.b64decode(words[1], validate=True) if len(words) == 2 else b""
    except ValueError:
        key = b""
    if not words or words[0] != sort or len(key) != KEY_BYTES:
        raise BadBackupKey(f"it is no line such as {sort} …")
    return key
