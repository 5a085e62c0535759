"""Vectors of entries, directories and streams: whole logs, and one refusal for every rule."""

from typing import Any

from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import NO_ENTRY, Entry, encode_entry
from microblog.protocol.post import Post, encode_post
from microblog.protocol.primitives import signing_key
from microblog.protocol.why import encode_why
from tests.vectors.calls import CALLS
from tests.vectors.case import Case, Upto, VectorFile
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, fresh, rows, staff

ANN, BEA, CAS, DAN, EVE = map(staff, ("Ann", "Bea", "Cas", "Dan", "Eve"))
COUNCIL, SCHOOL = fresh("council", 16), fresh("school", 16)
WEEK = 7 * 24 * 60 * 60 * 1000
WHY = encode_why("left the school", b"")


def files() -> list[VectorFile]:
    """Return the files of this subject."""
    directory = _directory()
    stream = _stream(directory)
    logs = {"directory": directory.raw, "stream": stream.raw}
    return [
        VectorFile("entry.json", "Entries and their bytes.", _entries(stream), logs),
        VectorFile("directory.json", "The directory, and what it refuses.", _directories(directory), logs),
        VectorFile("stream.json", "A stream, and what it refuses.", _streams(directory, stream), logs),
    ]  # fmt: skip


def _directory() -> DirectoryLog:
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
            [["child", 300, ""]],
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
    return log  # fmt: skip


def invite_seed(who: Staff) -> bytes:
    """Return the seed of an invitation's key."""
    return fresh(f"invitation {who.id.hex()}")


def invite_payload(log: DirectoryLog, who: Staff, role: str, agency: bytes) -> list[Value]:
    """Return the payload of an invite written next."""
    expiry = START + 1000 * len(log.entries) + WEEK
    return [who.id, agency, role, expiry, signing_key(invite_seed(who)), b""]


def _stream(directory: DirectoryLog) -> StreamLog:
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
    return log  # fmt: skip


def _changed(entry: Entry, part: int, value: Value) -> bytes:
    parts = decode_array(encode_entry(entry))
    return encode([*parts[:part], value, *parts[part + 1 :]])


def _entries(stream: StreamLog) -> list[Case]:
    post, call = stream.entries[6], "entry.decode_entry"
    raw, secret = encode_entry(post), stream.secrets[1]
    header = decode_array(post.raw_header)

    def refuse(name: str, part: int, value: Value, error: str = "Malformed") -> Case:
        return Case(f"refuse {name}", call, [_changed(post, part, value)], error)

    def bad_header(name: str, item: int, value: Value, error: str = "Malformed") -> Case:
        return refuse(name, 0, encode([*header[:item], value, *header[item + 1 :]]), error)

    def unreadable(name: str, part: int, value: Value) -> Case:
        return Case(
            f"open {name}", "entry.open_body", [_changed(post, part, value), secret], "Unreadable"
        )

    flipped = post.body[:50] + bytes([post.body[50] ^ 1]) + post.body[51:]
    box = [BEA.id, bytes(164)]
    return [
        *(Case(f"decode a stream's {e.header.seq}", call, [encode_entry(e)]) for e in stream.entries),
        refuse("a long body", 2, bytes(64 * 1024 + 1)),
        refuse("a body that is text", 2, "body"),
        refuse("a short signature", 1, bytes(63)),
        refuse("a short salt", 3, bytes(31)),
        refuse("boxes twice", 4, [box, box]),
        refuse("boxes out of order", 4, [[b"\2" * 16, bytes(164)], [b"\1" * 16, bytes(164)]]),
        refuse("a short box", 4, [[BEA.id, bytes(47)]]),
        refuse("a long box", 4, [[BEA.id, bytes(257)]]),
        refuse("a header that is an array", 0, header),
        Case("refuse four parts", call, [encode(decode_array(raw)[:4])], "Malformed"),
        Case("refuse a byte more", call, [raw + b"\0"], "Malformed"),
        Case("refuse a very long entry", call, [bytes(96 * 1024 + 1)], "Malformed"),
        bad_header("another version", 0, "msb/2/entry", "TooNew"),
        bad_header("no version", 0, 1),
        bad_header("a short log", 1, bytes(15)),
        bad_header("a short prev", 3, bytes(31)),
        bad_header("an upper-case kind", 4, "Post"),
        bad_header("a kind of nothing", 4, ""),
        bad_header("a lone plus", 4, "+"),
        bad_header("a long kind", 4, "a" * 33),
        bad_header("a kind with a newline", 4, "post\n"),
        bad_header("a short author", 5, bytes(15)),
        bad_header("a long device key", 6, bytes(33)),
        bad_header("an epoch that is text", 7, "1"),
        bad_header("a long payload", 13, [bytes(16 * 1024)]),
        bad_header("a payload that is a number", 13, 0),
        refuse("a header of 15", 0, encode([*header, 0])),
        Case("open a post", "entry.open_body", [raw, secret]),
        Case("open with another epoch's secret", "entry.open_body", [raw, stream.secrets[0]], "Unreadable"),
        unreadable("a flipped body", 2, flipped),
        unreadable("no body", 2, b""),
        unreadable("no salt", 3, b""),
        unreadable("another salt", 3, bytes(32)),
        *_insiders(stream),
    ]  # fmt: skip


