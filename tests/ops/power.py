"""Power cuts: what may be on the disk after one, whatever a server has written and synced by then.

`power.c`, preloaded into a server, notes each write, change of size, removal and sync of its files.
From the notes up to any moment the files are made again as a disk may then have them: all that was
synced, and of what was written since nothing, everything, or some of it, torn in the middle.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.forking import execute
from tests.serving import Server

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from tests.forking import Process

HEAD = struct.Struct("<B3xIIQ")
SECTOR = 512
#: It starts `microblogd` with how it commits set to the first argument.
AS_TOLD = (
    "import sys; from microblog.store import engine; engine.SYNCHRONOUS = sys.argv.pop(1);"
    " from microblog.ops.main import main; main()"
)
LOSSES = ("nothing since", "all since", "some since")


@dataclass(frozen=True, slots=True)
class Note:
    """What was done to a file: w(rite) at an offset, t(runcate), u(nlink), s(ync).

    Or s(ync) of the folder, without a name; or an a(nswer) to the ids of what it acknowledged.
    """

    sort: str
    name: str
    at: int
    data: bytes


@dataclass
class Disk:
    """A file's content as last synced, and what was done to it since."""

    synced: bytes | None = None
    since: list[Note] = field(default_factory=list)

    def take(self, note: Note) -> None:
        if note.sort == "s":
            self.synced, self.since = _apply(self.synced, self.since), []
        else:
            self.since.append(note)

    def keep_removal(self) -> None:
        """Take it that a removal is on the disk: the folder was synced."""
        for number in reversed(range(len(self.since))):
            if self.since[number].sort == "u":
                self.synced, self.since = None, self.since[number + 1 :]
                return

    def after(self, loss: str, chance: random.Random) -> bytes | None:
        """Return what there may be of it after a cut."""
        if loss == "nothing since":
            return self.synced
        if loss == "all since":
            return _apply(self.synced, self.since)
        some = [_tear(it, chance) for it in self.since if chance.random() < 0.5]
        return _apply(self.synced, some)


def can_compile() -> bool:
    return shutil.which("cc") is not None and sys.platform == "linux"


def compile_shim(folder: Path) -> Path:
    """Return the library that takes the notes."""
    library = folder / "power.so"
    source = Path(__file__).with_name("power.c")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True
    )
    return library


def watched_server(folder: Path, library: Path, synchronous: str) -> Server:
    """Return a server, not begun, whose writing is noted in the file `trace`."""

    def begin(words: Sequence[str], environment: Mapping[str, str], output: Path) -> Process:
        if words[0] != "serve":
            return execute(words, environment, output)
        watched = {
            **environment,
            "LD_PRELOAD": str(library),
            "POWER_FOLDER": str(folder / "data"),
            "POWER_TRACE": str(folder / "trace"),
        }
        with output.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-c", AS_TOLD, synchronous, *words],
                env=watched, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip

    return Server(folder / "data", folder / "log", begin=begin)


def note_answer(folder: Path, ids: Sequence[bytes]) -> None:
    """Note that these entries were acknowledged, after all that was noted before."""
    data = b"".join(ids)
    with (folder / "trace").open("ab", buffering=0) as trace:
        trace.write(HEAD.pack(ord("a"), 0, len(data), 0) + data)


def read_notes(folder: Path) -> list[Note]:
    data, at, notes = (folder / "trace").read_bytes(), 0, []
    while at < len(data):
        sort, name, size, offset = HEAD.unpack_from(data, at)
        at += HEAD.size
        text, body = data[at : at + name].decode(), data[at + name : at + name + size]
        at += name + size
        if not text.endswith("-shm"):  # made anew when nobody has it open
            notes.append(Note(chr(sort), text, offset, body))
    return notes


class Cut:
    """Goes through notes and makes, at any of them, the files that a cut there may leave."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.notes = notes
        self.done = 0
        self.disks: dict[str, Disk] = {}
        self.acknowledged: set[bytes] = set()

    def go_to(self, moment: int) -> None:
        """Go on to the moment after so many notes."""
        for note in self.notes[self.done : moment]:
            if note.sort == "a":
                ids = (note.data[i : i + 32] for i in range(0, len(note.data), 32))
                self.acknowledged.update(ids)
            elif note.name:
                self.disks.setdefault(note.name, Disk()).take(note)
            else:
                for disk in self.disks.values():
                    disk.keep_removal()
        self.done = moment

    def leave(self, folder: Path, loss: str, chance: random.Random) -> None:
        """Make the files."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, disk in self.disks.items():
            content = disk.after(loss, chance)
            if content is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)


def _apply(content: bytes | None, notes: Sequence[Note]) -> bytes | None:
    for note in notes:
        if note.sort == "u":
            content = None
            continue
        made = bytearray(content or b"")
        if note.sort == "t":
            made = made[: note.at].ljust(note.at, b"\0")
        else:
            made = made.ljust(note.at, b"\0")
            made[note.at : note.at + len(note.data)] = note.data
        content = bytes(made)
    return content


def _tear(note: Note, chance: random.Random) -> Note:
    if note.sort != "w" or chance.random() < 0.5:
        return note
    sectors = chance.randrange(len(note.data) // SECTOR + 1)
    return Note("w", note.name, note.at, note.data[: sectors * SECTOR])
