"""How often something is written: posts in each week, and agencies that write less than they did.

Never a person.
"""

import math
from collections.abc import Sequence
from statistics import median

from microblog.client.account import Said
from microblog.client.shown import Post
from microblog.client.shown_picture import QuietAgency, Week
from microblog.client.when import add_days, days_between, monday_of
from microblog.client.when import today as day_of

#: So many weeks are shown at least, the present one among them.
FEW_WEEKS = 12

_MOST_WEEKS = 520
_WEEK = 7

_LEAST_DAYS = 4  # on which an agency posted, before it has a rhythm
_LEAST_QUIET = 21  # days
_TIMES_USUAL = 3


def first_monday(said: Sequence[Said], today: str) -> str:
    """Return the Monday from which weeks are counted.

    It is that of the first post that has a date, and not too near or far.
    """
    monday = monday_of(today)
    near = add_days(monday, -_WEEK * (FEW_WEEKS - 1))
    far = add_days(monday, -_WEEK * (_MOST_WEEKS - 1))
    first = min([near, *(one.when.first for one in said if one.when.first)])
    return monday_of(max(first, far))


def weeks_of(said: Sequence[Said], start: str, today: str) -> tuple[Week, ...]:
    """Return the posts in each week from a Monday until today.

    Each stands in the week of the first day on which it may have happened.
    """
    counts = [0] * (days_between(start, today) // _WEEK + 1)
    for one in said:
        week = days_between(start, one.when.first) // _WEEK if one.when.first else -1
        if 0 <= week < len(counts):
            counts[week] += 1
    return tuple(
        Week(monday=add_days(start, _WEEK * at), posts=posts) for at, posts in enumerate(counts)
    )


def quiet_in(shown: Sequence[Post], today: str) -> tuple[QuietAgency, ...]:
    """Return the agencies that have posted nothing for longer than is usual for them, by name."""
    found = []
    for agency_id, (name, posted) in _posting_days(shown, today).items():
        days = sorted(posted)
        if len(days) < _LEAST_DAYS:
            continue
        usual = median(map(days_between, days, days[1:]))
        since = days_between(days[-1], today)
        if since > max(_LEAST_QUIET, _TIMES_USUAL * usual):
            whole = math.floor(usual + 0.5)
            found.append(QuietAgency(agency_id=agency_id, name=name, days=since, usual=whole))
    return tuple(sorted(found, key=lambda agency: (agency.name, agency.agency_id)))


def _posting_days(shown: Sequence[Post], today: str) -> dict[str, tuple[str, set[str]]]:
    # The days on which each agency wrote something here; what was brought in was written elsewhere.
    found: dict[str, tuple[str, set[str]]] = {}
    for post in shown:
        if not post.row and post.author.agency_id:
            _, days = found.setdefault(post.author.agency_id, (post.author.agency, set()))
            days.add(min(day_of(post.time), today))
    return found
