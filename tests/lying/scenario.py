"""What a lying server serves, step by step, and what an honest client makes of it.

A scenario is plain data, so that one list of lies drives the clients of both languages: who the
client is, what the server serves at each step, what the person does, and what must come of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from microblog.protocol.entry import DIRECTORY, Entry, encode_entry
from microblog.protocol.epoch import make_box
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog
from tests.vectors.typed import to_json

NOW = START + 1_000_000
#: What only happens before there are keys.
DOORS = ("open", "invitation", "link", "sheet")
#: What has another end that is played by hand, in Python: a client under Node is not asked.
PLAYED = ("link", "let in", "sheet")
PASSPHRASE = "invented lamp"


@dataclass(frozen=True, slots=True)
class Served:
    """What the server serves from now on: raw logs, and the boxes of each stream's epochs."""

    logs: Mapping[bytes, Sequence[bytes]]
    boxes: Mapping[bytes, Mapping[int, Sequence[tuple[bytes, bytes]]]]
    until: Mapping[bytes, int] = field(default_factory=dict)
    # What `append` answers, in turn: "stale" (someone was first) or "ok"; empty: always "ok".
    answers: Sequence[str] = ()
    # Whether words come even where none are asked for.
    full: bool = False
    # Requests to follow.
    asks: Sequence[bytes] = ()
    heads: Sequence[bytes] = ()
    # The note of my own; empty: there is none.
    note: bytes = b""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of what is served, what the person then does, and what must come of it.

    `do` is refresh, post, or restart, or a glance at the newest posts, which clients skip that
    check all before they show any; or, at the door, to open a key file or read an invitation, which
    is `given`, or to link a device, from either end, or come back with a recovery sheet. `expect`
    holds the part of the outcome that matters.
    """

    served: Served
    do: str
    expect: Mapping[str, Any]
    shown: Sequence[bytes] = ()
    text: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One named lie."""

    name: str
    who: Staff
    fingerprint: bytes
    log: bytes
    secrets: Sequence[bytes]
    steps: Sequence[Step]
    # A device in the wrong hands: nothing that is sent may be opened with what it holds.
    thief: Staff | None = None

    def to_json(self) -> Any:
        """Return what a client's driver needs to know; what must come of it is judged here."""
        who = self.who
        return to_json(
            {
                "name": self.name,
                "person": who.id,
                "device_seed": who.seed,
                "box_secret": who.box_secret,
                "reading_secret": who.reading_secret,
                "fingerprint": self.fingerprint,
                "log": self.log,
                "now": NOW,
                "steps": [
                    {
                        "served": _served(step.served),
                        "do": step.do,
                        "shown": step.shown,
                        "text": step.text,
                        "given": {} if step.do in PLAYED else step.given,
                    }
                    for step in self.steps
                ],
            }
        )


def _served(served: Served) -> Any:
    return {
        "logs": list(served.logs.items()),
        "boxes": [[log, list(epochs.items())] for log, epochs in served.boxes.items()],
        "until": list(served.until.items()),
        "answers": list(served.answers),
        "full": int(served.full),
        "asks": list(served.asks),
        "heads": list(served.heads),
        "note": served.note,
    }


def serve(directory: DirectoryLog, *streams: StreamLog, **changes: Any) -> Served:
    """Return what an honest server would serve of these logs."""
    logs = {DIRECTORY: directory.raw, **{stream.log: stream.raw for stream in streams}}
    boxes = {stream.log: boxes_of(stream) for stream in streams}
    return Served(**{"logs": logs, "boxes": boxes, **changes})


def boxes_of(stream: StreamLog) -> dict[int, list[tuple[bytes, bytes]]]:
    """Return the boxes that came with a stream's entries, by epoch."""
    found: dict[int, dict[bytes, bytes]] = {}
    for entry in stream.entries:
        found.setdefault(entry.header.epoch, {}).update(dict(entry.boxes))
    return {epoch: sorted(boxes.items()) for epoch, boxes in found.items()}


def replaced(raw: Sequence[bytes], seq: int, *instead: Entry | bytes) -> list[bytes]:
    """Return a log with one entry replaced by others."""
    new = [item if isinstance(item, bytes) else encode_entry(item) for item in instead]
    return [*raw[:seq], *new, *raw[seq + 1 :]]


def box_for(stream: StreamLog, epoch: int, who: Staff) -> bytes:
    """Return the right box of an epoch for someone."""
    return make_box(stream.secrets[epoch], stream.log, epoch, who.id, who.reading_key)
