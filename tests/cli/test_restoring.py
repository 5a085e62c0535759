"""While the server is being put back the command line says so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from microblog.cli import home


@pytest.mark.parametrize("restoring", [True, False])
def test_that_the_server_is_being_put_back_is_said(monkeypatch, capsys, restoring):
    for step in ("refresh", "carry"):
        monkeypatch.setattr(home, step, lambda _: None)
    home._catch_up(SimpleNamespace(restoring=restoring), must=True)
    assert ("you can read, not post" in capsys.readouterr().err) is restoring
