"""The house keeps its own rules, and each guard sees a fault that was planted."""

from __future__ import annotations

import configparser
import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import ROOT
from tests.house import layering_faults, meaningful, twin_faults

PACKAGE = ROOT / "microblog"
SOURCE = PACKAGE / "web" / "src"


def plant(folder: Path, **files: str) -> Path:
    """Write files, named like protocol__log_ts for protocol/log.ts, into a folder."""
    for name, text in files.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


# TypeScript: who imports what.


def test_the_browsers_end_keeps_its_layers():
    assert layering_faults(SOURCE) == []


def test_clean_files_of_every_layer_have_no_fault(tmp_path):
    planted = plant(
        tmp_path,
        protocol__primitives_ts='import sodium from "libsodium-sumo";\nsodium();',
        protocol__log_ts=(
            'import { hash } from "./primitives.ts"; // fetch(document)\n'
            "/* document */ const words = 'fetch', fit = /document[/\"']/.test(words);\n"
            "export const entry = { document: `${words} document` }; entry.document; hash;\n"
            "export const half = words.length / 2 / 1;"
        ),
        client__session_ts=(
            'import { openDB } from "idb";\nimport type { Head } from "../protocol/log.ts";\n'
            "export const get = () => fetch('/x');"
        ),
        client__messages_ts="export interface Ask { word: string }",
        views__page_tsx=(
            'import { signal } from "@preact/signals";\n'
            'import type { Ask } from "../client/messages.ts";\n'
            'export const Page = (ask: Ask) => <p title="fetch">We couldn\'t fetch it</p>;\n'
            "document.title = '';"
        ),
        app_tsx='import { Page } from "./views/page.tsx";\nPage;',
        worker_ts='import "./client/session.ts";',
    )
    assert layering_faults(planted) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("protocol__log_ts", 'import sodium from "libsodium-sumo";', "import libsodium"),
        ("protocol__log_ts", 'import type { A } from "../client/a.ts";', "import client/a.ts"),
        (
            "protocol__log_ts",
            'import {\n  a,\n  b,\n} from "../client/a.ts";',
            "import client/a.ts",
        ),
        ("protocol__log_ts", 'export * from "node:fs";', "import node:fs"),
        ("protocol__log_ts", "export const a = () => fetch('/x');", "name fetch"),
        ("protocol__log_ts", "export const a = `${fetch('/x')}`;", "name fetch"),
        ("protocol__log_ts", "export const a = 1 / 2 + document.x / 3;", "name document"),
        ("client__session_ts", "export const a = globalThis.document;", "name document"),
        ("protocol__log_ts", "localStorage.a = 1;", "name localStorage"),
        ("protocol__log_ts", "export const a = Date.now();", "name Date"),
        ("protocol__log_ts", "export const a = Math.random();", "name random"),
        ("protocol__primitives_ts", "export const a = crypto;", "name crypto"),
        ("client__session_ts", "document.title = '';", "name document"),
        ("client__session_ts", "self.document;", "name document"),
        ("client__session_ts", 'import sodium from "libsodium-sumo";', "import libsodium"),
        ("client__session_ts", 'import { a } from "../views/a.tsx";', "import views/a.tsx"),
        ("client__session_ts", 'import("../views/a.tsx");', "import views/a.tsx"),
        ("views__page_tsx", 'import sodium from "libsodium-sumo";', "import libsodium"),
        ("views__page_tsx", 'import { a } from "../protocol/log.ts";', "import protocol/log.ts"),
        ("views__page_tsx", 'import { a } from "../client/session.ts";', "import client/session"),
        ("views__page_tsx", "export const a = <p>{fetch('/x')}</p>;", "name fetch"),
        ("views__page_tsx", "export const a = globalThis.fetch('/x');", "name fetch"),
        ("views__page_tsx", "export const a = window?.fetch('/x');", "name fetch"),
        ("views__page_tsx", "document.body.innerHTML = '';", "name innerHTML"),
        (
            "views__page_tsx",
            "export const a = <p dangerouslySetInnerHTML={{ __html: '' }} />;",
            "name dangerouslySetInnerHTML",
        ),
        ("app_tsx", 'import "./client/session.ts";', "import client/session.ts"),
        ("worker_ts", 'import "./views/page.tsx";', "import views/page.tsx"),
        ("sheets__tables_ts", 'import { a } from "../client/session.ts";', "import client/session"),
        ("sheets__tables_ts", "export const a = () => fetch('/x');", "name fetch"),
        ("sheets__tables_ts", "self.importScripts('/x');", "name importScripts"),
        ("sheets_ts", 'import "./client/session.ts";', "import client/session.ts"),
        ("client__session_ts", 'import { a } from "../sheets/tables.ts";', "import sheets/tables"),
        ("views__page_tsx", 'import { a } from "../sheets/tables.ts";', "import sheets/tables.ts"),
        ("extra__page_ts", "export {};", "no layer has such a file"),
    ],
)
def test_a_planted_breach_of_a_layer_is_seen(tmp_path, name, text, fault):
    faults = layering_faults(plant(tmp_path, **{name: text}))
    assert len(faults) == 1
    assert fault in faults[0]


