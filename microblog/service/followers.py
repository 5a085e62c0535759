"""The streams that a person follows, or followed."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from microblog.service.sessions import Who
from microblog.store import followers, logs


class Followed(NamedTuple):
    """A stream and the newest entry of it that someone may have; `until` is set once removed."""

    log: bytes
    seq: int
    id: bytes
    until: int | None


def read_followed(session: Session, who: Who) -> list[Followed]:
    """Return the streams on whose list someone is or was, each as far as they may read it."""
    found: list[Followed] = []
    for reach in followers.read_reaches(session, who.person):
        head_id = reach.head_id
        if reach.until_seq is not None:
            head_id = logs.read_ids(session, reach.log, reach.until_seq, 1)[0]
        found.append(Followed(reach.log, reach.last_seq, head_id, reach.until_seq))
    return found
