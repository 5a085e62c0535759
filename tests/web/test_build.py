"""The browser's end is built from its sources alone: the same bytes in any folder, at any time."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from microblog.web.manifest import make_manifest, render
from microblog.web.shell import FORMS
from tests.browser import ROOT, node

BUILDING = (
    *("build.mjs", "pack.mjs", "sodium.mjs", "sw.mjs"),
    *("index.html", "libsodium-sumo.d.ts", "manifest.webmanifest", "headers.py", "shell.py"),
)
SOURCES = ("package.json", "tsconfig.json", *(f"microblog/web/{name}" for name in BUILDING))
FOLDERS = ("microblog/web/src", "microblog/web/icons")
LIBRARIES = (*json.loads((ROOT / "package.json").read_text())["dependencies"], "esbuild")


def checkout(folder: Path) -> Path:
    """Copy what a build reads into a folder, libraries too."""
    for name in SOURCES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    for name in {library.split("/")[0] for library in (*LIBRARIES, "@esbuild")}:
        shutil.copytree(ROOT / "node_modules" / name, folder / "node_modules" / name)
    return folder


def build(folder: Path, **environment: str) -> dict[str, bytes]:
    """Build there, and return every file that was made."""
    web = folder / "microblog" / "web"
    done = subprocess.run(
        [str(node()), str(web / "build.mjs")],
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
    assert {"app.js", "app.css", "worker.js", "sheets.js", "hashes.json"} <= one.keys()
    for name, data in one.items():
        assert str(first).encode() not in data, name
        if name.endswith(".gz"):
            assert gzip.decompress(data) == one[name.removesuffix(".gz")]
            assert f"{name.removesuffix('.gz')}.br" in one
    check_service_worker(one, first / "microblog" / "web")
    # A build of other sources is another: the comparison above is one that can fail.
    worker = second / "microblog/web/src/worker.ts"
    worker.write_text(worker.read_text() + "\nself.name = 'planted';\n")
    planted = build(second)
    different = {name for name in planted if planted[name] != one[name]}
    named = {"worker.js", "build.txt", "sw.js", "hashes.json"}
    named |= {f"{name}{form}" for name in ("worker.js", "sw.js") for form in FORMS.values()}
    assert different - {"worker.js.map", "sw.js.map"} == named


def check_service_worker(made: dict[str, bytes], web: Path) -> None:
    """Check that it keeps all that is served, by its hash, and nothing else."""
    name = made["build.txt"].strip()
    named = {file for file, data in made.items() if name in data}
    assert named == {"build.txt", "sw.js", "worker.js"}
    text = made["sw.js"].decode()
    listed = dict(re.findall(r'\["(/[^"]*)","([0-9a-f]{64})"\]', text))
    beside = {"sw.js", "build.txt", "hashes.json"}
    kept = {
        f"/static/{file}": data
        for file, data in made.items()
        if not file.endswith((".map", *FORMS.values())) and file not in beside
    }
    kept["/"] = (web / "index.html").read_bytes()
    kept["/manifest.webmanifest"] = (web / "manifest.webmanifest").read_bytes()
    assert listed == {path: hashlib.sha256(data).hexdigest() for path, data in kept.items()}


NAME_BUILD = """
import { nameBuild, NAMELESS } from "./sw.mjs";
const worker = ["worker.js", Buffer.from(NAMELESS)];
const files = process.argv[1] === "twice" ? [worker, ["app.js", worker[1]]] : [worker];
const made = await nameBuild(files, process.cwd(), async (name) => [["sw.js", Buffer.from(name)]]);
process.stdout.write(made.map(([name, bytes]) => `${name} ${bytes}`).join("\\n"));
"""


def name_build(web: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(node()), "--input-type=module", "--eval", NAME_BUILD, *arguments]
    return subprocess.run(command, cwd=web, capture_output=True, text=True, check=False)


def test_what_is_kept_is_kept_with_its_policy_so_another_policy_is_another_build(tmp_path):
    for name in BUILDING:
        shutil.copyfile(ROOT / "microblog" / "web" / name, tmp_path / name)
    made = name_build(tmp_path).stdout
    assert made == name_build(tmp_path).stdout
    assert len(set(re.findall("[0-9a-f]{64}", made))) == 1
    headers = tmp_path / "headers.py"
    headers.write_text(headers.read_text().replace("base-uri 'none'; ", ""))
    assert made != name_build(tmp_path).stdout
    # A file that is named by its content never holds the name of the build.
    assert "belongs in worker.js" in name_build(tmp_path, "twice").stderr
