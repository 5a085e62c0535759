"""An epoch's secret: its commitment, its boxes, and the earlier ones (PROTOCOL.md 7.1)."""

from collections.abc import Mapping, Sequence

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode, encode
from microblog.protocol.errors import Malformed, Unreadable
from microblog.protocol.primitives import derive, open_box, seal_box

SECRET_BYTES = 32


def commit(secret: bytes, log: bytes, epoch: int) -> bytes:
    """Return the public commitment to an epoch's secret."""
    return derive(secret, "msb/1/epoch", log, epoch)


def make_box(secret: bytes, log: bytes, epoch: int, person: bytes, reading_key: bytes) -> bytes:
    """Return the one box in which a person is given an epoch's secret."""
    seed = derive(secret, "msb/1/box", log, epoch, person, reading_key)
    return seal_box(seed, reading_key, encode(_grant(secret, log, epoch, person, reading_key)))


def open_epoch(
    box: bytes,
    reading: tuple[bytes, bytes],
    log: bytes,
    epoch: int,
    person: bytes,
    commitment: bytes,
) -> bytes:
    """Return the secret in a box made for `person`, whose (secret, public) key is `reading`.

    Raises:
        Unreadable: waiting, because the box is not one that `make_box` makes for this commitment.
    """
    try:
        items = decode(open_box(reading[0], box))
        given = shape.array(items, 6, 6, "box")
        secret = shape.octets(given[5], (SECRET_BYTES,), "secret")
    except (Malformed, Unreadable):
        raise Unreadable("waiting") from None
    if items != _grant(secret, log, epoch, person, reading[1]):
        raise Unreadable("waiting")
    if commit(secret, log, epoch) != commitment:
        raise Unreadable("waiting")
    return secret


def encode_history(secrets: Mapping[int, bytes]) -> bytes:
    """Return the plaintext of a `found` or `epoch` body: earlier epochs' secrets by number."""
    return encode(["msb/1/history", [[number, secrets[number]] for number in sorted(secrets)]])


def read_history(
    items: Sequence[Value], log: bytes, commitments: Sequence[bytes], dropped: Sequence[int]
) -> dict[int, bytes]:
    """Return the earlier secrets in the opened body of the newest epoch's entry, each checked.

    Args:
        items: the opened body.
        log: the stream.
        commitments: those of the stream, by epoch, up to the epoch whose entry this is.
        dropped: the epochs that are no longer carried.

    Raises:
        Unreadable: void, because one is missing, too many, or not what was committed to.
    """
    expected = [number for number in range(len(commitments) - 1) if number not in dropped]
    try:
        if len(items) < 2 or items[0] != "msb/1/history":
            raise Malformed("not a history bundle")
        rows = list(map(_row, shape.array(items[1], len(expected), len(expected), "history")))
    except Malformed:
        raise Unreadable("void") from None
    if [number for number, _ in rows] != expected:
        raise Unreadable("void")
    for number, secret in rows:
        if commit(secret, log, number) != commitments[number]:
            raise Unreadable("void")
    return dict(rows)


def _row(value: Value) -> tuple[int, bytes]:
    row = shape.array(value, 2, 2, "history")
    number = shape.uint(row[0], 2**53 - 1, "epoch")
    return number, shape.octets(row[1], (SECRET_BYTES,), "secret")


def _grant(secret: bytes, log: bytes, epoch: int, person: bytes, reading_key: bytes) -> list[Value]:
    return ["msb/1/grant", log, epoch, person, reading_key, secret]
