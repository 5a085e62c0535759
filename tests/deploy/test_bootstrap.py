"""Set-up says in one line what is missing, and a step that failed is taken up again."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import ROOT

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load the set-up of a checkout that has nothing in it but the set-up."""
    place = tmp_path / "deploy" / "bootstrap.py"
    place.parent.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("bootstrap.py", "reasons.py", "stamps.py"):
        shutil.copy(ROOT / "deploy" / name, place.parent)
    spec = importlib.util.spec_from_file_location("bootstrap", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said on standard error: one line, and no traceback."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_a_python_that_is_too_old_is_named(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert bootstrap.main(["run"]) == 1
    assert "Python 3.11 or newer is missing" in one_line(capsys)


@pytest.mark.parametrize("name", ["venv", "ensurepip"])
def test_a_python_without_virtual_environments_is_named(bootstrap, monkeypatch, capsys, name):
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda asked: None if asked == name else object()
    )
    assert bootstrap.main(["run"]) == 1
    assert f"the Python module {name} is missing" in one_line(capsys)


def test_a_full_disk_is_named_before_anything_is_begun(bootstrap, monkeypatch, capsys):
    usage = type(shutil.disk_usage("/"))(100 * 2**20, 90 * 2**20, 10 * 2**20)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: usage)
    assert bootstrap.main(["run"]) == 1
    assert "the disk is full: 10 MiB are free" in one_line(capsys)
    assert not bootstrap.VENV.exists()


def test_a_folder_that_cannot_be_written_is_named(bootstrap, capsys):
    bootstrap.VENV.write_text("in the way")
    assert bootstrap.main(["run"]) == 1
    assert "is in the way: it is not a folder" in one_line(capsys)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code EACCES", "cannot be written by this user"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM", "is not the one that the lock file names"),
        ("npm error code EINTEGRITY", "is not the one that the lock file names"),
        ("npm error code EAI_AGAIN", "registry cannot be reached"),
        ("NewConnectionError(': Failed to establish", "registry cannot be reached"),
        ("first\nSyntaxError: what is that\n\n", "SyntaxError: what is that"),
        ("", "no reason was given"),
    ],
)
def test_what_a_tool_says_when_it_fails_becomes_one_line(bootstrap, said, line):
    explained = bootstrap.explain("installing", said, 1.0)
    assert line in explained
    assert "\n" not in explained


def test_a_step_that_failed_leaves_no_stamp_and_is_taken_up_again(bootstrap, monkeypatch):
    (bootstrap.ROOT / "requirements.txt").write_text("one==1 --hash=sha256:0\n")
    calls = []

    def fail(*arguments: str) -> None:
        calls.append(arguments)
        raise bootstrap.Missing("planted")

    monkeypatch.setattr(bootstrap, "pip", fail)
    with pytest.raises(bootstrap.Missing, match="planted"):
        bootstrap.install_python_packages("requirements.txt")
    assert not bootstrap.STAMPS.folder.exists()

    monkeypatch.setattr(bootstrap, "pip", lambda *arguments: calls.append(arguments))
    bootstrap.install_python_packages("requirements.txt")
    bootstrap.install_python_packages("requirements.txt")
    assert len(calls) == 2

    (bootstrap.ROOT / "requirements.txt").write_text("one==2 --hash=sha256:0\n")
    bootstrap.install_python_packages("requirements.txt")
    assert len(calls) == 3


def test_a_bundle_is_made_again_when_a_source_or_what_was_built_changes(bootstrap, monkeypatch):
    web = [f"microblog/web/{name}" for name in (*bootstrap.BUILDING, *bootstrap.SERVING)]
    for name in ("package.json", "package-lock.json", "tsconfig.json", *web):
        (bootstrap.ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (bootstrap.ROOT / name).write_text("{}")
    source, built = bootstrap.WEB / "src" / "app.tsx", bootstrap.STATIC / "app.js"
    for path in (source, built):
        path.parent.mkdir()
        path.write_text("1")
    monkeypatch.setattr(bootstrap, "node", lambda: Path("node"))
    runs = []
    monkeypatch.setattr(bootstrap, "run", lambda *arguments: runs.append(arguments) or "")

    def made() -> int:
        """Count how often it was bundled; its manifest is made after each."""
        assert [doing for _, doing in runs[1::2]] == ["hashing what is served"] * (len(runs) // 2)
        return len(runs) // 2

    bootstrap.bundle()
    bootstrap.bundle()
    assert made() == 1
    source.write_text("2")
    bootstrap.bundle()
    assert made() == 2
    built.write_text("2")
    bootstrap.bundle()
    bootstrap.bundle()
    assert made() == 3
    (bootstrap.WEB / "headers.py").write_text("another policy")
    bootstrap.bundle()
    assert made() == 4


def test_a_registry_that_cannot_be_reached_is_one_line_and_no_traceback(bootstrap):
    """The real pip, in a real virtual environment, with an address where nothing listens."""
    root = bootstrap.ROOT
    (root / "requirements.txt").write_text(f"nowhere==1 --hash=sha256:{'0' * 64}\n")
    nowhere = {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
    }
    done = subprocess.run(
        [sys.executable, str(root / "deploy" / "bootstrap.py"), "run"],
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "the package registry cannot be reached" in done.stderr
    assert sorted(path.name for path in (root / ".venv" / "stamps").iterdir()) == ["venv"]
