"""What each act of a story is, done by the client of whoever does it."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from deploy.demo.cast import Cast
from deploy.demo.dates import DAYS, Year
from deploy.demo.script import Act, ScriptError
from microblog.client import bringing, household, posting, reading, team
from microblog.client.following import refresh
from microblog.client.messages import AboutDraft, NewChild, Sent
from microblog.client.session import Session, read_id
from microblog.client.shown import Child, Draft

LISTS = Path(__file__).resolve().parent / "lists"
MARKS = ("kind", "sure", "scale", "side", "outcome", "how")


@dataclass(frozen=True, slots=True)
class Named:
    """A post that a story has given a name."""

    stream: str
    seq: int
    id: str


@dataclass(slots=True)
class Stage:
    """Everyone's client, the id of each stream that was begun, and the posts with a name."""

    cast: Cast
    year: Year
    sessions: dict[str, Session]
    logs: dict[str, str] = field(default_factory=dict)
    posts: dict[str, Named] = field(default_factory=dict)

    def person(self, key: str) -> str:
        """Return someone's id."""
        return reading.overview(self.sessions[key]).me.id

    def session(self, who: str, stream: str) -> Session:
        """Return someone's client, caught up if it does not know the stream yet."""
        session = self.sessions[who]
        if read_id(self.logs[stream]) not in session.feeds:
            refresh(session)
        return session

    def child(self, session: Session, stream: str) -> Child:
        """Return a child or household as someone sees it."""
        log = self.logs[stream]
        return next(child for child in reading.children(session) if child.log == log)


def perform(stage: Stage, act: Act) -> None:
    """Do what an act says.

    Raises:
        ScriptError: it names what is not there, or was not taken for what it is.
    """
    try:
        _ACTS[act.verb](stage, act)
    except (KeyError, StopIteration) as missing:
        raise ScriptError(f"{act.where}: {missing} is not there at that time") from missing


def _begin(stage: Stage, act: Act) -> None:
    subject = stage.cast.subjects[act.stream]
    session = stage.sessions[act.who]
    birth = ("unknown", "")
    if subject.months:
        birth = ("born", stage.year.birth(subject.months))
    elif subject.due:
        birth = ("due", stage.year.day(subject.due, 3).isoformat())
    if subject.household:
        session = stage.session(act.who, subject.household)
    homes = (stage.logs[subject.household],) if subject.household else ()
    new = NewChild(name=subject.name, known_as=tuple(subject.known_as), birth=birth,
                   school=subject.school, sort=subject.sort, households=homes)  # fmt: skip
    stage.logs[act.stream] = team.begin_child(session, new)
    if subject.relatives:
        relatives = tuple((name, relation) for name, relation in subject.relatives)
        _describe_anew(stage, session, act, relatives=relatives)


def _describe(stage: Stage, act: Act) -> None:
    session = stage.session(act.who, act.stream)
    changes: dict[str, object] = {}
    if "name" in act.notes:
        changes["name"] = act.notes["name"]
    if "born" in act.notes:
        changes["birth"] = ("born", _day(stage.year, act.notes["born"]))
    if "households" in act.notes:
        today = stage.year.day(act.week, act.day).isoformat()
        known = {row[0]: row for row in _stays(stage.child(session, act.stream))}
        names = act.notes["households"].split(", ")
        for name in names:
            session = stage.session(act.who, name)
        homes = (stage.logs[name] for name in names)
        changes["households"] = tuple(known.get(log, (log, today, "")) for log in homes)
    _describe_anew(stage, session, act, **changes)


def _describe_anew(stage: Stage, session: Session, act: Act, **changes: object) -> None:
    """Say of a child what was said before, but for some of it."""
    known = stage.child(session, act.stream)
    draft: dict[str, object] = {
        "name": known.name,
        "known_as": known.known_as,
        "birth": known.birth,
        "school": known.school,
        "relatives": tuple((row.name, row.relation) for row in known.relatives),
        "households": _stays(known),
        "protected_address": known.protected_address,
        "closed": known.closed,
    }
    household.describe(session, known.log, AboutDraft(**(draft | changes)))  # type: ignore[arg-type]


def _stays(child: Child) -> tuple[tuple[str, str, str], ...]:
    return tuple((row.log, row.since, row.until) for row in child.households)


def _move(stage: Stage, act: Act) -> None:
    session = stage.session(act.who, act.stream)
    since, to = (stage.logs[act.marks[name]] for name in ("since", "to"))
    day = stage.year.day(act.week, act.day).isoformat()
    household.move_child(session, stage.logs[act.stream], since, to, day)


