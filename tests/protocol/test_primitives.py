"""The primitives against other libraries' word for the same thing."""

import hashlib

import nacl.bindings
import nacl.pwhash.argon2id
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microblog.protocol import primitives
from microblog.protocol.errors import Unreadable

KEYS = st.binary(min_size=32, max_size=32)


def test_stretching_is_libsodiums_argon2id() -> None:
    salt = bytes(range(16))
    expected = nacl.pwhash.argon2id.kdf(32, b"letters", salt, opslimit=3, memlimit=64 * 1024 * 1024)
    assert primitives.stretch(b"letters", salt, 3, 64 * 1024) == expected


@given(st.binary(), KEYS)
@example(bytes(range(256)) * 16, bytes(range(32)))
@example(b"\1" * (primitives._AT_ONCE - 9), bytes(32))
@example(b"\1" * (primitives._AT_ONCE - 8), bytes(32))
def test_hashes_are_libsodiums_blake2b(data: bytes, key: bytes) -> None:
    hashed = nacl.bindings.crypto_generichash_blake2b_salt_personal
    expected = hashed(b"msb/1/id\0" + data, digest_size=32)
    assert primitives.hash_labelled("msb/1/id", data) == expected
    context = primitives.encode(["msb/1/body", data])
    derived = hashed(context, digest_size=32, key=key)
    assert primitives.derive(key, "msb/1/body", data) == derived
    assert hashlib.blake2b(context, key=key, digest_size=32).digest() == derived


@given(KEYS, KEYS, st.binary(max_size=200))
def test_a_box_is_a_sealed_box(seed: bytes, secret: bytes, message: bytes) -> None:
    public = primitives.box_key(secret)
    box = primitives.seal_box(seed, public, message)
    assert nacl.bindings.crypto_box_seal_open(box, public, secret) == message
    assert primitives.open_box(secret, box) == message


@given(st.binary(max_size=100), st.integers(1, 64))
def test_padding_comes_off_again(plain: bytes, block: int) -> None:
    padded = primitives.pad(plain, block)
    assert len(padded) % block == 0
    assert len(plain) < len(padded) <= len(plain) + block
    assert primitives.unpad(padded, block) == plain


@pytest.mark.parametrize("place", range(16))
def test_a_changed_bit_anywhere_in_a_ciphertext_is_noticed(place: int) -> None:
    key, nonce = bytes(32), bytes(24)
    sealed = bytearray(primitives.encrypt(key, nonce, b"", b""))
    sealed[place] ^= 1
    with pytest.raises(Unreadable, match="void"):
        primitives.decrypt(key, nonce, bytes(sealed), b"")
