"""A real witness process beside a real server; and what each client says when the server lies."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import replace

import pytest

from microblog.client.standing import load_standing
from microblog.protocol.witness import decode_head, write_head
from microblog.store.engine import DATABASE
from tests.cli.terminals import MICROBLOG, Said

#: How old the word of a witness may be before posts are kept.
LATE = "microblog.client.heads.LATE_MS"


class Witness:
    """`microblog witness` on a folder of its own, in this process or in one of its own."""

    def __init__(self, office, folder) -> None:
        self.server, self.folder = office.server, folder
        self.typist = office.person("the witness")

    @property
    def words(self) -> list[str]:
        return ["witness", "--url", self.server.origin, "--store", str(self.folder)]

    def looks(self, *words: str) -> Said:
        return self.typist.does(*self.words, "--once", *words)

    def looks_from_elsewhere(self) -> subprocess.CompletedProcess[str]:
        command = [*MICROBLOG, *self.words, "--once"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    @property
    def key(self) -> str:
        said = self.typist.did("witness", "key", "--store", str(self.folder))
        return said.out.splitlines()[0].removeprefix("key: ")


@pytest.fixture
def watched(office, tmp_path):
    """Return a practice with two people on a team, and a witness that has looked once."""
    ann = office.found()
    bea = office.join("Bea Ode")
    ann.did("child", "add", "Rosie Turner", "--born", "2021-03")
    ann.did("team", "add", "rosie", "bea")
    bea.did("team", "rosie")
    witness = Witness(office, tmp_path / "store")
    assert witness.looks().code == 1
    ann.did("witness", "add", witness.key)
    assert witness.looks().code == 0
    return ann, bea, witness


def remove_newest(server, kind: str) -> None:
    """Take the newest entry of a kind, and all behind it, out of a server's database."""
    with closing(sqlite3.connect(server.data / DATABASE)) as database, database:
        log, seq = database.execute(
            "SELECT log, seq FROM entry WHERE kind = ? ORDER BY time DESC, seq DESC", [kind]
        ).fetchone()
        for table in ("entry", "body"):
            database.execute(f"DELETE FROM {table} WHERE log = ? AND seq >= ?", [log, seq])
        (entry_id,) = database.execute(
            "SELECT id FROM entry WHERE log = ? AND seq = ?", [log, seq - 1]
        ).fetchone()
        database.execute(
            "UPDATE log_head SET seq = ?, id = ? WHERE log = ?", [seq - 1, entry_id, log]
        )


def test_a_witness_tells_its_key_and_waits_to_be_named(office, tmp_path):
    ann = office.found()
    witness = Witness(office, tmp_path / "store")
    first = witness.looks()
    key, practice = first.out.splitlines()[:2]
    assert first.code == 1
    assert f"a steward enters its key: {key.removeprefix('key: ')}" in first.err
    named = ann.did("witness", "add", witness.key)
    assert practice.removeprefix("practice: ") in named.out
    assert ann.did("witness", "list", "--json").json["witness"]["state"] == "missing"
    assert witness.looks().out == "1 of 1 logs signed\n"
    shown = ann.did("witness", "list", "--json").json
    assert (shown["witness"]["named"], shown["witness"]["state"]) == (True, "good")
    assert "A witness vouched for it at" in ann.did("verify").out
    assert "Nobody vouches" in ann.did("witness", "end", witness.key).out
    assert "no steward has named this witness" in witness.looks().err
    assert "No witness is named" in ann.did("verify").out


@pytest.mark.parametrize(
    "words",
    [
        ("witness", "add", "-jkh" + "A" * 40),
        ("witness", "end", "--h" + "A" * 40),
        ("revoke-invite", "-hA9x_bQ"),
        ("device", "revoke", "-hA9x_bQ"),
        ("team", "add", "-OA9x_bQ", "bea"),
        ("team", "-OA9x_bQ"),
        ("picture", "-OA9x_bQ"),
    ],
)
def test_a_key_or_an_id_may_begin_with_a_dash(office, words):
    ann = office.found()
    said = ann.does(*words)
    assert said.code == 1
    assert "No such option" not in said.err
    assert "Usage" not in said.out


def test_a_witness_of_another_practice_is_refused(office, tmp_path):
    office.found()
    witness = Witness(office, tmp_path / "store")
    witness.looks()
    assert "another practice" in witness.looks("--fingerprint", "A" * 43).err
    assert "not a practice's fingerprint" in witness.looks("--fingerprint", "AAAA").err


def test_its_folder_holds_no_word_and_its_key_is_its_own(watched):
    ann, _, witness = watched
    ann.did("post", "rosie", "Canary in the kitchen.")
    assert witness.looks().code == 0
    assert (witness.folder / "key").stat().st_mode & 0o077 == 0
    kept = b"".join(path.read_bytes() for path in witness.folder.iterdir())
    for word in (b"Canary", b"Rosie", b"Ann Lee"):
        assert word not in kept


def test_while_a_witness_looks_nothing_is_kept_back(watched):
    ann, bea, witness = watched
    ann.did("post", "rosie", "Quieter than last week.")
    assert witness.looks().out == "2 of 2 logs signed\n"
    (rosie,) = bea.did("children", "--json").json
    assert rosie["vouched"] > 0
    assert rosie["trouble"] is None
    ann.did("team", "remove", "rosie", "bea")
    assert "Bea Ode may still read" in ann.did("children").out
    assert witness.looks().code == 0
    assert "may still read" not in ann.did("children").out


