"""Commands as people type them: in this process, or in a real terminal of their own."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microblog.cli.main import run

PASSPHRASE = "correct horse battery"
MICROBLOG = [sys.executable, "-m", "microblog.cli"]
INTERRUPT = "Ctrl-C"
NUMBER = "Front door=01632 960001=9 to 5"


def hear_interrupts() -> None:
    """Let what is started hear Ctrl-C, even if the tests, in the background, do not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Person:
    """Somebody with a folder of their own, who types commands."""

    def __init__(self, folder: Path, monkeypatch, capsys) -> None:
        self.home = folder / "home"
        self.passphrase_file = folder / "passphrase"
        self.monkeypatch, self.capsys = monkeypatch, capsys
        folder.mkdir()
        self.passphrase_file.write_text(PASSPHRASE + "\n")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "MICROBLOG_HOME": str(self.home),
            "MICROBLOG_PASSPHRASE_FILE": str(self.passphrase_file),
        }

    def does(self, *words: str, typed: str = "") -> Said:
        """Run a command in this process, with nobody at the terminal."""
        self.capsys.readouterr()
        with self.monkeypatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(typed))
            code = run(list(words))
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)

    def did(self, *words: str, typed: str = "") -> Said:
        """Run a command that must succeed."""
        said = self.does(*words, typed=typed)
        assert said.code == 0, said.err
        return said

    def types(self, *words: str, answers: list[tuple[str, Any]], **environment: str) -> Said:
        """Run a command in a real terminal, and answer each question as it comes."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MICROBLOG_")}
        names = {**kept, **self.environment, **environment, "TERM": "xterm"}
        names = {name: value for name, value in names.items() if value}
        ours, theirs = pty.openpty()
        hear_interrupts()
        process = subprocess.Popen(
            [*MICROBLOG, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=names,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        try:
            shown = answer(ours, process, answers)
        finally:
            process.kill()
            process.wait()
            os.close(ours)
        return Said(process.returncode, shown, "")


def answer(terminal: int, process: subprocess.Popen, answers: list[tuple[str, Any]]) -> str:
    """Type each answer once its question (a pattern) is there; `{}` is what a pattern caught.

    An answer may also be made of all that was shown.
    """
    shown, seen, waiting, caught = "", 0, list(answers), ""
    deadline = time.monotonic() + 60
    interrupted = float("inf")
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        if ready:
            try:
                piece = os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
            shown += piece
        if waiting and (found := re.search(waiting[0][0], shown[seen:], re.DOTALL)):
            caught = found.group(1) if found.re.groups else caught
            seen += found.end()
            wanted = waiting.pop(0)[1]
            words = wanted(shown) if callable(wanted) else wanted.replace("{}", caught)
            if words == INTERRUPT:
                process.send_signal(signal.SIGINT)
                interrupted = time.monotonic()
            else:
                os.write(terminal, words.encode())
        if not ready and process.poll() is not None:
            break
        if time.monotonic() > interrupted + 5:
            # Python misses one that comes after a question is written and before it waits for
            # the answer, until the next one comes: anyone would press the keys again.
            process.send_signal(signal.SIGINT)
            interrupted = time.monotonic()
    process.wait(timeout=30)
    assert not waiting, f"never asked {waiting[0][0]!r}: {shown}"
    return shown.replace("\r\n", "\n")


def from_paper(shown: str) -> str:
    """Return the group of the newest sheet shown that is asked for, as one types it."""
    group = int(re.findall(r"From the paper, group (\d)", shown)[-1])
    return sheet_of(shown)[group - 1].lower() + "\n"


def sheet_of(shown: str) -> list[str]:
    """Return the nine groups of the newest sheet shown."""
    return [letters for _, letters in re.findall(r"(\d)  ([0-9A-Z]{4})\b", shown)][-9:]


#: What is asked when a recovery sheet is made, with its answers.
TYPED_BACK = [(r"From the paper, group \d: ", from_paper)] * 2


class Office:
    """A practice on a real server, and the people who have joined it."""

    def __init__(self, server, folder: Path, monkeypatch, capsys) -> None:
        self.server, self.folder = server, folder
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.people: dict[str, Person] = {}

    def person(self, name: str) -> Person:
        self.people[name] = Person(self.folder / name, self.monkeypatch, self.capsys)
        return self.people[name]

    def found(self, name: str = "Ann Lee") -> Person:
        ann = self.person(name)
        ann.did(
            "found", self.server.founding_link(), "--practice", "Northam", "--name", name,
            "--job", "team manager", "--agency", "Northam Council", "--number", NUMBER,
        )  # fmt: skip
        return ann

    def invite(self, name: str, agency: str = "council") -> tuple[str, str]:
        steward = next(iter(self.people.values()))
        issued = steward.did("invite", name, "--job", "nurse", "--agency", agency, "--json").json
        return issued["link"], issued["letters"]

    def join(self, name: str, agency: str = "council") -> Person:
        link, letters = self.invite(name, agency)
        person = self.person(name)
        person.did("join", link, "--letters", letters, "--yes")
        return person
