"""Random logs: directories and streams that grow by whatever Python takes of what is tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from microblog.protocol.device import sign_device
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.errors import ProtocolError
from microblog.protocol.invitation import sign_join
from microblog.protocol.primitives import box_key, signing_key
from tests.protocol.random_values import (
    AGENCIES,
    NUMBERS,
    STAFF,
    WEEK,
    any_value,
    as_array,
    changed,
    encodable,
)
from tests.vectors.calls import CALLS
from tests.vectors.case import Upto
from tests.vectors.make import resolve
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, fresh, rows
from tests.vectors.recorded import invite_seed


@dataclass(slots=True)
class Asked:
    """One call with its arguments, as the vectors have them."""

    call: str
    given: list[Any]


@dataclass(slots=True)
class Walk:
    """Two logs that grew at random, and a case for every entry that was tried on the way."""

    directory: DirectoryLog = field(default_factory=DirectoryLog)
    stream: StreamLog | None = None
    asked: list[Asked] = field(default_factory=list)

    @property
    def logs(self) -> dict[str, list[bytes]]:
        stream = self.stream.raw if self.stream else []
        return {"directory": self.directory.raw, "stream": stream}


def walk(random: Random, steps: int) -> Walk:
    """Return two logs grown by `steps` tries each: what Python takes stays, mostly."""
    walked = Walk()
    if random.random() < 0.8:
        _people(random, walked.directory)
    while not walked.directory.entries or len(walked.asked) < steps:
        _try_directory(random, walked)
    walked.stream = StreamLog(f"stream {random.getrandbits(32)}", walked.directory)
    if random.random() < 0.8:
        _team_up(random, walked.stream)
    for _ in range(steps):
        _try_stream(random, walked, walked.stream)
    return walked


def _people(random: Random, log: DirectoryLog) -> None:
    """Let some people in, so that the walk does not begin with nobody."""
    ann = STAFF[0]
    log.add(ann, "found", ["practice", ann.id, *ann.keys], ["Ann Example", "manager", "laptop"])
    log.add(ann, "agency", [AGENCIES[0], "agency", "health"])
    for who in STAFF[1 : random.randrange(2, 7)]:
        role, expiry = random.choice(["practitioner", "steward"]), START + WEEK
        key = signing_key(invite_seed(who))
        invite = log.add(ann, "invite", [who.id, AGENCIES[0], role, expiry, key, b""], ["Sam", ""])
        log.add(who, "join", log.join_payload(invite, invite_seed(who), who), ["phone"])


def _team_up(random: Random, log: StreamLog) -> None:
    """Let those with whom the directory began follow the stream, in some role."""
    people = [e for e in log.directory.entries if e.header.kind in ("found", "join")]
    founder, *others = [who for who in STAFF if who.id in {e.header.author for e in people}]
    newest = max(entry.header.seq for entry in people[:6])
    view = {"directory_seq": newest, "directory_head": log.directory.entries[newest].id}
    log.add(founder, "found", [log.commitment(0), rows({founder: "keeper"})], b"", **view)
    for who in others:
        role = random.choice(["follower", "follower", "supervisor", "keeper"])
        log.add(founder, "grant", [who.id, role], b"", **view)
    if random.random() < 0.5:
        log.add(founder, "grant", [founder.id, "follower"], b"", **view)


def _try_directory(random: Random, walked: Walk) -> None:
    log = walked.directory
    entry = _directory_entry(random, log)
    then = Upto("directory", len(log.entries), [encode_entry(entry)])
    walked.asked.append(Asked("directory.extend", [None, then]))
    if _is_taken(walked, walked.asked[-1]) and random.random() < 0.9:
        log.keep(entry)


def _try_stream(random: Random, walked: Walk, log: StreamLog) -> None:
    entry = _stream_entry(random, log)
    everyone = Upto("directory", len(walked.directory.entries))
    then = Upto("stream", len(log.entries), [encode_entry(entry)])
    walked.asked.append(Asked("stream.extend", [everyone, log.log, then]))
    if _is_taken(walked, walked.asked[-1]) and random.random() < 0.9:
        log.keep(entry)
        if entry.header.kind == "epoch":
            log.secrets.append(log.secrets[0])


def _is_taken(walked: Walk, asked: Asked) -> bool:
    try:
        CALLS[asked.call](*(resolve(item, walked.logs) for item in asked.given))
    except ProtocolError:
        return False
    return True


def _directory_entry(random: Random, log: DirectoryLog) -> Entry:
    if not log.entries:
        who = STAFF[0]
        kind, payload = "found", ["practice", who.id, *who.keys]
    else:
        joined = [e.header.author for e in log.entries if e.header.kind in ("found", "join")]
        who = random.choice([w for w in STAFF if w.id in joined] + [STAFF[0]] * 6)
        kind, payload, who = _directory_payload(random, log, who)
    if random.random() < 0.25:
        payload = encodable(lambda: [as_array(changed(random, payload))])[0]
    bodies = [["Sam Example", "nurse"], ["phone"], ["a", "b", "c", 7], [], [7], ["x" * 121, "y"]]
    body = random.choice([*bodies, encodable(lambda: [any_value(random)])])
    changes = _header_changes(random, log.entries, 0.1)
    if kind == "join" and random.random() < 0.2:
        expiries = [e.header.payload[3] for e in log.entries if e.header.kind == "invite"]
        changes["time"] = random.choice(expiries or [0]) + random.choice([0, 1])
    return log.then(who, kind, payload, body, **changes)


def _directory_payload(
    random: Random, log: DirectoryLog, who: Staff
) -> tuple[str, list[Value], Staff]:
    now = START + 1000 * len(log.entries)
    kinds = ["agency", "invite", "invite", "join", "join", "profile", "change", "change", "policy"]
    kinds += ["device", "device", "rekey", "rekey", "shut", "witness"]
    kind = random.choice([*kinds, "revoke", "+nod", "found", "constructor"])
    role = random.choice(["practitioner", "supervisor", "steward", "steward"])
    other, agency = random.choice(STAFF), random.choice([*AGENCIES, *AGENCIES[:1] * 4])
    invites = [entry for entry in log.entries if entry.header.kind == "invite"]
    if kind == "agency":
        return kind, [agency, "agency", random.choice(["health", "other"])], who
    if kind == "invite":
        known = {entry.header.author for entry in log.entries}
        other = random.choice([w for w in STAFF if w.id not in known] * 4 + [other])
        seed = invite_seed(other)
        expiry = now + random.choice([1, WEEK, WEEK, WEEK + 1, 0])
        formerly = random.choice([b"", b"", other.id, who.id])
        return kind, [other.id, agency, role, expiry, signing_key(seed), formerly], who
    if kind in ("join", "revoke") and invites:
        used = [e.header.payload[0] for e in log.entries if e.header.kind == "join"]
        invite = random.choice([i for i in invites if i.id not in used] * 3 + invites)
        invited = next((w for w in STAFF if w.id == invite.header.payload[0]), other)
        if kind == "revoke":
            return kind, [random.choice(["invite"] * 4 + ["device"]), invite.id, now], who
        keys = random.choice([invited] * 6 + [other]).keys
        seed = invite_seed(random.choice([invited] * 6 + [other]))
        signature = sign_join(seed, log.entries[0].id, invite.id, invited.device, *keys)
        return kind, [invite.id, signature, *keys], invited
    if kind == "profile":
        supervisor = random.choice([b"", other.id])
        return kind, [supervisor, [w.id for w in random.choices(STAFF, k=random.randrange(3))]], who
    if kind == "change":
        return kind, [other.id, agency, role, int(random.random() < 0.3)], who
    if kind in ("device", "rekey", "shut", "witness"):
        return (*_keys_payload(random, log, kind, who), who)
    rules: list[Value] = [["send-unvouched", random.randrange(2)], ["__proto__", 1]]
    return kind, ["name", [[agency, "l", "n", "h"]], [["child", 300, "birth", ""]], rules], who


def _keys_payload(
    random: Random, log: DirectoryLog, kind: str, who: Staff
) -> tuple[str, list[Value]]:
    """Return what lets a device in or out, brings a reading key, or names a witness."""
    now = START + 1000 * len(log.entries)
    devices = _devices(log)
    if kind == "witness":
        named = [e.header.payload[0] for e in log.entries if e.header.kind == "witness"]
        key = random.choice([signing_key(random.randbytes(32)), *named])
        return kind, [key, random.choice([0, now])]
    if kind == "shut":
        mine = [key for key, person in devices if person == who.id]
        key = random.choice([*mine, *mine, *(key for key, _ in devices)])
        return "revoke", ["device", key, now]
    if kind == "device":
        seed, until = random.randbytes(32), random.choice([0, 0, 0, now + 1500, now])
        box = box_key(random.randbytes(32))
        signature = sign_device(seed, log.entries[0].id, who.id, box, until)
        return kind, [signing_key(seed), box, until, random.randbytes(4), signature]
    good = {key for key, person in devices if person == who.id}
    good -= {e.header.payload[1] for e in log.entries if e.header.payload[:1] == ["device"]}
    rows: list[Value] = [[key, b"sealed"] for key in sorted(good)]
    return kind, [box_key(random.randbytes(32)), rows]


def _devices(log: DirectoryLog) -> list[tuple[bytes, bytes]]:
    """Return (key, person) of every device that ever came in."""
    found = [
        (e.header.device, e.header.author)
        for e in log.entries
        if e.header.kind in ("found", "join")
    ]
    return found + [
        (e.header.payload[0], e.header.author) for e in log.entries if e.header.kind == "device"
    ]


def _stream_entry(random: Random, log: StreamLog) -> Entry:
    directory = log.directory.entries
    joined = [e.header.author for e in directory if e.header.kind in ("found", "join")]
    who = random.choice([w for w in STAFF if w.id in joined])
    kind, payload = _stream_payload(random, log, who)
    if random.random() < 0.2:
        payload = encodable(lambda: [as_array(changed(random, payload))])[0]
    least = log.entries[-1].header.directory_seq if log.entries else 0
    later = random.randrange(least, min(least + 4, len(directory)))
    seen = directory[random.choice([least] * 5 + [later] * 3 + [-1])]
    view = {"directory_seq": seen.header.seq, "directory_head": seen.id}
    boxes = [(fresh(f"box {n}", 16), bytes(80)) for n in range(random.randrange(3))]
    changes = {**view, **_header_changes(random, [*log.entries, *directory], 0.1)}
    return log.then(who, kind, payload, b"", boxes=boxes, **changes)


def _stream_payload(random: Random, log: StreamLog, who: Staff) -> tuple[str, list[Value]]:
    size, epoch = len(log.entries), len(log.secrets)
    if size == 0:
        return "found", [log.commitment(0), rows({who: "keeper"})]
    kind = random.choice(["about", "grant", "grant", "epoch", "epoch", "post", "post", "withdraw",
                          "withdraw", "+nod", "found", "hold", "shred", "shred",
                          "link"])  # fmt: skip
    roles = ["follower", "supervisor", "keeper"]
    if kind == "grant":
        return kind, [random.choice(STAFF).id, random.choice(roles)]
    if kind == "epoch":
        team = _team(log)
        stays = random.choice([0.6, 0.8, 1])
        kept: list[Value] = [list(row) for row in team if random.random() < stays]
        dropped = sorted(random.choices(range(epoch), k=random.choice([0, 0, 0, 1, 2])))
        return kind, [fresh(f"commitment {epoch}"), kept, dropped, b""]
    if kind == "post":
        return kind, [random.randrange(2)]
    if kind == "withdraw":
        posts = [entry.header.seq for entry in log.entries if entry.header.kind == "post"]
        return kind, [random.choice([*posts, random.randrange(size + 1)]), random.randrange(2)]
    if kind == "hold":
        return kind, [random.choice([0, 1, 1, 2])]
    if kind == "shred":
        return kind, _shred_payload(random, log)
    return kind, [] if kind == "about" else [1, ["x"]]


def _shred_payload(random: Random, log: StreamLog) -> list[Value]:
    """Return a proposal, or the seconding of one that may be there."""
    proposals = [entry for entry in log.entries if entry.header.kind == "shred"]
    if proposals and random.random() < 0.6:
        first = random.choice(proposals)
        seqs: Value = first.header.payload[0] if random.random() < 0.9 else [1]
        return [seqs, first.id]
    return [sorted({random.randrange(len(log.entries) + 1) for _ in range(3)}), b""]


def _team(log: StreamLog) -> list[tuple[bytes, str]]:
    team: dict[bytes, str] = {}
    for entry in log.entries:
        payload: Any = entry.header.payload
        if entry.header.kind in ("found", "epoch"):
            team = dict(payload[1])
        elif entry.header.kind == "grant":
            team[payload[0]] = payload[1]
    return sorted(team.items())


def _header_changes(random: Random, entries: Sequence[Entry], chance: float) -> dict[str, Any]:
    """Return fields of a header to be other than they should, mostly none."""
    if random.random() > chance:
        late = START + 1000 * len(entries) + random.choice([WEEK - 1, WEEK, WEEK + 1, 2 * WEEK])
        return {"time": late} if random.random() < 0.1 else {}
    other = random.choice(STAFF)
    some = random.choice(entries).id if entries else bytes(32)
    return random.choice([
        {"seq": random.choice(NUMBERS)}, {"prev": some}, {"log": random.choice(AGENCIES)},
        {"log": bytes(16)}, {"author": other.id}, {"device": other.device}, {"seed": other.seed},
        {"epoch": random.randrange(3)}, {"directory_seq": random.randrange(20)},
        {"directory_head": some}, {"author": other.id, "device": other.device},
        {"author": other.id, "device": other.device, "seed": other.seed}, {"time": 0},
    ])  # fmt: skip
