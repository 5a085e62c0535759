"""What is counted, and that none of it says of whom: searched whole for ids and words."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import TYPE_CHECKING

import pytest
import requests

from microblog.app import METRICS
from microblog.ops.log_lines import JsonLines, write_to_standard_error
from microblog.protocol.base64url import encode_base64url
from tests.databases import environment_of
from tests.hosting import Host
from tests.serving import Server, find_free_port
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.practice import Child


@pytest.fixture
def shown(host: Host) -> Iterator[str]:
    """Return the address at which a host shows its counts."""
    server = host.app.extensions[METRICS].listen(0)
    yield f"http://127.0.0.1:{server.server_port}/metrics"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Return what the server's log says, as it is written."""
    said: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(JsonLines())
    handler.emit = lambda record: said.append(handler.format(record))
    log = logging.getLogger("microblog")
    log.addHandler(handler)
    with caplog.at_level(logging.INFO, "microblog"):
        yield said
    log.removeHandler(handler)


def use(host: Host, child: Child) -> None:
    """Do a little of everything, and much that is wrong."""
    ben, log = host.callers["Ben"], encode_base64url(child.log)
    ben.append(child.log, [child.post(staff("Ben"), "Thinner than before.")])
    ben.fetch({child.log: 0})
    ben.boxes(child.log, 1)
    ben.call("GET", f"/api/logs/{log}/keepers?thinner=1")
    ben.call("GET", "/api/logs/thinner/boxes?epoch=Thinner")
    ben.call("DELETE", f"/api/logs/{log}/asks/{encode_base64url(staff('Ben').id)}")
    ben.call("POST", "/api/challenges", {"Thinner": "Ada"})
    ben.call("THINNER", f"/thinner/{log}", headers={"X-Thinner": "thinner"})
    host.caller().call("GET", f"/static/thinner-{log}.js")


def private(host: Host, child: Child) -> list[str]:
    ids = [child.log, host.practice.fingerprint, *(staff(name).id for name in ("Asha", "Ben"))]
    ids += [it.id for it in child.entries]
    words = ["Thinner", "Ada", "Asha", "Ben", "Sample", "127.0.0.1", "localhost", "?"]
    return [*words, *(encode_base64url(it) for it in ids), *(it.hex() for it in ids)]


def test_what_is_counted_holds_no_id_and_no_word(host, child, shown):
    use(host, child)
    found = requests.get(shown, timeout=5).text
    assert [it for it in private(host, child) if it.lower() in found.lower()] == []
    labels = set(re.findall(r'(\w+)="', found))
    assert labels <= {"route", "method", "status", "le", "state", "what"}
    methods = set(re.findall(r'method="(\w+)"', found))
    assert methods <= {"GET", "POST", "PUT", "DELETE", "other"}


def test_requests_are_counted_by_route_and_status_and_timed(host, child, shown):
    before = requests.get(shown, timeout=5).text
    use(host, child)
    found = requests.get(shown, timeout=5).text

    def value(text: str, name: str) -> float:
        (number,) = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.M) or ["0"]
        return float(number)

    fetched = 'microblog_requests_total{method="POST",route="/api/logs/fetch",status="200"}'
    assert value(found, fetched) == value(before, fetched) + 1
    nowhere = 'microblog_requests_total{method="other",route="-",status="404"}'
    assert value(found, nowhere) == 1
    timed = 'microblog_request_seconds_count{route="/api/logs/fetch"}'
    assert value(found, timed) == value(before, timed) + 1
    if not host.site.is_shared:
        jobs = "microblog_writer_jobs_total"
        assert value(found, jobs) > value(before, jobs)
        assert value(found, "microblog_writer_waiting") == 0
    assert value(found, "microblog_backup_time_seconds") == 0


