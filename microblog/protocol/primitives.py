"""The cryptography, one name each; the only module that calls a cryptographic library.

PROTOCOL.md 2.1. Keys, seeds, secrets and hashes are 32 bytes, signatures 64, nonces of bodies 24.
Argon2id is argon2-cffi's, BLAKE2b Python's own; the rest is libsodium's, by PyNaCl.
"""

from hashlib import blake2b

import argon2.low_level
from nacl import bindings
from nacl.exceptions import CryptoError

from microblog.protocol.encoding import Value, encode
from microblog.protocol.errors import BadKey, NotAuthentic, Unreadable

NONCE_BYTES = 24
TAG_BYTES = 16
# Of longer pieces other threads get the turn while they are hashed, which takes longer than a
# body's hash does.
_AT_ONCE = 2047
_CHECK_SCALAR = bytes([8]) + bytes(30) + bytes([64])


def hash_labelled(label: str, data: bytes) -> bytes:
    """Return H(label, data), 32 bytes."""
    return _blake2b(label.encode() + b"\0" + data, b"", 32)


def derive(key: bytes, label: str, *context: Value) -> bytes:
    """Return KDF(key, label, …), 32 bytes fit for a key or a seed."""
    return _blake2b(encode([label, *context]), key, 32)


def stretch(secret: bytes, salt: bytes, passes: int, memory_kib: int) -> bytes:
    """Return Argon2id (version 1.3, one lane) of a passphrase or of spoken letters, 32 bytes."""
    return argon2.low_level.hash_secret_raw(
        secret,
        salt,
        time_cost=passes,
        memory_cost=memory_kib,
        parallelism=1,
        hash_len=32,
        type=argon2.low_level.Type.ID,
        version=19,
    )


def signing_key(seed: bytes) -> bytes:
    """Return the Ed25519 public key of a seed."""
    return bindings.crypto_sign_seed_keypair(seed)[0]


def box_key(secret: bytes) -> bytes:
    """Return the X25519 public key of a secret key."""
    return bindings.crypto_scalarmult_base(secret)


def sign(seed: bytes, label: str, data: bytes) -> bytes:
    """Sign `label ‖ 0 ‖ data` and return the 64-byte signature."""
    secret = bindings.crypto_sign_seed_keypair(seed)[1]
    return bindings.crypto_sign(label.encode() + b"\0" + data, secret)[:64]


def verify_signature(key: bytes, label: str, data: bytes, signature: bytes) -> None:
    """Check a signature over `label ‖ 0 ‖ data`, by libsodium's rule.

    Raises:
        NotAuthentic: it does not fit.
    """
    if len(key) != 32 or len(signature) != 64:
        raise NotAuthentic("a signature or its key has the wrong length")
    try:
        bindings.crypto_sign_open(signature + label.encode() + b"\0" + data, key)
    except CryptoError:
        raise NotAuthentic("the signature does not fit") from None


def check_signing_key(key: bytes) -> None:
    """Check that bytes are an Ed25519 public key of the main subgroup, in its one encoding.

    Raises:
        BadKey: they are not.
    """
    if len(key) != 32 or not bindings.crypto_core_ed25519_is_valid_point(key):
        raise BadKey("not a valid signing key")


def check_box_key(key: bytes) -> None:
    """Check that bytes are an X25519 public key that can keep a secret.

    Raises:
        BadKey: the top bit is set, or the shared secret would be zero.
    """
    if len(key) != 32 or key[31] & 0x80:
        raise BadKey("not a valid box key")
    try:
        bindings.crypto_scalarmult(_CHECK_SCALAR, key)
    except CryptoError:
        raise BadKey("not a valid box key") from None


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Encrypt with XChaCha20-Poly1305, binding `context` as associated data."""
    return bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, context, nonce, key)


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes, context: bytes) -> bytes:
    """Open what `encrypt` made.

    Raises:
        Unreadable: it does not open with this key, nonce and context.
    """
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, context, nonce, key)
    except (CryptoError, ValueError):
        raise Unreadable("void") from None


def seal_box(seed: bytes, recipient: bytes, message: bytes) -> bytes:
    """Seal a message to an X25519 key, with the ephemeral key that `seed` fixes (7.1)."""
    public, secret = bindings.crypto_box_seed_keypair(seed)
    nonce = _blake2b(public + recipient, b"", NONCE_BYTES)
    return public + bindings.crypto_box(message, nonce, recipient, secret)


def open_box(secret: bytes, box: bytes) -> bytes:
    """Open a box sealed to the public key of `secret`.

    Raises:
        Unreadable: it does not open.
    """
    try:
        return bindings.crypto_box_seal_open(box, bindings.crypto_scalarmult_base(secret), secret)
    except (CryptoError, ValueError, TypeError):
        raise Unreadable("void") from None


def pad(plaintext: bytes, block: int) -> bytes:
    """Pad after ISO 7816-4 to the next multiple of `block`; always at least one byte."""
    return plaintext + b"\x80" + bytes(-(len(plaintext) + 1) % block)


def unpad(padded: bytes, block: int) -> bytes:
    """Take off what `pad` put on.

    Raises:
        Unreadable: the padding is not what `pad` writes.
    """
    plaintext = padded.rstrip(b"\0")
    if not plaintext.endswith(b"\x80") or pad(plaintext[:-1], block) != padded:
        raise Unreadable("void")
    return plaintext[:-1]


def _blake2b(data: bytes, key: bytes, size: int) -> bytes:
    # The same as libsodium's, of which a third of the time is the call.
    state = blake2b(data[:_AT_ONCE], key=key, digest_size=size)
    if len(data) > _AT_ONCE:
        state.update(data[_AT_ONCE:])
    return state.digest()
