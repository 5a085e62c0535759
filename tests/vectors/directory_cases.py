"""Vectors of the directory: the whole of one, and one refusal for every rule."""

from typing import Any

from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import NO_ENTRY, encode_entry
from microblog.protocol.primitives import signing_key
from tests.vectors.case import Case, Upto
from tests.vectors.practice import START, DirectoryLog, Staff, fresh, staff
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    COUNCIL,
    EVE,
    SCHOOL,
    invite_payload,
    invite_seed,
)


def cases(log: DirectoryLog) -> list[Case]:
    size, call = len(log.entries), "directory.extend"
    fingerprint = log.entries[0].id
    named = {name: value for name, value in vars(_Bad(log)).items() if not name.startswith("_")}
    found = [
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
        found.append(Case(title, call, [fingerprint, then], error))
    return found


def _without_bodies(log: DirectoryLog) -> list[bytes]:
    return [encode([*decode_array(raw)[:2], b"", b"", []]) for raw in log.raw]


class _Bad:
    """One more entry for the directory, by name, with the error it must meet (or none)."""

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
        self.an_unknown_kind = then("TooNew", ANN, "constructor", [bytes(32), 1])
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
        self.a_change_to_a_short_agency = then(
            "Malformed", ANN, "change", [BEA.id, COUNCIL[1:], "practitioner", 0]
        )
        self.a_policy_of_64_numbers = then(
            "", ANN, "policy", ["x", [[b"", "", "", ""]] * 64, [], []]
        )
        self.a_policy_of_65_numbers = then(
            "Malformed", ANN, "policy", ["x", [[b"", "", "", ""]] * 65, [], []]
        )
        self.a_policy_with_a_bad_rule = then(
            "Malformed", ANN, "policy", ["x", [], [], [["a", "b"]]]
        )
        self.a_revoked_device = then("", ANN, "revoke", ["device", BEA.device, 0])
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
