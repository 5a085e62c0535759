"""What is shown of everything but the posts, and what others ask of me."""

from dataclasses import dataclass

from microblog.client.shown import (
    Agency,
    Child,
    Invite,
    Person,
    PhoneNumber,
    Trouble,
    Vouching,
    Witness,
)


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
    `last_here`: when I was here before this visit, on any device of mine, in ms; 0: never.
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
    last_here: int
