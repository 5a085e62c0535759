"""A stream in one file, for a reviewer with no network and no account (PROTOCOL.md 12).

How a bundle is written and taken apart; whether it is to be believed, `evidence` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from microblog.protocol import shape
from microblog.protocol.encoding import MAX_UINT, Value, decode_array, encode
from microblog.protocol.entry import Entry, check_body, decode_entry, encode_entry
from microblog.protocol.epoch import SECRET_BYTES
from microblog.protocol.errors import Malformed, TooNew, Unreadable, WrongList
from microblog.protocol.primitives import sign
from microblog.protocol.witness import MAX_HEADS

DESCRIPTION = (
    "A copy of one stream of microblog, made by one of its followers, and told to all of them. "
    "It holds what was written, in the order in which it was written, and the practice's directory "
    "to check by whom. Check it before reading, with no network: microblog verify-bundle FILE. "
    "Compare the fingerprint that it prints with one that the practice gave you by another way. "
    "How to check it without that program: PROTOCOL.md, section 12."
)
MAX_DESCRIPTION = 4096


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle says: whole logs as bytes, the secrets by epoch, heads of witnesses."""

    description: str
    fingerprint: bytes
    exporter: bytes
    device: bytes
    time: int
    directory: Sequence[bytes]
    log: bytes
    entries: Sequence[bytes]
    secrets: Sequence[tuple[int, bytes]]
    heads: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class SignedBundle:
    """A decoded bundle beside the very bytes that were signed; only its shape is verified yet."""

    bundle: Bundle
    payload: bytes
    signature: bytes


def write_bundle(bundle: Bundle, seed: bytes) -> bytes:
    """Return a bundle, signed by its maker's device.

    Raises:
        Malformed: something is not of the right shape.
    """
    payload = encode(
        [
            "msb/1/bundle",
            bundle.description,
            bundle.fingerprint,
            bundle.exporter,
            bundle.device,
            bundle.time,
            list(bundle.directory),
            bundle.log,
            list(bundle.entries),
            [[epoch, secret] for epoch, secret in bundle.secrets],
            list(bundle.heads),
        ]
    )
    data = encode([payload, sign(seed, "msb/1/bundle", payload)])
    decode_bundle(data)
    return data


def strip_directory(raw: bytes) -> bytes:
    """Return an entry of the directory as a bundle carries it: nobody's phone or address.

    A body that is not what was signed, which a server may serve, is as good as none.
    """
    entry = decode_entry(raw)
    if entry.header.kind == "profile" or not _is_whole(entry):
        entry = _without_body(entry)
    return encode_entry(replace(entry, boxes=()))


def strip_entry(raw: bytes, secrets: Mapping[int, bytes]) -> bytes:
    """Return an entry of a stream as a bundle carries it, given the secrets that it carries."""
    entry = decode_entry(raw)
    return encode_entry(
        replace(entry if is_opened(entry, secrets) else _without_body(entry), boxes=())
    )


def decode_bundle(data: bytes) -> SignedBundle:
    """Return the bundle in `data`, its shape checked.

    Raises:
        Malformed: the shape does not hold.
        TooNew: it is of another version.
    """
    payload, signature = shape.array(decode_array(data), 2, 2, "bundle")
    if not isinstance(payload, bytes):
        raise Malformed("the bundle's payload is not bytes")
    items = decode_array(payload)
    if items and isinstance(items[0], str) and items[0] != "msb/1/bundle":
        raise TooNew("the bundle is of another version of the protocol")
    items = shape.array(items, 11, 11, "bundle")
    if items[0] != "msb/1/bundle":
        raise Malformed("the bundle does not say what it is")
    bundle = Bundle(
        description=shape.text(items[1], 0, MAX_DESCRIPTION, "description"),
        fingerprint=shape.octets(items[2], (32,), "fingerprint"),
        exporter=shape.octets(items[3], (16,), "exporter"),
        device=shape.octets(items[4], (32,), "device key"),
        time=shape.uint(items[5], MAX_UINT, "time"),
        directory=_pieces(items[6], 1, MAX_UINT, "directory"),
        log=shape.octets(items[7], (16,), "log"),
        entries=_pieces(items[8], 1, MAX_UINT, "entries"),
        secrets=_secrets(items[9]),
        heads=_pieces(items[10], 0, MAX_HEADS, "heads"),
    )
    return SignedBundle(bundle, payload, shape.octets(signature, (64,), "signature"))


def is_opened(entry: Entry, secrets: Mapping[int, bytes]) -> bool:
    """Return whether a bundle with these secrets carries the words of an entry."""
    # A history bundle would open the epochs that were not chosen.
    return entry.header.epoch in secrets and entry.header.kind not in ("found", "epoch")


def is_bare(entry: Entry) -> bool:
    """Return whether an entry comes without its words."""
    return not entry.body and not entry.salt


def _is_whole(entry: Entry) -> bool:
    try:
        check_body(entry)
    except Unreadable:
        return False
    return True


def _without_body(entry: Entry) -> Entry:
    return replace(entry, body=b"", salt=b"", boxes=())


def _pieces(value: Value, least: int, most: int, what: str) -> Sequence[bytes]:
    pieces = list[bytes]()
    for item in shape.array(value, least, most, what):
        if not isinstance(item, bytes):
            raise Malformed(f"{what} are not bytes")
        pieces.append(item)
    return tuple(pieces)


def _secrets(value: Value) -> Sequence[tuple[int, bytes]]:
    rows = list[tuple[int, bytes]]()
    for item in shape.array(value, 0, MAX_UINT, "secrets"):
        epoch, secret = shape.array(item, 2, 2, "secret")
        number = shape.uint(epoch, MAX_UINT, "epoch")
        rows.append((number, shape.octets(secret, (SECRET_BYTES,), "secret")))
    if any(a[0] >= b[0] for a, b in pairwise(rows)):
        raise WrongList("secrets are not sorted, or one occurs twice")
    return tuple(rows)
