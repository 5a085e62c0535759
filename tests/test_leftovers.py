"""A killed run's PostgreSQL is ended by the next run; nobody else's is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.leftovers import DATA, OWNER, make_folder, sweep

SLEEP = (
    "import signal, time; signal.signal(signal.SIGQUIT, signal.SIG_DFL);"
    " print(flush=True); time.sleep(60)"
)


def begin(data):
    """Begin what looks like a server on some data."""
    words = [sys.executable, "-c", SLEEP, "-D", str(data)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
    (data / "postmaster.pid").write_text(f"{process.pid}\n{data}\n")
    return process


@pytest.mark.parametrize(
    ("change", "is_left"),
    [
        (lambda owner: owner, True),
        (lambda owner: f"{owner.split()[0]} 1", False),
        (lambda _: "4194305 1", False),
    ],
)
def test_only_the_folder_of_a_process_that_is_gone_is_swept_up(tmp_path, change, is_left):
    data = make_folder(tmp_path)
    owner = data.with_name(OWNER)
    owner.write_text(change(owner.read_text()))
    server = begin(data)
    try:
        sweep(tmp_path)
        assert data.is_dir() == is_left
        assert (server.poll() is None) == is_left
    finally:
        server.kill()
        server.wait()


def test_a_process_that_is_no_server_of_that_folder_is_left_alone(tmp_path):
    data = make_folder(tmp_path)
    data.with_name(OWNER).write_text("4194305 1")
    (tmp_path / DATA).mkdir()
    other = begin(tmp_path / DATA)
    (data / "postmaster.pid").write_text(f"{other.pid}\n")
    try:
        sweep(tmp_path)
        assert not data.exists()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
