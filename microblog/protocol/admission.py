"""What each kind of directory entry does, and who may sign it (PROTOCOL.md 4).

Every rule first checks all it has to check and then changes the records, so a refused entry
leaves no trace.
"""

from collections.abc import Callable
from dataclasses import replace

from microblog.protocol import shape
from microblog.protocol.device import admit_device, check_good, rekey, revoke_device
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, verify_entry
from microblog.protocol.errors import (
    BadInvitation,
    BrokenChain,
    Malformed,
    NotAllowed,
    NotAuthentic,
    TooNew,
    UnknownDevice,
)
from microblog.protocol.invitation import LIFE_MS, verify_join
from microblog.protocol.primitives import check_box_key, check_signing_key
from microblog.protocol.records import (
    MAX_ROWS,
    MAX_TEXT,
    NOBODY,
    Records,
    check_steward_stays,
    claim,
    is_steward,
    known_agency,
    person_of,
    read_texts,
)
from microblog.protocol.staff import (
    BEGINNINGS,
    ROLES,
    SORTS,
    Agency,
    Device,
    Invite,
    Number,
    Person,
    Policy,
    Retention,
    Witness,
)

MAX_DEPUTIES = 8


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
    if header.kind in _STEWARDS and person_of(records, header.author).role != "steward":
        raise NotAllowed("only a steward may do this")
    rule(records, entry)


def _check_author(records: Records, entry: Entry) -> None:
    device = records.devices.get(entry.header.device)
    if device is None or device.person != entry.header.author:
        raise UnknownDevice("the device is not the author's")
    if person_of(records, device.person).left is not None:
        raise UnknownDevice("the author has left")
    check_good(device, entry.header.seq, entry.header.time)


def _found(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 4, 4, "payload")
    name = shape.text(payload[0], 1, MAX_TEXT, "practice name")
    person = shape.octets(payload[1], (16,), "person")
    if person != entry.header.author:
        raise Malformed("the founder is not the author")
    keys = _new_keys(records, entry.header.device, payload[2], payload[3])
    steward, job, device = read_texts(entry, 3)
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
    agency = known_agency(records, payload[1])
    role = shape.word(payload[2], ROLES, "role")
    expiry = shape.uint(payload[3], header.time + LIFE_MS, "expiry")
    if expiry <= header.time:
        raise Malformed("expiry is not later than the invitation")
    formerly = shape.octets(payload[5], (0, 16), "formerly")
    if formerly and formerly not in records.persons:
        raise NotAllowed("nobody is known by the former id")
    key = shape.octets(payload[4], (32,), "invitation key")
    check_signing_key(key)
    claim(records, key)
    name, job = read_texts(entry, 2)
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
    inviter = person_of(records, invite.inviter)
    if not is_steward(inviter):
        raise BadInvitation("whoever invited is a steward no longer")
    if records.devices[invite.inviter_device].revoked is not None:
        raise BadInvitation("the device that invited was revoked")
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
    (device,) = read_texts(entry, 1)
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
    phone, email = read_texts(entry, 2)
    person = person_of(records, entry.header.author)
    records.persons[person.id] = replace(
        person, supervisor=supervisor, deputies=deputies, phone=phone, email=email
    )


def _change(records: Records, entry: Entry) -> None:
    payload = shape.array(entry.header.payload, 4, 4, "payload")
    person = records.persons.get(shape.octets(payload[0], (16,), "person"))
    if person is None or person.left is not None:
        raise NotAllowed("nobody by that id works here")
    agency = known_agency(records, payload[1])
    role = shape.word(payload[2], ROLES, "role")
    left = entry.header.seq if shape.uint(payload[3], 1, "left") else None
    if role != "steward" or left is not None:
        check_steward_stays(records, person.id)
    name, job = read_texts(entry, 2)
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
    what = shape.word(payload[0], ("invite", "device"), "what is revoked")
    since = shape.uint(payload[2], 2**53 - 1, "since")
    if what == "device":
        revoke_device(records, entry, payload[1], since)
    else:
        _revoke_invite(records, entry, payload[1])


def _revoke_invite(records: Records, entry: Entry, target: Value) -> None:
    if not is_steward(person_of(records, entry.header.author)):
        raise NotAllowed("only a steward may do this")
    invite = records.invites.get(shape.octets(target, (32,), "invite"))
    if invite is None or invite.spent:
        raise BadInvitation("the invitation is not there, used or revoked")
    records.invites[invite.id] = replace(invite, spent="revoked")


def _witness(records: Records, entry: Entry) -> None:
    payload, seq = shape.array(entry.header.payload, 2, 2, "payload"), entry.header.seq
    key = shape.octets(payload[0], (32,), "witness key")
    since = shape.uint(payload[1], 2**53 - 1, "since")
    known = records.witnesses.get(key)
    if since == 0:
        if known is None or known.until_seq is not None:
            raise NotAllowed("no witness has this key")
        records.witnesses[key] = replace(known, until_seq=seq)
        return
    check_signing_key(key)
    claim(records, key)
    records.witnesses[key] = Witness(key, since, seq, None)


def _number(value: Value) -> Number:
    row = shape.array(value, 4, 4, "number")
    return Number(
        shape.octets(row[0], (0, 16), "agency"),
        shape.text(row[1], 0, MAX_TEXT, "label"),
        shape.text(row[2], 0, MAX_TEXT, "number"),
        shape.text(row[3], 0, MAX_TEXT, "hours"),
    )


def _retention(value: Value) -> Retention:
    row = shape.array(value, 4, 4, "retention class")
    return Retention(
        shape.text(row[0], 1, MAX_TEXT, "class"),
        shape.uint(row[1], 2**53 - 1, "months"),
        shape.word(row[2], BEGINNINGS, "beginning"),
        shape.text(row[3], 0, MAX_TEXT, "source"),
    )


def _enter(
    records: Records, entry: Entry, keys: tuple[bytes, bytes], invite: Invite, device_name: str
) -> None:
    (box, reading), header = keys, entry.header
    seq, key, person = header.seq, header.device, invite.person
    records.devices[key] = Device(key, box, person, seq, device_name, "", header.time, 0, None, 0)
    records.persons[person] = Person(
        person, invite.agency, invite.role, reading, seq, None, invite.name, invite.job,
        NOBODY, (), "", "", invite.formerly, ((seq, reading),), (),
    )  # fmt: skip


def _new_keys(records: Records, device: bytes, box: Value, reading: Value) -> tuple[bytes, bytes]:
    box = shape.octets(box, (32,), "box key")
    reading = shape.octets(reading, (32,), "reading key")
    check_signing_key(device)
    check_box_key(box)
    check_box_key(reading)
    claim(records, device, box, reading)
    return box, reading


_STEWARDS = ("agency", "invite", "change", "policy", "witness")
_RULES: dict[str, Callable[[Records, Entry], None]] = {
    "found": _found,
    "agency": _agency,
    "invite": _invite,
    "join": _join,
    "profile": _profile,
    "change": _change,
    "policy": _policy,
    "revoke": _revoke,
    "device": admit_device,
    "rekey": rekey,
    "witness": _witness,
}
