"""`microblogd end-sessions`: everyone is signed out, and their devices sign in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.store.db import Lock
from tests.databases import run_sql

if TYPE_CHECKING:
    from microblog.store.db import Site


@pytest.fixture
def place(site) -> Site:
    """Return the host's data, for `microblogd` too."""
    return site


def test_everyone_is_signed_out_and_may_come_again(host, child, microblogd, site):
    host.close()
    assert run_sql(site, "SELECT count(*) FROM session") != [(0,)]
    done = microblogd("end-sessions")
    assert (done.code, done.out) == (0, "everyone is signed out; start the server\n")
    assert run_sql(site, "SELECT count(*) FROM session") == [(0,)]
    assert microblogd("check").code == 0


@pytest.mark.only("sqlite", "one process writes")
def test_beside_a_server_it_is_refused(host, child, microblogd, folder):
    host.close()
    lock = Lock(folder)
    microblogd("end-sessions").refused("another server is running")
    lock.release()
