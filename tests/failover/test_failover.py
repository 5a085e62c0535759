"""Where Debian's packages are not, `make test-failover` says in one line which to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.failover import __main__ as failover
from tests.failover.senders import Crowd, Sender
from tests.failover.which import find_programs


def test_without_the_packages_it_says_what_to_install_and_begins_nothing(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert failover.main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        "microblog: error: a failover needs more than is here: apt-get install patroni etcd-server"
    )


@pytest.mark.parametrize(("versions", "found"), [(["13", "9"], None), (["9", "13", "15"], "15")])
def test_the_newest_postgresql_counts_if_it_is_new_enough(tmp_path, versions, found):
    for version in versions:
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()
    programs: Path | None = find_programs(tmp_path)
    assert (programs and programs.parent.name) == found


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        (["One 1", "One 2", "Two 1"], None),
        (["One 1", "One 3", "One 2"], None),
        (["One 1"], "acknowledged and not there: .'One 2'"),
        (["One 1", "One 2", "One 2"], "stored twice: .'One 2'"),
        (["One 1", "One 2", "One 4"], "nobody sent .'One 4'"),
    ],
)
def test_what_is_lost_doubled_or_invented_is_noticed(monkeypatch, stored, fault):
    crowd = Crowd(people=None)
    sender = Sender(None, "One", "log", crowd.seen)
    sender.acknowledged, sender.unknown = {"One 1": 0.0, "One 2": 0.0}, ["One 3"]
    crowd.senders = [sender]
    monkeypatch.setattr(Crowd, "_read_afresh", lambda *_: stored)
    if fault is None:
        assert crowd.check() == len([it for it in stored if it.startswith("One")])
        return
    with pytest.raises(AssertionError, match=fault):
        crowd.check()
