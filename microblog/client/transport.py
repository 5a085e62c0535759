"""The server's HTTP interface, one method a call; whatever has the same methods can stand in."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import requests

from microblog.client.replies import (
    Challenge,
    Fetched,
    Json,
    Listed,
    bytes_in,
    list_in,
    number_in,
    octets,
    read_choice,
    read_fetched,
    read_json,
    read_lacking,
    read_listed,
    read_mail_states,
    seqs_by_log,
)
from microblog.client.shown_rounds import MailStates, RoundUpChoice
from microblog.protocol import shape
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import Malformed
from microblog.protocol.log import Head

CONNECT_SECONDS, READ_SECONDS = 10, 30
MAX_REPLY_BYTES = 64 * 1024 * 1024
NOT_MODIFIED = 304


class _Answer(NamedTuple):
    status: int
    data: bytes
    tag: str


class Unreachable(Exception):
    """Nothing of ours answered: no network, a time-out, or something in between that speaks up."""


class Refused(Exception):
    """The server said no: `code` is its word for why, `detail` which field."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class StaleHead(Refused):
    """Someone else was first: the log's `head` (None: it is empty) is not the one built on."""

    def __init__(self, detail: str, head: Head | None) -> None:
        super().__init__("stale-head", detail)
        self.head = head


class Transport(Protocol):
    """What a client asks of a server. Nothing that comes back is verified yet."""

    @property
    def origin(self) -> str:
        """The web origin that sign-ins are bound to."""

    def practice(self) -> bool:
        """Return whether the practice is founded."""

    def restoring(self) -> bool:
        """Return whether the server takes only what is given back after a restore."""

    def give_back(self, log: bytes, entries: Sequence[bytes]) -> Head:
        """Give back entries of a log, by whomever, and return the last one's place.

        Raises:
            StaleHead: they do not follow the log's head.
        """

    def given_back(self) -> None:
        """Say that all that this device holds was given back."""

    def challenge(self) -> Challenge:
        """Return something to sign."""

    def sign_in(self, sort: str, key: bytes, challenge: Challenge, signature: bytes) -> None:
        """Begin a session as a device or an invitation (`sort`)."""

    def sign_in_founding(self, token: str) -> None:
        """Begin the session in which the practice is founded."""

    def sign_out(self) -> None:
        """End the session."""

    def streams(self) -> list[Listed]:
        """Return the streams that I follow, or followed."""

    def fetch(
        self, since: Mapping[bytes, int], until: Mapping[bytes, int] | None = None
    ) -> list[Fetched]:
        """Return what these logs have from a seq on, of some only up to another."""

    def append(self, log: bytes, entries: Sequence[bytes]) -> Head:
        """Append all of these entries or none, and return the log's new head.

        Raises:
            StaleHead: they do not follow the log's head.
        """

    def boxes(self, log: bytes, epoch: int) -> list[tuple[bytes, bytes]]:
        """Return (person, box) of all that are stored of an epoch."""

    def put_boxes(self, log: bytes, epoch: int, boxes: Sequence[tuple[bytes, bytes]]) -> None:
        """Replace boxes of the newest epoch."""

    def heads(self) -> list[bytes]:
        """Return the newest heads, signed by witnesses, of the directory and of what I follow."""

    def keepers(self, log: bytes) -> list[bytes]:
        """Return who can let someone in to a stream."""

    def asks(self) -> list[bytes]:
        """Return my requests to follow, and those to the streams that I keep."""

    def put_ask(self, log: bytes, data: bytes) -> None:
        """Ask to follow a stream."""

    def delete_ask(self, log: bytes, person: bytes) -> None:
        """Take a request of mine back, or decline one."""

    def fingerprint(self) -> bytes | None:
        """Return which practice the server says that it serves, or None if none is founded."""

    def put_link(self, tag: bytes, slot: int, message: bytes) -> None:
        """Leave a sealed message for the other of two devices that are being linked."""

    def link(self, tag: bytes, slot: int) -> bytes | None:
        """Return the message that the other has left, or None if there is none."""

    def round_up(self) -> RoundUpChoice:
        """Return when my round-up comes by mail, and whether this server mails at all."""

    def put_round_up(self, choice: RoundUpChoice) -> None:
        """Choose when my round-up comes by mail."""

    def round_ups(self) -> MailStates:
        """Return what became of everyone's newest mail; only to a steward."""

    def own_note(self) -> tuple[int, bytes]:
        """Return the note of my own and its number; 0 and nothing if there is none."""

    def put_own_note(self, number: int, note: bytes) -> None:
        """Put the note of my own in place of the one of that number."""


