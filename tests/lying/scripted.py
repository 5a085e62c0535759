"""A server that serves what a scenario says, and the Python client's way through it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from microblog.client import recovering
from microblog.client.failures import name_failure
from microblog.client.following import refresh
from microblog.client.joining import read_invitation
from microblog.client.keeping import open_session
from microblog.client.linking import begin_link, let_in, proceed
from microblog.client.memory import Memory
from microblog.client.note import carry
from microblog.client.posting import post
from microblog.client.reading import all_posts, overview, posts
from microblog.client.recovering import read_letters
from microblog.client.replies import Challenge, Fetched, Listed
from microblog.client.sealing import open_keys
from microblog.client.session import InTrouble, NotFollowed, Session, Waiting, World
from microblog.client.shown import Draft
from microblog.client.transport import Refused, StaleHead
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import decode_array
from microblog.protocol.entry import DIRECTORY, decode_entry, encode_entry, entry_id
from microblog.protocol.errors import ProtocolError
from microblog.protocol.link import derive_link
from microblog.protocol.log import Head
from microblog.protocol.vault import Keys
from tests.lying.linking import NewDevice, OldDevice
from tests.lying.scenario import DOORS, NOW, PASSPHRASE, Scenario, Served, Step

ORIGIN = "https://example.test"
#: How often the two ends of a link look for what the other has said.
TURNS = 4


@dataclass
class ScriptedServer:
    """Answers as told, checks nothing, and keeps a note of all that it is sent."""

    served: Served
    origin: str = ORIGIN
    sent: list[list[bytes]] = field(default_factory=list)
    boxes_put: list[list[bytes]] = field(default_factory=list)

    #: What lies there for two devices that are being linked, and the one that is played by hand.
    places: dict[int, bytes] = field(default_factory=dict)
    other_end: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.serve(self.served)

    def serve(self, served: Served) -> None:
        """Serve this from now on."""
        self.served, self.sent, self.boxes_put = served, [], []
        self.answers = list(served.answers)
        self.places, self.other_end = {}, lambda: None

    def show(self, directory: Sequence[bytes] | None) -> None:
        """Serve this directory from now on, if it is one."""
        if directory is not None:
            logs = {**self.served.logs, DIRECTORY: list(directory)}
            self.served = replace(self.served, logs=logs)

    def fingerprint(self) -> bytes | None:
        first = self.served.logs[DIRECTORY][:1]
        return _head(first).id if first else None

    def put_link(self, _tag: bytes, slot: int, message: bytes) -> None:
        self.places[slot] = message

    def link(self, _tag: bytes, slot: int) -> bytes | None:
        self.other_end()
        return self.places.get(slot)

    def play_old(self, old: OldDevice, letters: str) -> None:
        """Have an old device answer the new one that shows these letters."""
        link = derive_link(letters)
        self.other_end = lambda: self.show(old.turn(link, self.places))

    def play_new(self, new: NewDevice) -> None:
        """Have a new device wait to be let in, and answer the old one."""
        self.places, self.other_end = new.begin(), new.turn

    def practice(self) -> bool:
        return True

    def restoring(self) -> bool:
        return False

    def challenge(self) -> Challenge:
        return Challenge(bytes(32), NOW)

    def sign_in(self, sort: str, key: bytes, challenge: Challenge, signature: bytes) -> None:
        """Let anyone in."""

    def sign_in_founding(self, token: str) -> None:
        """Let anyone in."""

    def sign_out(self) -> None:
        """Forget nothing."""

    def streams(self) -> list[Listed]:
        listed = []
        for log, raw in self.served.logs.items():
            if log != DIRECTORY:
                listed.append(Listed(log, _head(raw), self.served.until.get(log)))
        return listed

    def fetch(
        self, since: Mapping[bytes, int], until: Mapping[bytes, int] | None = None
    ) -> list[Fetched]:
        ends = {log: last + 1 for log, last in (until or {}).items()}
        served = self.served.logs
        logs = [(log, list(served.get(log, ()))[seq : ends.get(log)]) for log, seq in since.items()]
        return [Fetched(log, _without_boxes(raw), more=False) for log, raw in logs if raw]

    def append(self, log: bytes, entries: Sequence[bytes]) -> Head:
        self.sent.append(list(entries))
        if self.answers and self.answers.pop(0) == "stale":
            raise StaleHead("someone was first", _head(self.served.logs[log]))
        last = decode_entry(entries[-1])
        self._keep(log, entries)
        return Head(last.header.seq, last.id)

    def _keep(self, log: bytes, entries: Sequence[bytes]) -> None:
        """Serve what was taken, with its boxes, until the next step says what is served."""
        logs = {**self.served.logs, log: [*self.served.logs.get(log, ()), *entries]}
        boxes = {log: dict(epochs) for log, epochs in self.served.boxes.items()}
        for entry in map(decode_entry, entries):
            epochs, epoch = boxes.setdefault(log, {}), entry.header.epoch
            epochs[epoch] = sorted({**dict(epochs.get(epoch, ())), **dict(entry.boxes)}.items())
        self.served = replace(self.served, logs=logs, boxes=boxes)

    def boxes(self, log: bytes, epoch: int) -> list[tuple[bytes, bytes]]:
        return list(self.served.boxes.get(log, {}).get(epoch, ()))

    def put_boxes(self, log: bytes, epoch: int, boxes: Sequence[tuple[bytes, bytes]]) -> None:
        self.boxes_put += [[person, box] for person, box in boxes]

    def heads(self) -> list[bytes]:
        return list(self.served.heads)

    def asks(self) -> list[bytes]:
        return list(self.served.asks)

    def own_note(self) -> tuple[int, bytes]:
        return (1, self.served.note) if self.served.note else (0, b"")

    def put_own_note(self, number: int, note: bytes) -> None:
        """Take it, and go on as told."""

    def keepers(self, log: bytes) -> list[bytes]:
        raise Refused("not-found", "")

    def put_ask(self, log: bytes, data: bytes) -> None:
        raise Refused("not-found", "")

    def delete_ask(self, log: bytes, person: bytes) -> None:
        raise Refused("not-found", "")


def _head(raw: Sequence[bytes]) -> Head:
    parts = decode_array(raw[-1]) if _decodes(raw[-1]) else []
    if len(parts) < 2 or not isinstance(parts[0], bytes) or not isinstance(parts[1], bytes):
        return Head(len(raw) - 1, bytes(32))
    return Head(len(raw) - 1, entry_id(parts[0], parts[1]))


def _decodes(raw: bytes) -> bool:
    try:
        decode_array(raw)
    except ProtocolError:
        return False
    return True


def _without_boxes(raw: Sequence[bytes]) -> list[bytes]:
    stripped = []
    for item in raw:
        try:
            entry = decode_entry(item)
        except ProtocolError:
            stripped.append(item)
            continue
        entry = type(entry)(
            entry.header, entry.raw_header, entry.signature, entry.body, entry.salt, (), entry.id
        )
        stripped.append(encode_entry(entry))
    return stripped


def drive(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what the Python client makes of each step."""
    who = scenario.who
    keys = Keys(
        scenario.fingerprint, ORIGIN, who.id, who.seed, who.box_secret, (who.reading_secret,)
    )
    server = ScriptedServer(scenario.steps[0].served)
    world, memory = World(clock=lambda: NOW), Memory(None, keys.device_seed)
    session, results = None, []
    for step in scenario.steps:
        server.serve(step.served)
        if step.do == "glance":
            results.append({"skipped": True})
            continue
        if step.do in DOORS:
            results.append({**_at_the_door(step, server, world), **_told(server)})
            continue
        if step.do == "restart" or session is None:
            session = open_session(keys, server, memory, world)
        outcome = _do(session, scenario, step)
        seen = {**_seen(session, scenario.log), "requests": _requests(session)}
        results.append({**seen, **outcome, **_told(server)})
    return results


