"""Checks that are taken out, in both languages, each with a lie that then goes through."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from microblog.client import (
    asks,
    directory,
    feed,
    finishing,
    following,
    freshness,
    heads,
    joining,
    note,
    parts,
    posting,
    recovering,
    runs,
    sending,
    showing,
)
from microblog.client.copy import Copy
from microblog.client.writing import Fresh
from microblog.protocol import admission, ask, device, entry, shred, stream, vault, witness
from microblog.protocol import directory as directory_of
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import decode_array
from microblog.protocol.post import QUIET
from microblog.protocol.primitives import open_box
from microblog.protocol.stream import Stream


@dataclass(frozen=True)
class Plant:
    """A function that is another: in Python by its place, in TypeScript by what it begins with."""

    lie: str
    place: Any
    check: str
    instead: Callable[..., Any]
    file: str
    function: str
    begins: str


@contextmanager
def without(plant: Plant) -> Iterator[None]:
    """Do without a check in the Python client until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plant.place, plant.check, plant.instead)
        yield


def nothing(*_: Any, **__: Any) -> None:
    """Check nothing."""


def open_anything(box: bytes, reading: tuple[bytes, bytes], *_: Any) -> Any:
    """Return the secret in a box, whatever was committed to."""
    return decode_array(open_box(reading[0], box))[5]