class HttpTransport:
    """The real one. The session's cookie stays in memory.

    Every method raises Unreachable, Refused, or Malformed if the answer makes no sense.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        # As the server served it last, and its tag. When it says that nothing is newer, it says
        # this once more: it is compared with what was checked as any other list is.
        self._list: tuple[str, list[Listed]] | None = None
        self._http = requests.Session()
        self._http.headers["User-Agent"] = "microblog"

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def practice(self) -> bool:
        """Return whether the practice is founded."""
        return read_json(self._call("GET", "/practice")).get("founded") is True

    def restoring(self) -> bool:
        """Return whether the server takes only what is given back after a restore."""
        return read_json(self._call("GET", "/practice")).get("restoring") is True

    def give_back(self, log: bytes, entries: Sequence[bytes]) -> Head:
        """Give back entries of a log, by whomever, and return the last one's place."""
        place = "/directory" if log == DIRECTORY else f"/logs/{encode_base64url(log)}"
        reply = read_json(self._call("POST", f"{place}/give-back", encode(list(entries))))
        return Head(number_in(reply, "seq"), bytes_in(reply, "id"))

    def given_back(self) -> None:
        """Say that all that this device holds was given back."""
        self._call("POST", "/given-back")

    def challenge(self) -> Challenge:
        """Return something to sign."""
        reply = read_json(self._call("POST", "/challenges", {}))
        return Challenge(bytes_in(reply, "challenge"), number_in(reply, "time"))

    def sign_in(self, sort: str, key: bytes, challenge: Challenge, signature: bytes) -> None:
        """Begin a session as a device or an invitation (`sort`)."""
        body: Json = {
            "sort": sort,
            "key": encode_base64url(key),
            "challenge": encode_base64url(challenge.challenge),
            "time": challenge.time,
            "signature": encode_base64url(signature),
        }
        self._list = None
        self._call("POST", "/sessions", body)

    def sign_in_founding(self, token: str) -> None:
        """Begin the session in which the practice is founded."""
        self._call("POST", "/sessions", {"sort": "founding", "token": token})

    def sign_out(self) -> None:
        """End the session."""
        self._call("DELETE", "/sessions")

    def streams(self) -> list[Listed]:
        """Return the streams that I follow, or followed."""
        known = self._list
        answer = self._answer("GET", "/streams", tag=known[0] if known else "")
        if answer.status == NOT_MODIFIED and known is not None:
            return known[1]
        reply = read_json(answer.data)
        lacking = dict(map(read_lacking, list_in({"lacking": [], **reply}, "lacking")))
        rows = [read_listed(row, lacking) for row in list_in(reply, "streams")]
        self._list = (answer.tag, rows) if answer.tag else None
        return rows

    def fetch(
        self, since: Mapping[bytes, int], until: Mapping[bytes, int] | None = None
    ) -> list[Fetched]:
        """Return what these logs have from a seq on, of some only up to another."""
        wanted: Json = {"since": seqs_by_log(since)}
        if until is not None:
            wanted["until"] = seqs_by_log(until)
        reply = decode_array(self._call("POST", "/logs/fetch", wanted))
        return [read_fetched(row) for row in reply]

    def append(self, log: bytes, entries: Sequence[bytes]) -> Head:
        """Append all of these entries or none, and return the log's new head."""
        path = f"/logs/{encode_base64url(log)}/entries"
        reply = read_json(self._call("POST", path, encode(list(entries))))
        return Head(number_in(reply, "seq"), bytes_in(reply, "id"))

    def boxes(self, log: bytes, epoch: int) -> list[tuple[bytes, bytes]]:
        """Return (person, box) of all that are stored of an epoch."""
        path = f"/logs/{encode_base64url(log)}/boxes?epoch={epoch}"
        rows = (shape.array(row, 2, 2, "box") for row in decode_array(self._call("GET", path)))
        return [(shape.octets(person, (16,), "person"), octets(box)) for person, box in rows]

    def put_boxes(self, log: bytes, epoch: int, boxes: Sequence[tuple[bytes, bytes]]) -> None:
        """Replace boxes of the newest epoch."""
        rows: list[Value] = [[person, box] for person, box in boxes]
        self._call("PUT", f"/logs/{encode_base64url(log)}/boxes", encode([epoch, rows]))

    def heads(self) -> list[bytes]:
        """Return the newest heads, signed by witnesses, of the directory and of what I follow."""
        return [octets(item) for item in decode_array(self._call("GET", "/heads"))]

    def keepers(self, log: bytes) -> list[bytes]:
        """Return who can let someone in to a stream."""
        path = f"/logs/{encode_base64url(log)}/keepers"
        found = read_json(self._call("GET", path)).get("keepers")
        if not isinstance(found, list):
            raise Malformed("keepers is not a list")
        return [bytes_in({"keeper": item}, "keeper") for item in found]

    def asks(self) -> list[bytes]:
        """Return my requests to follow, and those to the streams that I keep."""
        return [octets(item) for item in decode_array(self._call("GET", "/asks"))]

    def put_ask(self, log: bytes, data: bytes) -> None:
        """Ask to follow a stream."""
        self._call("PUT", f"/logs/{encode_base64url(log)}/ask", data)

    def delete_ask(self, log: bytes, person: bytes) -> None:
        """Take a request of mine back, or decline one."""
        path = f"/logs/{encode_base64url(log)}/asks/{encode_base64url(person)}"
        self._call("DELETE", path)

    def fingerprint(self) -> bytes | None:
        """Return which practice the server says that it serves, or None if none is founded."""
        reply = read_json(self._call("GET", "/practice"))
        return None if reply.get("fingerprint") is None else bytes_in(reply, "fingerprint")

    def put_link(self, tag: bytes, slot: int, message: bytes) -> None:
        """Leave a sealed message for the other of two devices that are being linked."""
        self._call("PUT", f"/links/{encode_base64url(tag)}/{slot}", encode([message]))

    def link(self, tag: bytes, slot: int) -> bytes | None:
        """Return the message that the other has left, or None if there is none."""
        try:
            reply = decode_array(self._call("GET", f"/links/{encode_base64url(tag)}/{slot}"))
        except Refused as refused:
            if refused.code == "not-found":
                return None
            raise
        (message,) = shape.array(reply, 1, 1, "message")
        return octets(message)

    def round_up(self) -> RoundUpChoice:
        """Return when my round-up comes by mail, and whether this server mails at all."""
        return read_choice(read_json(self._call("GET", "/round-up")))

    def put_round_up(self, choice: RoundUpChoice) -> None:
        """Choose when my round-up comes by mail."""
        body: Json = {
            "every": choice.every,
            "at": choice.at,
            "weekday": choice.weekday,
            "nudges": choice.nudges,
            "quiet": list(choice.quiet),
        }
        self._call("PUT", "/round-up", body)

    def round_ups(self) -> MailStates:
        """Return what became of everyone's newest mail; only to a steward."""
        return read_mail_states(read_json(self._call("GET", "/round-ups")))

    def own_note(self) -> tuple[int, bytes]:
        """Return the note of my own and its number; 0 and nothing if there is none."""
        number, note = shape.array(decode_array(self._call("GET", "/own-note")), 2, 2, "note")
        return shape.uint(number, 2**53 - 1, "number"), octets(note)

    def put_own_note(self, number: int, note: bytes) -> None:
        """Put the note of my own in place of the one of that number."""
        self._call("PUT", "/own-note", encode([number, note]))

    def _call(self, method: str, path: str, body: Json | bytes | None = None) -> bytes:
        return self._answer(method, path, body).data

    def _answer(
        self, method: str, path: str, body: Json | bytes | None = None, tag: str = ""
    ) -> _Answer:
        headers = {"If-None-Match": tag} if tag else {}
        data = body if isinstance(body, bytes) else None
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/cbor"
        elif body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        try:
            with self._http.request(
                method,
                f"{self.origin}/api{path}",
                data=data,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                status, reply = response.status_code, _read(response)
                given = response.headers.get("ETag", "")
        except (requests.RequestException, ValueError):
            raise Unreachable("the server cannot be reached") from None
        # Unasked nobody may say that nothing is new.
        if 200 <= status < 300 or (status == NOT_MODIFIED and tag):
            return _Answer(status, reply, given)
        raise _refusal(reply)


def _read(response: requests.Response) -> bytes:
    # A server that lies may also never stop talking.
    reply = bytearray()
    for piece in response.iter_content(64 * 1024):
        reply += piece
        if len(reply) > MAX_REPLY_BYTES:
            raise Unreachable("the reply is too long")
    return bytes(reply)


def _refusal(reply: bytes) -> Exception:
    # A proxy's error page is no answer of the server: it has no code.
    try:
        body = read_json(reply)
    except Malformed:
        body = {}
    code, detail = body.get("code"), body.get("detail")
    if not isinstance(code, str) or code == "busy":
        return Unreachable("the server did not answer, or something else did")
    why = detail if isinstance(detail, str) else ""
    if code != "stale-head":
        return Refused(code, why)
    if body.get("seq") is None or body.get("id") is None:
        return StaleHead(why, None)
    return StaleHead(why, Head(number_in(body, "seq"), bytes_in(body, "id")))