def _let_in(stage: Stage, act: Act) -> None:
    others = act.marks["others"].split(", ") if act.marks["others"] else []
    for stream in (act.stream, *others):
        session = stage.session(act.who, stream)
    logs = [stage.logs[stream] for stream in (act.stream, *others)]
    via = stage.logs[act.marks["via"]] if act.marks["via"] else ""
    if others:
        via = logs[0]
    person, role = stage.person(act.marks["person"]), act.marks["role"]
    for handed in team.grant_many(session, person, role, act.text, via, logs):
        if not handed.done:
            raise ScriptError(f"{act.where}: {handed.error or handed.code}")


def _take_off(stage: Stage, act: Act) -> None:
    session = stage.session(act.who, act.stream)
    team.remove(session, stage.logs[act.stream], stage.person(act.marks["person"]))


def _post(stage: Stage, act: Act) -> None:
    session, log = stage.session(act.who, act.stream), stage.logs[act.stream]
    refers = (stage.posts[act.marks["refers"]].id,) if "refers" in act.marks else ()
    draft = Draft(
        text=act.text,
        source=act.notes.get("source", ""),
        reason=act.notes.get("reason", ""),
        review=_review(stage.year, act),
        refers=refers,
        nudge="nudge" in act.marks,
        **{name: act.marks[name] for name in MARKS if name in act.marks},
    )
    _confirmed(stage, act.stream, session, lambda seen: posting.post(session, log, draft, seen))
    if act.label:
        newest = reading.posts(session, log, "", 1).posts[0]
        stage.posts[act.label] = Named(act.stream, newest.seq, newest.id)


def _withdraw(stage: Stage, act: Act) -> None:
    session, label = stage.session(act.who, act.stream), act.marks["label"]
    post = stage.posts[label]
    posting.withdraw(session, stage.logs[post.stream], post.seq, False, act.text)


def _put(stage: Stage, act: Act) -> None:
    session, to = stage.session(act.who, act.stream), act.marks["to"]
    stage.session(act.who, to)
    post = stage.posts[act.marks["label"]]

    def move(seen: list[str]) -> Sent:
        wrong, right = stage.logs[post.stream], stage.logs[to]
        return posting.move_to_right_child(session, (wrong, post.seq), right, seen, act.text)

    _confirmed(stage, to, session, move)


def _copy(stage: Stage, act: Act) -> None:
    session, copied = stage.session(act.who, act.stream), stage.posts[act.marks["label"]]
    draft = Draft(text="", kind="records", refers=(copied.id,), how="copied")
    log = stage.logs[act.stream]
    _confirmed(stage, act.stream, session, lambda seen: posting.post(session, log, draft, seen))


def _bring_in(stage: Stage, act: Act) -> None:
    session, log = stage.session(act.who, act.stream), stage.logs[act.stream]
    with (LISTS / act.marks["list"]).open(encoding="utf-8", newline="") as file:
        table = [[_dated(stage.year, cell) for cell in row] for row in csv.reader(file)]
    sheet = bringing.Sheet(table, None, act.notes["source"])
    members = stage.child(session, act.stream).members
    terms = posting.Terms(frozenset(read_id(member.person.id) for member in members), False)
    brought = bringing.bring_in(session, log, sheet, terms)
    if brought.left or brought.rows + 1 != len(table):
        raise ScriptError(f"{act.where}: some of {act.marks['list']} could not be brought in")


def _dated(year: Year, cell: str) -> str:
    """Return a cell, a day that is said as "Week -40 Tue" as people write dates here."""
    if not re.fullmatch(r"Week -?\d+ \w{3}", cell):
        return cell
    return date.fromisoformat(_day(year, cell)).strftime("%d/%m/%Y")


def _confirmed(
    stage: Stage, stream: str, session: Session, send: Callable[[list[str]], Sent]
) -> None:
    """Send to the team on the screen; where somebody is new on it, look, and send again."""
    seen = [member.person.id for member in stage.child(session, stream).members]
    sent = send(seen)
    if not sent.sent:
        sent = send([*seen, *(person.id for person in sent.newcomers)])
    if not sent.sent:
        raise ScriptError(f"{stream}: the team changes faster than anyone can post")


def _review(year: Year, act: Act) -> str:
    """Return the date of a review that is said as "12 weeks"."""
    said = act.notes.get("review", "")
    if not said:
        return ""
    found = re.fullmatch(r"(\d+) weeks?", said)
    if found is None:
        raise ScriptError(f"{act.where}: a review is in so many weeks")
    return year.after(act.week, act.day, int(found[1])).isoformat()


def _day(year: Year, said: str) -> str:
    """Return the date of a day that is said as "Week 22 Sat"."""
    _, week, day = said.split(" ")
    return year.day(int(week), DAYS.index(day)).isoformat()


_ACTS = {
    "begins": _begin,
    "lets in": _let_in,
    "takes off": _take_off,
    "describes": _describe,
    "moves": _move,
    "posts": _post,
    "withdraws": _withdraw,
    "puts": _put,
    "copies": _copy,
    "brings in": _bring_in,
}
