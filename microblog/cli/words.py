"""The words of the screens, as a terminal says them."""

from collections.abc import Sequence
from datetime import date

from microblog.client import columns
from microblog.client.shown import Child, Export, Member, Person, PhoneNumber, Post
from microblog.client.when import local_time

KINDS, HOWS = columns.KINDS, columns.HOWS
SURES = {"niggle": "niggle", "fairly": "fairly sure", "sure": "sure"}
SIDES = {"well": "working well", "worried": "worried"}
OUTCOMES = {code: label.lower() for code, label in columns.OUTCOMES.items()}
SORTS = ("council", "health", "school", "police", "housing", "other")
ROLES = ("practitioner", "supervisor", "steward")
TEAM_ROLES = ("follower", "supervisor", "keeper")
MAX_TEXT = 280
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

STATES = {
    "void": "An entry by {name} that cannot be read.",
    "withheld": "The server withholds this post by {name}; it is asked for again.",
    "waiting": "Sealed: nobody has handed this device the key yet.",
    "erased": "The words were erased: they had been put on the wrong child.",
    "destroyed": "The words were destroyed for good.",
}
TROUBLES = {
    "RolledBack": "the server shows less than it did, or something else: nothing is sent any more",
    "HeldBack": "a witness has seen more than the server shows: something is kept from you, or the"
    " witness lies",
    "ForkedLog": "a witness has seen something else here than the server shows: the server lies or"
    " the witness does, and nothing is sent until a steward has found out which",
    "TooNew": "written with a newer version: this app is too old, update it",
}
PROMISE = """\
What you write is part of the child's record. The child, a parent or a court may read it.
Only the people named as the team of a child can read what is posted there; not whoever runs the
server. They can see who posts and follows, where and when. A person on the team can copy what they
read. Whoever opens this device with your passphrase reads what you read.
Not for real children yet: there is no emergency access by two people."""


def name_of(person: Person) -> str:
    """Return a person's name, or that it is withheld."""
    return person.name or "name withheld"


def who(person: Person) -> str:
    """Return name, job and agency."""
    rest = ", ".join(part for part in (person.job, person.agency) if part)
    return f"{name_of(person)} ({rest})" if rest else name_of(person)


def child_name(child: Child) -> str:
    """Return a child's name, or the start of its id while nothing could be opened."""
    return child.name or f"stream {child.log[:8]}"


def age(child: Child, today: date) -> str:
    """Return how old a child is, in words."""
    how, when = child.birth
    if how == "unknown" or not when:
        return "age unknown"
    if how == "due":
        return f"due {when}"
    year, month, day = (*map(int, when.split("-")), 1, 1)[:3]
    months = (today.year - year) * 12 + today.month - month - (today.day < day)
    if months < 0:
        return f"born {when}"
    if months < 24:
        return f"{months} months" if len(when) > len("2020") else f"born {when}"
    about = "about " if len(when) == len("2020") else ""
    return f"{about}{months // 12} years"


def readers(members: Sequence[Member], agencies: int) -> str:
    """Return how many can read what is posted."""
    people = "1 person" if len(members) == 1 else f"{len(members)} people"
    return f"{people} in {count(agencies, 'agency', 'agencies')} can read this"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def duty(numbers: Sequence[PhoneNumber]) -> str:
    """Return what stands under every composer."""
    rings = "; ".join(ring(number) for number in numbers)
    whom = rings or "your own agency's front door: this practice has entered no number yet"
    return f"Nobody is on duty here. Danger now: 999. This is not a referral: ring {whom}."


def ring(number: PhoneNumber) -> str:
    """Return a number to ring."""
    hours = f" ({number.hours})" if number.hours else ""
    return f"{number.label} {number.number}{hours}".strip()


def moment(time_ms: int) -> str:
    """Return a time as people write it, by this machine's zone."""
    day, _, clock = local_time(time_ms).partition("T")
    return f"{int(day[8:])} {MONTHS[int(day[5:7]) - 1]} {day[:4]} {clock}"


def marks(post: Post) -> str:
    """Return a post's kind and marks in words."""
    parts = [HOWS.get(post.how, post.how), KINDS.get(post.kind, post.kind)]
    parts += [OUTCOMES.get(post.outcome, post.outcome), SURES.get(post.sure, post.sure)]
    if post.scale:
        parts.append(f"{post.scale} of 10 (0 not safe, 10 safe enough to close)")
    parts.append(SIDES.get(post.side, post.side))
    parts.append(f"happened {post.happened.replace('T', ' ')}" if post.happened else "")
    parts.append(f"from {post.source}" if post.source else "")
    parts.append(f"by {post.original}" if post.original else "")
    parts.append(f"because {post.reason}" if post.reason else "")
    parts.append(f"review {post.review}" if post.review else "")
    parts.append("nudge" if post.nudge else "")
    parts.append("time looks wrong" if post.odd_time else "")
    parts.append("written with a newer version" if post.newer else "")
    return " · ".join(part for part in parts if part)


def taken_out(export: Export) -> str:
    """Return which dates were taken out, and why."""
    span = " to ".join((export.start or "the beginning", export.end or "then"))
    return f"{span}: {export.why}"
