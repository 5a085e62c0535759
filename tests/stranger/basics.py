"""Sections 2 and 3: encoding, primitives, entries."""

import hashlib
import re
from collections import namedtuple
from itertools import pairwise

from nacl import bindings
from nacl.exceptions import CryptoError

TOP = 2**53
KIND = re.compile(r"\+?[a-z0-9-]{1,32}")
Entry = namedtuple(
    "Entry",
    "id raw signature body salt boxes log seq prev kind author device epoch time view head"
    " salt_hash body_hash payload",
)


class Wrong(Exception):
    """The name of what is wrong."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


def must(holds, name):
    if not holds:
        raise Wrong(name)


def h(label, data):
    return hashlib.blake2b(label.encode() + b"\0" + data, digest_size=32).digest()


def kdf(key, *said):
    return hashlib.blake2b(encode(list(said)), digest_size=32, key=key).digest()


def signed(key, label, data, signature, name="NotAuthentic"):
    try:
        bindings.crypto_sign_open(signature + label.encode() + b"\0" + data, key)
    except CryptoError:
        raise Wrong(name) from None


def check_signing_key(key):
    must(bindings.crypto_core_ed25519_is_valid_point(key), "BadKey")


def check_box_key(key):
    must(key[31] < 128, "BadKey")
    try:
        bindings.crypto_scalarmult(bytes([8]) + bytes(30) + bytes([64]), key)
    except CryptoError:
        raise Wrong("BadKey") from None


# Encoding, section 2.3


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4)):
        if number < 256**size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    return bytes([major << 5 | 27]) + number.to_bytes(8, "big")


def encode(value):
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(map(encode, value))


def decode(data):
    value, end = read(data, 0, 0)
    must(end == len(data), "Malformed")
    return value


def read(data, at, depth):
    must(at < len(data), "Malformed")
    major, code = data[at] >> 5, data[at] & 31
    must(major in (0, 2, 3, 4) and code < 28, "Malformed")
    size = 0 if code < 24 else 2 ** (code - 24)
    number = int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else code
    end = at + 1 + size
    must(end <= len(data) and head(major, number) == data[at:end] and number < TOP, "Malformed")
    if major == 0:
        return number, end
    if major == 4:
        must(depth < 6 and number <= len(data), "Malformed")
        items = []
        for _ in range(number):
            item, end = read(data, end, depth + 1)
            items.append(item)
        return items, end
    must(number <= len(data) - end, "Malformed")
    piece = data[end : end + number]
    if major == 3:
        try:
            piece = piece.decode()
        except UnicodeDecodeError:
            raise Wrong("Malformed") from None
        must("\0" not in piece and not piece.startswith("\ufeff"), "Malformed")
    return piece, end + number


# Shapes


def octets(value, *sizes):
    must(isinstance(value, bytes) and (not sizes or len(value) in sizes), "Malformed")
    return value


def array(value, least=0, most=TOP):
    must(isinstance(value, list) and least <= len(value) <= most, "Malformed")
    return value


def number(value, most=TOP - 1):
    must(isinstance(value, int) and value <= most, "Malformed")
    return value


def text(value, least=0, most=120):
    must(isinstance(value, str) and least <= len(value) <= most, "Malformed")
    return value


def word(value, words):
    must(isinstance(value, str) and value in words.split(), "Malformed")
    return value


# Entries, section 3


def decode_entry(raw):
    must(len(raw) <= 96 * 1024, "Malformed")
    header, signature, body, salt, boxes = array(decode(raw), 5, 5)
    must(len(octets(body)) <= 64 * 1024, "Malformed")
    octets(signature, 64)
    octets(salt, 0, 32)
    items = array(decode(octets(header)))
    if items and isinstance(items[0], str):
        must(items[0] == "msb/1/entry", "TooNew")
    must(len(items) == 14 and items[0] == "msb/1/entry", "Malformed")
    _, log, seq, prev, kind, author, device, epoch, time, view, seen, salts, bodies, payload = items
    must(isinstance(kind, str) and KIND.fullmatch(kind), "Malformed")
    must(len(encode(array(payload))) <= 16 * 1024, "Malformed")
    for value, size in ((log, 16), (prev, 32), (author, 16), (device, 32), (seen, 32)):
        octets(value, size)
    octets(salts, 32)
    octets(bodies, 32)
    for value in (seq, epoch, time, view):
        number(value)
    rows = [array(row, 2, 2) for row in array(boxes, 0, 200)]
    must(all(len(octets(row[0], 16)) and 48 <= len(octets(row[1])) <= 256 for row in rows),
         "Malformed")  # fmt: skip
    must(all(a[0] < b[0] for a, b in pairwise(rows)), "Malformed")
    name = h("msb/1/id", header + signature)
    return Entry(name, header, signature, body, salt, boxes, *items[1:])


def follows(entry, log, ids):
    must(entry.log == log, "WrongLog")
    must(entry.seq == len(ids), "BrokenChain")
    must(entry.prev == (ids[-1] if ids else bytes(32)), "BrokenChain")


def authentic(entry):
    signed(entry.device, "msb/1/entry", entry.raw, entry.signature)


def is_bare(entry):
    return not entry.body and not entry.salt


def words_fit(entry):
    must(h("msb/1/salt", entry.salt) == entry.salt_hash, "Malformed")
    must(h("msb/1/body-hash", entry.salt + entry.body) == entry.body_hash, "Malformed")
