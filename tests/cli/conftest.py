"""An office on a real server."""

import functools

import pytest

from microblog.protocol.primitives import stretch
from tests.cli.terminals import Office, Person

# The same vault is opened again and again: the real work is done, but only once for each.
_stretched = functools.cache(stretch)


@pytest.fixture(autouse=True)
def _stretch_once(monkeypatch):
    monkeypatch.setattr("microblog.protocol.vault.stretch", _stretched)


@pytest.fixture
def office(server, tmp_path, monkeypatch, capsys):
    """Return a practice that is not founded yet, on a real server."""
    return Office(server, tmp_path, monkeypatch, capsys)


@pytest.fixture
def somebody(tmp_path, monkeypatch, capsys):
    """Return somebody without keys and without a server."""
    return Person(tmp_path / "somebody", monkeypatch, capsys)
