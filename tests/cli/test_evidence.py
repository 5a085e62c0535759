"""Taking a stream out on the real server, and checking the file, and a server, from outside."""

import json
import os
import subprocess
import sys

import pytest

from tests.browser import ROOT

HASHES = ROOT / "microblog" / "web" / "static" / "hashes.json"


@pytest.fixture
def taken(office, tmp_path):
    """Return who took a stream out, and the file."""
    ann = office.found()
    ann.did("child", "add", "Rosie Turner")
    ann.did("post", "rosie", "Quieter than last week.", "--sure", "niggle")
    file = tmp_path / "rosie.bundle"
    said = ann.did("export", "rosie", "--why", "the review", "--output", str(file), "--yes")
    assert "Rosie Turner's stream is in" in said.out
    assert "Its team was told." in said.out
    assert ": the beginning to then: the review" in ann.did("team", "rosie").out
    return ann, file


def test_a_bundle_is_checked_with_no_keys_no_server_and_no_network(office, taken, tmp_path):
    ann, file = taken
    assert file.stat().st_mode & 0o777 == 0o600
    fingerprint = ann.did("verify", "--json").json["fingerprint"]
    office.server.kill()
    alone = {"HOME": str(tmp_path / "nobody"), "PATH": os.environ["PATH"]}
    code = (
        "import socket, sys\n"
        "def closed(*_): raise OSError('there is no network')\n"
        "socket.socket.connect = socket.getaddrinfo = closed\n"
        "from microblog.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, "verify-bundle", str(file), "--posts"],
        env=alone, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert lines[0] == "Good: Rosie Turner's stream, as Northam wrote it."
    assert lines[1] == f"Fingerprint: {fingerprint}"
    assert "Told to the team: the beginning to then: the review" in lines
    assert "    Quieter than last week." in lines
    assert "compare the fingerprint with one that the practice gave you" in said.stderr
    assert "no witness vouches for it" in said.stderr
    assert not (tmp_path / "nobody").exists()


def test_a_fingerprint_is_compared_and_one_changed_byte_refused(taken, somebody):
    ann, file = taken
    found = somebody.did("verify-bundle", str(file), "--json").json
    assert [post["text"] for post in found["posts"]] == ["Quieter than last week."]
    same = somebody.did("verify-bundle", str(file), "--fingerprint", found["fingerprint"])
    assert "compare the fingerprint" not in same.err
    other = somebody.does("verify-bundle", str(file), "--fingerprint", "A" * 43)
    assert other.code == 1
    assert "another practice" in other.err
    assert somebody.does("verify-bundle", str(file), "--fingerprint", "!").code == 2
    data = file.read_bytes()
    for at in (0, len(data) // 3, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        refused = somebody.does("verify-bundle", str(file))
        assert refused.code == 1
        assert f"microblog: error: {file} is refused: " in refused.err
        assert refused.out == ""
    assert ann.did("children", "--json").json[0]["exports"][0]["why"] == "the review"


def test_nothing_is_told_where_no_file_could_be_written(taken, tmp_path):
    ann, file = taken
    there = ann.does("export", "rosie", "--why", "again", "--output", str(file), "--yes")
    assert "is there already" in there.err
    nowhere = str(tmp_path / "nowhere" / "file")
    assert "no folder" in ann.does("export", "rosie", "--why", "x", "--output", nowhere).err
    unasked = ann.does("export", "rosie", "--why", "x", "--output", str(tmp_path / "new"))
    assert "add --yes if its team may be told of it" in unasked.err
    assert "Malformed" not in unasked.err
    bad = ann.does("export", "rosie", "--why", "x", "--from", "soon", "--yes",
                   "--output", str(tmp_path / "new"))  # fmt: skip
    assert bad.code == 1
    assert not (tmp_path / "new").exists()
    (told,) = ann.did("children", "--json").json[0]["exports"]
    assert told["why"] == "the review"


def test_a_running_server_serves_what_this_checkout_was_built_to(office, somebody):
    said = somebody.does("verify-client", office.server.origin)
    assert said.code == 0, said.err
    count = len(json.loads(HASHES.read_text())["served"]) + 1
    assert f"{office.server.origin} serves what was built here: {count} paths." in said.out
    assert "a server can serve others something else" in said.err
    assert somebody.does("verify-client", "ftp://example.test").code == 2
    assert somebody.does("verify-client", "http://127.0.0.1:9").code == 1
