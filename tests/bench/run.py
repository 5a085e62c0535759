"""One run: every database by turns, everything beside what it is compared with."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tests.bench.durable import Durable
from tests.bench.hosts import (
    BYTES_PER_POST,
    Postgresql,
    Sqlite,
    memory_bytes,
    plain_server,
    postgres_server,
    server_on,
)
from tests.bench.listening import NAMES as STREAMS
from tests.bench.listening import add_sessions, measure_streams
from tests.bench.opening import Posts, open_in_browser, open_in_python
from tests.bench.rounds import result_of
from tests.bench.scenes import Stage
from tests.bench.world import EACH, QUIET, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.bench.hosts import Store
    from tests.bench.rounds import Result, Scene

DATABASES = ("sqlite", "postgresql")
#: What is measured on each database, and what on none.
ON_EACH = (
    "durable", "durable-alone", "bare-insert", "bytes",
    "append", "append-32", "append-one", "append-one-32", "p99",
    "catch-up", "catch-up-bytes", "quiet", "poll", "cold-sync", "bare", "memory", *STREAMS,
    "append-large", "catch-up-large", "poll-large", "cold-sync-large",
    "catch-up-grown", "quiet-grown",
)  # fmt: skip
ON_NONE = ("open-python", "open-browser")
HOUR_MS = 60 * 60 * 1000
GROWN = "times as long among {large:,} posts as among {small:,}"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured, and for how long each time."""

    rounds: int
    seconds: float
    small: int
    large: int
    opened: int
    each: int = EACH
    streams: int = 1000


QUICK = Scale(rounds=4, seconds=0.12, small=10_000, large=50_000, opened=500, streams=200)
WHOLE = Scale(rounds=6, seconds=1.0, small=10_000, large=1_000_000, opened=4000)
LARGE = Scale(rounds=6, seconds=1.0, small=10_000, large=10_000_000, opened=4000)


def names_of(databases: Sequence[str]) -> list[str]:
    """Return the names of all that a run measures."""
    return [f"{it}-{name}" for name in databases for it in ON_EACH] + list(ON_NONE)


def check_room(folder: Path, scale: Scale) -> None:
    """Say how much disk is needed, and stop where it is not there."""
    need = (scale.small + scale.large) * BYTES_PER_POST + 2**30
    free = shutil.disk_usage(folder).free
    print(f"needs {need / 2**30:,.1f} GiB in {folder.parent}; there are {free / 2**30:,.1f}")
    if need > free:
        raise SystemExit("bench: error: too little room on the disk: TMPDIR names another place")