PLANTS = [
    Plant("edits the kind", stream, "verify_entry", nothing,
          "protocol/entry", "verifyEntry", "return;"),
    Plant("signs an entry as 'msb/1/join'", stream, "verify_entry", nothing,
          "protocol/entry", "verifyEntry", "return;"),
    Plant("serves another child's entry", stream, "check_link", nothing,
          "protocol/log", "checkLink", "return;"),
    Plant("a follower adds one", stream, "_check_keeper", nothing,
          "protocol/stream", "checkKeeper", "return;"),
    Plant("a supervisor removes the keeper", stream, "_check_list", nothing,
          "protocol/stream", "checkList", "return;"),
    Plant("adds a follower", Directory, "check_device", nothing,
          "protocol/directory", "checkDevice", "return;"),
    Plant("shows two directories", Directory, "check_view", nothing,
          "protocol/directory", "checkView", "return;"),
    Plant("serves another practice's stream", Directory, "check_view", nothing,
          "protocol/directory", "checkView", "return;"),
    Plant("someone has left the practice", Stream, "losses", lambda *_: set(),
          "protocol/stream", "losses", "return new BytesSet();"),
    Plant("swaps a joiner's keys", admission, "verify_join", nothing,
          "protocol/invitation", "verifyJoin", "return;"),
    Plant("a join is signed as msb/1/knock", admission, "verify_join", nothing,
          "protocol/invitation", "verifyJoin", "return;"),
    Plant("registers a key again", admission, "claim", nothing,
          "protocol/records", "claim", "return;"),
    Plant("a joiner's box key is of low order", admission, "check_box_key", nothing,
          "protocol/primitives", "checkBoxKey", "return;"),
    Plant("swaps a body for another's", feed, "check_body", nothing,
          "protocol/entry", "checkBody", "return;"),
    Plant("cuts off the newest entry", feed.Feed, "is_rolled_back", lambda _: False,
          "client/feed", "isRolledBack", "return false;"),
    Plant("writes a reason", asks, "verify_ask", nothing,
          "protocol/ask", "verifyAsk", "return;"),
    Plant("makes a request look newer", ask, "verify_signature", nothing,
          "protocol/primitives", "verifySignature", "return;"),
    Plant("shows what someone asked before they were taken off", asks, "_is_open",
          lambda *_: True, "client/asks", "isOpen", "return true;"),
    Plant("shows a request to who is no keeper", asks, "_keeps", lambda *_: True,
          "client/asks", "keeps", "return true;"),
    Plant("gives two followers two keys", feed, "open_epoch", open_anything,
          "protocol/epoch", "openEpoch", "return openGrant(reading[0], box)[1];"),
    Plant("an insider leaves an epoch out of the history", feed, "read_history",
          lambda *_: {}, "protocol/epoch", "readHistory", "return new Map();"),
    Plant("hands out its own reading key for someone", finishing, "check_boxes", nothing,
          "client/boxes", "checkBoxes", "return;"),
    Plant("an insider's padding with something after the end", entry, "unpad",
          lambda padded, _: padded[: padded.rindex(b"\x80")],
          "protocol/primitives", "unpad", "return padded.subarray(0, padded.lastIndexOf(128));"),
    Plant("keeps a refused attempt", sending, "fresh_of",
          lambda _: Fresh(bytes(32), bytes(24)), "client/session", "freshOf",
          "return { salt: new Uint8Array(32), nonce: new Uint8Array(24) };"),
    # What a directory, a stream and their pins are.
    Plant("an invitation's key is of low order", admission, "check_signing_key", nothing,
          "protocol/primitives", "checkSigningKey", "return;"),
    Plant("uses an older directory", Stream, "_check_origin", nothing,
          "protocol/stream", "checkOrigin", "return;"),
    Plant("serves an epoch to come", Stream, "_check_place", nothing,
          "protocol/stream", "checkPlace", "return;"),
    Plant("brings erased words back", Copy, "is_erased", lambda *_: False,
          "client/copy", "isErased", "return false;"),
    Plant("hides a whole stream", following, "_check_vanished", nothing,
          "client/following", "checkVanished", "return;"),
    Plant("a directory that goes back", directory, "deny_directory", nothing,
          "client/directory", "denyDirectory", "return;"),
    # The door.
    Plant("offers a vault that one pass opens", vault, "_check_work", nothing,
          "protocol/vault", "checkWork", "return;"),
    Plant("has an invitation's link and guesses its letters", joining, "_find_invite",
          lambda found, _: next(it for it in found.invites.values() if not it.spent),
          "client/joining", "findInvite",
          "return [...directory.invites.values()].find(({ spent }) => !spent);"),
    Plant("shows who joins a false practice", joining, "Directory", lambda *_: Directory(),
          "protocol/directory", "constructor", "fingerprint = null;"),
    # Devices.
    Plant("lifts a device's consent to another person", device, "verify_device", nothing,
          "protocol/device", "verifyDevice", "return;"),
    Plant("links a device whose box key is of low order", device, "check_box_key", nothing,
          "protocol/primitives", "checkBoxKey", "return;"),
    Plant("links the same device again", device, "claim", nothing,
          "protocol/records", "claim", "return;"),
    Plant("has a revoked device post", directory_of, "check_good", nothing,
          "protocol/device", "checkGood", "return;"),
    Plant("has a device post after its shift", directory_of, "check_good", nothing,
          "protocol/device", "checkGood", "return;"),
    Plant("has a revoked device let in the next", admission, "check_good", nothing,
          "protocol/device", "checkGood", "return;"),
    Plant("revokes the only steward's only device", device, "check_steward_stays", nothing,
          "protocol/records", "checkStewardStays", "return;"),
    Plant("goes on in an epoch in which a lost device reads", Directory, "is_lost",
          lambda *_: False, "protocol/directory", "isLost", "return false;"),
    Plant("has a stolen device's reading key for the next epoch", Directory, "is_stale",
          lambda *_: False, "protocol/directory", "isStale", "return false;"),
    Plant("gives someone a box for a reading key that is stale", finishing, "check_boxes", nothing,
          "client/boxes", "checkBoxes", "return;"),
    Plant("has a device post after it was lost, and before that was known", showing, "is_doubtful",
          lambda *_: False, "protocol/device", "isDoubtful", "return false;"),
    Plant("has a device consent to be another's", device, "verify_signature", nothing,
          "protocol/device", "verifyDevice", "return;"),
    Plant("lets in a sheet that was revoked", recovering, "is_good", lambda *_: True,
          "protocol/device", "isGood", "return true;"),
    # Destroying for good.
    Plant("has one keeper destroy alone", shred, "second", lambda *_: (),
          "protocol/shred", "second", "return [];"),
    Plant("destroys at once what was proposed", shred, "second", lambda *_: (),
          "protocol/shred", "second", "return [];"),
    Plant("has a follower second what was proposed", stream, "_check_supervisor_or_keeper",
          nothing, "protocol/stream", "checkSupervisorOrKeeper", "return;"),
    Plant("proposes to destroy under a hold", stream, "_check_not_held", nothing,
          "protocol/stream", "checkNotHeld", "return;"),
    Plant("brings back what was destroyed", Copy, "is_erased", lambda *_: False,
          "client/copy", "isErased", "return false;"),
    # Witnesses.
    Plant("hides a removal that a witness has seen", finishing, "check_heads", nothing,
          "client/freshness", "checkHeads", "return;"),
    Plant("hides the newest of a directory that a witness has seen", following,
          "compare_with_heads", nothing, "client/directory", "compareWithHeads", "return;"),
    Plant("hides a removal from its author, under old heads", posting, "unvouched",
          lambda *_: 0, "client/freshness", "unvouched", "return 0;"),
    Plant("signs a head itself", freshness, "find_witness",
          lambda _, known: next(iter(known.witnesses)), "protocol/witness", "findWitness",
          "return goodWitnesses(directory)[0].key;"),
    Plant("makes an old head look newer", witness, "verify_head", nothing,
          "protocol/witness", "verifyHead", "return;"),
    Plant("gives the head of another practice", witness, "verify_head", nothing,
          "protocol/witness", "verifyHead", "return;"),
    Plant("shows a witness another history than an author", heads, "_find_against",
          lambda *_: (), "client/heads", "findAgainst", "return [];"),
    Plant("shows a witness another directory than an author", heads, "_find_against",
          lambda *_: (), "client/heads", "findAgainst", "return [];"),
    Plant("has a witness tell of another stream", freshness, "encode_heads", lambda _: b"",
          "client/heads", "encodeHeads", "return new Uint8Array();"),
    Plant("has a witness tell of another directory", heads, "_first_of_each", lambda _: (),
          "client/heads", "firstOfEach", "return [];"),
    Plant("keeps a removal from the witness", showing, "_may_still_read", lambda *_: (),
          "client/showing", "mayStillRead", "return [];"),
    Plant("an insider says that a post is no news", showing, "is_quiet",
          lambda feed, seq: feed.mark(seq) == QUIET, "client/runs", "isQuiet",
          "return feed.mark(seq) === QUIET;"),
    Plant("an insider hides a post among rows", runs, "is_quiet",
          lambda feed, seq: feed.mark(seq) == QUIET, "client/runs", "isQuiet",
          "return feed.mark(seq) === QUIET;"),
    Plant("says in a note that other posts are read", note, "_believe",
          lambda _feed, marks, _below: marks, "client/note", "believe", "return marks;"),
    Plant("has a thief note as read what came after the loss", note, "_trusted_below",
          lambda *_: 2**53, "client/note", "trustedBelow", "return Infinity;"),
    Plant("withholds part 2 of a row", parts, "_missing", lambda *_: "",
          "client/parts", "sayMissing", 'return "";'),
]  # fmt: skip
