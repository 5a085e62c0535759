"""What a person asks of many streams or says of one, and what comes back."""

from dataclasses import dataclass

from microblog.client.shown import DeviceRow, Invite, Person, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutDraft:
    """All that a keeper says of a child or household, in the place of what was said before.

    `relatives` are (name, relation), `households` (log, since, until), the past ones too.
    """

    name: str
    known_as: tuple[str, ...] = ()
    birth: tuple[str, str] = ("unknown", "")
    school: str = ""
    relatives: tuple[tuple[str, str], ...] = ()
    households: tuple[tuple[str, str, str], ...] = ()
    protected_address: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What became of one stream in an act on many; done: it is so now, by this act or before.

    `error` is the name of what went wrong, `code` the server's.
    """

    log: str
    done: bool
    error: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangingStream:
    """A stream that hangs on someone."""

    log: str
    name: str
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """What still hangs on someone: `streams` that I follow and they are listed in.

    `sole_keeper` are those of them where nobody else is keeper, `invites` the open ones that they
    issued, `supervises` who names them as supervisor or deputy.
    """

    streams: tuple[HangingStream, ...]
    sole_keeper: tuple[HangingStream, ...]
    invites: tuple[Invite, ...]
    supervises: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChild:
    """A child or household as a keeper describes it; `birth` is (born, due or unknown; date).

    `households` are the logs of those that it lives in from today.
    """

    name: str
    known_as: tuple[str, ...] = ()
    birth: tuple[str, str] = ("unknown", "")
    school: str = ""
    sort: str = "child"
    households: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a steward says of a person from now on; `left` is final."""

    person: str
    name: str
    job: str
    agency: str
    role: str
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What an invitation offers, from the verified directory."""

    practice: str
    name: str
    job: str
    agency: str
    role: str
    inviter: Person
    expiry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """How far linking this device has come: `state` is waiting, welcomed, done or over.

    `practice` and `name` say who lets it in, and where; both are empty while it waits.
    """

    state: str
    practice: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A recovery sheet as it is drafted: it counts when the groups asked for are typed back.

    `letters` are eight groups and their check, `asked` two of them, from 0.
    """

    letters: tuple[str, ...]
    link: str
    practice: str
    name: str
    fingerprint: str
    directory: tuple[int, str]
    asked: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Whose sheet it is, and what else holds their keys."""

    practice: str
    name: str
    devices: tuple[DeviceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An invitation to hand over: the link one way, the letters (in two fours) another."""

    link: str
    letters: str
    expiry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Whether a post went out; if not, `newcomers` are on the team but were not on the screen.

    Or nobody has vouched for the server, `unvouched` says since when (0: that is not why).
    """

    sent: bool
    newcomers: tuple[Person, ...]
    unvouched: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Whom a follow slip lets me ask; if I follow the stream already, there is nothing to ask."""

    log: str
    following: bool
    keepers: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whether a request went out; if not, the keepers are not those who were on the screen."""

    sent: bool
    keepers: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Posts, newest first, in the order posted; `next` is empty when that is all."""

    posts: tuple[Post, ...]
    next: str
