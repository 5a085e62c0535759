"""The invented people of the vectors, and the two logs that they wrote."""

from microblog.protocol.encoding import Value, encode
from microblog.protocol.post import Post, encode_post
from microblog.protocol.primitives import signing_key
from microblog.protocol.why import encode_why
from tests.vectors.calls import CALLS
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, fresh, rows, staff

ANN, BEA, CAS, DAN, EVE = map(staff, ("Ann", "Bea", "Cas", "Dan", "Eve"))
COUNCIL, SCHOOL = fresh("council", 16), fresh("school", 16)
WEEK = 7 * 24 * 60 * 60 * 1000
WHY = encode_why("left the school", b"")


def record_directory() -> DirectoryLog:
    """Return a directory with every kind of entry."""
    log = DirectoryLog()
    log.add(
        ANN,
        "found",
        ["Westmere partnership", ANN.id, *ANN.keys],
        ["Ann Example", "manager", "laptop"],
    )
    log.add(ANN, "agency", [COUNCIL, "Westmere Council", "council"])
    log.add(ANN, "change", [ANN.id, COUNCIL, "steward", 0], ["Ann Example", "manager"])
    log.add(ANN, "agency", [SCHOOL, "North Street Primary", "school"])
    log.add(
        ANN,
        "policy",
        [
            "Westmere",
            [[b"", "front door", "01632 960 000", ""]],
            [["child", 300, "birth", ""]],
            [["send-unvouched", 1]],
        ],
    )
    for who, role, agency in (
        (BEA, "practitioner", SCHOOL),
        (CAS, "supervisor", COUNCIL),
        (DAN, "practitioner", COUNCIL),
    ):
        invite = log.add(
            ANN, "invite", invite_payload(log, who, role, agency), ["Someone Example", "teacher"]
        )
        log.add(who, "join", log.join_payload(invite, invite_seed(who), who), ["phone"])
    log.add(BEA, "profile", [CAS.id, [DAN.id]], ["01632 960 001", "bea@example.test"])
    unused = log.add(
        ANN, "invite", invite_payload(log, EVE, "practitioner", COUNCIL), ["Eve Example", "nurse"]
    )
    log.add(ANN, "revoke", ["invite", unused.id, START])
    log.add(BEA, "+nod", ["advisory", [1, [2]]])
    return log


def invite_seed(who: Staff) -> bytes:
    """Return the seed of an invitation's key."""
    return fresh(f"invitation {who.id.hex()}")


def invite_payload(log: DirectoryLog, who: Staff, role: str, agency: bytes) -> list[Value]:
    """Return the payload of an invite written next."""
    expiry = START + 1000 * len(log.entries) + WEEK
    return [who.id, agency, role, expiry, signing_key(invite_seed(who)), b""]


def record_stream(directory: DirectoryLog) -> StreamLog:
    """Return a stream with every kind of entry, in its fourth epoch."""
    log = StreamLog("Sample A", directory)
    about = CALLS["about.encode_about"]({"sort": "child", "name": "Sample A"})
    log.add(
        ANN,
        "found",
        [log.commitment(0), rows({ANN: "keeper"})],
        log.history_of(0),
        boxes=log.boxes(0, [ANN]),
    )
    log.add(ANN, "about", [], about)
    log.add(
        ANN,
        "grant",
        [BEA.id, "follower"],
        encode_why("class teacher", b""),
        boxes=log.boxes(0, [BEA]),
    )
    log.add(ANN, "grant", [DAN.id, "supervisor"], encode_why("", b""), boxes=log.boxes(0, [DAN]))
    log.add(BEA, "post", [0], encode_post(Post(text="Quieter than last week.", written=START)))
    log.add(
        ANN,
        "epoch",
        [log.commitment(1), rows({ANN: "keeper", BEA: "follower"}), [], b""],
        log.history_of(1),
        boxes=log.boxes(1, [ANN, BEA]),
    )
    log.add(BEA, "post", [1], encode_post(Post(text="Flinched.", kind="observation", sure="sure")))
    log.add(BEA, "withdraw", [4, 0], WHY)
    log.add(BEA, "+nod", [1, "advisory"], encode([]))
    log.add(
        BEA,
        "epoch",
        [log.commitment(2), rows({ANN: "keeper", BEA: "follower"}), [], b""],
        log.history_of(2),
        boxes=log.boxes(2, [ANN, BEA]),
    )
    log.add(
        ANN,
        "epoch",
        [log.commitment(3), rows({ANN: "keeper", BEA: "follower"}), [1], b""],
        log.history_of(3, [1]),
        boxes=log.boxes(3, [ANN, BEA]),
    )
    return log
