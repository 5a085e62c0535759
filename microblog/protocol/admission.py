"""What each kind of directory entry does, and who may sign it (PROTOCOL.md 4).

Every rule first checks all it has to check and then changes the records, so a refused entry
leaves no trace.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array
from microblog.protocol.entry import Entry, check_body, verify_entry
from microblog.protocol.errors import (
    BadInvitation,
    BadKey,
    BrokenChain,
    Malformed,
    NotAllowed,
    NotAuthentic,
    TooNew,
    UnknownDevice,
    Unreadable,
)
from microblog.protocol.invitation import LIFE_MS, verify_join
from microblog.protocol.primitives import check_box_key, check_signing_key
from microblog.protocol.staff import (
    ROLES,
    SORTS,
    Agency,
    Device,
    Invite,
    Number,
    Person,
    Policy,
)

MAX_TEXT = 120
MAX_ROWS = 64
MAX_DEPUTIES = 8
NOBODY = b""


class Records(Protocol):
    """The part of a directory that its entries change."""

    fingerprint: bytes | None
    agencies: dict[bytes, Agency]
    persons: dict[bytes, Person]
    devices: dict[bytes, Device]
    invites: dict[bytes, Invite]
    keys: set[bytes]
    policy: Policy | None


def admit(records: Records, entry: Entry) -> None:
    """Check an entry whose place in the chain is good, and take in what it says.

    Raises:
        ProtocolError: it is refused; `records` are unchanged.
    """
    header = entry.header
    if (header.kind == "found") != (header.seq == 0):
        raise BrokenChain("a directory begins with found, and only begins so")
    if header.kind not in ("found", "join"):
        _check_author(records, entry)
    verify_entry(entry)
    if header.kind.startswith("+"):
        return
    rule = _RULES.get(header.kind)
    if rule is None:
        raise TooNew("the directory holds a kind this app does not know")
    if header.kind in _STEWARDS and records.persons[header.author].role != "steward":
        raise NotAllowed("only a steward may do this")
    rule(records, entry)


def _check_author(records: Records, entry: Entry) -> None:
    device = records.devices.get(entry.header.device)
    if device is None or device.person != entry.header.author:
        raise UnknownDevice("the device is not the author's")
    if records.persons[device.person].left is not None:
        raise UnknownDevice("the author has left")


def _found(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 4, 4, "payload")
    name = shape.text(payload[0], 1, MAX_TEXT, "practice name")
    person = shape.octets(payload[1], (16,), "person")
    if person != entry.header.author:
        raise Malformed("the founder is not the author")
    keys = _new_keys(records, entry.header.device, payload[2], payload[3])
    steward, job, device = _texts(entry, 3)
    records.policy = Policy(name, (), (), {})
    _enter(records, entry, keys, Invite(
        id=b"", seq=0, person=person, agency=NOBODY, role="steward", expiry=0, key=b"",
        formerly=NOBODY, inviter=person, inviter_device=b"", name=steward, job=job, spent="",
    ), device)  # fmt: skip


def _agency(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 3, 3, "payload")
    agency = shape.octets(payload[0], (16,), "agency")
    name = shape.text(payload[1], 1, MAX_TEXT, "agency name")
    records.agencies[agency] = Agency(agency, name, shape.word(payload[2], SORTS, "sort"))


def _invite(records: Records, entry: Entry) -> None:
    header = entry.header
    payload = shape.array(header.payload, 6, 6, "payload")
    person = shape.octets(payload[0], (16,), "person")
    if person in records.persons or any(i.person == person for i in records.invites.values()):
        raise NotAllowed("an invitation is for someone new")
    agency = _known_agency(records, payload[1])
    role = shape.word(payload[2], ROLES, "role")
    expiry = shape.uint(payload[3], header.time + LIFE_MS, "expiry")
    if expiry <= header.time:
        raise Malformed("expiry is not later than the invitation")
    formerly = shape.octets(payload[5], (0, 16), "formerly")
    if formerly and formerly not in records.persons:
        raise NotAllowed("nobody is known by the former id")
    key = shape.octets(payload[4], (32,), "invitation key")
    check_signing_key(key)
    _claim(records, key)
    name, job = _texts(entry, 2)
    records.invites[entry.id] = Invite(
        entry.id, header.seq, person, agency, role, expiry, key, formerly,
        header.author, header.device, name, job, "",
    )  # fmt: skip


def _join(records: Records, entry: Entry) -> None:
    header = entry.header
    payload = shape.array(header.payload, 4, 4, "payload")
    invite = records.invites.get(shape.octets(payload[0], (32,), "invite"))
    if invite is None or invite.spent or invite.person != header.author:
        raise BadInvitation("the invitation is not there, used or revoked")
    if header.time > invite.expiry:
        raise BadInvitation("the invitation is out of date")
    inviter = records.persons[invite.inviter]
    if inviter.role != "steward" or inviter.left is not None:
        raise BadInvitation("whoever invited is a steward no longer")
    signature = shape.octets(payload[1], (64,), "signature")
    box = shape.octets(payload[2], (32,), "box key")
    reading = shape.octets(payload[3], (32,), "reading key")
    try:
        verify_join(
            invite.key,
            records.fingerprint or b"",
            invite.id,
            (header.device, box, reading),
            signature,
        )
    except NotAuthentic:
        raise BadInvitation("the invitation's key did not sign these keys") from None
    keys = _new_keys(records, header.device, box, reading)
    (device,) = _texts(entry, 1)
    records.invites[invite.id] = replace(invite, spent="used")
    _enter(records, entry, keys, invite, device)


def _profile(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 2, 2, "payload")
    supervisor = shape.octets(payload[0], (0, 16), "supervisor")
    deputies = tuple(
        shape.octets(item, (16,), "deputy")
        for item in shape.array(payload[1], 0, MAX_DEPUTIES, "deputies")
    )
    if any(p not in records.persons for p in (*deputies, *([supervisor] if supervisor else []))):
        raise NotAllowed("a supervisor or deputy is not known")
    phone, email = _texts(entry, 2)
    person = records.persons[entry.header.author]
    records.persons[person.id] = replace(
        person, supervisor=supervisor, deputies=deputies, phone=phone, email=email
    )


def _change(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 4, 4, "payload")
    person = records.persons.get(shape.octets(payload[0], (16,), "person"))
    if person is None or person.left is not None:
        raise NotAllowed("nobody by that id works here")
    agency = _known_agency(records, payload[1])
    role = shape.word(payload[2], ROLES, "role")
    left = entry.header.seq if shape.uint(payload[3], 1, "left") else None
    others = (p for p in records.persons.values() if p.id != person.id)
    if (role != "steward" or left is not None) and not any(map(_is_steward, others)):
        raise NotAllowed("this would leave no steward")
    name, job = _texts(entry, 2)
    records.persons[person.id] = replace(
        person, agency=agency, role=role, left=left, name=name, job=job
    )


def _policy(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 4, 4, "payload")
    name = shape.text(payload[0], 1, MAX_TEXT, "practice name")
    numbers = tuple(map(_number, shape.array(payload[1], 0, MAX_ROWS, "numbers")))
    retention = tuple(map(_retention, shape.array(payload[2], 0, MAX_ROWS, "retention")))
    rules: dict[str, int] = {}
    for row in shape.array(payload[3], 0, MAX_ROWS, "rules"):
        rule, value = shape.array(row, 2, 2, "rule")
        rules[shape.text(rule, 1, MAX_TEXT, "rule")] = shape.uint(value, 2**53 - 1, "rule")
    records.policy = Policy(name, numbers, retention, rules)


def _revoke(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 3, 3, "payload")
    if payload[0] == "device":
        raise TooNew("the directory revokes a device, which this app does not know")
    shape.word(payload[0], ("invite",), "what is revoked")
    invite = records.invites.get(shape.octets(payload[1], (32,), "invite"))
    shape.uint(payload[2], 2**53 - 1, "since")
    if invite is None or invite.spent:
        raise BadInvitation("the invitation is not there, used or revoked")
    records.invites[invite.id] = replace(invite, spent="revoked")


def _number(value: Value) -> Number:
    row = shape.array(value, 4, 4, "number")
    return Number(
        shape.octets(row[0], (0, 16), "agency"),
        shape.text(row[1], 0, MAX_TEXT, "label"),
        shape.text(row[2], 0, MAX_TEXT, "number"),
        shape.text(row[3], 0, MAX_TEXT, "hours"),
    )


def _retention(value: Value) -> tuple[str, int, str]:
    row = shape.array(value, 3, 3, "retention class")
    return (
        shape.text(row[0], 1, MAX_TEXT, "class"),
        shape.uint(row[1], 2**53 - 1, "months"),
        shape.text(row[2], 0, MAX_TEXT, "source"),
    )


def _enter(
    records: Records, entry: Entry, keys: tuple[bytes, bytes], invite: Invite, device_name: str
) -> None:
    box, reading = keys
    seq, key, person = entry.header.seq, entry.header.device, invite.person
    records.keys |= {key, box, reading}
    records.devices[key] = Device(key, box, person, seq, device_name)
    records.persons[person] = Person(
        person, invite.agency, invite.role, reading, seq, None, invite.name, invite.job,
        NOBODY, (), "", "", invite.formerly,
    )  # fmt: skip


def _new_keys(records: Records, device: bytes, box: Value, reading: Value) -> tuple[bytes, bytes]:
    box = shape.octets(box, (32,), "box key")
    reading = shape.octets(reading, (32,), "reading key")
    check_signing_key(device)
    check_box_key(box)
    check_box_key(reading)
    if len({device, box, reading}) < 3 or records.keys & {device, box, reading}:
        raise BadKey("a key is already in this directory")
    return box, reading


def _claim(records: Records, key: bytes) -> None:
    if key in records.keys:
        raise BadKey("a key is already in this directory")
    records.keys.add(key)


def _known_agency(records: Records, value: Value) -> bytes:
    agency = shape.octets(value, (16,), "agency")
    if agency not in records.agencies:
        raise NotAllowed("no agency is known by that id")
    return agency


def _is_steward(person: Person) -> bool:
    return person.role == "steward" and person.left is None


def _texts(entry: Entry, count: int) -> list[str]:
    # A directory body may be erased, or never have been what it should: no rule depends on it.
    try:
        check_body(entry)
        items = shape.array(decode_array(entry.body), count, 2**16, "body")
        return [shape.text(item, 0, MAX_TEXT, "text") for item in items[:count]]
    except (Malformed, Unreadable):
        return [""] * count


_STEWARDS = ("agency", "invite", "change", "policy", "revoke")
_RULES: dict[str, Callable[[Records, Entry], None]] = {
    "found": _found,
    "agency": _agency,
    "invite": _invite,
    "join": _join,
    "profile": _profile,
    "change": _change,
    "policy": _policy,
    "revoke": _revoke,
}
