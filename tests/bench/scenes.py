"""What is asked of the server, as requests that are made before the clock starts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle, islice, repeat
from typing import TYPE_CHECKING

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.log import Head
from tests.bench.driving import Queue, Run, drive, request
from tests.bench.rounds import Scene, Side
from tests.bench.world import FOLLOWED, NEW_POSTS, SHARED, TEXT
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microblog.protocol.stream import Stream
    from tests.asking import Caller
    from tests.bench.driving import Lane
    from tests.bench.hosts import PlainServer
    from tests.bench.pen import Pen
    from tests.bench.world import Plan, World
    from tests.practice import Child
    from tests.serving import Server

BYTES = "bytes a second against a bare read and send"
SAME_BYTES = "rate against a bare read and send of the same bytes"

#: A stream, and the first and last of the entries that are wanted of it.
Span = tuple[bytes, int, int]


@dataclass
class Stage:
    """A server with its world, everyone signed in, and the plain server beside it."""

    world: World
    server: Server
    plain: PlainServer | None = None
    name: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    pens: dict[str, Pen] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    begun: dict[str, tuple[Child, Stream]] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        assert self.server.process is not None
        return self.server.process.pid

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def cookie(self, name: str) -> str:
        """Return the header that says who someone is; they sign in when it is first asked for."""
        if name not in self.cookies:
            caller = self.callers[name] = self.server.caller()
            reply = caller.sign_in(staff(name), self.world.practice)
            assert reply.status == 201, reply.data
            pairs = (f"{it.name}={it.value}" for it in caller.way._http.cookies)
            self.cookies[name] = f"Cookie: {'; '.join(pairs)}"
        return self.cookies[name]

    def request(self, name: str, method: str, path: str, *more: str, body: bytes = b"") -> bytes:
        return request(method, path, self.host, [self.cookie(name), *more], body)

    def ours(self, lanes: object, done: object = None) -> Side:
        side = Side(self.server.port, self.pid, lanes)
        return side if done is None else replace(side, done=done)

    # What it is compared with.

    def nothing(self, lanes: int, path: str = "/nothing") -> Side:
        assert self.plain is not None
        asked = request("GET", path, f"127.0.0.1:{self.plain.port}")
        return Side(self.plain.port, self.plain.pid, partial(_same, [asked] * lanes))

    def bare(self, name: str, lanes: int) -> Scene:
        """A bare WSGI answer under the same gunicorn: what Flask costs."""
        return Scene(name, self.nothing(lanes, "/bare"), self.nothing(lanes))

    def sending(self, numbers: Sequence[int], done: object = None) -> Side:
        """Return the bare reading and sending of some spans of the plan."""
        assert self.plain is not None
        host = f"127.0.0.1:{self.plain.port}"
        asked = [request("GET", f"/send/{number}", host) for number in numbers]
        side = Side(self.plain.port, self.plain.pid, partial(_same, asked))
        return side if done is None else replace(side, done=done)

    # Appending.

    def append(self, name: str, lanes: int) -> Scene:
        """Posts by so many at once, each to a stream of their own."""
        senders = self.world.senders[:lanes]

        def fresh(count: int) -> list[Lane]:
            each = -(-count // lanes)
            return [Queue([self.post(sender) for _ in range(each)], 201) for sender in senders]

        return Scene(name, self.ours(fresh), self.nothing(lanes))

    def append_one(self, name: str, lanes: int) -> Scene:
        """Posts by so many at once to one stream: whoever comes too late signs again."""
        contest = Contest(self, self.world.senders[:lanes])
        ours = replace(self.ours(contest.lanes, contest.count_done), least=lanes)
        return Scene(name, ours, self.nothing(lanes))

    def pen(self, sender: str) -> Pen:
        if sender not in self.pens:
            self.pens[sender] = self.new_pen(sender, f"of {sender}")
        return self.pens[sender]

    def new_pen(self, sender: str, stream: str) -> Pen:
        (plan,) = (plan for plan in self.world.plans if plan.name == stream)
        if stream not in self.begun:
            self.begun[stream] = self.world.begin(plan)
        child, known = self.begun[stream]
        assert known.head is not None
        pen = self.world.pen(child, known.head, staff(sender))
        self.cookie(sender)
        # What earlier runs have added is there.
        for row in self.callers[sender].call("GET", "/api/streams").json["streams"]:
            if decode_base64url(row["log"]) == plan.log:
                pen.head = Head(row["seq"], decode_base64url(row["id"]))
        return pen

    def post(self, sender: str, pen: Pen | None = None) -> bytes:
        pen = pen or self.pen(sender)
        written = pen.write(TEXT, self.world.now)
        path = f"/api/logs/{encode_base64url(pen.log)}/entries"
        sort = "Content-Type: application/cbor"
        return self.request(sender, "POST", path, sort, body=encode([written.travelling]))

    # Reading.

    def news(self, reader: str) -> list[Span]:
        """Return where 50 posts lie that a reader has not seen: two or one of each stream."""
        plans = self.world.followed(reader)
        assert len(plans) == FOLLOWED, reader
        twice = NEW_POSTS - FOLLOWED
        spans = []
        for number, plan in enumerate(plans):
            last = self.last_seq(plan)
            spans.append((plan.log, last - (number < twice), last))
        return spans

    def last_seq(self, plan: Plan) -> int:
        return 2 + len(plan.others) + plan.posts - 1

    def fetch(self, reader: str, since: dict[bytes, int]) -> bytes:
        body = json.dumps({"since": {encode_base64url(log): seq for log, seq in since.items()}})
        sort = "Content-Type: application/json"
        return self.request(reader, "POST", "/api/logs/fetch", sort, body=body.encode())

    def catching_up(self, readers: Sequence[str], lanes: int) -> Side:
        some = list(islice(cycle(readers), lanes))
        asked = [self.fetch(it, {log: first for log, first, _ in self.news(it)}) for it in some]
        return self.ours(partial(_same, asked))

    def catch_up(self, name: str, readers: Sequence[str], lanes: int) -> Scene:
        return Scene(name, self.catching_up(readers, lanes), self.nothing(lanes))

    def catch_up_bytes(self, name: str, readers: Sequence[str], lanes: int) -> Scene:
        numbers = list(islice(cycle(range(len(readers))), lanes))
        return Scene(name, self.catching_up(readers, lanes), self.sending(numbers), SAME_BYTES)

    def beside(self, name: str, big: Stage, readers: Sequence[str] | None) -> Scene:
        """The same catching up on this stage and on a bigger one."""
        ours = big.catching_up(readers or big.world.readers, 8)
        return Scene(name, ours, self.catching_up(readers or self.world.readers, 8))

    def poll(self, name: str, lanes: int) -> Scene:
        """Ask whether there is anything new, where there is nothing."""
        asked = []
        for reader in islice(cycle(self.world.readers), lanes):
            asked.append(self.unchanged(reader))
        return Scene(name, self.ours(partial(_same, asked, status=304)), self.nothing(lanes))

    def unchanged(self, reader: str) -> bytes:
        first = _Once(self.request(reader, "GET", "/api/streams"))
        drive(self.server.port, [first])
        (tag,) = (line for line in first.head.split("\r\n") if line.lower().startswith("etag:"))
        return self.request(reader, "GET", "/api/streams", f"If-None-Match: {tag.split(': ')[1]}")

    def cold_sync(self, name: str) -> Scene:
        """All that someone follows from the beginning on, one reader after the other."""
        asked = [it for reader in self.world.readers for it in self.everything(reader)]
        sent = range(len(self.world.readers), 2 * len(self.world.readers))
        ours = self.ours(partial(_in_turn, asked), _received)
        return Scene(name, ours, self.sending(sent, _received), BYTES)

    def everything(self, reader: str) -> list[bytes]:
        """Return the requests of a first sync, as they follow from each other's answers."""
        since = {plan.log: 0 for plan in self.world.followed(reader)}
        asked = []
        while since:
            asked.append(self.fetch(reader, since))
            one = _Once(asked[-1])
            drive(self.server.port, [one])
            found = {log: (len(some), more) for log, some, more in decode_array(one.body)}
            since = (
                {
                    log: seq + found.get(log, (0, 0))[0]
                    for log, seq in since.items()
                    if log not in found or found[log][1]
                }
                if any(more for _, more in found.values())
                else {}
            )
        return asked

    def spans(self) -> list[list[tuple[str, int, int]]]:
        """Return what the plain server is to send: each reader's news, then each one's all."""
        readers = self.world.readers
        news = [self.news(reader) for reader in readers]
        whole = [
            [(plan.log, 0, self.last_seq(plan)) for plan in self.world.followed(reader)]
            for reader in readers
        ]
        return [[(log.hex(), *rest) for log, *rest in some] for some in (*news, *whole)]


