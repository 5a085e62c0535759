"""Real signed posts, made a few times faster than the protocol's own functions make them.

What never changes within a stream is encoded once; the bytes are the protocol's own, which
`test_bench` compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from nacl import bindings

from microblog.protocol.encoding import encode
from microblog.protocol.entry import BLOCK_BYTES
from microblog.protocol.log import Head
from microblog.protocol.post import Post, encode_post
from microblog.protocol.primitives import pad

if TYPE_CHECKING:
    from tests.vectors.practice import Staff

HASH = b"\x58\x20"
#: The mark of a plain post: `payload` is [0].
PAYLOAD = b"\x81\x00"


class Written(NamedTuple):
    """A post as it is stored."""

    seq: int
    id: bytes
    time: int
    header: bytes
    signature: bytes
    body: bytes
    salt: bytes

    @property
    def travelling(self) -> bytes:
        return encode([self.header, self.signature, self.body, self.salt, []])


@dataclass(frozen=True, slots=True)
class View:
    """The newest entry of the directory that an author has seen."""

    seq: int
    head: bytes


class Pen:
    """Writes posts of one author to one stream, each after the other."""

    def __init__(
        self, author: Staff, log: bytes, secret: bytes, view: View, head: Head, epoch: int = 0
    ) -> None:
        self.log, self.head = log, head
        self._secret, self._epoch = secret, epoch
        self._signer = bindings.crypto_sign_seed_keypair(author.seed)[1]
        self._before = encode(log)
        whose = [encode("post"), encode(author.id), encode(author.device), encode(epoch)]
        self._whose = b"".join(whose)
        self._seen = encode(view.seq) + encode(view.head)
        self._key_label = encode("msb/1/body")

    def write(self, text: str, time: int) -> Written:
        """Return the next post."""
        seq = self.head.seq + 1
        salt = _hash(b"salt", self.log, seq)
        salt_hash = blake2b(b"msb/1/salt\0" + salt, digest_size=32).digest()
        middle = b"".join((
            self._before, encode(seq), HASH, self.head.id, self._whose, encode(time), self._seen,
            HASH, salt_hash,
        ))  # fmt: skip
        body = self._seal(text, seq, salt, middle)
        body_hash = blake2b(b"msb/1/body-hash\0" + salt + body, digest_size=32).digest()
        header = b"\x8e\x6bmsb/1/entry" + middle + HASH + body_hash + PAYLOAD
        signed = bindings.crypto_sign(b"msb/1/entry\0" + header, self._signer)
        signature = signed[:64]
        identity = blake2b(b"msb/1/id\0" + header + signature, digest_size=32).digest()
        self.head = Head(seq, identity)
        return Written(seq, identity, time, header, signature, body, salt)

    def _seal(self, text: str, seq: int, salt: bytes, middle: bytes) -> bytes:
        label = b"".join((
            b"\x84", self._key_label, self._before, encode(self._epoch), HASH, salt
        ))  # fmt: skip
        key = blake2b(label, key=self._secret, digest_size=32).digest()
        nonce = _hash(b"nonce", self.log, seq)[:24]
        # The associated data are the header before its body exists: one item less.
        core = b"\x8d\x6amsb/1/core" + middle + PAYLOAD
        padded = pad(encode_post(Post(text=text)), BLOCK_BYTES)
        return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, core, nonce, key)


def _hash(what: bytes, log: bytes, seq: int) -> bytes:
    return blake2b(what + log + seq.to_bytes(8, "big"), digest_size=32).digest()
