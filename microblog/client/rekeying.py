"""My next reading key, sealed to the devices that I have left (PROTOCOL.md 4).

It is not kept here: this device opens it from the directory as all the others do, once it stands
there. So a key whose entry was refused, or lost its place, is never used.
"""

from microblog.client.sending import send_to_directory
from microblog.client.session import Session
from microblog.client.writing import Fresh, Place, plain
from microblog.protocol.device import MAX_SEALED_BYTES, is_good
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import MAX_PAYLOAD_BYTES, Entry
from microblog.protocol.primitives import box_key
from microblog.protocol.reading import Owner, seal_reading

SECRET_BYTES = 32

# What stands around the rows, a row's key and the sealed keys, and each of these, in bytes.
_AROUND, _ROW, _SEAL, _SECRET = 64, 40, 160, 34


def rekey(session: Session) -> None:
    """Sign my next reading key, and have the directory carry it.

    Raises:
        InTrouble, ProtocolError, Refused, Unreachable: as `send_to_directory`.
    """
    send_to_directory(
        session, lambda place, fresh: draft_rekey(session, session.directory, place, fresh)
    )


def draft_rekey(session: Session, directory: Directory, place: Place, fresh: Fresh) -> Entry:
    """Return the entry that brings my next reading key.

    `directory` is what it follows: in one request with the loss of a device, with that in it.
    """
    keys, random = session.keys, session.world.random
    secret = random(SECRET_BYTES)
    devices = [it for it in directory.devices_of(keys.person) if is_good(it, place.time)]
    secrets = [*keys.reading_secrets, secret][-count_room(len(devices)) :]
    rows: list[Value] = []
    for device in sorted(devices, key=lambda device: device.key):
        owner = Owner(keys.fingerprint, keys.person, device.key)
        sealed = seal_reading(random(SECRET_BYTES), owner, device.box_key, secrets)
        rows.append([device.key, sealed])
    return plain(session.writer, place, fresh, "rekey", [box_key(secret), rows], [])


def count_room(devices: int) -> int:
    """Return how many of the newest reading keys can be sealed to each of so many devices."""
    room = min(MAX_SEALED_BYTES, (MAX_PAYLOAD_BYTES - _AROUND) // max(devices, 1) - _ROW)
    return (room - _SEAL) // _SECRET
