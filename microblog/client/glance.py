"""What is seen of a stream at a glance: for a line in a list, and for its supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.client.account import account_of
from microblog.client.facts import attempts_in, concern_in, due_in, nudged_in, seen_in
from microblog.client.parts import whole_posts
from microblog.client.rhythm import first_monday, quiet_in, weeks_of
from microblog.client.shown import Post
from microblog.client.shown_picture import Glance
from microblog.protocol.stream import Stream


@dataclass(frozen=True, slots=True)
class Glanced:
    """What was seen of a stream at a glance, and of what.

    `directory` is the id of its newest entry, and `opened` how many posts said something: an
    entry's words never change, they are opened, or erased by an entry that makes the stream
    another.
    """

    stream: Stream
    directory: bytes
    opened: int
    today: str
    glance: Glance

    def is_of(self, stream: Stream, directory: bytes, opened: int, today: str) -> bool:
        """Return whether it would be the same if it were taken again."""
        others = (directory, opened, today)
        return self.stream is stream and (self.directory, self.opened, self.today) == others


def glance_of(posts: Sequence[Post], today: str) -> Glance:
    """Return what is seen of a stream by its posts."""
    account = account_of(whole_posts(posts), today)
    seen = seen_in(account)
    weeks = weeks_of(account.said, first_monday((), today), today)
    return Glance(
        weeks=tuple(week.posts for week in weeks),
        concern=concern_in(account),
        seen=seen,
        attempts=len(attempts_in(account, seen)),
        quiet=quiet_in(account.shown, today),
        nudged=nudged_in(account),
        due=due_in(account),
    )