def test_a_server_rolled_back_by_one_entry_is_seen_by_the_witness_and_by_each_client(watched):
    ann, bea, witness = watched
    bea.did("stream")
    ann.did("post", "rosie", "The newest.")
    assert witness.looks().code == 0
    bea.did("witness", "list")
    witness.server.stop()
    remove_newest(witness.server, "post")
    witness.server.start()
    # Who has seen the entry, who has not but heard of it, and who begins anew.
    (rosie,) = ann.did("children", "--json").json
    assert rosie["trouble"]["error"] == "RolledBack"
    (rosie,) = bea.did("children", "--json").json
    assert rosie["trouble"]["error"] in ("HeldBack", "RolledBack")
    assert bea.does("post", "rosie", "On top of it?").code == 1
    (bea.home / "memory").unlink()
    (rosie,) = bea.did("children", "--json").json
    assert rosie["trouble"] is not None
    for _ in range(2):
        seen = witness.looks_from_elsewhere()
        assert seen.returncode == 1
        assert seen.stdout == "1 of 2 logs signed\n"
        assert (
            f"the stream {rosie['log']} was not signed: it went back [RolledBack at" in seen.stderr
        )


def test_a_server_that_hides_a_removal_is_caught_by_its_author(watched):
    ann, _, witness = watched
    before = witness.server.data.with_name("before")
    witness.server.stop()
    shutil.copytree(witness.server.data, before)
    witness.server.start()
    ann.did("team", "remove", "rosie", "bea")
    assert witness.looks().code == 0
    with closing(sqlite3.connect(witness.server.data / DATABASE)) as database:
        heads = database.execute("SELECT * FROM witnessed").fetchall()
    # To another device of hers the server shows the state from before, with the heads of after.
    witness.server.stop()
    shutil.rmtree(witness.server.data)
    shutil.copytree(before, witness.server.data)
    with closing(sqlite3.connect(witness.server.data / DATABASE)) as database, database:
        database.execute("DELETE FROM witnessed")
        database.executemany("INSERT INTO witnessed VALUES (?, ?, ?, ?, ?)", heads)
    witness.server.start()
    (ann.home / "memory").unlink()
    (rosie,) = ann.did("children", "--json").json
    assert rosie["trouble"]["error"] in ("HeldBack", "RolledBack")
    said = ann.does("post", "rosie", "For whom?", "--all-the-same")
    assert said.code == 1
    assert "nothing was sent" in said.err


def test_a_server_that_withholds_heads_keeps_posts_unsent_and_their_words_sealed(
    watched, monkeypatch
):
    ann, bea, witness = watched
    with closing(sqlite3.connect(witness.server.data / DATABASE)) as database, database:
        database.execute("DELETE FROM witnessed")
    with monkeypatch.context() as patch:
        patch.setattr(LATE, 0)
        said = ann.does("post", "rosie", "Canary for later.")
        assert said.code == 1
        assert "not sent: this server has not been vouched for since" in said.err
        assert "microblog unsent --send" in said.err
        assert b"Canary" not in (ann.home / "memory").read_bytes()
        assert "    Canary for later.\n" in ann.did("unsent").out
        assert ann.does("unsent", "--send").code == 1
        assert "Posted to" in bea.did("post", "rosie", "All the same.", "--all-the-same").out
    assert witness.looks().code == 0
    assert "Posted to Rosie Turner's team (2)." in ann.did("unsent", "--send").out
    assert ann.did("unsent").out == "Nothing waits.\n"
    assert "Canary for later." in bea.did("stream").out


def test_a_witness_that_lies_of_the_directory_stops_all_until_a_steward_ends_it(watched):
    ann, bea, witness = watched
    seed = load_standing(witness.folder / "key").seed
    with closing(sqlite3.connect(witness.server.data / DATABASE)) as database, database:
        signed = database.execute("SELECT head FROM witnessed WHERE log = ?", [bytes(16)])
        honest = decode_head(signed.fetchone()[0]).sighting
        lie = write_head(seed, replace(honest, head=replace(honest.head, id=bytes(32))))
        database.execute("UPDATE witnessed SET head = ? WHERE log = ?", [lie, bytes(16)])
    said = bea.does("post", "rosie", "To whom?")
    assert said.code == 1
    assert "nothing was sent" in said.err
    assert "the server lies or the witness does" in said.err
    assert ann.does("child", "add", "Sam Reed", "--born", "2020-01").code == 1
    assert "ask whoever runs it, not over this server" in ann.did("witness", "list").out
    assert "Its word counts no more." in ann.did("witness", "end", witness.key).out
    assert "Posted to" in bea.did("post", "rosie", "It goes on.").out
    assert "It goes on." in ann.did("stream").out


def test_an_unsent_post_is_dropped_only_when_asked_to(watched, monkeypatch):
    ann, _, _ = watched
    monkeypatch.setattr(LATE, 0)
    monkeypatch.setattr("microblog.client.freshness.fetch_heads", lambda _: ())
    assert ann.does("post", "rosie", "Perhaps.", "--kind", "told", "--source", "a neighbour").code
    (kept,) = ann.did("unsent", "--json").json
    assert (kept["draft"]["text"], kept["draft"]["source"]) == ("Perhaps.", "a neighbour")
    assert ann.does("unsent", "--drop").code == 1
    assert ann.does("unsent", "--drop", "--send").code == 2
    ann.did("unsent", "--drop", "--yes")
    assert ann.did("unsent").out == "Nothing waits.\n"


def test_a_witness_killed_at_any_moment_goes_on_where_it_was(watched):
    ann, _, witness = watched
    ann.did("post", "rosie", "Quieter than last week.")
    command = [*MICROBLOG, *witness.words, "--every", "10"]
    for pause in (0.3, 0.6):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(pause)
        process.kill()
        process.communicate()
    seen = witness.looks_from_elsewhere()
    assert (seen.returncode, seen.stdout) == (0, "2 of 2 logs signed\n")
    assert ann.did("witness", "list", "--json").json["witness"]["state"] == "good"
