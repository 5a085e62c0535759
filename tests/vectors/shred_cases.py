"""Vectors of holds, and of what two people destroy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microblog.protocol.entry import encode_entry
from microblog.protocol.shred import MAX_PROPOSALS, WAIT_MS, Reason, encode_reason
from tests.vectors.case import Case, Upto
from tests.vectors.practice import START, DirectoryLog, StreamLog
from tests.vectors.recorded import ANN, BEA, CAS, WHY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microblog.protocol.encoding import Value
    from tests.vectors.practice import Staff

    #: Who signs what, said with which payload and with which changes to the header.
    Act = tuple[Staff, str, list[Value], dict[str, Any]]

REASON = encode_reason(Reason("child", "kept long enough"))
PROPOSED = [4, 6]


def body_cases() -> list[Case]:
    """Return the cases of what a shred says."""
    write, read = "shred.encode_reason", "shred.read_reason"
    said: list[Value] = ["msb/1/shred", "child", "kept long enough"]
    return [
        Case("write why words go", write, [{"sort": "child", "why": "kept long enough"}]),
        Case("a long class", write, [{"sort": "a" * 121, "why": ""}], "Malformed"),
        Case("a long why of a shred", write, [{"sort": "", "why": "a" * 121}], "Malformed"),
        Case("write no why", write, [{"sort": "", "why": ""}]),
        Case("the longest why", write, [{"sort": "a" * 120, "why": "a" * 120}]),
        Case("read no why", read, [["msb/1/shred", "", ""]]),
        Case("which kinds lose their words", "number", ["shred", "SHREDDED"]),
        Case("read why words go", read, [said]),
        Case("read why words go, longer", read, [[*said, 1]]),
        Case("read no why of a shred", read, [said[:2]], "Unreadable"),
        Case("read another's reason for a shred's", read, [["msb/1/why", "", ""]], "Unreadable"),
        Case("read a class of bytes", read, [["msb/1/shred", b"", ""]], "Unreadable"),
    ]


class _Team:
    """The recorded stream, with a supervisor and a second keeper, and what they do next."""

    def __init__(self, directory: DirectoryLog, kept: StreamLog) -> None:
        self.directory, self.kept = directory, kept
        self.log = StreamLog("Sample A", directory)
        self.restart()
        self.granted = len(self.log.entries)
        self.proposal = self.log.then(ANN, "shred", [PROPOSED, b""], REASON)
        self.ready = self.proposal.header.time + WAIT_MS

    def restart(self) -> None:
        self.log.entries, self.log.secrets = list(self.kept.entries), list(self.kept.secrets)
        self.log.add(ANN, "grant", [CAS.id, "supervisor"], WHY)

    def case(self, name: str, error: str, acts: Sequence[Act]) -> Case:
        """Return the case of these acts after one another, of which only the last may fail."""
        self.restart()
        for who, kind, payload, changes in acts:
            body = WHY if kind in ("hold", "withdraw", "grant") else REASON
            self.log.keep(self.log.then(who, kind, payload, body, **changes))
        then = list(map(encode_entry, self.log.entries[len(self.kept.entries) :]))
        everyone = Upto("directory", len(self.directory.entries))
        given = [everyone, self.log.log, Upto("stream", len(self.kept.entries), then)]
        return Case(name, "stream.extend", given, error)


def cases(directory: DirectoryLog, log: StreamLog) -> list[Case]:
    """Return the cases of what may be held and destroyed."""
    team = _Team(directory, log)
    return [*_proposals(team), *_secondings(team), *_holds(team)]


def _proposals(team: _Team) -> list[Case]:
    def propose(name: str, error: str, who: Staff, payload: list[Value]) -> Case:
        return team.case(name, error, [(who, "shred", payload, {})])

    many: list[Act] = [(ANN, "shred", [[at], b""], {}) for at in range(MAX_PROPOSALS)]
    return [
        propose("a keeper proposes", "", ANN, [PROPOSED, b""]),
        propose("a keeper proposes all", "", ANN, [list(range(12)), b""]),
        propose("a follower proposes", "NotAllowed", BEA, [PROPOSED, b""]),
        propose("a supervisor proposes", "NotAllowed", CAS, [PROPOSED, b""]),
        propose("what is not there yet", "NotAllowed", ANN, [[4, 12], b""]),
        propose("more than is there", "NotAllowed", ANN, [list(range(40)), b""]),
        propose("the last that could be", "NotAllowed", ANN, [[4, 2**53 - 1], b""]),
        propose("a shred of one item", "Malformed", ANN, [PROPOSED]),
        propose("nothing", "Malformed", ANN, [[], b""]),
        propose("not ascending", "WrongList", ANN, [[6, 4], b""]),
        propose("the same twice", "WrongList", ANN, [[4, 4], b""]),
        propose("a seq of text", "Malformed", ANN, [["4"], b""]),
        propose("a short proposal", "Malformed", ANN, [PROPOSED, bytes(31)]),
        propose("a shred of three", "Malformed", ANN, [PROPOSED, b"", 0]),
        team.case("eight proposals", "", many),
        team.case("nine proposals", "NotAllowed", [*many, (ANN, "shred", [[9], b""], {})]),
    ]


def _secondings(team: _Team) -> list[Case]:
    proposal, ready = team.proposal.id, team.ready

    def second(
        name: str,
        error: str,
        who: Staff,
        payload: list[Value] | None = None,
        first: Sequence[Act] = (),
        **changes: Any,
    ) -> Case:
        told: Act = (ANN, "shred", [PROPOSED, b""], {})
        last: Act = (who, "shred", payload or [PROPOSED, proposal], {"time": ready, **changes})
        return team.case(name, error, [told, *first, last])

    keeper: Act = (ANN, "grant", [BEA.id, "keeper"], {})
    done: Act = (CAS, "shred", [PROPOSED, proposal], {"time": ready})
    return [
        second("a supervisor seconds", "", CAS),
        second("a second keeper seconds", "", BEA, first=[keeper]),
        second("a follower seconds", "NotAllowed", BEA),
        second("who proposed seconds", "NotAllowed", ANN),
        second("seconded a moment too soon", "NotAllowed", CAS, time=ready - 1),
        second("other seqs are seconded", "NotAllowed", CAS, [[4], proposal]),
        second("another proposal is seconded", "NotAllowed", CAS, [PROPOSED, bytes(32)]),
        second("seconded twice", "NotAllowed", CAS, first=[done]),
        team.case("withdrawn after it was destroyed", "NotAllowed", [
            (ANN, "shred", [PROPOSED, b""], {}), done, (BEA, "withdraw", [6, 0], {"time": ready}),
        ]),
    ]  # fmt: skip


def _holds(team: _Team) -> list[Case]:
    proposal, ready = team.proposal.id, {"time": team.ready}
    told: Act = (ANN, "shred", [PROPOSED, b""], {})
    on: Act = (CAS, "hold", [1], {})
    off: Act = (ANN, "hold", [0], ready)
    return [
        team.case("a supervisor holds", "", [on]),
        team.case("a keeper holds", "", [(ANN, "hold", [1], {})]),
        team.case("a follower holds", "NotAllowed", [(BEA, "hold", [1], {})]),
        team.case("held twice", "NotAllowed", [on, (ANN, "hold", [1], {})]),
        team.case("lifted, and not held", "NotAllowed", [(ANN, "hold", [0], {})]),
        team.case("held and lifted", "", [on, off]),
        team.case("a hold of two", "Malformed", [(ANN, "hold", [2], {})]),
        team.case("a hold with no item", "Malformed", [(ANN, "hold", [], {})]),
        team.case("a hold with two items", "Malformed", [(ANN, "hold", [1, 0], {})]),
        team.case("proposed under a hold", "NotAllowed", [on, told]),
        team.case("seconded under a hold", "NotAllowed",
                  [told, on, (CAS, "shred", [PROPOSED, proposal], ready)]),
        team.case("a hold takes back what was proposed", "NotAllowed",
                  [told, on, off, (CAS, "shred", [PROPOSED, proposal], ready)]),
        team.case("erased under a hold", "NotAllowed", [on, (BEA, "withdraw", [6, 1], {})]),
        team.case("withdrawn under a hold", "", [on, (BEA, "withdraw", [6, 0], {})]),
        team.case("posted under a hold", "", [on, (BEA, "post", [0], {"time": START + 20_000})]),
    ]  # fmt: skip
