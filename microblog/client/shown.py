"""What may be shown: every word was verified, or came out of a verified body.

Ids are base64url, times milliseconds since 1970.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff; an empty name is shown as "name withheld".

    `supervisor` is a person's id, empty if they name none.
    """

    id: str
    name: str
    job: str
    agency: str
    agency_id: str
    role: str
    left: bool
    phone: str
    email: str
    supervisor: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """What holds somebody's keys: a device, or (`sort` is paper) a recovery sheet.

    `until`: 0 means no end; `mine`: this one; `last_use`: the time of the newest entry that it
    signed, of those that I hold, or 0.
    """

    key: str
    name: str
    sort: str
    since: int
    until: int
    revoked: bool
    mine: bool
    last_use: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that people work for."""

    id: str
    name: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A place kept for someone by `inviter`; `state` is open, used, revoked or expired."""

    id: str
    name: str
    job: str
    agency: str
    role: str
    expiry: int
    inviter: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """A number to ring; an empty agency means it is for everybody."""

    agency_id: str
    label: str
    number: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Someone on a team: since when, let in by whom, and why.

    `via`: the household through which they came, its log; empty: none.
    """

    person: Person
    role: str
    since: int
    by: Person
    why: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Someone who belongs to a child, in the words of its keeper."""

    name: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Where a child lives or lived; in a household, who does.

    `name` is empty for a household that I do not follow, `until` while it lasts.
    """

    log: str
    name: str
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """A child that lives in a household with another now."""

    log: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a log cannot be trusted from `seq` on: the name of a protocol error."""

    error: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """The newest visit at which the child was seen."""

    time: str
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Who took me off the team, and when."""

    by: Person
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Who took a copy out, when and why; dates are empty for the beginning, and for then."""

    by: Person
    time: int
    format: str
    start: str
    end: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MayStillRead:
    """Someone taken off the team, which no witness has seen yet: the server may hide it.

    `since` is when they were taken off; `alarm`: that was longer ago than a witness takes.
    """

    person: Person
    since: int
    alarm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """Whether there is someone else than the server who says what it should show, and how lately.

    `newest` is the time of the newest good head of the directory, 0 if there is none; `state` is
    none (no witness is named), good, late (over 15 minutes), old (over 24 hours) or missing.
    """

    named: bool
    newest: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness's key, as the directory has it.

    `accuses`: it is on its word that the directory, or a stream that I follow, is in trouble.
    """

    key: str
    since: int
    ended: bool
    accuses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post stands."""

    log: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Three people marked worried within 14 days, or see the same: `sort` says which.

    `people` is who says so: job and agency, or who told; never ordered by anything but when.
    `start` and `end` are the first and last day of it, `posts` those that make it so.
    """

    sort: str
    people: tuple[str, ...]
    start: str
    end: str
    posts: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child or household that I follow, or followed.

    `sort` is empty while nothing could be opened. `members` are exactly those to whom a post is
    sealed; `leaving` are listed but have left, `changing` are listed and lost a device: the next
    entry will be a new epoch, without the former. `last_post` is 0 if there is none. `households`
    are all of a child's, the past ones too; `children` those I follow who live or lived in a
    household; `siblings` those I follow who live in a household with this child now. `described` is
    the seq of what says all this, -1 if nothing opens. `vouched` is the time of the newest head of
    this stream that a witness signed and that is here, 0 if there is none. `weeks` are the posts in
    each of the last twelve weeks, by when it happened, oldest first. `words` are two, made of the
    id: how a round-up calls it.
    """

    log: str
    sort: str
    name: str
    known_as: tuple[str, ...]
    birth: tuple[str, str]
    school: str
    relatives: tuple[Relative, ...]
    households: tuple[Stay, ...]
    children: tuple[Stay, ...]
    siblings: tuple[Sibling, ...]
    described: int
    protected_address: bool
    closed: bool
    words: str
    weeks: tuple[int, ...]
    concern: Concern | None
    members: tuple[Member, ...]
    agencies: int
    my_role: str
    keeper: bool
    checked: int
    posts: int
    unread: int
    last_post: int
    last_seen: LastSeen | None
    waiting: bool
    leaving: tuple[Person, ...]
    changing: tuple[Person, ...]
    removed: Removed | None
    vouched: int
    may_still_read: tuple[MayStillRead, ...]
    exports: tuple[Export, ...]
    trouble: Trouble | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Who took a post back, when and why."""

    by: Person
    time: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A later post that refers to this one."""

    how: str
    author: Person
    seq: int
    id: str
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post; words and marks are empty unless `state` is shown or withdrawn.

    `state` is one of shown, withdrawn, erased, void, withheld, waiting. `odd_time`: earlier than
    the entry before, or in the future. `doubtful`: signed by a device after it was lost, and before
    that was known. `newer`: some of it was written with a newer version. A text in `parts` is shown
    as one, the first. `row`: what an imported row is recognised by. `quiet`: no news. `rows`: 0, or
    it stands for so many rows brought in by one person, one after another.
    """

    log: str
    seq: int
    id: str
    author: Person
    time: int
    odd_time: bool
    doubtful: bool
    nudge: bool
    mine: bool
    unread: bool
    state: str
    newer: bool
    text: str
    kind: str
    sure: str
    scale: str
    side: str
    happened: str
    written: int
    refers: tuple[str, ...]
    how: str
    source: str
    original: str
    outcome: str
    reason: str
    review: str
    part: int
    parts: int
    row: str
    quiet: bool
    rows: int
    withdrawn: Withdrawn | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A post as its writer left it."""

    text: str
    kind: str = "hunch"
    sure: str = ""
    scale: str = ""
    side: str = ""
    happened: str = ""
    source: str = ""
    outcome: str = ""
    reason: str = ""
    review: str = ""
    refers: tuple[str, ...] = ()
    how: str = ""
    nudge: bool = False