def _at_the_door(step: Step, server: ScriptedServer, world: World) -> dict[str, Any]:
    given = step.given
    try:
        if step.do == "open":
            return {"outcome": "", "person": open_keys(given["file"], PASSPHRASE, world).person}
        if step.do == "link":
            return {"outcome": _link(server, given["old"](), world)}
        if step.do == "sheet":
            return {"outcome": "", "offered": _come_back(given, server, world)}
        _, offered = read_invitation(server, given["fragment"], given["letters"], world)
    except (ProtocolError, InTrouble) as error:
        return {"outcome": name_failure(error)[0]}
    return {"outcome": "", "offered": [offered.practice, offered.name]}


def _link(server: ScriptedServer, old: OldDevice, world: World) -> str:
    newcomer = begin_link(server, "phone", world)
    server.play_old(old, newcomer.letters)
    for _ in range(TURNS):
        state = proceed(newcomer).state
    return state


def _come_back(given: Mapping[str, str], server: ScriptedServer, world: World) -> list[str]:
    if "letters" in given:
        found = read_letters(server, given["letters"], world)
    else:
        found = recovering.read_link(server, given["fragment"], world)
    return [found.shown.practice, found.shown.name]


def _do(session: Session, scenario: Scenario, step: Step) -> dict[str, Any]:
    try:
        refresh(session)
        if step.served.note:
            carry(session, now=True)
        if step.do == "let in":
            return {"outcome": _let_in(session, step)}
        if step.do != "post":
            return {"outcome": ""}
        on_screen = list(map(encode_base64url, step.shown))
        log, same = encode_base64url(scenario.log), bool(step.given.get("all_the_same"))
        sent = post(session, log, Draft(text=step.text), on_screen, all_the_same=same)
    except InTrouble:
        return {"outcome": "InTrouble"}
    except (ProtocolError, Refused, NotFollowed, Waiting):
        return {"outcome": "refused"}
    if sent.sent:
        return {"outcome": ""}
    if sent.unvouched:
        return {"outcome": "unvouched"}
    newcomers = [decode_base64url(person.id) for person in sent.newcomers]
    return {"outcome": "newcomers", "newcomers": newcomers}


