"""What a person asks of many streams or says of one, and what comes back."""

from dataclasses import dataclass

from microblog.client.shown import Invite, Person


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
