"""Linking one more device of mine: both ends, by four sealed messages (PROTOCOL.md 5.1).

The new device shows letters, and believes nothing but what opens with them. The old one names what
it lets in, hands it my reading keys through the directory, and says how far it has seen each log:
so neither the server nor anyone between can give either end a false key or a false practice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from microblog.client import devices
from microblog.client.admitting import NewDevice
from microblog.client.directory import refresh_directory
from microblog.client.messages import Linked
from microblog.client.recovering import look
from microblog.client.sealing import keys_with_pins
from microblog.client.session import Keys, Session, World, check_trusted
from microblog.client.showing import practice_name, show_person
from microblog.client.transport import Refused, Transport
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import sign_device, verify_device
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.errors import LinkOver, NotAuthentic, UnknownDevice
from microblog.protocol.link import (
    CODE_BYTES,
    CONSENT,
    LIFE_MS,
    OFFER,
    PINS,
    WELCOME,
    Link,
    Offer,
    Pins,
    Welcome,
    derive_link,
    encode_code,
    open_consent,
    open_offer,
    open_pins,
    open_welcome,
    read_code,
    seal_consent,
    seal_offer,
    seal_pins,
    seal_welcome,
)
from microblog.protocol.primitives import NONCE_BYTES, box_key, signing_key

#: How often the old device looks whether the new one has answered.
TRIES = 60


@dataclass(slots=True)
class Newcomer:
    """A new device on its way in: its keys, its code, and how far it has come."""

    transport: Transport
    world: World
    letters: str
    link: Link
    device_seed: bytes
    box_secret: bytes
    began: int
    welcome: Welcome | None = None
    consent: bytes = b""
    pins: Pins | None = None
    keys: Keys | None = None
    practice: str = ""
    name: str = ""


def begin_link(transport: Transport, device: str, world: World) -> Newcomer:
    """Make keys for a new device, and offer them under a fresh code.

    Raises:
        Malformed: its name is too long.
        Refused: too many devices are being linked.
        Unreachable: the server did not answer.
    """
    letters = encode_code(world.random(CODE_BYTES))
    newcomer = Newcomer(
        transport, world, letters, derive_link(letters),
        world.random(32), world.random(32), world.clock(),
    )  # fmt: skip
    offer = Offer(signing_key(newcomer.device_seed), box_key(newcomer.box_secret), device)
    message = seal_offer(newcomer.link, world.random(NONCE_BYTES), offer)
    transport.put_link(newcomer.link.tag, OFFER, message)
    return newcomer


def proceed(newcomer: Newcomer) -> Linked:
    """Go on as far as the other device has, and say how far that is.

    Raises:
        NotAuthentic, Malformed: what lies under the code was not sealed with it.
        InTrouble, UnknownDevice: the server does not show what the other device has seen.
        Refused, Unreachable: the server does not answer as it should; asked again, it goes on.
    """
    if newcomer.keys is None and newcomer.world.clock() >= newcomer.began + LIFE_MS:
        return Linked(state="over")
    if newcomer.welcome is None:
        _take_welcome(newcomer)
    if newcomer.welcome is not None and newcomer.pins is None:
        _take_pins(newcomer, newcomer.welcome)
    if newcomer.pins is not None and newcomer.keys is None:
        _enter(newcomer, newcomer.pins)
    state = "done" if newcomer.keys else "welcomed" if newcomer.welcome else "waiting"
    return Linked(state=state, practice=newcomer.practice, name=newcomer.name)


def _take_welcome(newcomer: Newcomer) -> None:
    message = newcomer.transport.link(newcomer.link.tag, WELCOME)
    if message is None:
        return
    welcome = open_welcome(newcomer.link, message)
    if not newcomer.consent:
        signature = sign_device(
            newcomer.device_seed, welcome.fingerprint, welcome.person,
            box_key(newcomer.box_secret), welcome.until,
        )  # fmt: skip
        nonce = newcomer.world.random(NONCE_BYTES)
        newcomer.consent = seal_consent(newcomer.link, nonce, signature)
    newcomer.transport.put_link(newcomer.link.tag, CONSENT, newcomer.consent)
    newcomer.welcome = welcome
    newcomer.practice, newcomer.name = welcome.practice, welcome.name


def _take_pins(newcomer: Newcomer, welcome: Welcome) -> None:
    message = newcomer.transport.link(newcomer.link.tag, PINS)
    if message is None:
        return
    pins = open_pins(newcomer.link, message)
    if (pins.fingerprint, pins.person) != (welcome.fingerprint, welcome.person):
        raise NotAuthentic("it was let in as somebody else than was said")
    newcomer.pins = pins


def _enter(newcomer: Newcomer, pins: Pins) -> None:
    """Take the reading keys from the directory, which must be as the other device has seen it."""
    keys = Keys(
        pins.fingerprint, newcomer.transport.origin, pins.person,
        newcomer.device_seed, newcomer.box_secret, (), pins.heads,
    )  # fmt: skip
    session = look(keys, newcomer.transport, newcomer.world)
    if pins.entry not in session.directory.ids:
        raise UnknownDevice("the entry that let this device in is not there")
    newcomer.practice = practice_name(session.directory)
    newcomer.name = show_person(session.directory, pins.person).name
    newcomer.keys = keys_with_pins(session)


def read_link(transport: Transport, letters: str) -> Offer:
    """Return which device shows these letters.

    Raises:
        BadLetters: they are not complete.
        LinkOver: no device waits under them.
        NotAuthentic, Malformed: what lies there was not sealed with them.
    """
    link = derive_link(read_code(letters))
    message = transport.link(link.tag, OFFER)
    if message is None:
        raise LinkOver("no device waits under these letters")
    return open_offer(link, message)


def let_in(session: Session, letters: str, until: int, pause: Callable[[], None]) -> None:
    """Let the device that shows these letters in, once its person has agreed to its name.

    Args:
        session: mine, on the old device.
        letters: what was typed.
        until: when its time is over, in ms; 0: never.
        pause: waits a moment, for the other device to answer.

    Raises:
        LinkOver: it does not answer, or somebody else has.
        NotAuthentic: what it signed is not what it was asked to.
        Waiting, InTrouble, ProtocolError, Refused, Unreachable: see `devices.add_device`.
    """
    link = derive_link(read_code(letters))
    offer = read_link(session.transport, letters)
    refresh_directory(session)
    check_trusted(session)
    devices.check_holds_keys(session)
    _welcome(session, link, until)
    signature = _wait_for_consent(session.transport, link, pause)
    fingerprint = session.keys.fingerprint
    verify_device(fingerprint, session.me, (offer.device, offer.box_key), until, signature)
    entry = devices.add_device(session, NewDevice(
        key=offer.device, box_key=offer.box_key, name=offer.name, sort="", until=until,
        signature=signature,
    ))  # fmt: skip
    _hand_pins(session, link, entry, offer.device)


def _welcome(session: Session, link: Link, until: int) -> None:
    directory = session.directory
    welcome = Welcome(
        session.keys.fingerprint, session.me, until,
        practice_name(directory), show_person(directory, session.me).name,
    )  # fmt: skip
    message = seal_welcome(link, session.world.random(NONCE_BYTES), welcome)
    try:
        session.transport.put_link(link.tag, WELCOME, message)
    except Refused as refused:
        if refused.code != "taken":
            raise _over(refused) from None
        # By an attempt of mine that broke off, or by somebody else who has the letters.
        there = session.transport.link(link.tag, WELCOME)
        if there is None or open_welcome(link, there) != welcome:
            raise LinkOver("another device has answered") from None


def _wait_for_consent(transport: Transport, link: Link, pause: Callable[[], None]) -> bytes:
    for _ in range(TRIES):
        message = transport.link(link.tag, CONSENT)
        if message is not None:
            return open_consent(link, message)
        pause()
    raise LinkOver("the new device does not answer")


def _hand_pins(session: Session, link: Link, entry: Entry, device: bytes) -> None:
    """Say how far each log was seen; a device that cannot hear of it is shut out again."""
    heads = keys_with_pins(session).pins
    first = tuple(row for row in heads if row[0] == DIRECTORY)
    pins = Pins(
        session.keys.fingerprint, session.me, entry.id,
        (*first, *(row for row in heads if row[0] != DIRECTORY)),
    )  # fmt: skip
    message = seal_pins(link, session.world.random(NONCE_BYTES), pins)
    try:
        session.transport.put_link(link.tag, PINS, message)
    except Refused as refused:
        if refused.code == "not-found":
            devices.revoke_device(session, encode_base64url(device), entry.header.time)
        raise _over(refused) from None


def _over(refused: Refused) -> Exception:
    return LinkOver("its ten minutes are over") if refused.code == "not-found" else refused
