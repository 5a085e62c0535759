"""deploy/LIMITS.md says of every limit what the code says, and leaves none out."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from microblog.api.reading import MAX_JSON_BYTES
from microblog.ops.serving import KEEPALIVE_SECONDS, THREADS, TIMEOUT_SECONDS
from microblog.service import wire, witness
from microblog.store.writer import WAIT_SECONDS
from tests.browser import ROOT

PACKAGE = ROOT / "microblog"
DEPLOY = ROOT / "deploy"
LIMITS = (DEPLOY / "LIMITS.md").read_text()
ROW = re.compile(r"^\| ([^|]+) \| `([^`|]+?): ([^`]+)` \| ([^|]+) \|$", re.M)
ROWS = ROW.findall(LIMITS)
# What is a limit by its name, in the parts that a server or the protocol has.
PARTS = ("api", "mail", "ops", "protocol", "push", "service", "settings", "sheets", "store", "web")
NAMED = re.compile(
    r"(MAX|MOST|MIN)(_\w+)?|\w+_(SECONDS|MS)|THREADS|BACKLOG|READERS|FAILURES|REPLY_BYTES|BACK_OFF"
)
NO_LIMIT = {"MINUTE_MS", "DAY_MS", "HOUR_MS", "WEEK_MS", "DAY_SECONDS", "_DAY_SECONDS"}
BYTES = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
SECONDS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "days": 86400}
NGINX = re.compile(
    r"^\s*(limit_conn|limit_req|\w+_timeout|\w*keepalive|client_\w+_size|large_\w+"
    r"|proxy_\w*(?:buffers|buffer_size|file_size)) ([^;]+);",
    re.M,
)


def read(said: str, name: str) -> tuple[float, ...]:
    """Return the numbers of a row in the unit that its constant's name is in."""
    found = []
    for one in said.split(", "):
        number, _, unit = one.partition(" ")
        size = BYTES.get(unit) or SECONDS.get(unit, 1) * (1000 if name.endswith("_MS") else 1)
        found.append(round(float(number.replace(",", "")) * size, 3))
    return tuple(found)


def constant(place: str, name: str) -> tuple[float, ...]:
    if place.endswith(".ts"):
        text = (PACKAGE / place).read_text()
        (written,) = re.findall(rf"const {name} = ([0-9_* ]+);", text)
        return (float(eval(written)),)
    module = "microblog." + place.removesuffix(".py").replace("/", ".")
    value = getattr(importlib.import_module(module), name)
    return tuple(value) if isinstance(value, tuple) else (value,)


def limits_of(source: str) -> set[str]:
    """Return the names of constants in a module that are limits."""
    found = set()
    for node in ast.parse(source).body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        names = [it for one in targets for it in getattr(one, "elts", [one])]
        found |= {it.id for it in names if isinstance(it, ast.Name)}
    return {it for it in found if NAMED.fullmatch(it)} - NO_LIMIT


def missing(place: str, source: str) -> list[str]:
    said = {(where, name) for _, where, name, _ in ROWS}
    return [f"{place}: {name}" for name in limits_of(source) if (place, name) not in said]


def test_every_line_of_the_tables_is_read():
    lines = [line for line in LIMITS.splitlines() if line.startswith("| ")]
    headings = lines.count("| limit | where | why |")
    assert len(lines) - headings == len(ROWS) > 100


@pytest.mark.parametrize(("said", "place", "name", "why"), ROWS)
def test_a_row_says_what_the_code_says(said, place, name, why):
    assert why.strip()
    if place.endswith((".py", ".ts")):
        assert read(said, name) == constant(place, name)
        return
    lines = (DEPLOY / place).read_text()
    assert name in lines
    (number,) = read(said, "")
    times, size = 1, 1
    if found := re.search(r"(?:buffers|size=?|MemoryMax=) ?(?:(\d+) )?(\d+)([kmMG]?)", name):
        times, number_in_line, unit = int(found[1] or 1), int(found[2]), found[3].lower()
        size = {"k": 2**10, "m": 2**20, "g": 2**30, "": 1}[unit]
        assert number == times * number_in_line * size
    else:
        assert re.search(rf"(?<!\d){int(number)}(?!\d)", name)


def test_no_limit_of_the_server_or_the_protocol_is_left_out():
    places = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") in PARTS
        and "migrations" not in path.parts
    ]
    assert [
        it
        for path in places
        for it in missing(path.relative_to(PACKAGE).as_posix(), path.read_text())
    ] == []


def test_a_planted_limit_is_missed():
    assert missing("api/planted.py", "MAX_NAPS, other = 3, 4\nnap_ms = 5\n") == [
        "api/planted.py: MAX_NAPS"
    ]


def test_no_limit_of_nginx_is_left_out():
    said = [name for _, place, name, _ in ROWS if place == "nginx.conf"]
    conf = (DEPLOY / "nginx.conf").read_text()
    whole = [f"{directive} {value}" for directive, value in NGINX.findall(conf)]
    unsaid = [it for it in whole if it not in said and "zone=microblog_all burst" not in it]
    assert unsaid == []


def test_nginx_lets_in_what_the_server_takes_and_waits_longer_than_it():
    conf = (DEPLOY / "nginx.conf").read_text()
    append, other = 6145 * 1024, 256 * 1024
    assert wire.MAX_ENTRIES_REQUEST_BYTES <= append < wire.MAX_ENTRIES_REQUEST_BYTES + 1024
    others = (
        MAX_JSON_BYTES, wire.MAX_ASK_REQUEST_BYTES, wire.MAX_LINK_REQUEST_BYTES,
        wire.MAX_NOTE_REQUEST_BYTES, wire.MAX_BOXES_REQUEST_BYTES, witness.MAX_REQUEST_BYTES,
    )  # fmt: skip
    assert max(others) <= other
    (upstream,) = re.findall(r"upstream microblog \{(.*?)\}", conf, re.S)
    (idle,) = re.findall(r"keepalive_timeout (\d+)s", upstream)
    assert int(idle) < KEEPALIVE_SECONDS
    (kept,) = re.findall(r"keepalive (\d+);", upstream)
    assert int(kept) == THREADS
    (waits,) = re.findall(r"proxy_read_timeout (\d+)s", conf)
    assert WAIT_SECONDS < int(waits) <= TIMEOUT_SECONDS
