"""A practice with everybody in it, made once for a file of tests that leave it as it is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from microblog.app import create_app
from microblog.service import restoring
from microblog.settings import Settings
from tests.api.refusing import Faults
from tests.api.world import World, contents
from tests.hosting import ORIGIN, Clock, Host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def world(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return it; where a test signs someone out or in, it does so in a browser of its own."""
    folder = tmp_path_factory.mktemp("world") / "data"
    shutil.copytree(migrated, folder)
    clock = Clock()
    host = Host(create_app(Settings(folder, 8000, ORIGIN), clock), folder, clock)
    yield World(host)
    host.close()


@pytest.fixture
def faults(world: World) -> Iterator[Faults]:
    """Return a list of what was not refused as it should be; what is refused changes nothing."""
    found = Faults(world)
    yield found
    restoring.end(world.host.folder)
    assert found == []
    assert contents(world.host) == found.before
