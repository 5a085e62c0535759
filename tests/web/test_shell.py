"""The page and its files: the headers on everything, and each path's own policy."""

from __future__ import annotations

import pytest

from microblog.web import headers, shell
from microblog.web.headers import FIXED, PAGE, REST, SERVICE_WORKER, SHEETS, WORKER

PARTS = (
    *("parts/of-me-ABCD2345.js", "parts/of-me-ABCD2345.js.map", "parts/of-me.js"),
    *("worker/calls-rows-ABCD2345.js", "worker/libsodium-ABCD2345.wasm"),
)


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Stand a small bundle in the place of the real one."""
    index, static = tmp_path / "index.html", tmp_path / "static"
    static.mkdir()
    index.write_text("<!doctype html><title>microblog</title>")
    for name, text in {
        "app.js": "1",
        "app.css": "p{}",
        "worker.js": "2",
        "sheets.js": "4",
        "sw.js": "5",
        "build.txt": "6\n",
        "icon.svg": "<svg/>",
    }.items():
        (static / name).write_text(text)
    for name in PARTS:
        (static / name).parent.mkdir(exist_ok=True)
        (static / name).write_text(name)
    (static / "deeper").mkdir()
    (static / "deeper" / "a.js").write_text("3")
    monkeypatch.setattr(shell, "INDEX", index)
    monkeypatch.setattr(shell, "STATIC", static)


def get(host, path, **headers):
    return host.caller().call(
        "GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.mark.parametrize("path", headers.PAGES)
def test_the_page_is_the_same_wherever_it_is_asked_for(empty_host, built, path):
    reply = get(empty_host, path)
    assert (reply.status, reply.data) == (200, get(empty_host, "/").data)
    assert reply.header("Content-Type") == "text/html; charset=utf-8"
    assert reply.header("Content-Security-Policy") == PAGE


@pytest.mark.parametrize(
    ("path", "policy", "sort"),
    [
        ("/static/app.js", REST, "text/javascript; charset=utf-8"),
        ("/static/worker.js", WORKER, "text/javascript; charset=utf-8"),
        ("/static/sheets.js", SHEETS, "text/javascript; charset=utf-8"),
        ("/sw.js", SERVICE_WORKER, "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", REST, "application/manifest+json"),
        ("/static/app.css", REST, "text/css; charset=utf-8"),
        ("/static/icon.svg", REST, "image/svg+xml; charset=utf-8"),
        ("/static/deeper/a.js", REST, "text/javascript; charset=utf-8"),
        # A script that a Worker imports runs under the Worker's policy; started by itself, under
        # its own, it could reach nobody.
        ("/static/worker/calls-rows-ABCD2345.js", REST, "text/javascript; charset=utf-8"),
        ("/static/worker/libsodium-ABCD2345.wasm", REST, "application/wasm"),
    ],
)
def test_each_file_has_its_type_and_policy(empty_host, built, path, policy, sort):
    reply = get(empty_host, path)
    assert reply.status == 200
    assert reply.header("Content-Security-Policy") == policy
    assert reply.header("Content-Type") == sort


def test_the_worker_for_strangers_files_may_reach_nothing(empty_host, built):
    assert get(empty_host, "/static/sheets.js").header("Content-Security-Policy") == (
        "default-src 'none'"
    )


def test_the_service_worker_may_fetch_and_do_nothing_else(empty_host, built):
    reply = get(empty_host, "/sw.js")
    policy = "default-src 'none'; connect-src 'self'; img-src 'self'"
    assert reply.header("Content-Security-Policy") == policy
    assert reply.header("Cache-Control") == "no-cache"
    assert reply.header("Service-Worker-Allowed") is None


def test_which_build_is_served_is_said(empty_host, built, tmp_path):
    assert get(empty_host, "/api/practice").json["client"] == "6"
    (tmp_path / "static" / "build.txt").unlink()
    assert get(empty_host, "/api/practice").json["client"] == ""


def test_only_the_worker_may_run_web_assembly(empty_host, built):
    for path in ("/", "/static/app.js", "/static/worker.js", "/static/sheets.js", "/api/practice"):
        policy = get(empty_host, path).header("Content-Security-Policy")
        assert ("wasm" in policy) == (path == "/static/worker.js")


@pytest.mark.parametrize(
    "path", ["/", "/static/app.js", "/api/practice", "/nothing", "/api/streams"]
)
def test_every_answer_carries_the_headers(empty_host, built, path):
    reply = get(empty_host, path)
    for name, value in FIXED.items():
        assert reply.header(name) == value
    assert reply.header("Content-Security-Policy")
    assert reply.header("Set-Cookie") is None


def test_the_refusal_of_a_wrong_host_carries_the_headers_too(empty_host):
    reply = get(empty_host, "/", Host="evil.example")
    assert reply.status == 421
    assert reply.header("X-Content-Type-Options") == "nosniff"


def test_files_are_checked_again_each_time_and_sent_only_when_they_changed(empty_host, built):
    first = get(empty_host, "/static/app.js")
    assert first.header("Cache-Control") == "no-cache"
    again = get(empty_host, "/static/app.js", If_None_Match=first.header("ETag"))
    assert (again.status, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("name", "forever"),
    [
        ("parts/of-me-ABCD2345.js", True),
        ("worker/calls-rows-ABCD2345.js", True),
        ("worker/libsodium-ABCD2345.wasm", True),
        ("parts/of-me-ABCD2345.js.map", False),
        ("parts/of-me.js", False),
        ("worker.js", False),
        # What is missing may be there later, and an old page asks for what is gone.
        ("parts/of-me-ZZZZ2345.js", False),
    ],
)
def test_only_what_is_named_by_its_content_is_kept_for_good(empty_host, built, name, forever):
    reply = get(empty_host, f"/static/{name}")
    kept = "public, max-age=31536000, immutable"
    assert reply.header("Cache-Control") == (kept if forever else "no-cache")


def test_private_answers_are_not_kept(empty_host):
    assert get(empty_host, "/api/practice").header("Cache-Control") == "no-store"


def test_a_server_over_tls_asks_browsers_to_stay_with_it(new_host):
    host = new_host("https://microblog.example")
    reply = host.caller().call("GET", "/api/practice")
    assert "max-age" in reply.header("Strict-Transport-Security")


def test_a_bundle_that_was_not_built_is_said_plainly(empty_host, tmp_path, monkeypatch):
    monkeypatch.setattr(shell, "STATIC", tmp_path / "nothing")
    reply = get(empty_host, "/")
    assert (reply.status, reply.data) == (404, shell.NOT_BUILT.encode())


def test_each_request_is_one_line_without_anything_that_was_sent(empty_host, built, caplog):
    with caplog.at_level("INFO", "microblog.requests"):
        get(empty_host, "/static/canary5f2a.js?canary5f2a")
        get(empty_host, "/canary5f2a")
        get(empty_host, "/api/logs/canary5f2a/boxes?epoch=1", Cookie="session=canary5f2a")
    assert [tuple(record.fields.values())[:3] for record in caplog.records] == [
        ("GET", "/static/<path:name>", 404),
        ("GET", "-", 404),
        ("GET", "/api/logs/<log>/boxes", 401),
    ]
    assert "canary" not in str([record.__dict__ for record in caplog.records])
    assert "canary" not in caplog.text
