"""A practice with everybody in it, made once for a file of tests that leave it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.app import create_app
from microblog.service import restoring
from tests.api.refusing import Faults
from tests.api.world import World
from tests.databases import contents, settings_on
from tests.hosting import ORIGIN, Clock, Host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from microblog.store.db import Site


@pytest.fixture(scope="module")
def world(
    new_site: Callable[[Path], Site], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Return it; where a test signs someone out or in, it does so in a browser of its own."""
    site = new_site(tmp_path_factory.mktemp("world") / "data")
    clock = Clock()
    host = Host(create_app(settings_on(site, ORIGIN), clock), site, clock)
    yield World(host)
    host.close()


@pytest.fixture
def faults(world: World) -> Iterator[Faults]:
    """Return a list of what was not refused as it should be; what is refused changes nothing."""
    found = Faults(world)
    yield found
    restoring.end(world.host.marks)
    assert found == []
    assert contents(world.host.site) == found.before
