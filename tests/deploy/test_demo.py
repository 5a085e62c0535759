"""The invented practice: its words keep the rules, and the real clients can act them out."""

from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from deploy.demo import __main__ as demo
from deploy.demo.cast import read_cast
from deploy.demo.dates import Clock, Year
from deploy.demo.hosting import serving
from deploy.demo.script import KINDS, MARKS, Act, ScriptError, read_stories, read_story
from microblog.app import read_clock
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.reading import children, posts
from microblog.client.sealing import open_keys
from microblog.client.session import Session, World
from microblog.client.transport import HttpTransport
from microblog.protocol.post import HOWS, OUTCOMES, SURES
from microblog.service import audit
from microblog.settings import Settings
from microblog.store.db import InUse, Lock, read_in
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from microblog.client.shown import Post

STORIES = read_stories(demo.HERE / "stories")
CAST = read_cast(demo.HERE / "practice.toml")
ACTS = sorted((act for acts in STORIES.values() for act in acts), key=lambda act: act.when)
POSTS = [act for act in ACTS if act.verb == "posts"]
HEAD = "Week 7\n\n"


# The words.


def test_there_are_about_five_hundred_posts_and_no_two_say_the_same():
    assert 480 <= len(POSTS) <= 560
    assert [text for text, times in Counter(act.text for act in POSTS).items() if times > 1] == []


def test_every_post_has_words_and_keeps_the_limits():
    assert [act.where for act in POSTS if not 0 < len(act.text) <= 280] == []
    notes = [act.notes.get("source", "") + act.notes.get("reason", "") for act in POSTS]
    assert max(map(len, notes)) <= 120


def test_every_kind_and_mark_that_there_is_occurs():
    assert {act.marks["kind"] for act in POSTS} == set(KINDS)
    assert {act.marks.get("sure") for act in POSTS} == {None, *SURES}
    assert {act.marks.get("outcome") for act in POSTS} == {None, *OUTCOMES}
    assert {act.marks.get("how") for act in POSTS} == {None, *HOWS} - {"copied"}
    assert {act.marks.get("side") for act in POSTS} == {None, "well", "worried"}
    assert sum("nudge" in act.marks for act in POSTS) >= 3
    verbs = {act.verb for act in ACTS}
    assert verbs >= {"withdraws", "puts", "moves", "describes", "takes off", "lets in"}
    assert len(MARKS) == 13


def test_what_each_kind_asks_for_is_there():
    for act in POSTS:
        kind = act.marks["kind"]
        assert (kind == "visit") == ("outcome" in act.marks), act.where
        assert kind not in ("told", "records") or "source" in act.notes, act.where
        assert (kind == "decision") == ("reason" in act.notes) == ("review" in act.notes), act.where


def test_strengths_stand_beside_worries():
    sides = Counter(act.marks.get("side") for act in POSTS)
    assert sides["well"] > sides["worried"] > 20


def test_whoever_posts_is_on_the_team_by_then():
    teams: dict[str, dict[str, str]] = {}
    for act in ACTS:
        team = teams.setdefault(act.stream, {act.who: "keeper"} if act.verb == "begins" else {})
        assert act.who in team, act.where
        if act.verb == "lets in":
            others = filter(None, act.marks["others"].split(", "))
            for stream in (act.stream, *others):
                assert teams[stream][act.who] == "keeper", act.where
                teams[stream][act.marks["person"]] = act.marks["role"]
        if act.verb == "takes off":
            del team[act.marks["person"]]
    assert set(teams) == set(CAST.subjects)


def test_what_is_answered_is_in_the_same_stream_and_stood_there_before():
    named: dict[str, Act] = {}
    for act in ACTS:
        if meant := act.marks.get("refers") or act.marks.get("label"):
            assert named[meant].stream == act.stream, act.where
            assert act.marks.get("how") != "correction" or named[meant].who == act.who, act.where
        if act.label:
            assert act.label not in named, act.where
            named[act.label] = act


def test_ten_people_in_four_agencies_post_about_seven_children_in_four_households():
    assert len(CAST.workers) == 10
    assert {worker.agency for worker in CAST.workers.values()} == set(CAST.agencies)
    assert len(CAST.agencies) == 4
    sorts = Counter(subject.sort for subject in CAST.subjects.values())
    assert sorts == {"child": 7, "household": 4}
    # Who lets staff in reads nothing.
    assert {act.who for act in POSTS} == set(CAST.workers) - {"Ines"}


