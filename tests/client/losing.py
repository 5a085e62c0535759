"""Another device of a person, and its loss."""

from __future__ import annotations

import secrets
from dataclasses import replace

from microblog.client.admitting import NewDevice
from microblog.client.devices import add_device, revoke_device
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.session import Session, read_id
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import sign_device
from microblog.protocol.primitives import box_key, signing_key
from tests.client.practice import (
    Practice,
    device_of,
)


def let_in(practice: Practice, session: Session, until: int = 0) -> Session:
    """Return another device of the same person, which begins with nothing but its own two keys."""
    seed, box_secret = secrets.token_bytes(32), secrets.token_bytes(32)
    fingerprint, box = session.keys.fingerprint, box_key(box_secret)
    signature = sign_device(seed, fingerprint, session.me, box, until)
    add_device(session, NewDevice(
        key=signing_key(seed), box_key=box, name="laptop", sort="", until=until,
        signature=signature,
    ))  # fmt: skip
    keys = replace(
        session.keys, device_seed=seed, box_secret=box_secret, reading_secrets=(), pins=()
    )
    memory = Memory(None, seed)
    return open_session(keys, practice.server.connect(), memory, practice.world)


def lose(session: Session, device: Session, since: int = 0) -> None:
    """Revoke a device."""
    revoke_device(session, encode_base64url(device_of(device)), since)


def kinds(practice: Practice, log: str) -> list[str]:
    """Return the kinds of the entries of a stream, as the server has it."""
    return [entry.header.kind for entry in practice.server.streams[read_id(log)].entries]
