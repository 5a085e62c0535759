"""The other end of a link, played by hand: an old device that lets one in, or a new one.

It is honest. What the server makes of its messages on the way is the lie: a function from the
number of a place and the message to what lies there then, None for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from microblog.protocol.device import sign_device, verify_device
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.link import (
    CONSENT,
    OFFER,
    PINS,
    WELCOME,
    Link,
    Offer,
    Pins,
    Welcome,
    derive_link,
    open_consent,
    open_offer,
    open_welcome,
    seal_consent,
    seal_offer,
    seal_pins,
    seal_welcome,
)
from microblog.protocol.log import Head
from microblog.protocol.primitives import box_key
from microblog.protocol.reading import Owner, seal_reading
from tests.lying.device_lies import grown
from tests.vectors.practice import fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.vectors.practice import DirectoryLog, Staff

    Twist = Callable[[int, bytes], bytes | None]


def straight(_slot: int, message: bytes) -> bytes | None:
    """Leave a message as it is."""
    return message


@dataclass
class OldDevice:
    """Someone's device, to which the letters of another are given."""

    who: Staff
    directory: DirectoryLog
    twist: Twist = straight
    #: What is served of the directory once the new device is in it.
    shown: Callable[[DirectoryLog], Sequence[bytes]] = lambda directory: directory.raw
    until: int = 0
    offer: Offer | None = None

    def turn(self, link: Link, places: dict[int, bytes]) -> Sequence[bytes] | None:
        """Answer what lies in the places; return the directory that is served, if it is new."""
        if WELCOME not in places and OFFER in places:
            self.offer = open_offer(link, places[OFFER])
            self._put(places, WELCOME, seal_welcome(link, fresh("welcome", 24), self._welcome()))
        elif CONSENT in places and PINS not in places:
            return self._let_in(link, places)
        return None

    def _welcome(self) -> Welcome:
        fingerprint = self.directory.entries[0].id
        return Welcome(fingerprint, self.who.id, self.until, "Westmere", "Bea Example")

    def _let_in(self, link: Link, places: dict[int, bytes]) -> Sequence[bytes]:
        offer, directory = self.offer, grown(self.directory)
        assert offer is not None
        signature, fingerprint = open_consent(link, places[CONSENT]), directory.entries[0].id
        keys = offer.device, offer.box_key
        verify_device(fingerprint, self.who.id, keys, self.until, signature)
        sealed = sealed_to_key(directory, self.who, keys)
        payload = [*keys, self.until, sealed, signature]
        entry = directory.add(self.who, "device", payload, [offer.name])
        heads = ((DIRECTORY, Head(entry.header.seq, entry.id)),)
        pins = Pins(fingerprint, self.who.id, entry.id, heads)
        self._put(places, PINS, seal_pins(link, fresh("pins", 24), pins))
        return self.shown(directory)

    def _put(self, places: dict[int, bytes], slot: int, message: bytes) -> None:
        twisted = self.twist(slot, message)
        if twisted is not None:
            places[slot] = twisted


def sealed_to_key(directory: DirectoryLog, who: Staff, keys: tuple[bytes, bytes]) -> bytes:
    """Return someone's reading keys, sealed to a device of which only the public keys are here."""
    owner = Owner(directory.entries[0].id, who.id, keys[0])
    return seal_reading(fresh("sealed"), owner, keys[1], [who.reading_secret])


@dataclass
class NewDevice:
    """A device that shows letters and waits to be let in."""

    keys: Staff
    letters: str
    twist: Twist = straight
    places: dict[int, bytes] = field(default_factory=dict)

    @property
    def link(self) -> Link:
        return derive_link(self.letters)

    def begin(self) -> dict[int, bytes]:
        """Offer its keys; return what lies in the places."""
        offer = Offer(self.keys.device, box_key(self.keys.box_secret), "phone")
        self._put(OFFER, seal_offer(self.link, fresh("offer", 24), offer))
        return self.places

    def turn(self, *_: Any) -> None:
        """Consent, once it was welcomed."""
        if WELCOME not in self.places or CONSENT in self.places:
            return
        welcome = open_welcome(self.link, self.places[WELCOME])
        signature = sign_device(
            self.keys.seed, welcome.fingerprint, welcome.person,
            box_key(self.keys.box_secret), welcome.until,
        )  # fmt: skip
        self._put(CONSENT, seal_consent(self.link, fresh("consent", 24), signature))

    def _put(self, slot: int, message: bytes) -> None:
        twisted = self.twist(slot, message)
        if twisted is not None:
            self.places[slot] = twisted
