"""What the rules of the directory's entries share: the records they change, and checks on them."""

from typing import Protocol

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array
from microblog.protocol.entry import Entry, check_body
from microblog.protocol.errors import BadKey, Malformed, NotAllowed, Unreadable
from microblog.protocol.staff import Agency, Device, Invite, Person, Policy, Witness

MAX_TEXT = 120
MAX_ROWS = 64
NOBODY = b""


class Records(Protocol):
    """The part of a directory that its entries change."""

    fingerprint: bytes | None
    agencies: dict[bytes, Agency]
    persons: dict[bytes, Person]
    devices: dict[bytes, Device]
    invites: dict[bytes, Invite]
    witnesses: dict[bytes, Witness]
    keys: set[bytes]
    policy: Policy | None


def claim(records: Records, *keys: bytes) -> None:
    """Take keys for this directory, in which none occurs twice.

    Raises:
        BadKey: one is there already, or given twice; none is taken.
    """
    if len(set(keys)) < len(keys) or records.keys & set(keys):
        raise BadKey("a key is already in this directory")
    records.keys |= set(keys)


def known_agency(records: Records, value: Value) -> bytes:
    """Return the id of an agency that is known.

    Raises:
        ProtocolError: it is not one.
    """
    agency = shape.octets(value, (16,), "agency")
    if agency not in records.agencies:
        raise NotAllowed("no agency is known by that id")
    return agency


def is_steward(person: Person) -> bool:
    """Return whether someone is a steward who works here."""
    return person.role == "steward" and person.left is None


def check_steward_stays(records: Records, without: bytes) -> None:
    """Check that a steward keeps a device without this person, or without this device.

    One that is good for a time only does not count: the practice would be shut by waiting.

    Raises:
        NotAllowed: none would.
    """
    if not any(_is_stewards(records, device, without) for device in records.devices.values()):
        raise NotAllowed("this would leave no steward")


def read_texts(entry: Entry, count: int) -> list[str]:
    """Return the first texts of an entry's body, or nothing but empty ones.

    A directory body may be erased, or never have been what it should: no rule depends on it.
    """
    try:
        check_body(entry)
        items = shape.array(decode_array(entry.body), count, 2**16, "body")
        return [shape.text(item, 0, MAX_TEXT, "text") for item in items[:count]]
    except (Malformed, Unreadable):
        return [""] * count


def person_of(records: Records, person: bytes) -> Person:
    """Return who a device, an invitation or an entry that was checked is of.

    Devices and invitations are recorded with their person, and nobody is ever taken out.
    """
    return records.persons[person]


def _is_stewards(records: Records, device: Device, without: bytes) -> bool:
    if device.revoked is not None or device.until or without in (device.key, device.person):
        return False
    return is_steward(person_of(records, device.person))
