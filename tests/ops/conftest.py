"""`microblogd` in this process, on a folder that is not there yet; a stream that is mailed of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.ops import main
from tests.databases import environment_of
from tests.ops.saying import Done
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from microblog.store.db import Site
    from tests.office import Office
    from tests.practice import Child


@pytest.fixture
def place(bare_site) -> Site:
    """Return a site with a folder that is not there yet, and nothing in its database."""
    bare_site.folder.rmdir()
    return bare_site


@pytest.fixture
def folder(place) -> Path:
    """Return the folder of what `microblogd` works on."""
    return place.folder


@pytest.fixture
def microblogd(place, monkeypatch, capsys) -> Callable[..., Done]:
    """Return what runs a command in this process; `serve` stops short of serving."""
    for name, value in environment_of(place).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", str(find_free_port()))
    monkeypatch.setattr("microblog.ops.serving._Server.run", lambda _: None)
    monkeypatch.setattr("os.umask", lambda _: None)

    def command(*words: str, **changes: str) -> Done:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in changes.items():
                patch.setenv(name, value)
            code = main.run(lambda: main.commands.main(list(words), standalone_mode=False))
        said = capsys.readouterr()
        return Done(code, said.out, [line for line in said.err.splitlines() if line])

    return command


@pytest.fixture
def ada(office: Office) -> Child:
    """Return a stream that Ben keeps and Sue follows, after the first look on Monday."""
    ada = office.child("Ada", "Ben", "Sue")
    office.at("2026-09-21 16:00")
    office.round()
    return ada