def test_a_planted_id_is_found(host, child, shown):
    metrics = host.app.extensions[METRICS]
    metrics.note(f"/api/logs/{encode_base64url(child.log)}/entries", "GET", 200, 0.1)
    found = requests.get(shown, timeout=5).text
    assert [it for it in private(host, child) if it in found] == [encode_base64url(child.log)]


def test_a_line_of_the_log_has_these_fields_and_no_id_and_no_word(host, child, lines):
    use(host, child)
    read = [json.loads(line) for line in lines]
    assert {tuple(it) for it in read} == {
        ("time", "level", "event", "method", "route", "status", "ms")
    }
    assert {it["event"] for it in read} == {"request"}
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:]{8}\.\d{3}Z", it["time"]) for it in read)
    written = "".join(lines)
    assert [it for it in private(host, child) if it.lower() in written.lower()] == []


def test_what_nobody_foresaw_is_said_without_a_value(host, child, lines, monkeypatch):
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("Thinner than before, said Ada")

    monkeypatch.setattr("microblog.service.logs.fetch", break_down, raising=True)
    host.callers["Ben"].call("POST", "/api/logs/fetch", {"since": {}})
    written = "".join(lines)
    assert "unforeseen RuntimeError" in written
    assert "Thinner" not in written


@pytest.mark.only("sqlite", "it is gunicorn that speaks")
def test_what_gunicorn_says_of_a_fault_has_no_path_and_no_value(monkeypatch):
    said = io.StringIO()
    log, handler = logging.getLogger("gunicorn.error"), logging.StreamHandler(said)
    monkeypatch.setattr(log, "handlers", [handler])
    ours = logging.getLogger("microblog")
    monkeypatch.setattr(ours, "handlers", [])
    monkeypatch.setattr(ours, "level", ours.level)
    write_to_standard_error(None)
    try:
        raise ValueError("Thinner, said Ada")
    except ValueError as fault:
        log.exception("Error handling request %s %s", "GET", "/api/logs/canary/boxes")
        log.exception(fault)
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [it["event"] for it in lines] == ["Error handling request … …", "fault"]
    assert {it["fault"] for it in lines} == {"ValueError"}
    assert not re.search("Thinner|Ada|canary|/api", said.getvalue())


@pytest.mark.only("sqlite", "one process")
def test_the_counts_have_a_port_of_their_own_and_no_path_of_the_servers(tmp_path, begin_microblogd):
    port = find_free_port()

    class Counted(Server):
        @property
        def environment(self) -> dict[str, str]:
            return {**super().environment, "MICROBLOG_METRICS_PORT": str(port)}

    server = Counted(tmp_path / "data", tmp_path / "server.log", begin=begin_microblogd)
    try:
        server.start()
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5)
        assert 'route="/api/practice"' in answer.text
        assert "process_resident_memory_bytes" in answer.text
        assert requests.get(f"{server.origin}/metrics", timeout=5).status_code == 404
        taken = server.command("serve", MICROBLOG_DATA=str(tmp_path / "other"),
                               PORT=str(find_free_port()))  # fmt: skip
        assert f"port {port}: is in use" in taken.stderr
    finally:
        server.kill()


@pytest.mark.only("postgresql", "several processes")
def test_several_processes_count_together(site, tmp_path):
    port = find_free_port()

    class Counted(Server):
        @property
        def environment(self) -> dict[str, str]:
            counted = {"MICROBLOG_METRICS_PORT": str(port), "MICROBLOG_WORKERS": "2"}
            return {**super().environment, **environment_of(site), **counted}

    server = Counted(tmp_path / "data", tmp_path / "server.log")
    try:
        server.start()
        for _ in range(20):
            requests.get(f"{server.origin}/api/practice", timeout=5)
        counted = {requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text for _ in "1234"}
        name = r'microblog_requests_total\{method="GET",route="/api/practice",status="200"\} (\S+)'
        numbers = {float(re.findall(name, text)[0]) for text in counted}
        assert len(numbers) == 1
        assert numbers.pop() >= 20
    finally:
        server.kill()