def _insiders(stream: StreamLog) -> list[Case]:
    """Bodies that hash as the header says and yet do not open to what they should."""

    def case(name: str, kind: str, plain: bytes) -> Case:
        entry = stream.then(BEA, kind, [0], plain)
        return Case(
            f"open {name}",
            "entry.open_body",
            [encode_entry(entry), stream.secrets[-1]],
            "Unreadable",
        )

    grown = stream.then(BEA, "epoch", [0], encode(["a" * 3000]))
    return [
        case("what is no array", "post", encode("words")),
        case("what is no encoding", "post", b"\xff"),
        case("nothing", "post", b""),
        Case("open a long history", "entry.open_body", [encode_entry(grown), fresh(f"{stream.log.hex()} epoch 4")]),
    ]  # fmt: skip


def _directories(log: DirectoryLog) -> list[Case]:
    size, call = len(log.entries), "directory.extend"
    fingerprint = log.entries[0].id
    named = {name: value for name, value in vars(_Bad(log)).items() if not name.startswith("_")}
    cases = [
        Case("the whole directory", call, [fingerprint, Upto("directory", size)]),
        Case("its first entry, no fingerprint known", call, [None, Upto("directory", 1)]),
        Case(
            "another practice's fingerprint", call, [bytes(32), Upto("directory", 1)], "BrokenChain"
        ),
        Case(
            "an entry left out",
            call,
            [fingerprint, Upto("directory", 3, log.raw[4:])],
            "BrokenChain",
        ),
        Case(
            "an entry twice", call, [fingerprint, Upto("directory", 3, log.raw[2:3])], "BrokenChain"
        ),
        Case("names erased", call, [fingerprint, _without_bodies(log)]),
    ]
    for name, (entry, error) in named.items():
        title = name.replace("_", " ")
        then = Upto("directory", size, [encode_entry(entry)])
        cases.append(Case(title, call, [fingerprint, then], error))
    return cases


def _without_bodies(log: DirectoryLog) -> list[bytes]:
    return [encode([*decode_array(raw)[:2], b"", b"", []]) for raw in log.raw]


