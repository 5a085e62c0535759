"""Finding posts by words and by marks, over all that this device holds, in memory only.

Nothing of it is asked of the server, and nothing is kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from microblog.client.columns import OUTCOMES, split_original
from microblog.client.feed import Feed
from microblog.client.folding import Term, fold, occurs, terms_of
from microblog.client.parts import whole_posts
from microblog.client.reading import viewer
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import show_posts
from microblog.client.shown import Post
from microblog.client.when import add_days

_NEVER = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which posts are asked for; empty, or 0: whichever.

    `logs` are the streams, `person` the id of the author, `start` and `end` the days (YYYY-MM-DD)
    between which it was posted, `since` (ms) when what others posted later was.
    """

    logs: tuple[str, ...] = ()
    kind: str = ""
    agency_id: str = ""
    person: str = ""
    start: str = ""
    end: str = ""
    unread: bool = False
    since: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found, newest first; `total` of all pages."""

    posts: tuple[Post, ...]
    next: str
    total: int


def find(session: Session, words: str, filtered: Filter, before: str, count: int) -> Found:
    """Return a page of the posts in which every word occurs and that fit a filter.

    They come newest first, in the order posted; rows brought in stand each by itself.

    Args:
        session: mine.
        words: what is looked for; what stands in quotation marks as whole words.
        filtered: which posts.
        before: what the page before gave as `next`; empty for the first.
        count: how many at most.
    """
    feeds = [feed_of(session, read_id(log)) for log in dict.fromkeys(filtered.logs)]
    terms, fits = terms_of(words), _filter_of(session, filtered)
    found: list[tuple[int, int, str, Post]] = []
    for feed in feeds or session.feeds.values():
        about = [fold(name) for name in _called(feed)]
        shown = whole_posts(show_posts(feed, sorted(feed.targets), viewer(session, feed)))
        for time, post in _ordered(shown, session.world.clock()):
            if fits(post) and _has_all(post, about, terms):
                found.append((time, post.seq, post.id, post))
    found.sort(key=lambda row: row[:3], reverse=True)
    posts = [post for *_, post in found]
    past = (at for at, post in enumerate(posts, 1) if post.id == before)
    start = next(past, len(posts)) if before else 0
    page = tuple(posts[start : start + count])
    more = bool(page) and start + count < len(posts)
    return Found(posts=page, next=page[-1].id if more else "", total=len(posts))


def _called(feed: Feed) -> tuple[str, ...]:
    about = feed.about()
    return () if about is None else (about.name, *about.known_as)


def _ordered(posts: Sequence[Post], now: int) -> Iterable[tuple[int, Post]]:
    # A clock may be wrong, or lie: within a stream the log's order stands.
    for post in reversed(posts):
        now = min(now, post.time)
        yield now, post


# By marks


def _filter_of(session: Session, filtered: Filter) -> Callable[[Post], bool]:
    start = _start_of(filtered.start, 0)
    end = _start_of(add_days(filtered.end, 1) if filtered.end else "", _NEVER)
    directory = session.directory
    person = directory.persons.get(read_id(filtered.person)) if filtered.person else None
    agency = directory.agencies.get(read_id(filtered.agency_id)) if filtered.agency_id else None
    name, body = person.name if person else "", agency.name if agency else ""

    def fits(post: Post) -> bool:
        news = not post.mine and not post.quiet
        return (
            start <= post.time < end
            and filtered.kind in ("", post.kind)
            and (post.unread or not filtered.unread)
            and (not filtered.since or (news and post.time > filtered.since))
            and _is_by(post, filtered, name, body)
        )

    return fits


def _start_of(day: str, otherwise: int) -> int:
    if not day:
        return otherwise
    return round(datetime.fromisoformat(day).astimezone().timestamp() * 1000)


def _is_by(post: Post, filtered: Filter, name: str, agency: str) -> bool:
    """Return whether a post is by whom is asked for; a row brought in by whoever wrote it first."""
    if post.row:
        by, _, of = split_original(post.original)
        return (not filtered.person or _is_same(name, by)) and (
            not filtered.agency_id or _is_same(agency, of)
        )
    return filtered.person in ("", post.author.id) and (
        filtered.agency_id in ("", post.author.agency_id)
    )


def _is_same(name: str, other: str) -> bool:
    return bool(name) and fold(name) == fold(other)


# By words


def _has_all(post: Post, about: Sequence[str], terms: Sequence[Term]) -> bool:
    if not terms:
        return True
    outcome = OUTCOMES.get(post.outcome, post.outcome)
    said = (post.text, post.source, post.reason, post.original, outcome, post.author.name)
    texts = [*map(fold, said), *about]
    return all(any(occurs(text, term) for text in texts) for term in terms)
