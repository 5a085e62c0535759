"""What the posts of a stream add up to: pure, and nothing but counting.

No post is weighed against another, and nothing here says what will happen.
"""

from collections.abc import Sequence

from microblog.client.account import Account, Said, Voice, by_of
from microblog.client.shown import Concern, Place, Post
from microblog.client.shown_picture import Attempt, DueDecision, Nudged, Sighting
from microblog.client.when import add_days, compare_when, days_between, when_order
from microblog.client.when import today as day_of

_SEEN = ("seen", "alone")
_FAILED = ("not-seen", "not-let-in", "nobody-in", "not-brought")
_MINUTE = len("T00:00")

_CONCERN_DAYS = 14
_VOICES = 3


def seen_in(account: Account) -> Sighting | None:
    """Return the newest visit that saw the child.

    What only names a month or a year counts as its first day.
    """
    newest: Said | None = None
    for one in account.said:
        if one.post.kind != "visit" or one.post.outcome not in _SEEN:
            continue
        # Nobody was seen on a day that has not come.
        if not one.when.first or one.when.first > account.today:
            continue
        if newest is None or compare_when(one.when, newest.when) >= 0:
            newest = one
    if newest is None:
        return None
    post, when = newest.post, newest.when
    days, alone = days_between(when.first, account.today), post.outcome == "alone"
    return Sighting(log=post.log, seq=post.seq, when=when, days=days, alone=alone, by=by_of(post))


def attempts_in(account: Account, seen: Sighting | None) -> tuple[Attempt, ...]:
    """Return the visits that failed since the child was last seen, the newest first.

    If it never was, they are all; those not sure when come last.
    """
    failed = [one for one in account.said if is_failed(one.post) and _is_since(seen, one)]
    # Of those at the same time the later in the stream comes first.
    dated = sorted((one for one in failed if one.when.first), key=lambda one: when_order(one.when))
    undated = [one for one in failed if not one.when.first]
    return tuple(
        Attempt(
            log=one.post.log,
            seq=one.post.seq,
            when=one.when,
            outcome=one.post.outcome,
            by=by_of(one.post),
        )
        for one in (*dated[::-1], *undated[::-1])
    )


def is_failed(post: Post) -> bool:
    """Return whether a post is a visit that did not see the child."""
    return post.kind == "visit" and post.outcome in _FAILED


def tellers_in(account: Account) -> int:
    """Return how many separate people say something."""
    return len({voice.who for voice in account.voices})


def concern_in(account: Account) -> Concern | None:
    """Return whether three people marked worried within the 14 days up to today, or see the same.

    What counts is when they said so here; of a row brought in, when it happened, because bringing
    in is not saying.
    """
    start = add_days(account.today, -_CONCERN_DAYS)
    fresh = [voice for voice in account.voices if voice.day and start <= voice.day <= account.today]
    worried = [voice for voice in fresh if voice.post.side == "worried"]
    if _is_enough(worried):
        return _concern("worried", worried)
    found: Concern | None = None
    for some in _by_post(fresh).values():
        if _is_enough(some):
            one = _concern("same", some)
            found = one if found is None or one.end >= found.end else found
    return found


def due_in(account: Account) -> tuple[DueDecision, ...]:
    """Return the decisions whose review date has come, and that no later decision answers."""
    answered: dict[str, int] = {}  # the newest answer's seq, by id
    for post in account.shown:
        if post.kind == "decision" and post.how != "correction":
            answered.update({account.about.get(of, of): post.seq for of in post.refers})
    due = (one.post for one in account.said if one.post.kind == "decision" and one.post.review)
    return tuple(
        DueDecision(
            log=post.log,
            seq=post.seq,
            id=post.id,
            review=post.review,
            by=by_of(post),
            text=post.text,
        )
        for post in due
        if post.review <= account.today and answered.get(post.id, -1) <= post.seq
    )


def nudged_in(account: Account) -> Nudged | None:
    """Return the newest post of the last 14 days that told supervisors at once."""
    newest: Nudged | None = None
    for post in account.shown:
        if post.nudge and days_between(day_of(post.time), account.today) <= _CONCERN_DAYS:
            newest = Nudged(seq=post.seq, time=post.time, by=post.author)
    return newest


def _is_since(seen: Sighting | None, one: Said) -> bool:
    # Where only the day is known of either, the order in which they stand in the stream decides.
    if seen is None:
        return True
    if one.when.first != seen.when.first:
        return one.when.first > seen.when.first
    time, last = one.when.at[-_MINUTE:], seen.when.at[-_MINUTE:]
    if time.startswith("T") and last.startswith("T") and time != last:
        return time > last
    return one.post.log == seen.log and one.post.seq > seen.seq


def _is_enough(voices: Sequence[Voice]) -> bool:
    return len({voice.who for voice in voices}) >= _VOICES


def _by_post(voices: Sequence[Voice]) -> dict[str, list[Voice]]:
    found: dict[str, list[Voice]] = {}
    for voice in voices:
        found.setdefault(voice.to, []).append(voice)
    return found


def _concern(sort: str, voices: Sequence[Voice]) -> Concern:
    ordered = sorted(voices, key=lambda voice: voice.day)
    people: dict[str, str] = {}
    for voice in ordered:
        people.setdefault(voice.who, _called(voice.post))
    return Concern(
        sort=sort,
        people=tuple(people.values()),
        start=ordered[0].day,
        end=ordered[-1].day,
        posts=tuple(Place(log=voice.post.log, seq=voice.post.seq) for voice in ordered),
    )


def _called(post: Post) -> str:
    if post.kind == "told" and post.source:
        return post.source
    by = by_of(post)
    return ", ".join(part for part in (by.job, by.agency) if part) or by.name
