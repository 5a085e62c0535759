"""Entries as a client writes them: pure builders, given writer, place and fresh randomness.

Texts are put in NFC here, by the writer, and by nobody later (PROTOCOL.md 2.3). Nothing here checks
whether an entry is allowed: whoever sends it applies it to the log first.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from microblog.protocol.about import About, encode_about
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import (
    DIRECTORY,
    NO_ENTRY,
    Boxes,
    Entry,
    Header,
    write_plain_entry,
    write_sealed_entry,
)
from microblog.protocol.epoch import commit, encode_history, make_box
from microblog.protocol.export import EXPORT, Export, encode_export
from microblog.protocol.log import Head
from microblog.protocol.post import Post, encode_post
from microblog.protocol.primitives import signing_key
from microblog.protocol.staff import Agency, Policy
from microblog.protocol.why import encode_why

NO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who signs: a person, and the seed of their device's signing key."""

    person: bytes
    seed: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry will stand: after `head`, in `epoch`, having seen the directory's head.

    In the directory itself, epoch and view are nothing.
    """

    log: bytes
    head: Head | None
    time: int
    epoch: int = 0
    directory: Head | None = None


@dataclass(frozen=True, slots=True)
class Fresh:
    """Randomness for one entry of one attempt, never used again: a salt (32) and a nonce (24)."""

    salt: bytes
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What the first steward says of the practice and of themselves."""

    practice: str
    name: str
    job: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """What a steward says of a person: in an invitation, or in a change.

    `formerly`, in an invitation: whom they were before they lost every device.
    """

    person: bytes
    name: str
    job: str
    agency: bytes
    role: str
    left: bool = False
    formerly: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person says of themselves."""

    phone: str
    email: str
    supervisor: bytes = b""
    deputies: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Someone let into a team, with the reading key of their box; None while it is stale."""

    person: bytes
    role: str
    why: str
    reading_key: bytes | None
    via: bytes = b""


def after(place: Place, entry: Entry) -> Place:
    """Return the place that follows an entry just built, for the next of the same request."""
    head = Head(entry.header.seq, entry.id)
    return replace(place, head=head, epoch=entry.header.epoch)


# The directory


def found_practice(
    writer: Writer, place: Place, fresh: Fresh, founding: Founding, keys: tuple[bytes, bytes]
) -> Entry:
    """Begin a directory; `keys` are the founder's box key and reading key.

    The entry's id is the practice fingerprint.
    """
    payload: list[Value] = [nfc(founding.practice), writer.person, *keys]
    body = [nfc(founding.name), nfc(founding.job), nfc(founding.device)]
    return plain(writer, place, fresh, "found", payload, body)


def add_agency(writer: Writer, place: Place, fresh: Fresh, agency: Agency) -> Entry:
    """Enter an agency, or rename one that is known."""
    return plain(writer, place, fresh, "agency", [agency.id, nfc(agency.name), agency.sort], [])


def invite(
    writer: Writer, place: Place, fresh: Fresh, staff: Staff, key: bytes, expiry: int
) -> Entry:
    """Keep a place for someone who holds the secret part of `key`."""
    payload: list[Value] = [staff.person, staff.agency, staff.role, expiry, key, staff.formerly]
    return plain(writer, place, fresh, "invite", payload, [nfc(staff.name), nfc(staff.job)])


def revoke_invite(writer: Writer, place: Place, fresh: Fresh, invite_id: bytes) -> Entry:
    """Take an unused invitation back."""
    return plain(writer, place, fresh, "revoke", ["invite", invite_id, place.time], [])


def join(
    writer: Writer,
    place: Place,
    fresh: Fresh,
    invited: tuple[bytes, bytes],
    keys: tuple[bytes, bytes],
    device: str,
) -> Entry:
    """Take an invitation's place.

    `invited` are its id and its key's signature, `keys` the joiner's box key and reading key.
    """
    return plain(writer, place, fresh, "join", [*invited, *keys], [nfc(device)])


def set_profile(writer: Writer, place: Place, fresh: Fresh, profile: Profile) -> Entry:
    """Say how to reach me, and who supervises me."""
    payload: list[Value] = [profile.supervisor, list(profile.deputies)]
    return plain(writer, place, fresh, "profile", payload, [nfc(profile.phone), nfc(profile.email)])


def change_person(writer: Writer, place: Place, fresh: Fresh, staff: Staff) -> Entry:
    """Change someone's name, job, agency or role, or say that they have left, which is final."""
    payload: list[Value] = [staff.person, staff.agency, staff.role, int(staff.left)]
    return plain(writer, place, fresh, "change", payload, [nfc(staff.name), nfc(staff.job)])


def set_policy(writer: Writer, place: Place, fresh: Fresh, policy: Policy) -> Entry:
    """Settle the practice's name, the numbers to ring, retention and rules."""
    numbers: list[Value] = [
        [row.agency, nfc(row.label), nfc(row.number), nfc(row.hours)] for row in policy.numbers
    ]
    payload: list[Value] = [
        nfc(policy.name),
        numbers,
        [[nfc(it.name), it.months, it.begins, nfc(it.source)] for it in policy.retention],
        [[rule, policy.rules[rule]] for rule in sorted(policy.rules)],
    ]
    return plain(writer, place, fresh, "policy", payload, [])


# A stream


