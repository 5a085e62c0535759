"""What is taken out as a spreadsheet or on paper."""

from collections.abc import Sequence

from microblog.client.chronology import chronology_of
from microblog.client.reading import all_posts
from microblog.client.session import Session
from microblog.client.shown_rows import Chronology
from microblog.client.telling import check_dates, streams_of
from microblog.protocol.base64url import encode_base64url


def chronology(session: Session, logs: Sequence[str], start: str, end: str) -> Chronology:
    """Return the chronology of some streams; no log: all that I follow.

    Raises:
        Malformed: the first date is later than the last.
        NotFollowed: one of them is none of mine.
    """
    check_dates(start, end)
    abouts = {encode_base64url(feed.log): feed.about() for feed in streams_of(session, logs)}
    names = {log: about.name if about else "" for log, about in abouts.items()}
    # No log means all to `all_posts`, those that I left as well.
    posts = all_posts(session, list(names)).posts if names else ()
    return chronology_of(posts, names, start, end)