class _Once:
    """A lane that sends one request and keeps the answer."""

    def __init__(self, asked: bytes) -> None:
        self._asked: bytes | None = asked
        self.head, self.body = "", b""

    def next(self, answer: bytes | None) -> bytes | None:
        if answer is not None:
            head, _, self.body = answer.partition(b"\r\n\r\n")
            self.head = head.decode()
            assert head.startswith(b"HTTP/1.1 200"), answer[:300]
            return None
        return self._asked


@dataclass
class Contest:
    """Some who all write to one stream, until so many posts are there."""

    stage: Stage
    names: Sequence[str]
    left: int = 0
    done: int = 0

    def lanes(self, count: int) -> list[Lane]:
        self.left, self.done = count, 0
        return [Contender(self, name) for name in self.names]

    def count_done(self, _: Run) -> float:
        return self.done


class Contender:
    """One of them: told that someone was first, they sign again on what is there now."""

    def __init__(self, contest: Contest, name: str) -> None:
        self._contest, self._name = contest, name
        key = f"{SHARED} {name}"
        if key not in contest.stage.pens:
            contest.stage.pens[key] = contest.stage.new_pen(name, SHARED)
        self._pen = contest.stage.pens[key]

    def next(self, answer: bytes | None) -> bytes | None:
        if answer is not None and answer.startswith(b"HTTP/1.1 409 "):
            refusal = json.loads(answer.partition(b"\r\n\r\n")[2])
            self._pen.head = Head(refusal["seq"], decode_base64url(refusal["id"]))
        elif answer is not None:
            assert answer.startswith(b"HTTP/1.1 201 "), answer[:300]
            self._contest.left -= 1
            self._contest.done += 1
        if self._contest.left <= 0:
            return None
        return self._contest.stage.post(self._name, self._pen)


def _same(asked: Sequence[bytes], count: int, status: int = 200) -> list[Lane]:
    """Return a lane for each request, which is asked again and again."""
    each = -(-count // len(asked))
    return [Queue(repeat(one, each), status) for one in asked]


def _in_turn(asked: Sequence[bytes], count: int) -> list[Lane]:
    """Return one lane that asks everything in turn, as often as comes to so many."""
    return [Queue(list(asked) * -(-count // len(asked)), 200)]


def _received(run: Run) -> float:
    return run.received