class _Bad:
    """One more entry for the directory, by name, with the error that it must meet (empty: it is good)."""

    def __init__(self, log: DirectoryLog) -> None:
        def then(
            error: str, author: Staff, kind: str, payload: list[Value], /, **changes: Any
        ) -> Any:
            return log.then(author, kind, payload, ["x", "y"], **changes), error

        fingerprint = log.entries[0].id
        invite = invite_payload(log, EVE, "practitioner", COUNCIL)
        new_key = signing_key(fresh("another invitation"))
        frank = staff("Frank")
        good = [frank.id, COUNCIL, "practitioner", invite[3], new_key, b""]
        low = bytes(32)

        self.a_good_invite = then("", ANN, "invite", good)
        self.someone_invited_anew = then("", ANN, "invite", [*good[:5], BEA.id])
        self.an_unknown_kind = then("TooNew", ANN, "witness", [bytes(32), 1])
        self.an_advisory_by_a_stranger = then("UnknownDevice", EVE, "+nod", [])
        self.another_log = then(
            "WrongLog", ANN, "agency", [COUNCIL, "x", "council"], log=fresh("x", 16)
        )
        self.another_prev = then(
            "BrokenChain", ANN, "agency", [COUNCIL, "x", "council"], prev=NO_ENTRY
        )
        self.an_epoch = then("Malformed", ANN, "agency", [COUNCIL, "x", "council"], epoch=1)
        self.a_view = then("Malformed", ANN, "agency", [COUNCIL, "x", "council"], directory_seq=1)
        self.found_again = then("BrokenChain", ANN, "found", ["x", ANN.id, *ANN.keys])
        self.another_author = then(
            "UnknownDevice", ANN, "agency", [COUNCIL, "x", "council"], author=BEA.id
        )
        self.another_device = then(
            "UnknownDevice", ANN, "agency", [COUNCIL, "x", "council"], device=EVE.device
        )
        self.a_signature_by_another = then(
            "NotAuthentic", ANN, "agency", [COUNCIL, "x", "council"], seed=BEA.seed
        )
        self.an_agency_by_a_practitioner = then(
            "NotAllowed", BEA, "agency", [COUNCIL, "x", "council"]
        )
        self.an_agency_of_no_sort = then("Malformed", ANN, "agency", [COUNCIL, "x", "church"])
        self.an_agency_without_a_name = then("Malformed", ANN, "agency", [COUNCIL, "", "council"])
        self.an_invite_by_a_supervisor = then("NotAllowed", CAS, "invite", good)
        self.an_invite_for_someone_here = then("NotAllowed", ANN, "invite", [BEA.id, *good[1:]])
        self.an_invite_to_no_agency = then(
            "NotAllowed", ANN, "invite", [frank.id, fresh("z", 16), *good[2:]]
        )
        self.an_invite_of_no_role = then(
            "Malformed", ANN, "invite", [frank.id, COUNCIL, "boss", *good[3:]]
        )
        self.an_invite_for_eight_days = then(
            "Malformed", ANN, "invite", [*good[:3], good[3] + 1, *good[4:]]
        )
        self.an_invite_that_is_over = then(
            "Malformed", ANN, "invite", [*good[:3], START, *good[4:]]
        )
        self.an_invite_with_a_known_key = then(
            "BadKey", ANN, "invite", [*good[:4], BEA.device, b""]
        )
        self.an_invite_with_a_reading_key = then("BadKey", ANN, "invite", [*good[:4], low, b""])
        self.an_invite_after_nobody = then("NotAllowed", ANN, "invite", [*good[:5], fresh("q", 16)])
        self.an_invite_too_long = then("Malformed", ANN, "invite", [*good, 0])
        self._joins(log, fingerprint, then)
        self._changes(log, then)

    def _joins(self, log: DirectoryLog, fingerprint: bytes, then: Any) -> None:
        used, revoked = log.entries[5], log.entries[12]
        again = log.join_payload(used, invite_seed(BEA), BEA)
        self.a_join_twice = then("BadInvitation", BEA, "join", again)
        self.a_join_that_was_revoked = then(
            "BadInvitation", EVE, "join", log.join_payload(revoked, invite_seed(EVE), EVE)
        )
        self.a_join_without_an_invite = then(
            "BadInvitation", EVE, "join", [fingerprint, *again[1:]]
        )
        self.a_join_too_short = then("Malformed", EVE, "join", again[:3])

    def _changes(self, log: DirectoryLog, then: Any) -> None:
        self.a_profile = then("", BEA, "profile", [b"", []])
        self.a_profile_with_an_unknown_supervisor = then("NotAllowed", BEA, "profile", [EVE.id, []])
        self.a_profile_with_nine_deputies = then("Malformed", BEA, "profile", [b"", [CAS.id] * 9])
        self.a_leaver = then("", ANN, "change", [BEA.id, SCHOOL, "practitioner", 1])
        self.a_change_of_nobody = then(
            "NotAllowed", ANN, "change", [EVE.id, SCHOOL, "practitioner", 0]
        )
        self.the_last_steward_steps_down = then(
            "NotAllowed", ANN, "change", [ANN.id, COUNCIL, "supervisor", 0]
        )
        self.the_last_steward_leaves = then(
            "NotAllowed", ANN, "change", [ANN.id, COUNCIL, "steward", 1]
        )
        self.a_change_by_a_practitioner = then(
            "NotAllowed", BEA, "change", [BEA.id, SCHOOL, "steward", 0]
        )
        self.a_change_that_leaves_by_two = then(
            "Malformed", ANN, "change", [BEA.id, SCHOOL, "practitioner", 2]
        )
        self.a_policy_by_a_practitioner = then("NotAllowed", BEA, "policy", ["x", [], [], []])
        self.a_policy_of_65_numbers = then(
            "Malformed", ANN, "policy", ["x", [[b"", "", "", ""]] * 65, [], []]
        )
        self.a_policy_with_a_bad_rule = then(
            "Malformed", ANN, "policy", ["x", [], [], [["a", "b"]]]
        )
        self.a_revoked_device = then("TooNew", ANN, "revoke", ["device", BEA.device, 0])
        self.a_revoked_invite_again = then(
            "BadInvitation", ANN, "revoke", ["invite", log.entries[12].id, 0]
        )
        self.a_used_invite_revoked = then(
            "BadInvitation", ANN, "revoke", ["invite", log.entries[5].id, 0]
        )
        self.something_else_revoked = then("Malformed", ANN, "revoke", ["agency", COUNCIL, 0])
        self.a_revoke_by_a_practitioner = then(
            "NotAllowed", BEA, "revoke", ["invite", log.entries[12].id, 0]
        )


