"""What a person sees: who works here, whom they follow, and the posts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from microblog.client.asks import asked, requests
from microblog.client.devices import count_sheets
from microblog.client.feed import Feed
from microblog.client.freshness import may_send_unvouched, show_vouching, show_witnesses
from microblog.client.heads import NOT_VOUCHED
from microblog.client.keeping import put_note
from microblog.client.marks import unread_again
from microblog.client.memory import Note
from microblog.client.messages import Page
from microblog.client.parts import whole_posts
from microblog.client.place import last_here
from microblog.client.proposals import proposals
from microblog.client.returns import returns
from microblog.client.runs import is_quiet, run_end, run_start, show_run
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
from microblog.client.shown import Child, Person, Post
from microblog.client.shown_overview import Overview
from microblog.client.when import when_of, when_order
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
        last_here=last_here(session.place, session.world.clock()),
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
        last = read_id(before)
        past = (at for at, row in enumerate(rows, 1) if _is_at(session.feeds[row[2]], row[3], last))
        start = next(past, len(rows))
    page = rows[start : start + count]
    found: dict[tuple[bytes, int], Post] = {}
    for of in {of for _, _, of, _ in page}:
        feed, lines = session.feeds[of], {row[1]: row[3] for row in page if row[2] == of}
        for post in show_posts(feed, lines, viewer(session, feed)):
            is_run = is_quiet(feed, post.seq)
            found[of, post.seq] = show_run(post, feed, lines[post.seq]) if is_run else post
    ordered = tuple(found[of, seq] for _, seq, of, _ in page)
    more = start + count < len(rows)
    return Page(posts=ordered, next=ordered[-1].id if more and ordered else "")


def brought_in(session: Session, log: str, seq: int) -> tuple[Post, ...]:
    """Return the rows that one line of a stream stands for, in order of when they happened."""
    feed = feed_of(session, read_id(log))
    seqs = sorted(feed.targets)
    if seq not in feed.targets or not is_quiet(feed, seq):
        return ()
    at = seqs.index(seq)
    rows = seqs[run_start(feed, seqs, at) : run_end(feed, seqs, at) + 1]
    found = whole_posts(show_posts(feed, rows, viewer(session, feed)))
    return tuple(sorted(found, key=lambda post: when_order(when_of(post))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPosts:
    """Every post of some streams, those in parts as one; `unchecked` ones are not among them."""

    posts: tuple[Post, ...]
    unchecked: int


def all_posts(session: Session, logs: Sequence[str]) -> AllPosts:
    """Return every post of some streams, in the order of each log; no log: all I follow."""
    feeds = [feed_of(session, read_id(log)) for log in dict.fromkeys(logs)]
    found: list[Post] = []
    for feed in feeds or session.feeds.values():
        found += whole_posts(show_posts(feed, sorted(feed.targets), viewer(session, feed)))
    return AllPosts(posts=tuple(found), unchecked=0)


def _order(feed: Feed, now: int) -> list[tuple[int, int, bytes, tuple[int, ...]]]:
    # A clock may be wrong, or lie: within a stream the log's order stands, and nothing is later
    # than now, so that no post can keep itself at the top. Rows brought in are one line.
    rows: list[tuple[int, int, bytes, tuple[int, ...]]] = []
    seqs = sorted(feed.targets)
    at = len(seqs) - 1
    while at >= 0:
        now = min(now, feed.targets[seqs[at]].time)
        first = run_start(feed, seqs, at)
        rows.append((now, seqs[at], feed.log, tuple(seqs[first : at + 1])))
        at = first - 1
    return rows


def _is_at(feed: Feed, seqs: Sequence[int], last: bytes) -> bool:
    # Since the page before, more rows may have come to the same line.
    return any(feed.entries[seq].id == last for seq in seqs)


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
    note, now = session.notes.get(feed.log, Note()), session.world.clock()
    vouched, again = session.vouched.get(feed.log, NOT_VOUCHED), unread_again(note)
    return Viewer(session.me, session.directory, session.feeds, note.read, now, vouched, again)
