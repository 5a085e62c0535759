"""Section 4: who works here, with which keys, at which seq."""

from dataclasses import dataclass, field

from tests.stranger.basics import (
    Wrong,
    array,
    authentic,
    check_box_key,
    check_signing_key,
    encode,
    follows,
    must,
    number,
    octets,
    signed,
    text,
    word,
)

WEEK = 7 * 24 * 60 * 60 * 1000
ROLES = "practitioner supervisor steward"


@dataclass
class Person:
    role: str
    joined: int
    left: int = 2**53
    losses: list = field(default_factory=list)


@dataclass
class Device:
    person: bytes
    since: int
    until: int = 0
    revoked: int = 2**53


@dataclass
class Invite:
    person: bytes
    role: str
    expiry: int
    key: bytes
    inviter: bytes
    device: bytes
    open: bool = True


class Directory:
    def __init__(self, fingerprint):
        self.fingerprint = fingerprint
        self.ids, self.keys, self.agencies = [], set(), set()
        self.persons, self.devices, self.invites, self.witnesses = {}, {}, {}, {}

    def take(self, entry):
        follows(entry, bytes(16), self.ids)
        must((entry.epoch, entry.view, entry.head) == (0, 0, bytes(32)), "Malformed")
        must(entry.seq or self.fingerprint in (entry.id, None), "BrokenChain")
        must((entry.kind == "found") == (entry.seq == 0), "BrokenChain")
        if entry.kind not in ("found", "join"):
            self.check_device(entry.device, entry.author, entry.seq, entry.time)
        authentic(entry)
        if not entry.kind.startswith("+"):
            rule = getattr(self, entry.kind, None) if entry.kind in KINDS else None
            must(rule, "TooNew")
            if entry.kind in ("agency", "invite", "change", "policy", "witness"):
                must(self.is_steward(entry.author), "NotAllowed")
            rule(entry, entry.payload)
        self.ids.append(entry.id)
        self.fingerprint = self.ids[0]

    def works(self, person, seq):
        known = self.persons.get(person)
        return known is not None and known.joined <= seq < known.left

    def is_steward(self, person):
        return self.persons[person].role == "steward" and self.persons[person].left == 2**53

    def check_device(self, key, person, seq, time):
        device = self.devices.get(key)
        must(device and device.person == person and device.since <= seq, "UnknownDevice")
        must(self.works(person, seq) and device.revoked > seq, "UnknownDevice")
        must(not device.until or time <= device.until, "UnknownDevice")

    def claim(self, *keys):
        must(len(set(keys)) == len(keys) and not self.keys & set(keys), "BadKey")
        self.keys |= set(keys)

    def steward_stays(self, without):
        stays = [
            key
            for key, it in self.devices.items()
            if it.revoked == 2**53 and not it.until and self.is_steward(it.person)
        ]
        must([key for key in stays if without not in (key, self.devices[key].person)], "NotAllowed")

    def enter(self, entry, box, reading, role):
        octets(box, 32)
        octets(reading, 32)
        check_signing_key(entry.device)
        check_box_key(box)
        check_box_key(reading)
        self.claim(entry.device, box, reading)
        self.persons[entry.author] = Person(role, entry.seq)
        self.devices[entry.device] = Device(entry.author, entry.seq)

    # The kinds

    def found(self, entry, payload):
        name, person, box, reading = array(payload, 4, 4)
        text(name, 1)
        must(octets(person, 16) == entry.author, "Malformed")
        self.enter(entry, box, reading, "steward")

    def agency(self, _entry, payload):
        agency, name, sort = array(payload, 3, 3)
        octets(agency, 16)
        text(name, 1)
        word(sort, "council health school police housing other")
        self.agencies.add(agency)

    def invite(self, entry, payload):
        person, agency, role, expiry, key, formerly = array(payload, 6, 6)
        octets(person, 16)
        known = {invite.person for invite in self.invites.values()}
        must(person not in self.persons and person not in known, "NotAllowed")
        must(octets(agency, 16) in self.agencies, "NotAllowed")
        word(role, ROLES)
        must(entry.time < number(expiry) <= entry.time + WEEK, "Malformed")
        must(not octets(formerly, 0, 16) or formerly in self.persons, "NotAllowed")
        check_signing_key(octets(key, 32))
        self.claim(key)
        self.invites[entry.id] = Invite(person, role, expiry, key, entry.author, entry.device)

    def join(self, entry, payload):
        named, signature, box, reading = array(payload, 4, 4)
        invite = self.invites.get(octets(named, 32))
        must(invite and invite.open and invite.person == entry.author, "BadInvitation")
        must(entry.time <= invite.expiry and self.is_steward(invite.inviter), "BadInvitation")
        must(self.devices[invite.device].revoked == 2**53, "BadInvitation")
        octets(signature, 64)
        said = ["msb/1/join", self.fingerprint, named, entry.device, box, reading]
        signed(invite.key, "msb/1/join", encode(said), signature, "BadInvitation")
        self.enter(entry, box, reading, invite.role)
        invite.open = False

    def profile(self, _entry, payload):
        supervisor, deputies = array(payload, 2, 2)
        named = [octets(it, 16) for it in array(deputies, 0, 8)]
        named += [supervisor] if octets(supervisor, 0, 16) else []
        must(all(person in self.persons for person in named), "NotAllowed")

    def change(self, entry, payload):
        person, agency, role, left = array(payload, 4, 4)
        known = self.persons.get(octets(person, 16))
        must(known and known.left == 2**53, "NotAllowed")
        must(octets(agency, 16) in self.agencies, "NotAllowed")
        word(role, ROLES)
        if number(left, 1) or role != "steward":
            self.steward_stays(person)
        known.role, known.left = role, entry.seq if left else known.left

    def policy(self, _entry, payload):
        name, numbers, retention, rules = array(payload, 4, 4)
        text(name, 1)
        for row in array(numbers, 0, 64):
            octets(array(row, 4, 4)[0], 0, 16)
            list(map(text, row[1:]))
        for row in array(retention, 0, 64):
            text(array(row, 4, 4)[0], 1)
            number(row[1])
            word(row[2], "birth closed newest")
            text(row[3])
        for row in array(rules, 0, 64):
            text(array(row, 2, 2)[0], 1)
            number(row[1])

    def revoke(self, entry, payload):
        what, named, since = array(payload, 3, 3)
        word(what, "invite device")
        number(since)
        if what == "device":
            self.revoke_device(entry, octets(named, 32))
            return
        must(self.is_steward(entry.author), "NotAllowed")
        invite = self.invites.get(octets(named, 32))
        must(invite and invite.open, "BadInvitation")
        invite.open = False

    def revoke_device(self, entry, key):
        device = self.devices.get(key)
        must(device and device.revoked == 2**53, "NotAllowed")
        must(device.person == entry.author or self.is_steward(entry.author), "NotAllowed")
        self.steward_stays(key)
        device.revoked = entry.seq
        self.persons[device.person].losses.append(entry.seq)

    def device(self, entry, payload):
        key, box, until, sealed, signature = array(payload, 5, 5)
        octets(key, 32)
        octets(box, 32)
        must(1 <= len(octets(sealed)) <= 4096, "Malformed")
        octets(signature, 64)
        must(not number(until) or until > entry.time, "Malformed")
        good = [d for d in self.devices.values() if d.person == entry.author and d.revoked == 2**53]
        must(len(good) < 32, "NotAllowed")
        check_signing_key(key)
        check_box_key(box)
        said = ["msb/1/device", self.fingerprint, entry.author, key, box, until]
        signed(key, "msb/1/device", encode(said), signature)
        self.claim(key, box)
        self.devices[key] = Device(entry.author, entry.seq, until)

    def rekey(self, entry, payload):
        key, rows = array(payload, 2, 2)
        octets(key, 32)
        for row in array(rows, 0, 32):
            must(1 <= len(octets(array(row, 2, 2)[1])) <= 4096, "Malformed")
        named = [octets(row[0], 32) for row in rows]
        must(named == sorted(set(named)), "WrongList")
        good = {
            key
            for key, it in self.devices.items()
            if it.person == entry.author
            and it.revoked == 2**53
            and (not it.until or it.until > entry.time)
        }
        must(set(named) == good, "WrongList")
        check_box_key(key)
        self.claim(key)

    def witness(self, _entry, payload):
        key, since = array(payload, 2, 2)
        octets(key, 32)
        if number(since) == 0:
            must(self.witnesses.get(key), "NotAllowed")
            self.witnesses[key] = False
            return
        check_signing_key(key)
        self.claim(key)
        self.witnesses[key] = True

    def check_head(self, statement, signature):
        for key, good in self.witnesses.items():
            try:
                if good:
                    signed(key, "msb/1/head", statement, signature)
                    return
            except Wrong:
                continue
        raise Wrong("NotAuthentic")


KINDS = (
    "found", "agency", "invite", "join", "profile", "change", "policy", "revoke", "device", "rekey",
    "witness",
)  # fmt: skip
