"""Lies about who joins, and with which keys."""

from collections.abc import Sequence
from dataclasses import replace

from microblog.protocol.encoding import encode
from microblog.protocol.entry import Entry, encode_entry, sign_entry
from microblog.protocol.invitation import sign_join
from microblog.protocol.primitives import sign
from tests.lying.scenario import Scenario, replaced
from tests.lying.telling import denied, record
from tests.vectors.practice import StreamLog, staff
from tests.vectors.primitive_cases import SMALL_ORDER_BOX, SMALL_ORDER_SIGN
from tests.vectors.recorded import ANN, BEA, COUNCIL, invite_payload, invite_seed


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    log = record()

    def joined(name: str, keys: Sequence[bytes], error: str) -> Scenario:
        raw = replaced(log.directory.raw, 6, _join(log, keys[0], keys[1]))
        return denied(name, log, raw, error)

    box, reading = BEA.keys
    found = [
        joined("a joiner's box key is of low order", [SMALL_ORDER_BOX, reading], "BadKey"),
        joined("a joiner's reading key is of low order", [box, SMALL_ORDER_BOX], "BadKey"),
        joined("a joiner's reading key has its top bit set",
               [box, reading[:-1] + bytes([reading[-1] | 128])], "BadKey"),
        joined("a joiner's two keys are one", [box, box], "BadKey"),
        joined("a joiner's reading key is a colleague's", [box, ANN.keys[1]], "BadKey"),
        joined("a joiner's reading key is a colleague's device", [box, ANN.device], "BadKey"),
        denied("an invitation's key is of low order",
               log, [*log.directory.raw, encode_entry(_invited(log, SMALL_ORDER_SIGN))], "BadKey"),
    ]  # fmt: skip
    for label in ("msb/1/knock", "msb/1/login", "msb/1/entry", "msb/1/ask"):
        lie = replaced(log.directory.raw, 6, _join(log, box, reading, label))
        found.append(denied(f"a join is signed as {label}", log, lie, "BadInvitation"))
    return found


def _join(log: StreamLog, box: bytes, reading: bytes, label: str = "msb/1/join") -> bytes:
    """Return Bea's join with other keys, all signed as it must be but for the label."""
    directory, bea = log.directory, log.directory.entries[6]
    invite, seed = directory.entries[5], invite_seed(BEA)
    given = (directory.entries[0].id, invite.id, BEA.device, box, reading)
    signature = sign_join(seed, *given)
    if label != "msb/1/join":
        signature = sign(seed, label, encode([label, *given]))
    header = replace(bea.header, payload=[invite.id, signature, box, reading])
    return encode_entry(sign_entry(header, BEA.seed, bea.salt, bea.body, ()))


def _invited(log: StreamLog, key: bytes) -> Entry:
    payload = invite_payload(log.directory, staff("Frank"), "practitioner", COUNCIL)
    return log.directory.then(ANN, "invite", [*payload[:4], key, b""], ["x", "y"])
