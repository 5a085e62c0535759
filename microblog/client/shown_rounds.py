"""Round-ups: when they come by mail, and the day as this device tells it."""

from dataclasses import dataclass

from microblog.client.shown_picture import DueDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundUpChoice:
    """When someone wants their round-up; the server keeps it, because the server mails.

    `every` is off, daily or weekly; `at` HH:MM by the practice's clock, `zone`; `weekday` is a
    weekly one's, 0 is Monday; `nudges`: at once; nothing else comes on `quiet` weekdays. `mails`:
    does this server send mail at all.
    """

    every: str
    at: str
    weekday: int
    nudges: bool
    quiet: tuple[int, ...]
    mails: bool
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """What the mail server said last about a person's round-ups: sent, waiting or refused.

    `code` is SMTP's; 0: the mail server could not be reached.
    """

    person: str
    state: str
    time: int
    tries: int
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStates:
    """Everyone's newest mail; `looked`: when the server last looked after round-ups, 0: never."""

    looked: int
    states: tuple[MailState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundUpLine:
    """One post in at most 160 characters; `answered`: I have said that I see this too."""

    log: str
    seq: int
    id: str
    state: str
    line: str
    kind: str
    outcome: str
    how: str
    nudge: bool
    unread: bool
    mine: bool
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundUpChild:
    """A child's lines, oldest first; `words` are the two of the stream's id, as in the mail."""

    log: str
    name: str
    words: str
    lines: tuple[RoundUpLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundUp:
    """The day: children by name, and what is due for review, by date.

    `since` is YYYY-MM-DD, empty for all that is unread. `posts` are of others, as the mail counts
    them, `nudges` among those; `unchecked` ones are not checked yet, and so not in it.
    """

    since: str
    children: tuple[RoundUpChild, ...]
    posts: int
    nudges: int
    due: tuple[DueDecision, ...]
    unchecked: int
