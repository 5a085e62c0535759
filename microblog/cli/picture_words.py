"""A picture in plain English, as the screens say it: nothing is said that was not counted."""

from collections import Counter
from collections.abc import Sequence

from microblog.cli.words import KINDS, OUTCOMES
from microblog.client.shown import Concern
from microblog.client.shown_picture import Attempt, Mark, Picture, QuietAgency, Sighting, When

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTH, _DAY = len("2026-01"), len("2026-01-01")


def paragraph(picture: Picture, sort: str) -> str:
    """Return a picture as one paragraph.

    Only of a child is it said when it was seen.
    """
    first = [_counted(picture), *(_seen(picture) if sort == "child" else [])]
    sentences = ["; ".join(first), *_more(picture)]
    return " ".join(f"{sentence}." for sentence in sentences)


def concern_title(concern: Concern) -> str:
    """Return how many people say what: "Three people are worried this fortnight"."""
    what = "are worried" if concern.sort == "worried" else "see the same"
    return f"{_capital(number(len(concern.people)))} people {what} this fortnight"


def mark_words(mark: Mark) -> str:
    """Return all that a mark says but when and where; the scale never without its ends."""
    kind, outcome = KINDS.get(mark.kind, mark.kind) or "Post", mark.outcome
    tried = f": {OUTCOMES.get(outcome, outcome)}" if outcome else ""
    parts = (
        f"{kind}{tried}",
        f"scale {mark.scale} of 10 (0 not safe, 10 safe enough to close)" if mark.scale else "",
        {"worried": "worried", "well": "working well"}.get(mark.side, mark.side),
        "seen differently" if mark.differs else "",
        "corrected" if mark.corrected else "",
        "brought in" if mark.brought else "",
    )
    return ", ".join(part for part in parts if part)


def when_words(when: When) -> str:
    """Return when something happened: "3 October 2026, 14:30", "May 2026", "not sure when"."""
    if not when.at:
        return "not sure when"
    words = _moment(when.at)
    return f"posted {words}" if when.posted else words


def number(count: int) -> str:
    """Return a number in words as far as ten, then in figures."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def _counted(picture: Picture) -> str:
    if not picture.marks:
        return "Nothing has been posted yet"
    origin = _plural(picture.agencies, "agency", "agencies") if picture.agencies else "Records only"
    many = len(picture.marks)
    posts = f"{many:,} {'post' if many == 1 else 'posts'}"
    first = min((mark.when.first for mark in picture.marks if mark.when.first), default="")
    since = f" since {_since(first, picture.today)}" if first else ""
    return f"{origin}, {posts}{since}"


def _since(day: str, today: str) -> str:
    # A month without its year would be read as this year's.
    name = _MONTHS[int(day[5:_MONTH]) - 1]
    return name if day[:4] == today[:4] else f"{name} {int(day[:4])}"


def _seen(picture: Picture) -> list[str]:
    seen, attempts = picture.seen, picture.attempts
    if not picture.marks:
        return []
    tries = [_tries(attempts)] if attempts else []
    if seen is None:
        return ["no visit here says that the child was seen", *tries]
    if attempts and seen.days > 0:
        return [f"not seen for {_plural(seen.days, 'day', 'days')}", *tries]
    return [f"last {'seen alone' if seen.alone else 'seen'} {_days_ago(seen)}", *tries]


def _days_ago(seen: Sighting) -> str:
    if seen.days <= 0:
        return "today"
    return "yesterday" if seen.days == 1 else f"{seen.days} days ago"


def _tries(attempts: Sequence[Attempt]) -> str:
    many = len(attempts) > 1
    which = f"the last {number(len(attempts))} visits" if many else "the last visit"
    counts = Counter(attempt.outcome for attempt in attempts)
    if len(counts) == 1:
        times = which.replace("visits", "times") if many else "the last time"
        alike = {
            "not-let-in": f"{which} {'were' if many else 'was'} not let in",
            "not-seen": f"{which} did not see the child",
            "nobody-in": f"nobody was in at {which}",
            "not-brought": f"the child was not brought {times}",
        }
        return alike[attempts[0].outcome]
    each = [f"{OUTCOMES.get(how, how)} {_times(count)}" for how, count in counts.items()]
    return f"{which} did not see the child: {', '.join(each[:-1])} and {each[-1]}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{number(count)} times")


def _more(picture: Picture) -> list[str]:
    marks, tellers = picture.marks, picture.tellers
    people = "one person" if tellers == 1 else f"{number(tellers)} separate people"
    says = [f"It comes from {people}"] if marks else []
    differ = sum(mark.differs for mark in marks)
    undated = sum(not mark.when.first for mark in marks)
    unchecked = f"{_capital(number(picture.unchecked))} more {_are(picture.unchecked)}"
    unreadable = f"The words of {number(picture.unreadable)} more"
    counted = (
        (differ, f"{_capital(_posts(differ))} {_are(differ)} seen differently by somebody"),
        (undated, f"For {_posts(undated)} nobody is sure when"),
        (picture.unchecked, f"{unchecked} not checked yet, and not counted"),
        (picture.unreadable, f"{unreadable} cannot be read here"),
    )
    return [*says, *map(_quiet, picture.quiet), *(words for many, words in counted if many)]


def _quiet(agency: QuietAgency) -> str:
    # Always an agency, never a worker.
    every = "every day" if agency.usual == 1 else f"every {agency.usual} days"
    days = _plural(agency.days, "day", "days")
    return f"{agency.name or 'An agency'} has written nothing for {days}; usually it writes {every}"


def _moment(at: str) -> str:
    year = at[:4]
    if len(at) < _MONTH:
        return year
    month = f"{_MONTHS[int(at[5:_MONTH]) - 1]} {int(year)}"
    if len(at) < _DAY:
        return month
    day = f"{int(at[8:_DAY])} {month}"
    return f"{day}, {at[_DAY + 1 :]}" if len(at) > _DAY else day


def _posts(count: int) -> str:
    return "one post" if count == 1 else f"{number(count)} posts"


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
