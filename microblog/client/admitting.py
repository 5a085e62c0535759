"""Letting one more device of mine in, and shutting one out: entries of the directory.

Pure builders, as in `writing`. My private reading keys go with a new device, sealed to its own key:
whoever reads the directory sees that they do, and nothing of them.
"""

from dataclasses import dataclass

from microblog.client.writing import Fresh, Place, Writer, nfc, plain
from microblog.protocol.device import MAX_SEALED_BYTES
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry

#: As many reading keys, of the newest, as there is room for.
MAX_SECRETS = (MAX_SEALED_BYTES - 256) // 34


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """A device that is to be mine, with its own signature that it is; `until` in ms, 0: no end."""

    key: bytes
    box_key: bytes
    name: str
    sort: str
    until: int
    signature: bytes


def add_device(
    writer: Writer, place: Place, fresh: Fresh, device: NewDevice, sealed: bytes
) -> Entry:
    """Let a device of mine in, with the reading keys that were sealed to it."""
    payload: list[Value] = [device.key, device.box_key, device.until, sealed, device.signature]
    return plain(writer, place, fresh, "device", payload, [nfc(device.name), device.sort])


def revoke_device(writer: Writer, place: Place, fresh: Fresh, key: bytes, since: int) -> Entry:
    """Shut a device out; what it signed after `since` (ms) is in doubt."""
    return plain(writer, place, fresh, "revoke", ["device", key, since], [])
