"""What a picture of the pattern is drawn from, and what is said beside it: counted from posts."""

from dataclasses import dataclass

from microblog.client.shown import Concern, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When something happened: as precisely as its writer knew, in this machine's own time.

    `at` is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM, empty for "not sure when"; `first` and
    `last` are the days between which it lies, empty likewise. `posted`: nobody said when, so it is
    the time of posting.
    """

    at: str
    first: str
    last: str
    posted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One post in the picture; a text in parts is one.

    `agency_id`: whose lane; of what was brought in, that of its original author where it is one
    here, else empty. `lane` is its name, or "From records" where no agency here wrote it. `failed`:
    a visit that did not see the child. `differs`: a reply that sees it differently, or a post that
    has one. `corrected`: a correction stands beside it. `brought`: out of a spreadsheet.
    """

    log: str
    seq: int
    when: When
    agency_id: str
    lane: str
    kind: str
    outcome: str
    failed: bool
    scale: str
    side: str
    differs: bool
    corrected: bool
    brought: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An agency's marks; `sort` is the agency's, empty if there is none."""

    agency_id: str
    name: str
    sort: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Posts in a week, by when it happened; weeks begin on Monday."""

    monday: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thickness:
    """How thick a file gets: its weeks, without a gap until now."""

    log: str
    name: str
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A try to see the child that failed, since the child was last seen."""

    log: str
    seq: int
    when: When
    outcome: str
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietAgency:
    """An agency, never a person, that has posted nothing for longer than is usual for it.

    `days` since its last post; `usual`: days between its posts, the median.
    """

    agency_id: str
    name: str
    days: int
    usual: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The newest visit at which the child was seen; `days` until now, by the calendar."""

    log: str
    seq: int
    when: When
    days: int
    alone: bool
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDecision:
    """A decision whose review date has come, and that no later decision answers."""

    log: str
    seq: int
    id: str
    review: str
    by: Person
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The pattern of one stream, of a household with its children, or of all I follow.

    `log` is empty for all I follow. `marks` are in order of when; those not sure when come last.
    `lanes` are by name; `thickness` is the stream's first, then the others' by name; `attempts` are
    since the child was seen, newest first. `tellers`: separate people, so three voices through one
    agency are three. `unchecked` posts are not checked yet, and so not in it; `unreadable` ones are
    there, and their words are not. What was seen, tried and is of concern is of the stream alone,
    and of nobody for all I follow: that one child was seen says nothing of another.
    """

    log: str
    today: str
    marks: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    thickness: tuple[Thickness, ...]
    seen: Sighting | None
    attempts: tuple[Attempt, ...]
    tellers: int
    agencies: int
    quiet: tuple[QuietAgency, ...]
    concern: Concern | None
    unchecked: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """The newest post of the last 14 days that told supervisors at once."""

    seq: int
    time: int
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """A child, or a household, as its supervisor looks at it: `workers` are those they supervise.

    Ordered by name: nothing here is a rank.
    """

    log: str
    name: str
    workers: tuple[Person, ...]
    seen: Sighting | None
    attempts: int
    quiet: tuple[QuietAgency, ...]
    nudged: Nudged | None
    due: tuple[DueDecision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What is seen of a stream at a glance; `weeks` as in `Child`, the rest as in `Supervised`."""

    weeks: tuple[int, ...]
    concern: Concern | None
    seen: Sighting | None
    attempts: int
    quiet: tuple[QuietAgency, ...]
    nudged: Nudged | None
    due: tuple[DueDecision, ...]