def test_the_scanner_tells_a_regular_expression_from_a_division():
    text = "a = b / c / d; e(/f['\"]g/i, /[/]/); return /h/"
    assert "".join(meaningful(text)) == 'a=b/c/d;e("","");return""'


# The twins.


def test_the_twins_have_the_same_files_names_and_errors():
    assert twin_faults(PACKAGE / "protocol", SOURCE / "protocol") == []


PYTHON_TWIN = '''
"""A module."""
from other import imported
MAX_TEXT, MIN_TEXT = 280, 1
Value = int | bytes
_hidden = 1
lower_case = 1
class Head: pass
def read_head(data): pass
def _helper(): pass
'''
TYPESCRIPT_TWIN = """
import { imported } from "./other.ts";
export const MAX_TEXT = 280;
const MIN_TEXT = 1;
export { MIN_TEXT };
export type Value = number | Uint8Array;
export interface Head { seq: number }
export function readHead(data: Uint8Array): Head { return helper(data); }
function helper(data: Uint8Array): Head { return { seq: data.length }; }
"""
PYTHON_ERRORS = "class ProtocolError(Exception): pass\nclass Malformed(ProtocolError): pass\n"
TYPESCRIPT_ERRORS = (
    "export class ProtocolError extends Error {}\nexport class Malformed extends ProtocolError {}\n"
)


def planted_twins(folder: Path, **changed: str) -> list[str]:
    files = {
        "py__log_py": PYTHON_TWIN,
        "py__errors_py": PYTHON_ERRORS,
        "ts__log_ts": TYPESCRIPT_TWIN,
        "ts__errors_ts": TYPESCRIPT_ERRORS,
    }
    plant(folder, **(files | changed))
    return twin_faults(folder / "py", folder / "ts")


def test_equal_twins_have_no_fault(tmp_path):
    assert planted_twins(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"py__extra_py": ""}, "extra.ts: no twin of extra.py"),
        ({"ts__extra_ts": ""}, "extra.py: no twin of extra.ts"),
        ({"py__log_py": PYTHON_TWIN + "def more(): pass"}, "log.ts: more is missing"),
        ({"py__log_py": PYTHON_TWIN + "MORE: int = 1"}, "log.ts: MORE is missing"),
        (
            {"ts__log_ts": TYPESCRIPT_TWIN + "export async function doMore() {}"},
            "log.py: doMore is missing",
        ),
        (
            {"py__errors_py": PYTHON_ERRORS + "class Late(ProtocolError): pass"},
            "errors.ts: Late is missing",
        ),
        (
            {
                "ts__errors_ts": TYPESCRIPT_ERRORS.replace(
                    "Malformed extends Prot", "Malformed extends x"
                )
            },
            "errors.ts: Malformed extends xocolError, its twin ProtocolError",
        ),
    ],
)
def test_a_planted_difference_between_the_twins_is_seen(tmp_path, changed, fault):
    assert planted_twins(tmp_path, **changed) == [fault]


# Python: the contracts of setup.cfg, which `make check` runs.


def contracts() -> dict[str, configparser.SectionProxy]:
    configuration = configparser.ConfigParser()
    configuration.read(ROOT / "setup.cfg")
    return {
        name.rpartition(":")[2]: section
        for name, section in configuration.items()
        if name.startswith("importlinter:contract:")
    }


