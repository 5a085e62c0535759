"""An office on a real server."""

import pytest

from tests.cli.terminals import Office, Person


@pytest.fixture
def office(server, tmp_path, monkeypatch, capsys):
    """Return a practice that is not founded yet, on a real server."""
    return Office(server, tmp_path, monkeypatch, capsys)


@pytest.fixture
def somebody(tmp_path, monkeypatch, capsys):
    """Return somebody without keys and without a server."""
    return Person(tmp_path / "somebody", monkeypatch, capsys)
