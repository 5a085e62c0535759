"""A post in one line of at most 160 characters: what sort, when, whose job, and its first words.

Never the scale: it is not said without its words, for which there is no room.
"""

import re

from microblog.client.columns import HOWS, KINDS, OUTCOMES, SIDES
from microblog.client.shown import Post
from microblog.client.when import days_between, local_time, monday_of, when_of

MOST = 160

_MOST_JOB = 40
_NEAR = 20  # a word that begins so near the end is left out rather than cut
_DAY = len("2026-01-01")
_WEEK = 7
_SPACES = re.compile("[ \t\n\v\f\r\u0085\u00a0\u2028\u2029]+")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_STATES = {
    "withdrawn": "withdrawn",
    "erased": "erased, it was on the wrong child",
    "destroyed": "destroyed for good",
    "void": "cannot be read",
    "withheld": "withheld by the server",
    "waiting": "its key has not come yet",
}


def line_of(post: Post, now: int) -> str:
    """Return a post as one line, its sort before the first " · "; `now` (ms): when it is read."""
    head = f"{_say_sort(post, now)} · {_say_time(post.time, now)} · {_say_who(post)}"
    text = _fold(post.text) if post.state == "shown" else ""
    return _cut(f"{head}: {text}" if text else head, MOST)


def _say_sort(post: Post, now: int) -> str:
    if post.state in _STATES:
        return f"Post, {_STATES[post.state]}"
    kind = KINDS.get(post.kind, _fold(post.kind))
    own = HOWS.get(post.how, _fold(post.how)) if post.how else kind
    more = [
        *([kind] if post.how in ("correction", "different") else []),
        *([OUTCOMES.get(post.outcome, _fold(post.outcome))] if post.outcome else []),
        *([SIDES.get(post.side, _fold(post.side))] if post.side else []),
    ]
    return ", ".join([own + _say_happened(post, now), *map(_lower, more)])


def _say_happened(post: Post, now: int) -> str:
    # On which day it happened, where that was not the day it was posted.
    when = when_of(post)
    same = when.at[:_DAY] == local_time(post.time)[:_DAY]
    return "" if when.posted or not when.at or same else f" of {_say_date(when.at[:_DAY], now)}"


def _say_who(post: Post) -> str:
    if post.mine:
        return "you"
    return _cut(_fold(post.author.job) or _fold(post.author.agency) or "someone", _MOST_JOB)


def _say_time(time: int, now: int) -> str:
    at = local_time(time)
    day, clock = at[:_DAY], at[_DAY + 1 :]
    days = days_between(day, local_time(now)[:_DAY])
    if days == 0:
        return clock
    near = 0 < days < _WEEK
    return f"{_DAYS[days_between(monday_of(day), day)] if near else _say_date(day, now)} {clock}"


def _say_date(date: str, now: int) -> str:
    # "3 Nov", "Nov 2025", "2025": the year where it is not this one, or where no day is known.
    year, *rest = date.split("-")
    if not rest:
        return year
    name = _MONTHS[int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{name} {year}"
    return f"{int(rest[1])} {name}{'' if local_time(now).startswith(year) else f' {year}'}"


def _fold(text: str) -> str:
    # The words of others on one line.
    return _SPACES.sub(" ", text).strip(" ")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _cut(text: str, most: int) -> str:
    # Cut at a word, where there is one near enough to the end.
    if len(text) <= most:
        return text
    space = text.rfind(" ", 0, most)
    return f"{text[: space if space >= most - _NEAR else most - 1].rstrip(' ')}…"
