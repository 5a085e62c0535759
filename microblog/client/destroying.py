"""Destroying words for good, which takes two people and fourteen days, and holding them from it."""

from collections.abc import Sequence

from microblog.client.feed import Feed
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, read_id
from microblog.client.writing import nfc, sealed
from microblog.protocol.encoding import Value
from microblog.protocol.errors import NotAllowed
from microblog.protocol.shred import SHREDDED, Reason, encode_reason, read_shred
from microblog.protocol.why import encode_why

AT_ONCE = 3000  # seqs in one proposal: the payload of an entry holds no more


def hold(session: Session, log: str, on: bool, why: str) -> None:
    """Keep a stream from being destroyed, or no longer; what was proposed is taken back by it.

    Raises:
        NotAllowed: I am neither keeper nor supervisor of it.
        As `send`.
    """
    body = encode_why(nfc(why), b"")

    def write(batch: Batch) -> None:
        add_due_epoch(batch)
        _say(batch, "hold", [int(on)], body)

    send(session, read_id(log), write, lambda feed: feed.stream.held == on)


def propose_shred(session: Session, log: str, seqs: Sequence[int], sort: str, why: str) -> None:
    """Propose to destroy the words of some entries; of none: of all that is there until now.

    Raises:
        NotAllowed: I am no keeper, it is held, or there is nothing left to destroy.
        As `send`.
    """
    body = encode_reason(Reason(nfc(sort), nfc(why)))

    def write(batch: Batch) -> None:
        named = _to_destroy(batch.feed, seqs)
        if not named:
            raise NotAllowed("there is nothing left to destroy")
        add_due_epoch(batch)
        for first in range(0, len(named), AT_ONCE):
            _say(batch, "shred", [named[first : first + AT_ONCE], b""], body)

    def is_done(feed: Feed) -> bool:
        named = tuple(_to_destroy(feed, seqs)[:AT_ONCE])
        mine = (s for s in open_proposals(feed) if feed.entries[s].header.author == session.me)
        return any(shred_at(feed, seq)[0] == named for seq in mine)

    send(session, read_id(log), write, is_done)


def confirm_shred(session: Session, log: str, proposal_id: str) -> None:
    """Second what another has proposed, which destroys it.

    Raises:
        NotAllowed: it is not open or my own, too new, or held; or I am neither keeper nor
            supervisor.
        As `send`.
    """
    proposal = read_id(proposal_id)

    def write(batch: Batch) -> None:
        feed = batch.feed
        found = next((s for s in feed.shreds if feed.entries[s].id == proposal), None)
        if found is None:
            raise NotAllowed("no such proposal is there")
        words = feed.words.get(found)
        body = encode_reason(words if isinstance(words, Reason) else Reason("", ""))
        add_due_epoch(batch)
        _say(batch, "shred", [list(shred_at(feed, found)[0]), proposal], body)

    def is_done(feed: Feed) -> bool:
        return any(shred_at(feed, seq)[1] == proposal for seq in feed.shreds)

    send(session, read_id(log), write, is_done)


def shred_at(feed: Feed, seq: int) -> tuple[tuple[int, ...], bytes]:
    """Return what the entry at `seq`, a shred, says: the seqs, and which proposal it seconds."""
    return read_shred(feed.entries[seq].header.payload)


def open_proposals(feed: Feed) -> list[int]:
    """Return the seqs of the proposals that were neither seconded nor taken back."""
    waiting = {proposal.id for proposal in feed.stream.proposals}
    return [seq for seq in feed.shreds if feed.entries[seq].id in waiting]


def _to_destroy(feed: Feed, seqs: Sequence[int]) -> list[int]:
    there = range(feed.next_seq)
    named = sorted(set(seqs) & set(there)) if seqs else there
    kinds = (feed.entries[seq].header.kind for seq in named)
    found = zip(named, kinds, strict=True)
    return [seq for seq, kind in found if kind in SHREDDED and not feed.is_erased(seq)]


def _say(batch: Batch, kind: str, payload: Sequence[Value], body: bytes) -> None:
    writer, said = batch.session.writer, (kind, payload, body)
    batch.add(sealed(writer, batch.place, batch.fresh(), batch.secret, said))
