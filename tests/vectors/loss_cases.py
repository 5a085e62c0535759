"""Vectors of lost devices in streams: the next entry is an epoch, and nobody leaves by it."""

from typing import Any

from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.post import Post, encode_post
from tests.vectors.case import Case, Upto
from tests.vectors.device_cases import HOUR, Longer, another
from tests.vectors.practice import DirectoryLog, Staff, StreamLog, rows
from tests.vectors.recorded import ANN, BEA, CAS, SCHOOL, WHY

TABLET, BRIEF = another("tablet"), another("brief")
BOTH = {ANN: "keeper", BEA: "follower"}
WORDS = encode_post(Post(text="x"))


def cases(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    """Return the cases of this subject."""
    return [
        *_posts(directory, stream), *_epochs(directory, stream), *_views(directory, stream),
        *_grants(directory, stream), *_ends(directory, stream),
    ]  # fmt: skip


class _Team:
    """The recorded stream, and a directory in which Bea has a second device."""

    def __init__(self, directory: DirectoryLog, stream: StreamLog) -> None:
        self.directory = Longer(directory)
        self.directory.let_in(TABLET)
        self.stream = StreamLog("Sample A", self.directory)
        self.stream.entries, self.stream.secrets = list(stream.entries), list(stream.secrets)
        self.recorded = len(stream.entries)

    def view(self, back: int) -> dict[str, Any]:
        """Return how much of the directory someone has seen who is `back` entries behind."""
        entry = self.directory.entries[-1 - back]
        return {"directory_seq": entry.header.seq, "directory_head": entry.id}

    def epoch(self, team: dict[Staff, str], dropped: list[Value] | None = None) -> list[Value]:
        """Return what the next epoch says."""
        number = len(self.stream.secrets)
        return [self.stream.commitment(number), rows(team), dropped or [], b""]

    def add_epoch(self, by: Staff = BEA) -> None:
        """Begin the next epoch, with the same list."""
        number = len(self.stream.secrets)
        self.stream.add(by, "epoch", self.epoch(BOTH), self.stream.history_of(number, [1]))

    def case(
        self, name: str, error: str, by: Staff, kind: str, payload: list[Value], /, **changes: Any
    ) -> Case:
        plain = WORDS if kind == "post" else WHY
        return self.ends(name, error, self.stream.then(by, kind, payload, plain, **changes))

    def ends(self, name: str, error: str, last: Entry) -> Case:
        seen = self.directory.entries[self.directory.recorded :]
        directory = Upto("directory", self.directory.recorded, list(map(encode_entry, seen)))
        added = [*self.stream.entries[self.recorded :], last]
        stream = Upto("stream", self.recorded, list(map(encode_entry, added)))
        return Case(name, "stream.extend", [directory, self.stream.log, stream], error)


def _posts(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    team = _Team(directory, stream)
    good = team.case("a post by a second device", "", TABLET, "post", [0])
    team.directory.revoke(TABLET, ANN)
    lost, before = "LossUnanswered", team.view(1)
    found = [
        good,
        team.case("a post after a device was lost", lost, ANN, "post", [0]),
        team.case("a post by whose device was lost", lost, BEA, "post", [0]),
        team.case("a grant after a device was lost", lost, ANN, "grant", [CAS.id, "follower"]),
        team.case("a withdrawal after a device was lost", lost, BEA, "withdraw", [6, 0]),
        team.case("an advisory after a device was lost", lost, ANN, "+nod", []),
        team.case("a post by the lost device", "UnknownDevice", TABLET, "post", [0]),
        team.case("a post before it was lost", "", TABLET, "post", [0], **before),
        team.case("a post before that was seen", "", ANN, "post", [0], **before),
    ]
    team.directory.rekey(BEA, [BEA])
    found.append(team.case("a post after the reading key", lost, BEA, "post", [0]))
    return found


def _epochs(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    team = _Team(directory, stream)
    team.directory.revoke(TABLET, ANN)

    def epoch(
        name: str, error: str, by: Staff, listed: dict[Staff, str], dropped: list[Value]
    ) -> Case:
        bundle = team.stream.history_of(4, [1])
        payload = team.epoch(listed, dropped)
        return team.ends(name, error, team.stream.then(by, "epoch", payload, bundle))

    alone = {ANN: "keeper"}
    found = [
        epoch("an epoch after a device was lost", "", ANN, BOTH, []),
        epoch("an epoch by whose device was lost", "", BEA, BOTH, []),
        epoch("an epoch by the lost device", "UnknownDevice", TABLET, BOTH, []),
        epoch("a keeper removes whose device was lost", "", ANN, alone, []),
        epoch("a follower drops after a lost device", "NotAllowed", BEA, BOTH, [0]),
    ]
    team.add_epoch()
    found.append(team.case("a post in the epoch after", "", ANN, "post", [0]))
    team.directory.let_in(BRIEF)
    found.append(team.case("a post after one more device", "", ANN, "post", [0]))
    team.directory.revoke(BRIEF, BEA)
    found.append(team.case("a post after one more loss", "LossUnanswered", ANN, "post", [0]))
    return [*found, *_follower_removes(directory, stream)]


def _follower_removes(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    """A follower's epoch loses who has left, and nobody else."""
    team = _Team(directory, stream)
    team.stream.add(ANN, "grant", [CAS.id, "follower"], WHY)
    team.directory.revoke(TABLET, ANN)
    without = team.epoch({ANN: "keeper", CAS: "follower"})
    bundle = team.stream.history_of(4, [1])
    removed = team.ends(
        "a follower removes whose device was lost", "NotAllowed",
        team.stream.then(CAS, "epoch", without, bundle),
    )  # fmt: skip
    team.directory.add(ANN, "change", [BEA.id, SCHOOL, "practitioner", 1], ["Bea", "teacher"])
    left = team.ends(
        "a follower leaves out who has left and lost a device", "",
        team.stream.then(CAS, "epoch", without, bundle),
    )  # fmt: skip
    return [removed, left]


def _views(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    team = _Team(directory, stream)
    team.stream.add(TABLET, "post", [0], WORDS)
    team.directory.revoke(TABLET, ANN)
    late = team.case(
        "a lost device pretends to know nothing", "", TABLET, "post", [0], **team.view(1)
    )
    team.add_epoch()
    stale = team.case(
        "a lost device pretends after the epoch", "StaleDirectory", TABLET, "post", [0],
        **team.view(1),
    )  # fmt: skip
    return [late, stale]


def _grants(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    team = _Team(directory, stream)
    stick = Staff(CAS.id, TABLET.seed[::-1], TABLET.box_secret[::-1], CAS.reading_secret)
    team.directory.let_in(stick, by=CAS)
    team.directory.revoke(stick, CAS)
    team.directory.rekey(CAS, [CAS])
    granted = team.case("a newcomer who once lost a device", "", ANN, "grant", [CAS.id, "follower"])
    team.stream.add(ANN, "grant", [CAS.id, "follower"], WHY)
    after = team.case("a post after such a newcomer", "LossUnanswered", ANN, "post", [0])
    return [granted, after]


def _ends(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    team = _Team(directory, stream)
    until = team.directory.now + HOUR
    team.directory.let_in(BRIEF, until=until)
    return [
        team.case("a post by a device with an end", "", BRIEF, "post", [0], time=until - 1),
        team.case("a post in its last millisecond", "", BRIEF, "post", [0], time=until),
        team.case("a post after its end", "UnknownDevice", BRIEF, "post", [0], time=until + 1),
        team.case("its end is no loss", "", ANN, "post", [0], time=until + 1),
    ]
