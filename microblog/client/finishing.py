"""One stream brought up to date: fetched, opened, its boxes put right, remembered."""

from microblog.client.boxes import check_boxes, open_secrets
from microblog.client.checking import ask_again
from microblog.client.directory import refresh_directory
from microblog.client.feed import Feed
from microblog.client.fetching import fetch_streams
from microblog.client.freshness import check_heads, save_heads
from microblog.client.keeping import save_feed
from microblog.client.login import must_hold
from microblog.client.session import Session, feed_of


def refresh_log(session: Session, log: bytes) -> Feed:
    """Fetch and check what is new in the directory and in one stream that I know."""
    feed = feed_of(session, log)
    refresh_directory(session)
    ask_again(session, feed)
    fetch_streams(session, {log: feed.next_seq}, 0)
    finish(session, log)
    save_heads(session)
    return feed


def finish(session: Session, log: bytes) -> None:
    """Open what can be opened of a stream just fetched, put its boxes right, and remember it."""
    feed = session.feeds[log]
    note = session.notes.get(log)
    mine = session.me in feed.admissions or session.me in feed.removals
    if not mine and note is None:
        # Nothing of ours, whatever the server says, unless it does not let us see whether it is.
        if feed.trouble is None:
            del session.feeds[log]
        return
    pin = note.pin if note is not None else None
    if pin is not None and feed.trouble is None and must_hold(session, pin, feed.next_seq):
        feed.check_pin(pin)
    check_heads(session, feed)
    open_secrets(session, feed)
    check_boxes(session, feed)
    save_feed(session, feed)
