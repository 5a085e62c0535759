"""My next reading key, sealed to the devices that I have left (PROTOCOL.md 4).

It is not kept here: this device opens it from the directory as all the others do, once it stands
there. So a key whose entry was refused, or lost its place, is never used.
"""

from microblog.client.sending import send_to_directory
from microblog.client.session import Session
from microblog.client.writing import Fresh, Place, plain
from microblog.protocol.device import is_good
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry
from microblog.protocol.primitives import box_key
from microblog.protocol.reading import Owner, seal_reading

SECRET_BYTES = 32


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
    secrets = [*keys.reading_secrets, secret]
    rows: list[Value] = []
    for device in sorted(directory.devices_of(keys.person), key=lambda device: device.key):
        if is_good(device, place.time):
            owner = Owner(keys.fingerprint, keys.person, device.key)
            sealed = seal_reading(random(SECRET_BYTES), owner, device.box_key, secrets)
            rows.append([device.key, sealed])
    return plain(session.writer, place, fresh, "rekey", [box_key(secret), rows], [])
