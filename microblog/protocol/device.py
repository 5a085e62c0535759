"""A person's devices: one more, one less, and the next reading key (PROTOCOL.md 4)."""

from dataclasses import replace
from itertools import pairwise

from microblog.protocol import shape
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import Entry
from microblog.protocol.errors import (
    Malformed,
    NotAllowed,
    NotAuthentic,
    UnknownDevice,
    WrongList,
)
from microblog.protocol.primitives import (
    check_box_key,
    check_signing_key,
    sign,
    signing_key,
    verify_signature,
)
from microblog.protocol.records import (
    Records,
    check_steward_stays,
    claim,
    is_steward,
    person_of,
    read_texts,
)
from microblog.protocol.staff import DEVICE_SORTS, Device, Person

MAX_DEVICES = 32
MAX_SEALED_BYTES = 4096


def sign_device(
    seed: bytes, fingerprint: bytes, person: bytes, box_key: bytes, until: int
) -> bytes:
    """Sign, with a new device's own key, that it is to be the person's."""
    statement = _statement(fingerprint, person, (signing_key(seed), box_key), until)
    return sign(seed, "msb/1/device", statement)


def verify_device(
    fingerprint: bytes, person: bytes, keys: tuple[bytes, bytes], until: int, signature: bytes
) -> None:
    """Check what a new device signed, by its (signing, box) keys.

    Raises:
        NotAuthentic: its key did not sign this.
    """
    try:
        statement = _statement(fingerprint, person, keys, until)
        verify_signature(keys[0], "msb/1/device", statement, signature)
    except NotAuthentic:
        raise NotAuthentic("the new device did not sign this") from None


def is_good(device: Device, time: int) -> bool:
    """Return whether a device, by what is known of it now, signs after `time`."""
    return device.revoked is None and (device.until == 0 or device.until > time)


def check_good(device: Device, seq: int, time: int) -> None:
    """Check that a device signed before it was revoked, and before its time was over.

    Raises:
        UnknownDevice: it did not.
    """
    if device.revoked is not None and device.revoked <= seq:
        raise UnknownDevice("the device was revoked")
    if device.until and time > device.until:
        raise UnknownDevice("the device's time is over")


def is_doubtful(device: Device, time: int) -> bool:
    """Return whether what a device signed at a time stands in doubt: it was lost by then.

    It was revoked later, so whoever has it may have signed. The time is the signer's own.
    """
    return device.revoked is not None and time > device.doubtful_since


def devices_of(records: Records, person: bytes) -> list[Device]:
    """Return a person's devices, revoked ones too, in the order in which they came."""
    return [device for device in records.devices.values() if device.person == person]


def admit_device(records: Records, entry: Entry) -> None:
    """Take in one more device of the author's; it signed too, so nobody else's can be taken."""
    header = entry.header
    payload = shape.array(header.payload, 5, 5, "payload")
    key = shape.octets(payload[0], (32,), "device key")
    box = shape.octets(payload[1], (32,), "box key")
    until = shape.uint(payload[2], 2**53 - 1, "until")
    _sealed(payload[3])
    signature = shape.octets(payload[4], (64,), "signature")
    if until and until <= header.time:
        raise Malformed("until is not later than the entry")
    if sum(is_good(it, header.time) for it in devices_of(records, header.author)) >= MAX_DEVICES:
        raise NotAllowed("the person has as many devices as they may have")
    check_signing_key(key)
    check_box_key(box)
    verify_device(records.fingerprint or b"", header.author, (key, box), until, signature)
    claim(records, key, box)
    name, sort = _name_and_sort(entry)
    records.devices[key] = Device(
        key, box, header.author, header.seq, name, sort, header.time, until, None, 0
    )


def revoke_device(records: Records, entry: Entry, target: Value, since: int) -> None:
    """Take a device from its person, for good; a steward may, and whoever it belongs to."""
    header = entry.header
    device = records.devices.get(shape.octets(target, (32,), "device"))
    if device is None or device.revoked is not None:
        raise NotAllowed("the device is not there, or revoked already")
    if device.person != header.author and not is_steward(person_of(records, header.author)):
        raise NotAllowed("only a steward, or whose it is, may revoke a device")
    check_steward_stays(records, device.key)
    person = person_of(records, device.person)
    records.devices[device.key] = replace(device, revoked=header.seq, doubtful_since=since)
    records.persons[person.id] = replace(person, revoked=(*person.revoked, header.seq))


def rekey(records: Records, entry: Entry) -> None:
    """Take in the author's next reading key, sealed to exactly the devices that they have left."""
    header = entry.header
    payload = shape.array(header.payload, 2, 2, "payload")
    key = shape.octets(payload[0], (32,), "reading key")
    rows = shape.array(payload[1], 0, MAX_DEVICES, "sealed reading keys")
    to = [_row(item) for item in rows]
    if any(before >= after for before, after in pairwise(to)):
        raise WrongList("sealed reading keys are not sorted, or one occurs twice")
    if set(to) != {it.key for it in devices_of(records, header.author) if is_good(it, header.time)}:
        raise WrongList("a reading key is sealed to exactly the devices that its person has")
    check_box_key(key)
    claim(records, key)
    person = person_of(records, header.author)
    records.persons[person.id] = with_reading_key(person, header.seq, key)


def with_reading_key(person: Person, seq: int, key: bytes) -> Person:
    """Return a person with their next reading key."""
    return replace(person, reading_key=key, reading_keys=(*person.reading_keys, (seq, key)))


def _row(value: Value) -> bytes:
    row = shape.array(value, 2, 2, "sealed reading keys")
    _sealed(row[1])
    return shape.octets(row[0], (32,), "device key")


def _sealed(value: Value) -> None:
    # Nobody but its device can say more of it.
    if not isinstance(value, bytes) or not 1 <= len(value) <= MAX_SEALED_BYTES:
        raise Malformed("sealed reading keys do not have the right number of bytes")


def _name_and_sort(entry: Entry) -> tuple[str, str]:
    (name,) = read_texts(entry, 1)
    _, sort = read_texts(entry, 2)
    return name, sort if sort in DEVICE_SORTS else ""


def _statement(fingerprint: bytes, person: bytes, keys: tuple[bytes, bytes], until: int) -> bytes:
    return encode(["msb/1/device", fingerprint, person, *keys, until])
