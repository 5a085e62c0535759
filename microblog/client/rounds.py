"""The round-up: when it comes by mail, and the day as this device tells it, post by post."""

from datetime import datetime

from microblog.client.feed import Feed
from microblog.client.lines import line_of
from microblog.client.login import ask
from microblog.client.reading import viewer
from microblog.client.session import Session
from microblog.client.showing import FUTURE_MS, Viewer, glance_at, show_posts
from microblog.client.shown import Post
from microblog.client.shown_picture import DueDecision
from microblog.client.shown_rounds import (
    MailStates,
    RoundUp,
    RoundUpChild,
    RoundUpChoice,
    RoundUpLine,
)
from microblog.client.when import add_days, today
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.naming import two_words


def round_up(session: Session, days: int, *, unread: bool = False) -> RoundUp:
    """Return what was posted since so many days ago, or all that is unread: a line for each post.

    By child, each by name. Rows brought in are no news, and not in it.
    """
    since = "" if unread else add_days(today(session.world.clock()), -days)
    told = [_tell_stream(session, feed, since) for feed in session.feeds.values()]
    children = sorted((child for child in told if child.lines), key=lambda one: (one.name, one.log))
    others = [line for child in children for line in child.lines if not line.mine]
    due = [row for feed in session.feeds.values() for row in _due_in(session, feed)]
    return RoundUp(
        since=since,
        children=tuple(children),
        posts=len(others),
        nudges=sum(line.nudge for line in others),
        due=tuple(sorted(due, key=lambda row: (row.review, row.id))),
        unchecked=0,  # this client checks everything before it shows anything
    )


def round_up_choice(session: Session) -> RoundUpChoice:
    """Return when my round-up comes by mail, and whether this server mails at all."""
    return ask(session, session.transport.round_up)


def set_round_up_choice(session: Session, choice: RoundUpChoice) -> None:
    """Choose when my round-up comes by mail."""
    ask(session, lambda: session.transport.put_round_up(choice))


def mail_states(session: Session) -> MailStates:
    """Return what became of everyone's newest mail, as the server says; only a steward is told."""
    return ask(session, session.transport.round_ups)


def _tell_stream(session: Session, feed: Feed, since: str) -> RoundUpChild:
    look, about = viewer(session, feed), feed.about()
    posts = show_posts(feed, _new_in(feed, look, since), look)
    kept = (post for post in posts if post.unread or since)
    lines = (_tell_post(post, look) for post in kept if not (post.quiet and post.row))
    return RoundUpChild(
        log=encode_base64url(feed.log),
        name=about.name if about else "",
        words=two_words(feed.log),
        lines=tuple(lines),
    )


def _tell_post(post: Post, look: Viewer) -> RoundUpLine:
    me = encode_base64url(look.me)
    return RoundUpLine(
        log=post.log,
        seq=post.seq,
        id=post.id,
        state=post.state,
        line=line_of(post, look.now),
        kind=post.kind,
        outcome=post.outcome,
        how=post.how,
        nudge=post.nudge,
        unread=post.unread,
        mine=post.mine,
        answered=any(reply.how == "same" and reply.author.id == me for reply in post.replies),
    )


def _new_in(feed: Feed, look: Viewer, since: str) -> list[int]:
    # A clock may be wrong, or lie: what stands in the log after something of that day is of that
    # day too, so that no wrong clock keeps a post out; and a time that has not come is no day.
    if not since:
        return [seq for seq in sorted(feed.targets) if seq > look.read]
    start = datetime.fromisoformat(since).astimezone().timestamp() * 1000
    found, latest = [], 0
    for seq in sorted(feed.targets):
        time = feed.targets[seq].time
        if time <= look.now + FUTURE_MS:
            latest = max(latest, time)
        if max(latest, time) >= start:
            found.append(seq)
    return found


def _due_in(session: Session, feed: Feed) -> tuple[DueDecision, ...]:
    # Of a stream that I no longer follow nothing is asked of me.
    follows = session.me in feed.stream.roles
    return glance_at(feed, viewer(session, feed)).due if follows else ()