def test_every_part_of_the_package_has_a_contract():
    parts = {
        path.stem
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    governed = " ".join(contract["source_modules"] for contract in contracts().values()).split()
    assert {f"microblog.{part}" for part in parts - {"__init__"}} - set(governed) == set()


def lint_stub_package(folder: Path, imports: list[tuple[str, str]]) -> str:
    """Run the contracts over a package of empty modules with the imports given."""
    shutil.copy(ROOT / "setup.cfg", folder)
    modules = {word for word in (ROOT / "setup.cfg").read_text().split() if "microblog." in word}
    modules = {module for module in modules if re.fullmatch(r"microblog(\.[a-z]+)+", module)}
    imported = {name for pair in imports for name in pair if name.startswith("microblog.")}
    for module in {"microblog", *modules, *imported}:
        path = folder / module.replace(".", "/")
        path.mkdir(parents=True, exist_ok=True)
        (path / "__init__.py").touch()
    for source, target in imports:
        with (folder / source.replace(".", "/") / "__init__.py").open("a") as file:
            file.write(f"import {target}\n")
    linted = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return linted.stdout


def verdicts(printed: str, verdict: str) -> list[str]:
    return re.findall(rf"^(.+?) {verdict}(?: \(.*\))?$", printed, re.MULTILINE)


def test_what_the_table_of_layers_allows_breaks_no_contract(tmp_path):
    allowed = [
        ("microblog.protocol.entry", "microblog.protocol.primitives"),
        ("microblog.protocol.entry", "hashlib"),
        ("microblog.protocol.primitives", "nacl.bindings"),
        ("microblog.protocol.primitives", "argon2.low_level"),
        ("microblog.store.people", "sqlalchemy.orm"),
        ("microblog.store.db", "flask_sqlalchemy"),
        ("microblog.service.people", "microblog.store.people"),
        ("microblog.service.people", "microblog.protocol.directory"),
        ("microblog.api.people", "microblog.service.people"),
        ("microblog.api.people", "microblog.store.db"),
        ("microblog.api.people", "flask_login"),
        ("microblog.web.pages", "flask"),
        ("microblog.web.pages", "microblog.settings"),
        ("microblog.ops.main", "microblog.service.people"),
        ("microblog.ops.main", "microblog.store.db"),
        ("microblog.ops.main", "microblog.settings"),
        ("microblog.ops.main", "click"),
        ("microblog.app", "microblog.api.people"),
        ("microblog.app", "microblog.web.pages"),
        ("microblog.app", "microblog.store.db"),
        ("microblog.client.session", "microblog.protocol.stream"),
        ("microblog.client.transport", "requests"),
        ("microblog.cli.main", "microblog.client.session"),
        ("microblog.cli.main", "microblog.protocol.errors"),
        ("microblog.cli.main", "click"),
        ("microblog.cli.main", "microblog.sheets.tables"),
        ("microblog.sheets.markup", "defusedxml.sax"),
    ]
    printed = lint_stub_package(tmp_path, allowed)
    assert verdicts(printed, "BROKEN") == []
    assert len(verdicts(printed, "KEPT")) == len(contracts()), printed


def test_every_contract_sees_a_planted_import(tmp_path):
    planted = [
        (
            f"{contract['source_modules'].split()[0]}.planted",
            contract["forbidden_modules"].split()[-1].replace("*", "people"),
        )
        for contract in contracts().values()
    ]
    printed = lint_stub_package(tmp_path, planted)
    assert verdicts(printed, "KEPT") == []
    assert len(verdicts(printed, "BROKEN")) == len(contracts()), printed


@pytest.mark.parametrize(
    ("source", "target", "contract"),
    [
        ("protocol.entry", "os", "protocol: standard library"),
        ("protocol.entry", "time", "protocol: standard library"),
        ("protocol.entry", "nacl.bindings", "cryptography: protocol.primitives only"),
        ("service.people", "argon2", "cryptography: protocol.primitives only"),
        ("store.people", "flask_sqlalchemy", "store: flask_sqlalchemy in db only"),
        ("service.people", "microblog.store.db", "service: store (not db), protocol"),
        ("api.people", "microblog.store.people", "api: service, store.db, flask"),
        ("api.people", "microblog.protocol.entry", "api: service, store.db, flask"),
        ("ops.main", "microblog.store.people", "ops: service, store.db, settings"),
        ("cli.main", "microblog.protocol.entry", "cli: of protocol its errors only"),
        ("cli.main", "microblog.store.db", "cli: client, sheets, click"),
        ("cli.main", "defusedxml", "what takes strangers' files apart: sheets only"),
        ("sheets.markup", "socket", "sheets: standard library, and no network"),
        ("client.session", "microblog.sheets.tables", "client: protocol"),
    ],
)
def test_an_import_against_the_table_breaks_its_contract(tmp_path, source, target, contract):
    printed = lint_stub_package(tmp_path, [(f"microblog.{source}", target)])
    assert any(name.startswith(contract) for name in verdicts(printed, "BROKEN")), printed


# The rest of the house.


def test_the_package_itself_imports_nothing():
    assert "import" not in (PACKAGE / "__init__.py").read_text()


LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-load.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_python_package_is_pinned_by_hash_and_names_no_address(name):
    text = (ROOT / name).read_text()
    packages = re.findall(r"^\S.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    locked = [package for package in packages if not package.startswith("#")]
    assert locked
    assert all("==" in package and "--hash=sha256:" in package for package in locked)
    assert "://" not in text


def test_each_python_lock_holds_what_the_one_before_it_holds():
    locked = [
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS
    ]
    for less, more in itertools.pairwise(locked):
        assert less - more == set()


@pytest.mark.parametrize("name", ["package-lock.json", "tests/chromium/package-lock.json"])
def test_every_locked_browser_library_is_pinned_by_hash_and_names_no_address(name):
    packages = json.loads((ROOT / name).read_text())["packages"]
    locked = [package for path, package in packages.items() if path]
    assert locked
    assert all("integrity" in package and "resolved" not in package for package in locked)


def test_there_are_tests_of_the_browsers_end_for_node_to_run():
    assert list((ROOT / "tests").rglob("*.test.ts")), "node --test says ok where it finds nothing"


def test_help_has_a_line_for_every_target():
    makefile = (ROOT / "Makefile").read_text()
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = re.findall(r"^\.PHONY: (\S+)", makefile, re.MULTILINE)
    assert targets == re.findall(r"^make (\S+) +\S", shown, re.MULTILINE)
    assert targets == re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE)


def test_what_lands_is_checked_and_tested_and_nothing_else():
    lines = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make check", "make test"]
