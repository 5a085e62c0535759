"""The pattern of a stream, or of all I follow, counted from posts; and a supervisor's view."""

from collections.abc import Mapping, Sequence

from microblog.client.account import RECORDS, Account, Said, account_of, by_of, fold
from microblog.client.facts import attempts_in, concern_in, is_failed, seen_in, tellers_in
from microblog.client.reading import all_posts, viewer
from microblog.client.rhythm import first_monday, quiet_in, weeks_of
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import (
    glance_at,
    show_agencies,
    show_members,
    show_people,
    show_person,
)
from microblog.client.shown import Agency, Person
from microblog.client.shown_picture import Lane, Mark, Picture, Supervised, Thickness
from microblog.client.when import today as day_of
from microblog.client.when import when_order
from microblog.protocol.base64url import encode_base64url


def picture(session: Session, log: str, beside: Sequence[str] = ()) -> Picture:
    """Return what a picture of a stream is drawn from, or, if `log` is empty, of all I follow.

    Its figures are of the stream alone, and those `beside` it only get thick in step: that a
    sibling was seen says nothing of a child. So, too, nobody was seen, or tried to be, of all I
    follow taken together.
    """
    today = day_of(session.world.clock())
    found = all_posts(session, (log,) if log else ())
    account = account_of(found.posts, today)
    agencies = show_agencies(session.directory)
    marks = marks_of(account.said, agencies)
    seen = seen_in(account) if log else None
    return Picture(
        log=log,
        today=today,
        marks=marks,
        lanes=lanes_of(marks, agencies),
        thickness=_thickness(session, log, account, beside),
        seen=seen,
        attempts=attempts_in(account, seen) if log else (),
        tellers=tellers_in(account),
        agencies=len({mark.agency_id for mark in marks if mark.agency_id}),
        quiet=quiet_in(account.shown, today),
        concern=concern_in(account) if log else None,
        unchecked=found.unchecked,
        unreadable=account.unreadable,
    )


def supervision(session: Session) -> tuple[Supervised, ...]:
    """Return the children that those whom I supervise work with, by name.

    A supervisor of nobody is shown all they follow.
    """
    directory = session.directory
    me = show_person(directory, session.me)
    mine = {one.id for one in show_people(directory) if not one.left and _supervises(me, one)}
    found = []
    for feed in session.feeds.values():
        members = show_members(feed, directory)
        workers = tuple(member.person for member in members if member.person.id in mine)
        all_mine = not mine and me.role == "supervisor"
        if session.me not in feed.stream.roles or not (workers or all_mine):
            continue
        glance, about = glance_at(feed, viewer(session, feed)), feed.about()
        found.append(Supervised(
            log=encode_base64url(feed.log), name=about.name if about else "", workers=workers,
            seen=glance.seen, attempts=glance.attempts, quiet=glance.quiet, nudged=glance.nudged,
            due=glance.due,
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.name, one.log)))


def _supervises(me: Person, other: Person) -> bool:
    return other.supervisor == me.id or me.id in other.deputies


def marks_of(said: Sequence[Said], agencies: Sequence[Agency]) -> tuple[Mark, ...]:
    """Return a mark for each post, in order of when it happened."""
    known = {fold(agency.name): agency for agency in agencies}
    marks = (_mark(one, known) for one in said)
    return tuple(sorted(marks, key=lambda mark: when_order(mark.when)))


def _mark(one: Said, known: Mapping[str, Agency]) -> Mark:
    post = one.post
    agency_id, lane = post.author.agency_id, post.author.agency
    if post.row:
        agency = known.get(fold(by_of(post).agency))
        agency_id, lane = (agency.id, agency.name) if agency else ("", RECORDS)
    return Mark(
        log=post.log,
        seq=post.seq,
        when=one.when,
        agency_id=agency_id,
        lane=lane,
        kind=post.kind,
        outcome=post.outcome,
        failed=is_failed(post),
        scale=post.scale,
        side=post.side,
        differs=one.differs,
        corrected=one.corrected,
        brought=post.row != "",
    )


def lanes_of(marks: Sequence[Mark], agencies: Sequence[Agency]) -> tuple[Lane, ...]:
    """Return the lanes that marks stand in, by name."""
    sorts = {agency.id: agency.sort for agency in agencies}
    counts: dict[tuple[str, str], int] = {}
    for mark in marks:
        place = (mark.lane, mark.agency_id)
        counts[place] = counts.get(place, 0) + 1
    return tuple(
        Lane(agency_id=agency_id, name=name, sort=sorts.get(agency_id, ""), posts=posts)
        for (name, agency_id), posts in sorted(counts.items())
    )


def _thickness(
    session: Session, log: str, account: Account, beside: Sequence[str]
) -> tuple[Thickness, ...]:
    """Return weeks that are all in step: they begin with the first week of any of them."""
    today = account.today
    others = []
    for other in {*beside} - {log}:
        posts = all_posts(session, (other,)).posts
        others.append((_name(session, other), other, account_of(posts, today).said))
    own = (_name(session, log) if log else "", log, account.said)
    rows = (own, *sorted(others, key=lambda row: row[:2]))
    start = min(first_monday(said, today) for _, _, said in rows)
    return tuple(
        Thickness(log=of, name=name, weeks=weeks_of(said, start, today)) for name, of, said in rows
    )


def _name(session: Session, log: str) -> str:
    about = feed_of(session, read_id(log)).about()
    return about.name if about else ""