# How they are read.


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Mon 9:10  Priya on Pip: told", "neither a week nor an act in one"),
        ("Mun 09:10  Priya on Pip: told", "neither a week nor an act in one"),
        ("Mon 09:10  Priya on Pip: rumour", "rumour is neither a kind of post nor anything else"),
        ("Mon 09:10  Priya on Pip: told, loudly", "loudly is no mark of a post"),
        ("Mon 09:10  Priya on Pip: told, sure, niggle", "where something is said already"),
    ],
)
def test_a_story_that_is_not_written_as_stories_are_is_refused_by_its_line(line, why):
    with pytest.raises(ScriptError, match=f"^planted:3: .*{why}"):
        list(read_story("planted", f"{HEAD}{line}\n"))


def test_a_story_goes_forward():
    with pytest.raises(ScriptError, match="planted:5: not later"):
        list(read_story("planted", f"{HEAD}Tue 09:10  A on B: told\n\nMon 09:10  A on B: told\n"))


def test_an_act_is_read_with_its_marks_words_and_notes():
    text = "Tue 16:10  A on B C: visit, not let in, 4 of 10, same as x, as y\n    One\n    two.\n"
    (act,) = read_story("planted", f"{HEAD}{text}    source: the\n    neighbour\n")
    assert (act.when, act.who, act.stream, act.label) == ((7, 1, 970), "A", "B C", "y")
    assert act.marks == {"kind": "visit", "outcome": "not-let-in", "scale": "4", "how": "same",
                         "refers": "x"}  # fmt: skip
    assert (act.text, act.notes) == ("One two.", {"source": "the neighbour"})


@pytest.mark.parametrize("hours", range(0, 24 * 7, 6))
def test_the_year_ends_today_and_its_days_follow_one_another(hours):
    zone = timezone(timedelta(hours=1))
    now = datetime(2030, 3, 4, 1, tzinfo=zone) + timedelta(hours=hours)
    year = Year(now)
    days = [year.day(week, day) for week in range(53) for day in range(5 if week == 52 else 7)]
    assert days == sorted(set(days))
    assert all(day.weekday() == place % 7 for place, day in enumerate(days[:-5]))
    assert all(day.weekday() < 5 for day in days[-5:])
    assert (
        timedelta(hours=6)
        <= now.replace(tzinfo=None) - datetime.combine(days[-1], datetime.min.time())
        < timedelta(days=4)
    )
    assert timedelta(days=358) < days[-1] - year.day(1, 0) < timedelta(days=370)


def test_the_clock_never_goes_back():
    clock = Clock(100_000)
    clock.set(50_000)
    assert clock() == 160_000


# The practice that is made of them.


@dataclass
class Made:
    """A practice that was made of some acts, and is served by the clock on the wall."""

    place: demo.Place
    acts: list[Act]
    passphrase: str

    def open(self, key: str) -> Session:
        """Open someone's key file, as anyone would, and catch up."""
        file = self.place.folder / "key-files" / CAST.workers[key].key_file
        keys = open_keys(file.read_bytes(), self.passphrase, World())
        transport = HttpTransport(keys.origin)
        session = open_session(keys, transport, Memory(None, keys.device_seed), World())
        refresh(session)
        transport.close()
        return session


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Made]]:
    """Return what makes a practice of one household's first weeks, or of everything; each once."""
    made: dict[int, Made] = {}
    closing = ExitStack()

    def build(weeks: int) -> Made:
        if weeks not in made:
            place = demo.Place(tmp_path_factory.mktemp("demo") / "practice")
            port = find_free_port()
            settings = Settings(place.folder / "server", port, f"http://127.0.0.1:{port}")
            told = () if weeks == 52 else ("saltbox-house",)
            demo.build(place, settings, told, weeks)
            closing.enter_context(serving(settings, read_clock))
            passphrase = re.search(r"passphrase +(\S+)", place.people.read_text())[1]
            acts = [act for name in told or STORIES for act in STORIES[name] if act.week <= weeks]
            made[weeks] = Made(place, sorted(acts, key=lambda act: act.when), passphrase)
        return made[weeks]

    before = os.umask(0o077)
    with closing, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(demo, "show", lambda *_: None)
        yield build
    os.umask(before)


