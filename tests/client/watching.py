"""What tests of a watched practice share: spans of time, and a server that shows less."""

from microblog.client.posting import post
from microblog.client.session import read_id
from microblog.client.shown import Draft
from tests.client.practice import child_of

MINUTE = 60
LATE = 15 * MINUTE + 1
DAY = 24 * 60 * MINUTE


def all_the_same(session, log, text):
    on_screen = [member.person.id for member in child_of(session, log).members]
    return post(session, log, Draft(text=text), on_screen, all_the_same=True)


def hide(practice, log, count=1):
    """Have the server show less of a stream than there is, and return what to show it again."""
    kept = practice.server.streams[read_id(log)]
    held, kept.entries[-count:] = kept.entries[-count:], []
    return lambda: kept.entries.extend(held)
