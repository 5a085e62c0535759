"""What a client does by itself once it has caught up: new keys, wherever keys were lost.

After a loss the next entry of a stream must be an epoch (PROTOCOL.md 7.1), and any follower may
make it. Every client of the team tries; the quickest is enough. Nobody is asked, because nothing
that anyone wrote is sent, and nobody comes to read who did not before.
"""

from microblog.client.boxes import check_boxes
from microblog.client.feed import Feed
from microblog.client.rekeying import rekey
from microblog.client.sending import add_due_epoch, send
from microblog.client.session import InTrouble, NotFollowed, Session, Waiting
from microblog.client.transport import Refused, StaleHead
from microblog.protocol.device import is_good
from microblog.protocol.errors import ProtocolError
from microblog.protocol.primitives import signing_key

#: Somebody was quicker, or something has changed meanwhile: the next refresh sees to it.
_LATER = (Refused, StaleHead, ProtocolError, InTrouble, NotFollowed, Waiting)


def tend(session: Session) -> None:
    """Sign my next reading key if mine is stale, and begin the epochs that are due.

    Raises:
        Unreachable: the server did not answer.
    """
    if session.trouble is not None or session.restoring:
        return
    _tend_key(session)
    due = [feed for feed in session.feeds.values() if is_due(session, feed)]
    # Each client begins somewhere else, so that they share the work and rarely meet.
    start = session.world.random(1)[0] % max(len(due), 1)
    for feed in (*due[start:], *due[:start]):
        _begin_epoch(session, feed)


def is_due(session: Session, feed: Feed) -> bool:
    """Return whether a stream waits for an epoch that this client can make."""
    if session.me not in feed.admissions or feed.trouble is not None or feed.is_waiting():
        return False
    return feed.needs_epoch(session.directory)


def _tend_key(session: Session) -> None:
    """Sign the next reading key, and make the boxes that wait for it where I hold their secrets."""
    directory = session.directory
    device = directory.devices.get(signing_key(session.keys.device_seed))
    if device is None or not directory.is_stale(session.me):
        return
    if not is_good(device, session.world.clock()):
        return
    try:
        rekey(session)
    except _LATER:
        return
    for feed in session.feeds.values():
        check_boxes(session, feed)


def _begin_epoch(session: Session, feed: Feed) -> None:
    def is_done(feed: Feed) -> bool:
        return not feed.needs_epoch(session.directory)

    try:
        send(session, feed.log, add_due_epoch, is_done)
    except _LATER:
        return
