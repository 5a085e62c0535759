"""A verifier that was written from PROTOCOL.md alone says what microblog says."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from microblog.protocol.bundle import Bundle, decode_bundle, strip_directory, strip_entry
from microblog.protocol.errors import ProtocolError, Unreadable
from microblog.protocol.evidence import verify_bundle
from microblog.protocol.export import Export, encode_export
from microblog.protocol.post import Post, encode_post
from tests.stranger.basics import Wrong, decode_entry
from tests.stranger.bundle import verify
from tests.stranger.directory import Directory
from tests.stranger.stream import Stream
from tests.vectors import bundle_cases, calls
from tests.vectors.practice import DirectoryLog, StreamLog, rows
from tests.vectors.recorded import ANN
from tests.vectors.typed import from_json

HERE = Path(__file__).parent
VECTORS = HERE.parent / "vectors"
OURS = {"hashlib", "re", "collections", "itertools", "dataclasses", "nacl", "tests"}


def test_it_has_nothing_of_microblog_in_it():
    for path in HERE.glob("*.py"):
        if path.stem == "test_stranger":
            continue
        tree = ast.parse(path.read_text())
        names = {
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
        }
        assert {name.split(".")[0] for name in names} <= OURS
        assert all(name.startswith("tests.stranger") for name in names if "tests" in name)


def its_verdict(work: Any) -> Any:
    try:
        return work()
    except Wrong as wrong:
        return wrong.name


def our_verdict(data: bytes) -> Any:
    try:
        found = verify_bundle(decode_bundle(data))
    except ProtocolError as error:
        return type(error).__name__
    texts = []
    for entry in found.entries:
        if entry.header.kind == "post" and entry.body:
            secret = found.secrets[entry.header.epoch]
            try:
                texts.append(calls.post.read_post(calls.entry.open_body(entry, secret)).text)
            except Unreadable:
                texts.append(None)
    return [found.bundle.exporter, len(found.entries), list(found.missing),
            sorted(found.gone), texts]  # fmt: skip


@pytest.fixture(scope="module")
def small() -> bytes:
    """Return a bundle as small as one can be that opens something."""
    people = DirectoryLog()
    people.add(ANN, "found", ["Westmere", ANN.id, *ANN.keys], ["Ann Example", "manager", "laptop"])
    log = StreamLog("Sample C", people)
    log.add(ANN, "found", [log.commitment(0), rows({ANN: "keeper"})], log.history_of(0))
    log.add(ANN, "post", [0], encode_post(Post(text="Quieter than last week.")))
    log.add(ANN, "+export", [], encode_export(Export("bundle", "", "", "")))
    secrets = dict(enumerate(log.secrets))
    fields = Bundle(
        "", people.entries[0].id, ANN.id, ANN.device, bundle_cases.SEEN,
        list(map(strip_directory, people.raw)), log.log,
        [strip_entry(raw, secrets) for raw in log.raw], sorted(secrets.items()), [],
    )  # fmt: skip
    return calls.bundle.write_bundle(fields, ANN.seed)


def test_both_accept_the_same_and_read_the_same(small):
    assert our_verdict(small) == verify(small)
    assert verify(small)[4] == ["Quieter than last week."]
    whole = bundle_cases.record_bundle().write()
    assert our_verdict(whole) == verify(whole)
    assert verify(whole)[4] == ["Quieter than last week.", "Not let in."]


def test_every_byte_of_a_bundle_counts(small):
    """Each byte changed: both refuse it; one in nine by name as well."""
    for at, old in enumerate(small):
        changed = small[:at] + bytes([old ^ (1 << at % 8)]) + small[at + 1 :]
        ours = our_verdict(changed)
        assert isinstance(ours, str), at
        if at % 9 == 0:
            assert its_verdict(lambda changed=changed: verify(changed)) == ours, at


@pytest.mark.trial(small=300, great=50_000)
def test_changed_anywhere_both_name_the_same(small, trials):
    """Several bytes at once, at random places: a changed length, a changed item, a moved part."""
    for number in range(trials.count):
        random = trials.random(number)
        changed = bytearray(small)
        for _ in range(random.randint(1, 3)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        if bytes(changed) == small:
            continue
        ours = our_verdict(bytes(changed))
        assert isinstance(ours, str), number
        assert its_verdict(lambda changed=changed: verify(bytes(changed))) == ours, number


def test_cut_off_or_with_more_it_is_refused(small):
    for data in (b"", small[:-1], small + b"\0", small[1:], small * 2):
        assert isinstance(our_verdict(data), str)
        assert its_verdict(lambda data=data: verify(data)) == our_verdict(data)


def _cases(name: str, *of: str) -> list[Any]:
    file = json.loads((VECTORS / name).read_text())
    logs = from_json(file["logs"])

    def resolve(item: Any) -> Any:
        if isinstance(item, dict) and "upto" in item:
            return [*logs[item["log"]][: item["upto"]], *from_json(item["then"])]
        return from_json(item)

    return [
        (case["name"], case["call"], [resolve(item) for item in case["in"]], case.get("error", ""))
        for case in file["cases"]
        if case["call"] in of
    ]


def test_it_says_of_every_bundle_of_the_vectors_what_they_say():
    for name, _, (seed, fields, *logs, edits), error in _cases(
        "bundle.json", "bundle.verify_edited"
    ):
        for which, at, raw in edits:
            logs[which][at] = raw
        kept = ([raw for raw in log if raw] for log in logs)
        data = calls._write_bundle(seed, fields, *kept)
        verdict = its_verdict(lambda data=data: verify(data))
        assert (verdict if isinstance(verdict, str) else "") == error, name
        assert verdict == our_verdict(data), name


def test_it_says_of_every_log_of_the_vectors_what_they_say():
    def fold(fingerprint, people):
        directory = Directory(fingerprint)
        for raw in people:
            directory.take(decode_entry(raw))
        return directory

    def follow(people, log, entries):
        stream = Stream(log, fold(None, people))
        for raw in entries:
            stream.take(decode_entry(raw))

    for file, call, work in (
        ("directory.json", "directory.extend", fold),
        ("stream.json", "stream.extend", follow),
    ):
        cases = _cases(file, call)
        assert len(cases) > 30
        for name, _, given, error in cases:
            verdict = its_verdict(lambda work=work, given=given: work(*given))
            assert (verdict if isinstance(verdict, str) else "") == error, name
