"""Vectors of streams: the whole of one, and one refusal for every rule."""

from typing import Any

from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.post import Post, encode_post
from tests.vectors.case import Case, Upto
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, rows
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    DAN,
    EVE,
    SCHOOL,
    WEEK,
    WHY,
)


def cases(directory: DirectoryLog, log: StreamLog) -> list[Case]:
    size, call = len(log.entries), "stream.extend"
    everyone = Upto("directory", len(directory.entries))
    first = [everyone, log.log, Upto("stream", size)]
    found = [
        Case("the whole stream", call, first),
        Case(
            "another log's id", call, [everyone, bytes(15) + b"\1", Upto("stream", 1)], "WrongLog"
        ),
        Case(
            "the directory is no stream",
            call,
            [everyone, bytes(16), Upto("directory", 1)],
            "WrongLog",
        ),
        Case(
            "an entry left out",
            call,
            [everyone, log.log, Upto("stream", 3, log.raw[4:])],
            "BrokenChain",
        ),
        Case(
            "two entries swapped",
            call,
            [everyone, log.log, Upto("stream", 2, [log.raw[3], log.raw[2]])],
            "BrokenChain",
        ),
        Case(
            "an older directory",
            call,
            [Upto("directory", 3), log.log, Upto("stream", 1)],
            "DirectoryBehind",
        ),
    ]
    bad = _BadStream(directory, log)
    for name, (entry, error) in bad.named.items():
        found.append(
            Case(
                name, call, [everyone, log.log, Upto("stream", size, [encode_entry(entry)])], error
            )
        )
    return [
        *found,
        *_starts(directory),
        *_losses(directory, log),
        *_other_followers(directory, log),
    ]


class _BadStream:
    """One more entry for the stream, by name, with the error it must meet (or none)."""

    def __init__(self, directory: DirectoryLog, log: StreamLog) -> None:
        self.log = log
        self.named: dict[str, tuple[Entry, str]] = {}
        words = encode_post(Post(text="x"))
        self._then("a good post", "", BEA, "post", [0], words)
        self._then("an unknown kind", "TooNew", ANN, "constructor", [1], words)
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
        forged = {"seed": ANN.seed}
        self._then("a forged mark of three", "NotAuthentic", BEA, "post", [3], words, **forged)
        self._then("a mark of three", "Malformed", BEA, "post", [3], words)
        self._then("a row brought in", "", BEA, "post", [2], words)
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
        epoch("dropped twice at once", "WrongList", ANN, both, [0, 0])
        epoch("dropped before it is", "Malformed", ANN, both, [4])
        epoch("an epoch skipped", "WrongEpoch", ANN, both, [], epoch=5)
        epoch("the same epoch", "WrongEpoch", ANN, both, [], epoch=3)
        self._then(
            "an escrow", "Malformed", ANN, "epoch", [commitment, rows(both), [], b"x"], bundle
        )


def _other_followers(directory: DirectoryLog, kept: StreamLog) -> list[Case]:
    log = StreamLog("Sample A", directory)
    log.entries, log.secrets = list(kept.entries), list(kept.secrets)
    everyone = Upto("directory", len(directory.entries))

    def withdraw(name: str, role: str, erase: int) -> Case:
        log.entries = list(kept.entries)
        log.add(ANN, "grant", [CAS.id, role], WHY)
        last = log.then(CAS, "withdraw", [6, erase], WHY)
        then = Upto("stream", len(kept.entries), [*map(encode_entry, (log.entries[-1], last))])
        error = "" if role == "keeper" else "NotAllowed"
        return Case(name, "stream.extend", [everyone, log.log, then], error)

    return [
        withdraw("another follower withdraws", "follower", 0),
        withdraw("another follower erases", "follower", 1),
        withdraw("a supervisor withdraws where there is a keeper", "supervisor", 0),
        withdraw("another keeper withdraws", "keeper", 0),
    ]


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
