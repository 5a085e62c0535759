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
class Child:
    """A child or household that I follow, or followed.

    `sort` is empty while nothing could be opened. `members` are exactly those to whom a post is
    sealed; `leaving` are listed but have left, `changing` are listed and lost a device: the next
    entry will be a new epoch, without the former. `last_post` is 0 if there is none. `households`
    are all of a child's, the past ones too; `children` those I follow who live or lived in a
    household; `siblings` those I follow who live in a household with this child now. `described` is
    the seq of what says all this, -1 if nothing opens. `vouched` is the time of the newest head of
    this stream that a witness signed and that is here, 0 if there is none.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post; words and marks are empty unless `state` is shown or withdrawn.

    `state` is one of shown, withdrawn, erased, void, withheld, waiting. `odd_time`: earlier than
    the entry before, or in the future. `doubtful`: signed by a device after it was lost, and before
    that was known. `newer`: some of it was written with a newer version.
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
    withdrawn: Withdrawn | None
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Someone's supervisor is not on the teams of children that they follow and I keep."""

    person: Person
    supervisor: Person
    logs: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Someone lost every device and is back as a new person: keepers are asked once to let them in.

    `logs` are those that I keep and the former person was on, `roles` what they were there.
    """

    person: Person
    former: Person
    logs: tuple[str, ...]
    roles: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Someone asks to follow a stream that I keep; an empty reason could not be opened."""

    log: str
    person: Person
    reason: str
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """I asked these keepers to let me follow a stream, and nobody has answered yet."""

    log: str
    keepers: tuple[Person, ...]
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything but the posts; `online`: did the last refresh reach the server.

    `sheets`: how many recovery sheets of mine are good.

    `restoring`: the server is being put back: there is reading, but no posting.
    `may_send_unvouched`: whether an author may post while nobody vouches for the server.
    """

    practice: str
    fingerprint: str
    me: Person
    people: tuple[Person, ...]
    agencies: tuple[Agency, ...]
    invites: tuple[Invite, ...]
    numbers: tuple[PhoneNumber, ...]
    children: tuple[Child, ...]
    proposals: tuple[Proposal, ...]
    returns: tuple[Return, ...]
    sheets: int
    requests: tuple[Request, ...]
    asked: tuple[Asked, ...]
    witness: Vouching
    witnesses: tuple[Witness, ...]
    may_send_unvouched: bool
    trouble: Trouble | None
    online: bool
    restoring: bool
    stored: bool


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
