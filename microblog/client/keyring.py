"""My reading keys: those that another device of mine made are opened from the directory.

Each was sealed to this device when it came (PROTOCOL.md 4), and is checked against the key that
the directory shows, so nobody can give this device another.
"""

from collections.abc import Iterator
from dataclasses import replace

from microblog.client.session import Session
from microblog.protocol.encoding import Value
from microblog.protocol.entry import DIRECTORY, Entry, decode_entry
from microblog.protocol.errors import Unreadable
from microblog.protocol.primitives import box_key, signing_key
from microblog.protocol.reading import Owner, open_reading


def complete_keys(session: Session) -> None:
    """Take the reading keys that I lack, as far as they were sealed to this device."""
    me = session.directory.persons.get(session.me)
    if me is None or len(me.reading_keys) == len(session.keys.reading_secrets):
        return
    public = [key for _, key in me.reading_keys]
    held = {box_key(secret): secret for secret in session.keys.reading_secrets}
    for sealed in _sealed_to_me(session, [seq for seq, key in me.reading_keys if key not in held]):
        held |= {box_key(secret): secret for secret in _open(session, sealed, public)}
    ordered = tuple(held[key] for key in public if key in held)
    session.keys = replace(session.keys, reading_secrets=ordered)


def _open(session: Session, sealed: bytes, public: list[bytes]) -> tuple[bytes, ...]:
    keys = session.keys
    owner = Owner(keys.fingerprint, keys.person, signing_key(keys.device_seed))
    try:
        return open_reading(keys.box_secret, sealed, owner, public)
    except Unreadable:
        return ()  # nobody but this device could have said so before


def _sealed_to_me(session: Session, rekeyed: list[int]) -> Iterator[bytes]:
    """Yield what was sealed to this device as it came, and with each key that is lacking."""
    key = signing_key(session.keys.device_seed)
    device = session.directory.devices.get(key)
    seqs = [*rekeyed, *([device.since] if device else [])]
    for seq in seqs:
        entry = _entry_at(session, seq)
        if entry is not None:
            yield from (value for value in _sealed_in(entry, key) if isinstance(value, bytes))


def _entry_at(session: Session, seq: int) -> Entry | None:
    raw = session.memory.entry(DIRECTORY, seq)
    return None if raw is None else decode_entry(raw)


def _sealed_in(entry: Entry, device: bytes) -> Iterator[Value]:
    """Yield what a verified entry of mine has sealed to a device."""
    payload = entry.header.payload
    if entry.header.kind == "device" and payload[0] == device:
        yield payload[3]
    if entry.header.kind == "rekey" and isinstance(payload[1], list):
        for row in payload[1]:
            if isinstance(row, list) and row[0] == device:
                yield row[1]
