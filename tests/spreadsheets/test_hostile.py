"""No file harms whoever opens it: it is read or refused, soon, and alike in both languages."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from microblog.sheets.refusal import NotATable
from microblog.sheets.tables import read_table
from tests.browser import node
from tests.spreadsheets.hostile import ANY, EITHER, REFUSED, Hostile, files

if TYPE_CHECKING:
    from tests.conftest import Trials

READ = Path(__file__).with_name("read.ts")
#: How long reading may take.
SECONDS = 5


def in_python(file: Hostile) -> tuple[Any, float]:
    """Return what the command line makes of a file, and in how many seconds."""
    began = time.monotonic()
    try:
        read = read_table(file.data)
    except NotATable:
        return REFUSED, time.monotonic() - began
    found = [REFUSED if sheet.refusal else sheet.table for sheet in read.sheets]
    return _said(found), time.monotonic() - began


def in_typescript(several: list[Hostile], folder: Path) -> list[tuple[Any, float]]:
    """Return the same of the browser's end."""
    paths = [folder / str(at) for at in range(len(several))]
    for path, file in zip(paths, several, strict=True):
        path.write_bytes(file.data)
    done = subprocess.run(
        [str(node()), "--disable-warning=ExperimentalWarning", str(READ)],
        input=json.dumps([str(path) for path in paths]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [(_answered(row["said"]), row["took"] / 1000) for row in rows]


def _answered(said: dict[str, Any]) -> Any:
    if "refused" in said:
        return REFUSED
    assert "read" in said, "what was read is too much for the page"
    return _said([REFUSED if it["refused"] else it["table"] for it in said["read"]["sheets"]])


def _said(found: list[Any]) -> Any:
    """Return the one table of a file; sheets all of which are refused are a refusal."""
    if all(one == REFUSED for one in found):
        return REFUSED
    return found[0] if len(found) == 1 else found


@pytest.mark.trial(small=90, great=96)
def test_every_file_is_read_or_refused_soon_and_alike(trials: Trials, tmp_path: Path) -> None:
    some = files(large=trials.count > 90)
    assert len(some) == trials.count
    theirs = in_typescript(some, tmp_path)
    for file, (their, took) in zip(some, theirs, strict=True):
        our, seconds = in_python(file)
        assert our == their or file.wanted == ANY, file.name
        assert file.wanted in (EITHER, ANY, our), file.name
        assert max(took, seconds) < SECONDS, file.name


def test_a_table_that_is_read_otherwise_would_be_noticed(tmp_path: Path) -> None:
    one, other = (Hostile(name, name.encode(), EITHER) for name in ("a,b", "a;c"))
    assert in_typescript([one], tmp_path)[0][0] == in_python(one)[0] == [["a", "b"]]
    assert in_typescript([one], tmp_path)[0][0] != in_python(other)[0]
