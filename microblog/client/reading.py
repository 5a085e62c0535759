"""What a person sees: who works here, whom they follow, and the posts."""

from collections.abc import Sequence
from dataclasses import replace

from microblog.client.asks import asked, requests
from microblog.client.devices import count_sheets
from microblog.client.feed import Feed
from microblog.client.freshness import may_send_unvouched, show_vouching, show_witnesses
from microblog.client.heads import NOT_VOUCHED
from microblog.client.keeping import put_note
from microblog.client.memory import Note
from microblog.client.messages import Page
from microblog.client.proposals import proposals
from microblog.client.returns import returns
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import (
    Viewer,
    practice_name,
    show_agencies,
    show_child,
    show_invites,
    show_numbers,
    show_people,
    show_person,
    show_posts,
)
from microblog.client.shown import Child, Overview, Person, Post
from microblog.protocol.base64url import encode_base64url


def overview(session: Session) -> Overview:
    """Return everything but the posts."""
    directory = session.directory
    return Overview(
        practice=practice_name(directory),
        fingerprint=encode_base64url(session.keys.fingerprint),
        me=show_person(directory, session.me),
        people=show_people(directory),
        agencies=show_agencies(directory),
        invites=show_invites(directory, session.world.clock()),
        numbers=show_numbers(directory),
        children=children(session),
        proposals=proposals(session),
        returns=returns(session),
        sheets=count_sheets(session),
        requests=requests(session),
        asked=asked(session),
        witness=show_vouching(session),
        witnesses=show_witnesses(session),
        may_send_unvouched=may_send_unvouched(session),
        trouble=session.trouble,
        online=session.online,
        restoring=session.restoring,
        stored=session.memory.stored,
    )


def children(session: Session) -> tuple[Child, ...]:
    """Return those whom I follow, or followed, by name."""
    shown = [show_child(feed, viewer(session, feed)) for feed in session.feeds.values()]
    return tuple(sorted(shown, key=lambda child: (child.name, child.log)))


def posts(session: Session, log: str, before: str, count: int, merged: Sequence[str] = ()) -> Page:
    """Return a page of posts, newest first: of one stream, or of all if `log` is empty.

    Args:
        session: mine.
        log: whose posts.
        before: what the page before gave as `next`; empty for the first.
        count: how many at most.
        merged: whose posts besides, such as a child's siblings.
    """
    named = dict.fromkeys((log, *merged)) if log else {}
    feeds = [feed_of(session, read_id(one)) for one in named] or list(session.feeds.values())
    now = session.world.clock()
    rows = sorted((row for feed in feeds for row in _order(feed, now)), reverse=True)
    start = 0
    if before:
        ids = [session.feeds[of].entries[seq].id for _, seq, of in rows]
        start = ids.index(read_id(before)) + 1 if read_id(before) in ids else len(ids)
    page = rows[start : start + count]
    found: dict[tuple[bytes, int], Post] = {}
    for of in {of for _, _, of in page}:
        feed, seqs = session.feeds[of], [seq for _, seq, row_of in page if row_of == of]
        shown = show_posts(feed, seqs, viewer(session, feed))
        found.update({(of, post.seq): post for post in shown})
    ordered = tuple(found[of, seq] for _, seq, of in page)
    more = start + count < len(rows)
    return Page(posts=ordered, next=ordered[-1].id if more and ordered else "")


def _order(feed: Feed, now: int) -> list[tuple[int, int, bytes]]:
    # A clock may be wrong, or lie: within a stream the log's order stands, and nothing is later
    # than now, so that no post can keep itself at the top.
    rows: list[tuple[int, int, bytes]] = []
    for seq in sorted(feed.targets, reverse=True):
        now = min(now, feed.targets[seq].time)
        rows.append((now, seq, feed.log))
    return rows


def mark_read(session: Session, log: str, seq: int) -> None:
    """Note that posts up to a seq were read; never back."""
    note = session.notes.get(read_id(log), Note())
    if seq > note.read:
        put_note(session, read_id(log), replace(note, read=seq))


def team_not_seen(session: Session, log: str) -> tuple[Person, ...]:
    """Return who is on a team but was not on the screen when it was last looked at; never me."""
    feed = feed_of(session, read_id(log))
    seen = {session.me, *session.notes.get(feed.log, Note()).seen}
    listed = (person for person, _ in feed.recipients(session.directory))
    return tuple(show_person(session.directory, p) for p in listed if p not in seen)


def mark_team_seen(session: Session, log: str, more: Sequence[str] | None = None) -> None:
    """Note that a team as it is now, or only some `more` of it, was on the screen."""
    feed = feed_of(session, read_id(log))
    note = session.notes.get(feed.log, Note())
    if more is None:
        seen = {person for person, _ in feed.recipients(session.directory)}
    else:
        seen = {*note.seen, *map(read_id, more)}
    put_note(session, feed.log, replace(note, seen=tuple(sorted(seen))))


def viewer(session: Session, feed: Feed) -> Viewer:
    """Return who looks at a stream."""
    read = session.notes.get(feed.log, Note()).read
    now, vouched = session.world.clock(), session.vouched.get(feed.log, NOT_VOUCHED)
    return Viewer(session.me, session.directory, session.feeds, read, now, vouched)
