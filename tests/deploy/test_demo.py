"""The invented practice: the real clients act its stories out, and what is there is left alone."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from deploy.demo import __main__ as demo
from deploy.demo.acting import LISTS
from deploy.demo.cast import read_cast
from deploy.demo.dates import Year
from deploy.demo.hosting import serving
from deploy.demo.script import Act, read_stories
from microblog.app import read_clock
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.parts import whole_posts
from microblog.client.picture import picture
from microblog.client.reading import children, posts, viewer
from microblog.client.sealing import open_keys
from microblog.client.session import Session, World
from microblog.client.showing import show_posts
from microblog.client.transport import HttpTransport
from microblog.service import audit
from microblog.settings import Settings
from microblog.store.db import InUse, Lock, Site, read_in
from tests.counting.plain import plain
from tests.counting.test_counts import complaints
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from microblog.client.shown import Post

STORIES = read_stories(demo.HERE / "stories")
CAST = read_cast(demo.HERE / "practice.toml")


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
        read |= {it.id: it for it in raw_posts(session)}

    shown = list(read.values())
    written = {act.text: act for act in made.acts if act.verb == "posts"}
    moved = [act for act in made.acts if act.verb == "puts"]
    copies = [it for it in shown if it.how == "copied"]
    assert len(copies) == sum(act.verb == "copies" for act in made.acts)
    brought = [it for it in whole_posts(shown) if it.row]
    lists = [act.marks["list"] for act in made.acts if act.verb == "brings in"]
    rows = [row for name in lists for row in _rows(name)]
    noted = [it.text.partition("\nNote type: ")[0] for it in brought]
    assert Counter(noted) == Counter(row["Notes"] for row in rows)
    assert {it.kind for it in brought} <= {"records", "observation"}
    shown = [it for it in shown if not it.row]
    assert len(shown) == len(written) + len(moved) + len(copies)
    assert sum(it.state == "erased" for it in shown) == len(moved)
    assert sum(it.state == "withdrawn" for it in shown) == sum(
        act.verb == "withdraws" for act in made.acts
    )
    for it in shown:
        if it.state != "erased" and it not in copies:
            act = written.pop(it.text)
            assert it.author.name == CAST.workers[act.who].name
            assert (it.kind, it.how) == (act.marks["kind"], act.marks.get("how", "")), act.where
            assert it.outcome == act.marks.get("outcome", "")
            assert it.source == act.notes.get("source", "")
            if not moved:
                assert it.time == year.moment(*act.when)
            assert not it.odd_time
    assert written == {}


def raw_posts(session: Session) -> list[Post]:
    """Return all that someone reads, each post by itself, in the order posted."""
    feeds = session.feeds.values()
    return [
        post
        for feed in feeds
        for post in show_posts(feed, sorted(feed.targets), viewer(session, feed))
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (LISTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.trial(small=1, great=52)
def test_every_picture_says_what_a_hand_counts(build, trials):
    made = build(trials.count)
    for key in {act.who for act in made.acts}:
        session = made.open(key)
        for child in children(session):
            found = plain(picture(session, child.log))
            rows = [row for row in plain(raw_posts(session)) if row["log"] == child.log]
            (thickness,) = found.pop("thickness")
            counted = found | {"weeks": thickness["weeks"]}
            assert complaints(counted, rows, session.world.clock()) == [], (key, child.name)


def test_the_steward_reads_nothing_and_the_server_has_nothing_to_answer_for(build):
    made = build(1)
    assert children(made.open("Ines")) == ()
    found = read_in(Site(made.place.folder / "server"), audit.check)
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
