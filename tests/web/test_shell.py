"""The page and its files: the headers on everything, and each path's own policy."""

from __future__ import annotations

import pytest

from microblog.web import shell
from microblog.web.headers import FIXED, PAGE, REST, WORKER


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
        "icon.svg": "<svg/>",
    }.items():
        (static / name).write_text(text)
    (static / "deeper").mkdir()
    (static / "deeper" / "a.js").write_text("3")
    monkeypatch.setattr(shell, "INDEX", index)
    monkeypatch.setattr(shell, "STATIC", static)


def get(host, path, **headers):
    return host.caller().call(
        "GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.mark.parametrize("path", ["/", "/join", "/found", "/ask", "/link", "/recover"])
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
        ("/static/app.css", REST, "text/css; charset=utf-8"),
        ("/static/icon.svg", REST, "image/svg+xml; charset=utf-8"),
        ("/static/deeper/a.js", REST, "text/javascript; charset=utf-8"),
    ],
)
def test_each_file_has_its_type_and_policy(empty_host, built, path, policy, sort):
    reply = get(empty_host, path)
    assert reply.status == 200
    assert reply.header("Content-Security-Policy") == policy
    assert reply.header("Content-Type") == sort


def test_only_the_worker_may_run_web_assembly(empty_host, built):
    for path in ("/", "/static/app.js", "/static/worker.js", "/api/practice"):
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
    assert [record.getMessage().rsplit(" ", 1)[0] for record in caplog.records] == [
        "GET /static/<path:name> 404",
        "GET - 404",
        "GET /api/logs/<log>/boxes 401",
    ]
    assert "canary" not in caplog.text