def _streams(directory: DirectoryLog, log: StreamLog) -> list[Case]:
    size, call = len(log.entries), "stream.extend"
    everyone = Upto("directory", len(directory.entries))
    first = [everyone, log.log, Upto("stream", size)]
    cases = [
        Case("the whole stream", call, first),
        Case("another log's id", call, [everyone, bytes(15) + b"\1", Upto("stream", 1)], "WrongLog"),
        Case("the directory is no stream", call, [everyone, bytes(16), Upto("directory", 1)], "WrongLog"),
        Case("an entry left out", call, [everyone, log.log, Upto("stream", 3, log.raw[4:])], "BrokenChain"),
        Case("two entries swapped", call, [everyone, log.log, Upto("stream", 2, [log.raw[3], log.raw[2]])], "BrokenChain"),
        Case("an older directory", call, [Upto("directory", 3), log.log, Upto("stream", 1)], "DirectoryBehind"),
    ]  # fmt: skip
    bad = _BadStream(directory, log)
    for name, (entry, error) in bad.named.items():
        cases.append(
            Case(
                name, call, [everyone, log.log, Upto("stream", size, [encode_entry(entry)])], error
            )
        )
    return [*cases, *_starts(directory), *_losses(directory, log)]


class _BadStream:
    """One more entry for the stream, by name, with the error that it must meet (empty: it is good)."""

    def __init__(self, directory: DirectoryLog, log: StreamLog) -> None:
        self.log = log
        self.named: dict[str, tuple[Entry, str]] = {}
        words = encode_post(Post(text="x"))
        self._then("a good post", "", BEA, "post", [0], words)
        self._then("an unknown kind", "TooNew", ANN, "hold", [1], words)
        self._then("an advisory by a stranger", "NotAllowed", CAS, "+nod", [], words)
        self._then("a post by a former follower", "NotAllowed", DAN, "post", [0], words)
        self._then("a post by someone unknown", "UnknownDevice", EVE, "post", [0], words)
        self._then(
            "a post with another's device",
            "UnknownDevice",
            BEA,
            "post",
            [0],
            words,
            device=ANN.device,
        )
        self._then(
            "a post signed by another", "NotAuthentic", BEA, "post", [0], words, seed=ANN.seed
        )
        self._then("a nudge of two", "Malformed", BEA, "post", [2], words)
        self._then("a post with two items", "Malformed", BEA, "post", [0, 0], words)
        self._then("an older epoch", "WrongEpoch", BEA, "post", [0], words, epoch=2)
        self._then("an epoch to come", "WrongEpoch", BEA, "post", [0], words, epoch=4)
        self._then(
            "found again", "BrokenChain", ANN, "found", [bytes(32), rows({ANN: "keeper"})], words
        )
        older, forked = directory.entries[3], {"directory_head": bytes(32)}
        self._then(
            "a view that goes back",
            "StaleDirectory",
            BEA,
            "post",
            [0],
            words,
            directory_seq=3,
            directory_head=older.id,
        )
        self._then("another directory", "ForkedDirectory", BEA, "post", [0], words, **forked)
        self._then("a view to come", "DirectoryBehind", BEA, "post", [0], words, directory_seq=99)
        self._then("an about by a follower", "NotAllowed", BEA, "about", [], words)
        self._then("a grant by a follower", "NotAllowed", BEA, "grant", [CAS.id, "follower"], WHY)
        self._then("a grant to nobody", "NotAllowed", ANN, "grant", [EVE.id, "follower"], WHY)
        self._then("a grant of no role", "Malformed", ANN, "grant", [CAS.id, "reader"], WHY)
        self._then("another role for a follower", "", ANN, "grant", [BEA.id, "keeper"], WHY)
        self._withdrawals()
        self._epochs()

    def _then(
        self,
        name: str,
        error: str,
        author: Staff,
        kind: str,
        payload: list[Value],
        plain: bytes,
        /,
        **changes: Any,
    ) -> None:
        self.named[name] = (self.log.then(author, kind, payload, plain, **changes), error)

    def _withdrawals(self) -> None:
        last = START + 6000
        self._then("a keeper withdraws", "", ANN, "withdraw", [6, 0], WHY)
        self._then("a withdrawn post is erased", "", BEA, "withdraw", [4, 1], WHY)
        self._then("withdrawn again", "NotAllowed", BEA, "withdraw", [4, 0], WHY)
        self._then("what is no post", "NotAllowed", ANN, "withdraw", [5, 0], WHY)
        self._then("what is not there", "NotAllowed", ANN, "withdraw", [99, 0], WHY)
        self._then("erased after a week", "", BEA, "withdraw", [6, 1], WHY, time=last + WEEK)
        self._then(
            "erased too late", "NotAllowed", BEA, "withdraw", [6, 1], WHY, time=last + WEEK + 1
        )
        self._then("withdrawn late", "", BEA, "withdraw", [6, 0], WHY, time=last + WEEK + 1)
        self._then("a withdrawal of text", "Malformed", BEA, "withdraw", ["6", 0], WHY)

    def _epochs(self) -> None:
        log, both = self.log, {ANN: "keeper", BEA: "follower"}
        commitment, bundle = log.commitment(4), log.history_of(4, [1])

        def epoch(
            name: str, error: str, author: Staff, team: Any, dropped: list[Value], **changes: Any
        ) -> None:
            members = rows(team) if isinstance(team, dict) else team
            self._then(
                name, error, author, "epoch", [commitment, members, dropped, b""], bundle, **changes
            )

        epoch("an epoch by a follower", "", BEA, both, [])
        epoch("a keeper removes", "", ANN, {ANN: "keeper"}, [])
        epoch("a follower removes", "NotAllowed", BEA, {BEA: "follower"}, [])
        epoch("a follower drops", "NotAllowed", BEA, both, [0])
        epoch("someone extra", "WrongList", ANN, {**both, CAS: "follower"}, [])
        epoch("another role in an epoch", "WrongList", ANN, {ANN: "keeper", BEA: "keeper"}, [])
        epoch("without its signer", "WrongList", ANN, {BEA: "follower"}, [])
        epoch("a list out of order", "WrongList", ANN, rows(both)[::-1], [])
        epoch("someone twice", "WrongList", ANN, [rows(both)[0], *rows(both)], [])
        epoch("dropped again", "WrongList", ANN, both, [1])
        epoch("dropped out of order", "WrongList", ANN, both, [2, 0])
        epoch("dropped before it is", "Malformed", ANN, both, [4])
        epoch("an epoch skipped", "WrongEpoch", ANN, both, [], epoch=5)
        epoch("the same epoch", "WrongEpoch", ANN, both, [], epoch=3)
        self._then(
            "an escrow", "Malformed", ANN, "epoch", [commitment, rows(both), [], b"x"], bundle
        )