@dataclass
class Bench:
    """A run in a folder of its own, which is removed after it."""

    scale: Scale
    folder: Path
    say: Callable[[str], None]
    now: int = field(default_factory=lambda: int(time.time() * 1000) - HOUR_MS)

    def measure(self, databases: Sequence[str]) -> Iterator[Result]:
        """Yield all results."""
        for name in databases:
            with self._new_store(name) as new:
                yield from self._on(new)
        posts = Posts(self._world(0), self.scale.opened)
        yield open_in_python(posts, self.scale.rounds)
        yield open_in_browser(posts, self.scale.rounds, self.folder)

    @contextmanager
    def _new_store(self, name: str) -> Iterator[Callable[[str], Store]]:
        """Yield what makes a database of this sort; they are removed at the end."""
        made: list[Store] = []
        with ExitStack() as stack:
            place = self.folder / name
            if name == "sqlite":
                make: Callable[[Path], Store] = Sqlite
            else:
                make = partial(Postgresql, server=stack.enter_context(postgres_server(place)))

            def new(size: str) -> Store:
                made.append(make(place / size))
                return made[-1]

            yield new
            for store in reversed(made):
                store.drop()

    def _world(self, posts: int) -> World:
        return World(posts, self.now, self.scale.each)

    def _filled(self, store: Store, posts: int) -> World:
        world, begun = self._world(posts), time.perf_counter()
        store.fill(world)
        seconds = time.perf_counter() - begun
        self.say(f"{store.name}: {posts:,} posts, {store.size() / posts:,.0f} bytes each, "
                 f"filled in {seconds:.0f} s")  # fmt: skip
        return world

    def _on(self, new: Callable[[str], Store]) -> Iterator[Result]:
        scale, store = self.scale, new("small")
        world = self._filled(store, scale.small)
        yield from Durable(store, world).measure(scale.rounds, scale.seconds)
        tokens = add_sessions(store, scale.streams, self.now + HOUR_MS)
        with self._stage(store, world) as small:
            scenes = _small_scenes(small)
            self._play(list(scenes.values()))
            sixteen = scenes.pop("p99")
            yield from (scene.result() for scene in scenes.values())
            tails, note = sixteen.tails, sixteen.note()
            yield result_of(f"p99-{store.name}", tails, "p99 / p50, 16 senders", note)
            ours, plain = memory_bytes(small.pid), memory_bytes(small.plain.pid)
            note = f"{ours / 2**20:.0f} MiB"
            yield result_of(f"memory-{store.name}", [ours / plain], "memory against no-op's", note)
            yield from measure_streams(small, store, tokens, scale.rounds, scale.seconds)
        large = new("large")
        crowded = self._filled(large, scale.large)
        with self._stage(large, crowded) as big:
            yield from self._at_large(big)
        # Both at once, and anew: what they have open would be too much for one PostgreSQL.
        with self._stage(store, world) as small, self._stage(large, crowded) as big:
            yield from self._grown(small, big)

    def _at_large(self, big: Stage) -> Iterator[Result]:
        name = big.name
        scenes = [
            big.append(f"append-large-{name}", 8),
            big.catch_up(f"catch-up-large-{name}", big.world.readers, 8),
            big.poll(f"poll-large-{name}", 8),
            big.cold_sync(f"cold-sync-large-{name}"),
        ]
        self._play(scenes)
        yield from (scene.result() for scene in scenes)

    def _grown(self, small: Stage, big: Stage) -> Iterator[Result]:
        scenes = [
            small.beside(f"catch-up-grown-{small.name}", big, None),
            small.beside(f"quiet-grown-{small.name}", big, [QUIET]),
        ]
        self._play(scenes)
        unit = GROWN.format(large=self.scale.large, small=self.scale.small)
        for scene in scenes:
            yield result_of(scene.name, [1 / rate for rate in scene.rates], unit, scene.note())

    def _play(self, scenes: Sequence[Scene]) -> None:
        for _ in range(self.scale.rounds):
            for scene in scenes:
                scene.play(self.scale.seconds)

    @contextmanager
    def _stage(self, store: Store, world: World) -> Iterator[Stage]:
        server = server_on(store)
        server.start()
        try:
            with plain_server(store, Stage(world, server).spans()) as plain:
                yield Stage(world, server, plain, name=store.name)
        finally:
            server.stop()


def _small_scenes(stage: Stage) -> dict[str, Scene]:
    readers, name = stage.world.readers, stage.name
    return {
        "append": stage.append(f"append-{name}", 8),
        "append-32": stage.append(f"append-32-{name}", 32),
        "append-one": stage.append_one(f"append-one-{name}", 8),
        "append-one-32": stage.append_one(f"append-one-32-{name}", 32),
        "p99": stage.append(f"append-16-{name}", 16),
        "catch-up": stage.catch_up(f"catch-up-{name}", readers, 8),
        "catch-up-bytes": stage.catch_up_bytes(f"catch-up-bytes-{name}", readers, 8),
        "quiet": stage.catch_up(f"quiet-{name}", [QUIET], 8),
        "poll": stage.poll(f"poll-{name}", 8),
        "cold-sync": stage.cold_sync(f"cold-sync-{name}"),
        "bare": stage.bare(f"bare-{name}", 8),
    }