def found_stream(
    writer: Writer, place: Place, fresh: Fresh, secret: bytes, reading_key: bytes | None
) -> Entry:
    """Begin a stream with its writer as keeper, and their box."""
    payload: list[Value] = [commit(secret, place.log, 0), [[writer.person, "keeper"]]]
    boxes = _boxes(secret, place, {writer.person: reading_key})
    return sealed(writer, place, fresh, secret, ("found", payload, encode_history({})), boxes)


def describe(writer: Writer, place: Place, fresh: Fresh, secret: bytes, about: About) -> Entry:
    """Say whom the stream is about."""
    about = replace(
        about,
        name=nfc(about.name),
        known_as=tuple(map(nfc, about.known_as)),
        people=tuple((nfc(name), nfc(relation)) for name, relation in about.people),
        school=nfc(about.school),
    )
    return sealed(writer, place, fresh, secret, ("about", [], encode_about(about)))


def grant(writer: Writer, place: Place, fresh: Fresh, secret: bytes, admission: Admission) -> Entry:
    """Let someone in, or change their role; their box goes up with it."""
    boxes = _boxes(secret, place, {admission.person: admission.reading_key})
    payload: list[Value] = [admission.person, admission.role]
    plain = encode_why(nfc(admission.why), admission.via)
    return sealed(writer, place, fresh, secret, ("grant", payload, plain), boxes)


def new_epoch(
    writer: Writer,
    place: Place,
    fresh: Fresh,
    secrets: Mapping[int, bytes],
    members: Sequence[tuple[bytes, str]],
    reading_keys: Mapping[bytes, bytes],
) -> Entry:
    """Begin the next epoch, whose number is `place.epoch`.

    Args:
        writer: who signs; on the list.
        place: where it will stand.
        fresh: never used before.
        secrets: by epoch: the new one, and every earlier one that is not dropped.
        members: the whole list, sorted by person.
        reading_keys: of everyone on it whose key is not stale.
    """
    epoch, log = place.epoch, place.log
    secret = secrets[epoch]
    rows: list[Value] = [[person, role] for person, role in members]
    boxes = _boxes(secret, place, {person: reading_keys.get(person) for person, _ in members})
    payload: list[Value] = [commit(secret, log, epoch), rows, [], b""]
    history = encode_history({i: s for i, s in secrets.items() if i < epoch})
    return sealed(writer, place, fresh, secret, ("epoch", payload, history), boxes)


def post(
    writer: Writer, place: Place, fresh: Fresh, secret: bytes, words: Post, mark: int
) -> Entry:
    """Post; `mark` is PLAIN, NUDGE or QUIET."""
    words = replace(
        words,
        text=nfc(words.text),
        source=nfc(words.source),
        original=nfc(words.original),
        reason=nfc(words.reason),
    )
    return sealed(writer, place, fresh, secret, ("post", [mark], encode_post(words)))


def withdraw(
    writer: Writer,
    place: Place,
    fresh: Fresh,
    secret: bytes,
    target: tuple[int, bool],
    why: str,
) -> Entry:
    """Take back the post at `target`, which is (seq, whether its words are erased)."""
    seq, erase = target
    said = ("withdraw", [seq, int(erase)], encode_why(nfc(why), b""))
    return sealed(writer, place, fresh, secret, said)


def tell_export(writer: Writer, place: Place, fresh: Fresh, secret: bytes, export: Export) -> Entry:
    """Tell the team what is taken out."""
    plain = encode_export(replace(export, why=nfc(export.why)))
    return sealed(writer, place, fresh, secret, (EXPORT, [], plain))


def nfc(text: str) -> str:
    """Return text as it is written into entries."""
    return unicodedata.normalize("NFC", text)


def plain(
    writer: Writer, place: Place, fresh: Fresh, kind: str, payload: Sequence[Value], body: list[str]
) -> Entry:
    """Return an entry of the directory."""
    header = _header(writer, place, kind, payload)
    return write_plain_entry(header, writer.seed, fresh.salt, encode(body))


def _boxes(
    secret: bytes, place: Place, reading_keys: Mapping[bytes, bytes | None]
) -> list[tuple[bytes, bytes]]:
    return [
        (person, make_box(secret, place.log, place.epoch, person, key))
        for person, key in reading_keys.items()
        if key is not None
    ]


def sealed(
    writer: Writer,
    place: Place,
    fresh: Fresh,
    secret: bytes,
    said: tuple[str, Sequence[Value], bytes],
    boxes: Boxes = (),
) -> Entry:
    """Say something in a stream, sealed under an epoch's secret: (kind, payload, plaintext)."""
    kind, payload, plain = said
    header = _header(writer, place, kind, payload)
    return write_sealed_entry(
        header, (writer.seed, secret), (fresh.salt, fresh.nonce), plain, boxes
    )


def _header(writer: Writer, place: Place, kind: str, payload: Sequence[Value]) -> Header:
    view = place.directory
    return Header(
        log=place.log,
        seq=place.head.seq + 1 if place.head else 0,
        prev=place.head.id if place.head else NO_ENTRY,
        kind=kind,
        author=writer.person,
        device=signing_key(writer.seed),
        epoch=place.epoch,
        time=place.time,
        directory_seq=view.seq if view and place.log != DIRECTORY else 0,
        directory_head=view.id if view and place.log != DIRECTORY else NO_ENTRY,
        salt_hash=NO_HASH,
        body_hash=NO_HASH,
        payload=list(payload),
    )
