"""Back from the recovery sheet: what it opens, and new keys for a device at hand.

The sheet is a device of its person as any other. Its keys are bound to the practice's fingerprint;
where the letters were typed, that is the server's word, and proven by such a device being there.
Only a link pins the directory too: who types the letters may be shown an older one.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from microblog.client import admitting, devices
from microblog.client.admitting import NewDevice
from microblog.client.devices import SEED_BYTES, check_holds_keys, seal_mine_to, write_losses
from microblog.client.directory import refresh_directory
from microblog.client.keeping import open_session
from microblog.client.keyring import complete_keys
from microblog.client.memory import Memory
from microblog.client.messages import Recovery
from microblog.client.sending import send_all_to_directory
from microblog.client.session import (
    Keys,
    Session,
    World,
    check_trusted,
    fresh_of,
    read_id,
)
from microblog.client.showing import practice_name, show_person
from microblog.client.transport import Refused, Transport
from microblog.client.writing import Place
from microblog.protocol.device import is_good, sign_device
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.errors import BadLetters, UnknownDevice
from microblog.protocol.log import Head
from microblog.protocol.primitives import box_key, signing_key
from microblog.protocol.recovery import (
    decode_sheet_link,
    derive_box_secret,
    derive_device_seed,
    read_sheet,
)

NOBODY = bytes(16)

Heads: TypeAlias = tuple[tuple[bytes, Head], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet at work: a session that its keys signed in, with nothing but the directory."""

    session: Session
    shown: Recovery


def look(keys: Keys, transport: Transport, world: World) -> Session:
    """Return a session of keys that come with no reading key: the directory, checked, has them.

    Raises:
        UnknownDevice: the device is not its person's, or not good.
        Waiting: it was sealed no reading key that opens.
        InTrouble: what the server serves is not this practice's directory, or less than was seen.
    """
    session = open_session(keys, transport, Memory(None, keys.device_seed, world.random), world)
    try:
        refresh_directory(session)
    except Refused as refused:
        if refused.code != "signed-out":
            raise
        raise UnknownDevice("the server knows no such device") from None
    check_trusted(session)
    device = session.directory.devices.get(signing_key(keys.device_seed))
    if device is None or not is_good(device, world.clock()):
        raise UnknownDevice("the directory knows no such device, or it is shut out")
    if keys.person == NOBODY:
        session.keys = replace(keys, person=device.person)
        complete_keys(session)
    if device.person != session.me:
        raise UnknownDevice("the device is somebody else's")
    check_holds_keys(session)
    return session


def read_link(transport: Transport, fragment: str, world: World) -> Found:
    """Read a sheet by what stands after `#` in its link.

    Raises:
        Malformed: a part of it is missing.
        UnknownDevice, Waiting, InTrouble: see `look`.
    """
    sheet = decode_sheet_link(fragment)
    pins = ((DIRECTORY, sheet.directory),)
    return _find(_keys(transport, sheet.secret, sheet.fingerprint, pins), transport, world)


def read_letters(transport: Transport, letters: str, world: World) -> Found:
    """Read a sheet by the letters that were typed from it.

    Raises:
        BadLetters: one is wrong, or no such sheet is known here.
        Waiting, InTrouble: see `look`.
    """
    secret = read_sheet(letters)
    fingerprint = transport.fingerprint()
    if fingerprint is None:
        raise BadLetters("no practice is founded here")
    return _find(_keys(transport, secret, fingerprint, ()), transport, world)


def _keys(transport: Transport, secret: bytes, fingerprint: bytes, pins: Heads) -> Keys:
    seed = derive_device_seed(secret, fingerprint)
    box = derive_box_secret(secret, fingerprint)
    return Keys(fingerprint, transport.origin, NOBODY, seed, box, (), pins)


def _find(keys: Keys, transport: Transport, world: World) -> Found:
    session = look(keys, transport, world)
    return Found(session, Recovery(
        practice=practice_name(session.directory),
        name=show_person(session.directory, session.me).name,
        devices=devices.devices(session),
    ))  # fmt: skip


def new_keys(found: Found) -> Keys:
    """Return keys for a device at hand, to be kept before they are sent."""
    session = found.session
    random = session.world.random
    head = session.directory.head
    pins = ((DIRECTORY, head),) if head else ()
    return replace(
        session.keys, device_seed=random(SEED_BYTES), box_secret=random(SEED_BYTES), pins=pins
    )


def recover(found: Found, keys: Keys, name: str, lost: tuple[str, ...]) -> None:
    """Let a new device in with the sheet, and shut out what is lost; all at once, or none.

    Where something is lost, or was before, my reading key is another from then on.

    Raises:
        NotAllowed: what is lost is no device, or shut out already.
        InTrouble, ProtocolError, Refused, Unreachable: see `send_all_to_directory`.
    """
    session = found.session
    key, box = signing_key(keys.device_seed), box_key(keys.box_secret)
    refresh_directory(session)
    check_trusted(session)
    if key in session.directory.devices:
        return
    signature = sign_device(keys.device_seed, keys.fingerprint, session.me, box, 0)
    device = NewDevice(key=key, box_key=box, name=name, sort="", until=0, signature=signature)
    gone = tuple(map(read_id, lost))

    def write(place: Place) -> list[Entry]:
        sealed = seal_mine_to(session, device)
        let_in = admitting.add_device(
            session.writer, place, fresh_of(session.world), device, sealed
        )
        return write_losses(session, place, [let_in], gone, place.time)

    send_all_to_directory(session, write)