def _starts(directory: DirectoryLog) -> list[Case]:
    everyone = Upto("directory", len(directory.entries))

    def start(name: str, error: str, kind: str, payload: list[Value], /, **changes: Any) -> Case:
        entry = log.then(ANN, kind, payload, log.history_of(0), **changes)
        return Case(name, "stream.extend", [everyone, log.log, [encode_entry(entry)]], error)

    log = StreamLog("Sample B", directory)
    keeper, commitment = rows({ANN: "keeper"}), log.commitment(0)
    return [
        start("a good start", "", "found", [commitment, keeper]),
        start("a start in epoch 1", "WrongEpoch", "found", [commitment, keeper], epoch=1),
        start(
            "a start with two",
            "WrongList",
            "found",
            [commitment, rows({ANN: "keeper", BEA: "keeper"})],
        ),
        start("a start as follower", "WrongList", "found", [commitment, rows({ANN: "follower"})]),
        start("a start with a post", "BrokenChain", "post", [0]),
        start("a start with a short commitment", "Malformed", "found", [commitment[:31], keeper]),
    ]


def _losses(before: DirectoryLog, kept: StreamLog) -> list[Case]:
    directory, log = DirectoryLog(), StreamLog("Sample A", before)
    directory.entries, log.entries, log.secrets = (
        list(before.entries),
        list(kept.entries),
        list(kept.secrets),
    )
    left = directory.add(
        ANN, "change", [BEA.id, SCHOOL, "practitioner", 1], ["Bea Example", "teacher"]
    )
    log.directory = directory
    seen = Upto("directory", len(before.entries), [encode_entry(left)])
    words, bundle = encode_post(Post(text="x")), log.history_of(4, [1])
    alone, both = rows({ANN: "keeper"}), rows({ANN: "keeper", BEA: "follower"})

    def then(
        name: str,
        error: str,
        author: Staff,
        kind: str,
        payload: list[Value],
        plain: bytes,
        /,
        **changes: Any,
    ) -> Case:
        entry = log.then(author, kind, payload, plain, **changes)
        given = [seen, log.log, Upto("stream", len(log.entries), [encode_entry(entry)])]
        return Case(name, "stream.extend", given, error)

    old = {"directory_seq": left.header.seq - 1, "directory_head": before.entries[-1].id}
    commitment = log.commitment(4)
    return [
        then("a post after a loss", "LossUnanswered", ANN, "post", [0], words),
        then("a grant after a loss", "LossUnanswered", ANN, "grant", [CAS.id, "follower"], WHY),
        then("an advisory after a loss", "LossUnanswered", ANN, "+nod", [], words),
        then("a post by who has left", "UnknownDevice", BEA, "post", [0], words),
        then("a post before it was seen", "", BEA, "post", [0], words, **old),
        then("an epoch answers a loss", "", ANN, "epoch", [commitment, alone, [], b""], bundle),
        then(
            "an epoch keeps who has left",
            "WrongList",
            ANN,
            "epoch",
            [commitment, both, [], b""],
            bundle,
        ),
    ]
