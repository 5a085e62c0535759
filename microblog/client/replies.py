"""What a server answers, read strictly: rows, and values in JSON. Nothing of it is verified yet."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from microblog.client.shown_rounds import MailState, MailStates, RoundUpChoice
from microblog.protocol import shape
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import Value
from microblog.protocol.errors import Malformed
from microblog.protocol.log import Head

MANY = 2**32
EVERY = ("off", "daily", "weekly")
MAIL_STATES = ("sent", "waiting", "refused")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is signed to sign in, once and within two minutes."""

    challenge: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A stream that I follow, or followed: nothing newer than `until` is served to me.

    `lacking`: entries whose words a server that is being restored does not have.
    """

    log: bytes
    head: Head
    until: int | None
    lacking: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is new in one log, oldest first; `more`: the reply was cut here."""

    log: bytes
    entries: list[bytes]
    more: bool


def read_lacking(row: object) -> tuple[bytes, tuple[int, ...]]:
    """Return a log and the seqs that the server lacks the words of."""
    if not isinstance(row, dict):
        raise Malformed("what is lacking is not an object")
    seqs = [number_in({"seq": seq}, "seq") for seq in list_in(row, "seqs")]
    return bytes_in(row, "log"), tuple(seqs)


def read_listed(row: object, lacking: Mapping[bytes, tuple[int, ...]]) -> Listed:
    """Return a stream that is listed."""
    if not isinstance(row, dict):
        raise Malformed("a stream is not an object")
    until = None if row.get("until") is None else number_in(row, "until")
    head = Head(number_in(row, "seq"), bytes_in(row, "id"))
    log = bytes_in(row, "log")
    return Listed(log, head, until, lacking.get(log, ()))


def seqs_by_log(seqs: Mapping[bytes, int]) -> Json:
    """Return seqs by log as they are asked for."""
    return {encode_base64url(log): seq for log, seq in seqs.items()}


def read_fetched(row: Value) -> Fetched:
    """Return what is new in one log."""
    log, entries, more = shape.array(row, 3, 3, "log")
    return Fetched(
        shape.octets(log, (16,), "log"),
        [octets(entry) for entry in shape.array(entries, 0, MANY, "entries")],
        shape.uint(more, 1, "more") == 1,
    )


def read_choice(reply: Json) -> RoundUpChoice:
    """Return when my round-up comes."""
    at, nudges, mails, zone = (reply.get(name) for name in ("at", "nudges", "mails", "zone"))
    if not isinstance(nudges, bool) or not isinstance(mails, bool) or not isinstance(zone, str):
        raise Malformed("nudges, mails or zone is not what it should be")
    if not isinstance(at, str) or not _TIME.fullmatch(at):
        raise Malformed("at is not a time")
    return RoundUpChoice(
        every=_word_in(reply, "every", EVERY),
        at=at,
        weekday=_weekday_in(reply, "weekday"),
        nudges=nudges,
        quiet=tuple(_weekday_in({"day": day}, "day") for day in list_in(reply, "quiet")),
        mails=mails,
        zone=zone,
    )


def read_mail_states(reply: Json) -> MailStates:
    """Return what became of everyone's newest mail."""
    states = tuple(map(_read_mail_state, list_in(reply, "states")))
    return MailStates(looked=number_in(reply, "looked"), states=states)


def _read_mail_state(row: object) -> MailState:
    if not isinstance(row, dict):
        raise Malformed("a mail's state is not an object")
    return MailState(
        person=encode_base64url(bytes_in(row, "person")),
        state=_word_in(row, "state", MAIL_STATES),
        time=number_in(row, "time"),
        tries=number_in(row, "tries"),
        code=number_in(row, "code"),
    )


def read_json(reply: bytes) -> Json:
    """Return the object in a JSON reply."""
    try:
        value = json.loads(reply)
    except (ValueError, RecursionError):
        raise Malformed("the reply is not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("the reply is not a JSON object")
    return value


def list_in(reply: Json, name: str) -> list[object]:
    """Return a list in a reply."""
    value = reply.get(name)
    if not isinstance(value, list):
        raise Malformed(f"{name} is not a list")
    return value


def number_in(reply: Json, name: str) -> int:
    """Return a whole number in a reply."""
    value = reply.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Malformed(f"{name} is not a whole number")
    return value


def bytes_in(reply: Json, name: str) -> bytes:
    """Return bytes in a reply."""
    value = reply.get(name)
    if not isinstance(value, str):
        raise Malformed(f"{name} is not text")
    return decode_base64url(value)


def _weekday_in(reply: Json, name: str) -> int:
    day = number_in(reply, name)
    if day > 6:
        raise Malformed(f"{name} is not a day of the week")
    return day


def _word_in(reply: Json, name: str, words: Sequence[str]) -> str:
    value = reply.get(name)
    if not isinstance(value, str) or value not in words:
        raise Malformed(f"{name} is not a known word")
    return value


def octets(value: Value) -> bytes:
    """Return a value that is bytes."""
    if not isinstance(value, bytes):
        raise Malformed("not bytes")
    return value
