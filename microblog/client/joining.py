"""Becoming one of those who work here: founding the practice, or taking an invitation's place.

Keys are made and given to the caller first, to be kept, and only then sent: whoever loses power in
between has keys that nobody knows, and not a place that nobody can use.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.client import writing
from microblog.client.messages import Invitation
from microblog.client.session import World, fresh_of
from microblog.client.showing import show_invitation
from microblog.client.shown import PhoneNumber
from microblog.client.transport import Refused, StaleHead, Transport
from microblog.client.writing import Founding, Place, Staff, Writer, after
from microblog.protocol.base64url import decode_base64url
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, Entry, decode_entry, encode_entry
from microblog.protocol.errors import BadInvitation
from microblog.protocol.invitation import (
    decode_fragment,
    derive_invitation_seed,
    read_letters,
    sign_join,
)
from microblog.protocol.login import sign_knock
from microblog.protocol.primitives import box_key, signing_key
from microblog.protocol.staff import Agency, Invite, Number, Policy
from microblog.protocol.vault import Keys

LETTERS = 8
TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteward:
    """What whoever founds a practice says of it and of themselves."""

    practice: str
    name: str
    job: str
    agency: str
    sort: str
    device: str
    numbers: Sequence[PhoneNumber] = ()


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone with an invitation: its fingerprint and seed, and the place that is kept for them."""

    transport: Transport
    fingerprint: bytes
    seed: bytes
    invite: Invite


def draft_founding(first: FirstSteward, origin: str, world: World) -> tuple[Keys, list[Entry]]:
    """Return the first steward's keys, and the entries that found the practice with them.

    Raises:
        ProtocolError: something in them is too long, or empty.
    """
    random = world.random
    device, box, reading = random(32), random(32), random(32)
    writer = Writer(random(len(DIRECTORY)), device)
    agency = Agency(random(len(DIRECTORY)), first.agency, first.sort)
    numbers = tuple(
        Number(decode_base64url(row.agency_id), row.label, row.number, row.hours)
        for row in first.numbers
    )
    founding = Founding(
        practice=first.practice, name=first.name, job=first.job, device=first.device
    )
    staff = Staff(
        person=writer.person, name=first.name, job=first.job, agency=agency.id, role="steward"
    )
    policy = Policy(first.practice, numbers, (), {})
    place = Place(DIRECTORY, None, world.clock())
    public = (box_key(box), box_key(reading))
    entries = [writing.found_practice(writer, place, fresh_of(world), founding, public)]
    place = after(place, entries[-1])
    entries.append(writing.add_agency(writer, place, fresh_of(world), agency))
    place = after(place, entries[-1])
    entries.append(writing.change_person(writer, place, fresh_of(world), staff))
    place = after(place, entries[-1])
    entries.append(writing.set_policy(writer, place, fresh_of(world), policy))
    _, error = Directory().extend(entries)
    if error is not None:
        raise error
    return Keys(entries[0].id, origin, writer.person, device, box, (reading,)), entries


def found(transport: Transport, token: str, entries: Sequence[Entry]) -> None:
    """Found the practice.

    Raises:
        Refused: the token is used or out of date, or the practice is founded already.
        Unreachable: it is not known whether the server has it.
    """
    transport.sign_in_founding(token)
    transport.append(DIRECTORY, [encode_entry(entry) for entry in entries])


def read_invitation(
    transport: Transport, fragment: str, letters: str, world: World
) -> tuple[Guest, Invitation]:
    """Return what an invitation offers, from the directory that its fingerprint vouches for.

    Raises:
        Malformed: the link or the letters are not complete.
        BadInvitation: they do not fit each other, or the place is no longer kept.
        ProtocolError: what the server serves is not this practice's directory.
    """
    secret, fingerprint = decode_fragment(fragment)
    spoken = read_letters(letters, LETTERS)
    world.progress("unlock", 0, 1)
    seed = derive_invitation_seed(secret, spoken, fingerprint)
    world.progress("unlock", 1, 1)
    _knock(transport, seed, fingerprint)
    directory = _fetch_directory(transport, fingerprint)
    invite = _find_invite(directory, signing_key(seed))
    return Guest(transport, fingerprint, seed, invite), show_invitation(directory, invite)


def new_keys(guest: Guest, world: World) -> Keys:
    """Return keys for a guest, to be kept before they are sent."""
    random, person = world.random, guest.invite.person
    origin = guest.transport.origin
    return Keys(guest.fingerprint, origin, person, random(32), random(32), (random(32),))


def join(guest: Guest, keys: Keys, device: str, world: World) -> None:
    """Take the place that is kept for a guest, with these keys.

    Raises:
        BadInvitation: the place is no longer kept.
        Refused: the server does not take it.
        Unreachable: it is not known whether the server has it.
    """
    writer = Writer(keys.person, keys.device_seed)
    public = (box_key(keys.box_secret), box_key(keys.reading_secrets[-1]))
    signature = sign_join(
        guest.seed, guest.fingerprint, guest.invite.id, signing_key(keys.device_seed), *public
    )
    invited = (guest.invite.id, signature)
    beaten = StaleHead("", None)
    for _ in range(TRIES):
        directory = _fetch_directory(guest.transport, guest.fingerprint)
        if signing_key(keys.device_seed) in directory.devices:
            return
        place = Place(DIRECTORY, directory.head, max(world.clock(), directory.time))
        entry = writing.join(writer, place, fresh_of(world), invited, public, device)
        _, error = directory.extend([entry])
        if error is not None:
            raise error
        try:
            guest.transport.append(DIRECTORY, [encode_entry(entry)])
        except StaleHead as stale:
            beaten = stale
            continue
        return
    raise beaten


def _knock(transport: Transport, seed: bytes, fingerprint: bytes) -> None:
    challenge = transport.challenge()
    signature = sign_knock(seed, fingerprint, transport.origin, challenge.challenge, challenge.time)
    try:
        transport.sign_in("invitation", signing_key(seed), challenge, signature)
    except Refused as refused:
        if refused.code == "signed-out":
            raise BadInvitation("the letters do not fit the link, or the place is gone") from None
        raise


def _fetch_directory(transport: Transport, fingerprint: bytes) -> Directory:
    """Return the directory, checked from the fingerprint on; raises ProtocolError if it is not."""
    directory = Directory(fingerprint)
    while True:
        since = len(directory.ids)
        replies = [r for r in transport.fetch({DIRECTORY: since}) if r.log == DIRECTORY]
        raw_entries = [entry for reply in replies for entry in reply.entries]
        directory, error = directory.extend(map(decode_entry, raw_entries))
        if error is not None:
            raise error
        if not raw_entries or not any(reply.more for reply in replies):
            return directory


def _find_invite(directory: Directory, key: bytes) -> Invite:
    for invite in directory.invites.values():
        if invite.key == key and not invite.spent:
            return invite
    raise BadInvitation("the place is gone: used, taken back, or never there")
