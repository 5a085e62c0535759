"""A person's keys on their way into a vault or key file, and out of it."""

from dataclasses import replace

from microblog.client.passphrase import check_passphrase
from microblog.client.session import Keys, Session, World
from microblog.protocol import vault
from microblog.protocol.primitives import NONCE_BYTES

VAULT_SALT_BYTES = 16


def keys_with_pins(session: Session) -> Keys:
    """Return the keys as they go into a vault or key file: with how far each log was seen."""
    pins = ((log, note.pin) for log, note in sorted(session.notes.items()))
    return replace(session.keys, pins=tuple((log, pin) for log, pin in pins if pin is not None))


def seal_keys(keys: Keys, passphrase: str, world: World) -> bytes:
    """Return a vault (or key file) of these keys; slow on purpose.

    Raises:
        Malformed: the passphrase is shorter than 12 characters.
    """
    check_passphrase(passphrase)
    world.progress("unlock", 0, 1)
    sealed = vault.seal_vault(
        keys, passphrase, world.random(VAULT_SALT_BYTES), world.random(NONCE_BYTES)
    )
    world.progress("unlock", 1, 1)
    return sealed


def open_keys(sealed: bytes, passphrase: str, world: World) -> Keys:
    """Return the keys in a vault or key file; slow on purpose.

    Raises:
        Malformed: it is neither.
        WeakVault: it asks for too little work, or too much.
        WrongPassphrase: it does not open.
    """
    world.progress("unlock", 0, 1)
    keys = vault.open_vault(sealed, passphrase)
    world.progress("unlock", 1, 1)
    return keys