def _let_in(session: Session, step: Step) -> str:
    new, server = step.given["new"](), session.transport
    assert isinstance(server, ScriptedServer)
    server.play_new(new)
    try:
        let_in(session, new.letters, 0, lambda: None)
    except (ProtocolError, InTrouble) as error:
        return name_failure(error)[0]
    return ""


def _seen(session: Session, log: bytes) -> dict[str, Any]:
    shown, name = overview(session), encode_base64url(log)
    seen = {
        "directory": shown.trouble.error if shown.trouble else "",
        "witness": shown.witness.state,
    }
    child = next((child for child in shown.children if child.log == name), None)
    if child is None:
        return {**seen, "posts": []}
    page = posts(session, name, "", 1000)
    return {
        **seen,
        "may_still_read": [
            [decode_base64url(row.person.id), int(row.alarm)] for row in child.may_still_read
        ],
        "trouble": child.trouble.error if child.trouble else "",
        "members": sorted(decode_base64url(member.person.id) for member in child.members),
        "waiting": child.waiting,
        "removed": child.removed is not None,
        "posts": [[item.seq, item.state, item.text] for item in reversed(page.posts)],
        "rows": [[item.seq, item.rows] for item in reversed(page.posts) if item.rows],
        "texts": "".join(item.text for item in all_posts(session, [name]).posts if item.row),
        "unread": [item.seq for item in reversed(page.posts) if item.unread],
        "doubtful": [item.seq for item in reversed(page.posts) if item.doubtful],
        "changing": [decode_base64url(person.id) for person in child.changing],
    }


def _requests(session: Session) -> list[Any]:
    rows = overview(session).requests
    return [[decode_base64url(row.log), decode_base64url(row.person.id), row.reason]
            for row in rows]  # fmt: skip


def _told(server: ScriptedServer) -> dict[str, Any]:
    return {"sent": server.sent, "boxes_put": server.boxes_put}