@pytest.mark.trial(small=1, great=52)
def test_what_the_stories_say_is_what_the_people_read(build, trials):
    began = datetime.now().astimezone()
    made = build(trials.count)
    year = Year(began)
    people = {act.who for act in made.acts}
    read: dict[str, Post] = {}
    for key in people:
        session = made.open(key)
        assert session.trouble is None
        assert [feed.trouble for feed in session.feeds.values()] == [None] * len(session.feeds)
        page = posts(session, "", "", 10_000)
        assert [it.time for it in page.posts] == sorted(
            (it.time for it in page.posts), reverse=True
        )
        read |= {it.id: it for it in page.posts}

    shown = read.values()
    written = {act.text: act for act in made.acts if act.verb == "posts"}
    moved = [act for act in made.acts if act.verb == "puts"]
    assert len(shown) == len(written) + len(moved)
    assert sum(it.state == "erased" for it in shown) == len(moved)
    assert sum(it.state == "withdrawn" for it in shown) == sum(
        act.verb == "withdraws" for act in made.acts
    )
    for it in shown:
        if it.state != "erased":
            act = written.pop(it.text)
            assert it.author.name == CAST.workers[act.who].name
            assert (it.kind, it.how) == (act.marks["kind"], act.marks.get("how", "")), act.where
            assert it.outcome == act.marks.get("outcome", "")
            assert it.source == act.notes.get("source", "")
            if not moved:
                assert it.time == year.moment(*act.when)
            assert not it.odd_time
    assert written == {}


def test_the_steward_reads_nothing_and_the_server_has_nothing_to_answer_for(build):
    made = build(1)
    assert children(made.open("Ines")) == ()
    found = read_in(made.place.folder / "server", audit.check)
    assert (found.faults, found.logs) == ([], 3)
    held = b"".join(
        path.read_bytes() for path in (made.place.folder / "server").iterdir() if path.is_file()
    )
    assert b"Priya Wenlow" in held
    assert b"Juno" not in held
    modes = {path.stat().st_mode & 0o077 for path in made.place.folder.rglob("*")}
    assert modes == {0}


# What is there already.


def start(monkeypatch, folder: Path, **environment: str) -> tuple[int, list[Settings]]:
    """Run `python -m deploy.demo` on a folder; what would be served is returned instead."""
    served: list[Settings] = []
    for name in ("PORT", "PUBLIC_URL", "MICROBLOG_DATA", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")  # so that what it sets is undone
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DEMO_DATA", str(folder))
    monkeypatch.setattr(demo, "_serve", served.append)
    before = os.umask(0o077)
    try:
        return demo.main(), served
    finally:
        os.umask(before)


@pytest.fixture
def finished(tmp_path: Path, free_port: int) -> Path:
    """Return a folder that says it holds a practice, made for a free port."""
    folder = tmp_path / "there"
    (folder / "server").mkdir(parents=True)
    (folder / "people.txt").write_text(f"  address     http://127.0.0.1:{free_port}\n")
    return folder


def test_what_is_there_is_served_and_not_made_anew(finished, free_port, monkeypatch, capsys):
    monkeypatch.setattr(demo, "make", None)
    code, served = start(monkeypatch, finished, PUBLIC_URL="https://real.example")
    assert code == 0
    address = f"http://127.0.0.1:{free_port}"
    assert served == [Settings(finished / "server", free_port, address)]
    assert address in capsys.readouterr().out


def test_the_folder_of_a_real_server_is_never_used(finished, monkeypatch, tmp_path):
    real = tmp_path / "instance"
    _, served = start(monkeypatch, finished, MICROBLOG_DATA=str(real))
    assert [it.data for it in served] == [finished / "server"]
    assert not real.exists()


def test_keys_that_are_bound_to_another_port_are_named(finished, free_port, monkeypatch, capsys):
    code, served = start(monkeypatch, finished, PORT="9")
    assert (code, served) == (1, [])
    assert f"are bound to port {free_port}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["taken", "taken.unfinished"])
def test_a_folder_of_something_else_is_left_alone(name, tmp_path, monkeypatch, free_port, capsys):
    precious = tmp_path / name / "precious"
    precious.parent.mkdir()
    precious.write_text("mine")
    code, served = start(monkeypatch, tmp_path / "taken", PORT=str(free_port))
    assert (code, served) == (1, [])
    assert str(precious.parent) in capsys.readouterr().err
    assert precious.read_text() == "mine"


def test_what_was_left_half_way_is_made_anew_unless_somebody_is_still_at_it(tmp_path):
    place = demo.Place(tmp_path / "practice")
    old = place.unfinished / "server" / "old"
    old.parent.mkdir(parents=True)
    old.touch()
    lock = Lock(old.parent)
    with pytest.raises(InUse):
        demo._clear(place)
    assert old.exists()
    lock.release()
    demo._clear(place)
    assert list(place.unfinished.rglob("*")) == [place.unfinished / "server"]
