"""`microblogd` in this process, on a folder that is not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.ops import main
from tests.ops.saying import Done
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return a folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def microblogd(folder, monkeypatch, capsys) -> Callable[..., Done]:
    """Return what runs a command in this process; `serve` stops short of serving."""
    monkeypatch.setenv("MICROBLOG_DATA", str(folder))
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
