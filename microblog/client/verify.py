"""Checking everything again, from the fingerprint on, as if nothing were remembered."""

from dataclasses import dataclass

from microblog.client.feed import Feed
from microblog.client.following import refresh
from microblog.client.heads import NOT_VOUCHED
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.sealing import keys_with_pins
from microblog.client.session import Session
from microblog.client.showing import Viewer, show_child
from microblog.client.shown import Child, Trouble
from microblog.protocol.base64url import encode_base64url


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of checking one stream: entries checked, and what of their bodies can be read."""

    child: Child
    checked: int
    epochs: int
    readable: int
    erased: int
    destroyed: int
    withheld: int
    void: int
    waiting: int
    bundles: int
    trouble: Trouble | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came of checking it all; `checked` counts the directory's entries."""

    fingerprint: str
    checked: int
    trouble: Trouble | None
    streams: tuple[Verdict, ...]


def verify(session: Session, log: str = "") -> Verified:
    """Fetch the directory and the streams (or one) anew and check every entry against the pins.

    Raises:
        Unreachable: the server did not answer.
    """
    keys = keys_with_pins(session)
    anew = open_session(keys, session.transport, Memory(None, keys.device_seed), session.world)
    try:
        refresh(anew)
    finally:
        anew.memory.close()
    feeds = [feed for feed in anew.feeds.values() if log in ("", encode_base64url(feed.log))]
    return Verified(
        fingerprint=encode_base64url(keys.fingerprint),
        checked=len(anew.directory.ids),
        trouble=anew.trouble,
        streams=tuple(_verdict(anew, feed) for feed in feeds),
    )


def _verdict(session: Session, feed: Feed) -> Verdict:
    now, vouched = session.world.clock(), session.vouched.get(feed.log, NOT_VOUCHED)
    viewer = Viewer(session.me, session.directory, session.feeds, -1, now, vouched)
    reasons = [words for words in feed.words.values() if isinstance(words, str)]
    return Verdict(
        child=show_child(feed, viewer),
        checked=feed.next_seq,
        epochs=len(feed.epochs),
        readable=len(feed.words) - len(reasons),
        erased=sum(
            target.erased for seq, target in feed.targets.items() if seq not in feed.destroyed
        ),
        destroyed=len(feed.destroyed),
        withheld=len(feed.withheld()),
        void=reasons.count("void"),
        waiting=reasons.count("waiting"),
        bundles=sum(verdict == "good" for verdict in feed.histories.values()),
        trouble=feed.trouble,
    )
