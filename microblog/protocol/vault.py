"""A person's keys under their passphrase, one format for all clients (PROTOCOL.md 8)."""

import unicodedata
from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import Malformed, Unreadable, WeakVault, WrongPassphrase
from microblog.protocol.log import Head
from microblog.protocol.primitives import decrypt, encrypt, stretch

PASSES = 3
MEMORY_KIB = 64 * 1024
MAX_PASSES = 16
MAX_MEMORY_KIB = 1024 * 1024
MIN_PASSPHRASE = 12


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything secret that a device holds, and the pins of the logs it has seen."""

    fingerprint: bytes
    origin: str
    person: bytes
    device_seed: bytes
    box_secret: bytes
    reading_secrets: tuple[bytes, ...]
    pins: tuple[tuple[bytes, Head], ...] = ()


@dataclass(frozen=True, slots=True)
class VaultKey:
    """What a passphrase was stretched to, and how: it seals a vault anew without the passphrase."""

    passes: int
    memory_kib: int
    salt: bytes
    key: bytes


def seal_vault(keys: Keys, passphrase: str, salt: bytes, nonce: bytes) -> bytes:
    """Return the vault's bytes; `salt` (16) and `nonce` (24) are fresh.

    Raises:
        Malformed: the passphrase, or what is to be sealed, has no encoding.
    """
    return reseal_vault(keys, new_vault_key(passphrase, salt), nonce)


def open_vault(data: bytes, passphrase: str) -> Keys:
    """Return the keys in a vault; slow on purpose.

    Raises:
        Malformed: this is no vault, or the passphrase no text.
        WeakVault: it asks for too little work, or too much.
        WrongPassphrase: it does not open.
    """
    return open_vault_with(data, stretch_vault_key(data, passphrase))


def new_vault_key(passphrase: str, salt: bytes) -> VaultKey:
    """Return a key for a new vault; slow on purpose. `salt` (16) is fresh.

    Raises:
        Malformed: the passphrase has no encoding.
    """
    return VaultKey(PASSES, MEMORY_KIB, salt, _stretch(passphrase, salt, PASSES, MEMORY_KIB))


def stretch_vault_key(data: bytes, passphrase: str) -> VaultKey:
    """Return the key that a vault is sealed with if the passphrase is its own; slow on purpose.

    Raises:
        Malformed: this is no vault, or the passphrase no text.
        WeakVault: it asks for too little work, or too much.
    """
    passes, memory_kib, salt, _, _ = _read_vault(data)
    return VaultKey(passes, memory_kib, salt, _stretch(passphrase, salt, passes, memory_kib))


def open_vault_with(data: bytes, vault_key: VaultKey) -> Keys:
    """Return the keys in a vault.

    Raises:
        Malformed: this is no vault.
        WeakVault: it asks for too little work, or too much.
        WrongPassphrase: the key does not open it.
    """
    passes, memory_kib, salt, nonce, ciphertext = _read_vault(data)
    start: list[Value] = ["msb/1/vault", passes, memory_kib, salt, nonce]
    if not isinstance(ciphertext, bytes):
        raise WrongPassphrase("the vault is damaged")
    try:
        return _decode_keys(decrypt(vault_key.key, nonce, ciphertext, encode(start)))
    except Unreadable:
        raise WrongPassphrase("the passphrase does not open the vault") from None


def reseal_vault(keys: Keys, vault_key: VaultKey, nonce: bytes) -> bytes:
    """Return a vault under a passphrase that was stretched before; `nonce` (24) is fresh.

    Raises:
        Malformed: what is to be sealed has no encoding.
    """
    start: list[Value] = [
        "msb/1/vault", vault_key.passes, vault_key.memory_kib, vault_key.salt, nonce,
    ]  # fmt: skip
    return encode([*start, encrypt(vault_key.key, nonce, _encode_keys(keys), encode(start))])


def _read_vault(data: bytes) -> tuple[int, int, bytes, bytes, Value]:
    items = shape.array(decode_array(data), 6, 6, "vault")
    shape.word(items[0], ("msb/1/vault",), "vault")
    passes = shape.uint(items[1], 2**53 - 1, "passes")
    memory = shape.uint(items[2], 2**53 - 1, "memory")
    salt, nonce = shape.octets(items[3], (16,), "salt"), shape.octets(items[4], (24,), "nonce")
    _check_work(passes, memory)
    return passes, memory, salt, nonce, items[5]


def _check_work(passes: int, memory_kib: int) -> None:
    if not PASSES <= passes <= MAX_PASSES or not MEMORY_KIB <= memory_kib <= MAX_MEMORY_KIB:
        raise WeakVault("the vault asks for too little work to open it, or too much")


def _stretch(passphrase: str, salt: bytes, passes: int, memory_kib: int) -> bytes:
    try:
        secret = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        raise Malformed("the passphrase is not well-formed text") from None
    return stretch(secret, salt, passes, memory_kib)


def _encode_keys(keys: Keys) -> bytes:
    pins: list[Value] = [[log, pin.seq, pin.id] for log, pin in keys.pins]
    return encode(
        ["msb/1/keys", keys.fingerprint, keys.origin, keys.person, keys.device_seed,
         keys.box_secret, list(keys.reading_secrets), pins]
    )  # fmt: skip


def _decode_keys(data: bytes) -> Keys:
    items = shape.array(decode_array(data), 8, 2**16, "keys")
    shape.word(items[0], ("msb/1/keys",), "keys")
    reading = shape.array(items[6], 1, 2**16, "reading keys")
    pins: list[tuple[bytes, Head]] = []
    for item in shape.array(items[7], 0, 2**16, "pins"):
        row = shape.array(item, 3, 3, "pin")
        head = Head(shape.uint(row[1], 2**53 - 1, "seq"), shape.octets(row[2], (32,), "id"))
        pins.append((shape.octets(row[0], (16,), "log"), head))
    return Keys(
        fingerprint=shape.octets(items[1], (32,), "fingerprint"),
        origin=shape.text(items[2], 1, 2**16, "origin"),
        person=shape.octets(items[3], (16,), "person"),
        device_seed=shape.octets(items[4], (32,), "device seed"),
        box_secret=shape.octets(items[5], (32,), "box secret"),
        reading_secrets=tuple(shape.octets(item, (32,), "reading key") for item in reading),
        pins=tuple(pins),
    )
