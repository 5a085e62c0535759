"""What a server gives browsers is compared with this checkout: every file, every policy."""

from __future__ import annotations

import gzip
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from microblog.client.served import ELSEWHERE, FORMS, MANIFEST, NotBuilt, compare, load_manifest
from microblog.client.transport import Unreachable
from microblog.web.headers import PAGES
from microblog.web.manifest import main, make_manifest, render
from tests.browser import ROOT

STATIC = ("app.js", "app.css", "worker.js", "sw.js", "icon.svg", "deeper/a.js")


@dataclass
class Liar:
    """A server that serves what it is told to, and remembers how it was asked."""

    origin: str
    served: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def change(self, path: str, *, data: bytes | None = None, **headers: str | None) -> None:
        """Serve a path with other bytes, or with headers changed (None: left out)."""
        status, old, body = self.served[path]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        new = {name: value for name, value in {**old, **named}.items() if value is not None}
        self.served[path] = (status, new, body if data is None else data)


@pytest.fixture
def built(tmp_path):
    """Return a small checkout's web folder, built."""
    static = tmp_path / "static"
    (static / "deeper").mkdir(parents=True)
    (tmp_path / "index.html").write_text("<!doctype html><title>microblog</title>")
    (tmp_path / "manifest.webmanifest").write_text("{}")
    for number, name in enumerate(STATIC):
        (static / name).write_text(f"file {number}")
    for encoding, suffix in FORMS.items():
        (static / f"app.js{suffix}").write_bytes(b"packed in " + encoding.encode())
    text = render(make_manifest(tmp_path / "index.html", static))
    (static / "hashes.json").write_text(text)
    return tmp_path


@pytest.fixture
def liar(built):
    """Return a server that is honest until it is told otherwise."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet

        def do_GET(self):
            liar.asked.append(dict(self.headers))
            status, headers, body = liar.served.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        liar = Liar(f"http://127.0.0.1:{server.server_port}")
        serve_all(liar, built)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield liar
        server.shutdown()
        thread.join()


def serve_all(liar: Liar, web) -> None:
    manifest = json.loads((web / "static" / "hashes.json").read_text())
    for row in manifest["served"]:
        name = row["path"].removeprefix("/static/")
        file = web / ELSEWHERE.get(row["path"], f"static/{name}")
        file = file if file.is_file() else web / "index.html"
        headers = {**manifest["headers"], "Content-Security-Policy": row["policy"]}
        headers |= {"Content-Type": row["type"], "Cache-Control": row["cache"]}
        liar.served[row["path"]] = (200, headers, file.read_bytes())
    liar.served[MANIFEST] = (200, {}, (web / "static" / "hashes.json").read_bytes())


def serve_packed(liar: Liar, web, path: str, encoding: str) -> None:
    """Serve a path packed, as the build packed it."""
    form = web / f"{path.removeprefix('/')}{FORMS[encoding]}"
    liar.change(path, data=form.read_bytes(), Content_Encoding=encoding)


def differences(liar: Liar, web) -> list[tuple[str, str]]:
    return [(it.path, it.what) for it in compare(liar.origin, load_manifest(web)).differences]


def test_a_server_that_serves_what_was_built_is_passed(liar, built):
    found = compare(f"{liar.origin}/join", load_manifest(built))
    assert found.differences == ()
    assert found.paths == len(PAGES) + len(STATIC) + len(ELSEWHERE) + 1
    assert all("Firefox" in headers["User-Agent"] for headers in liar.asked)


def test_one_byte_changed_in_each_served_file_is_named(liar, built):
    for path, (_, _, body) in list(liar.served.items()):
        liar.change(path, data=body[:-1] + bytes([body[-1] ^ 1]))
        assert differences(liar, built) == [(path, "has other bytes")]
        liar.change(path, data=body)
    assert differences(liar, built) == []


def test_one_byte_changed_in_each_file_of_the_real_build_is_named(liar):
    web = ROOT / "microblog" / "web"
    manifest = load_manifest(web)
    liar.served.clear()
    serve_all(liar, web)
    assert compare(liar.origin, manifest).differences == ()
    for path, (_, _, body) in list(liar.served.items()):
        middle = len(body) // 2
        liar.change(path, data=body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :])
    # Of a small build each is changed by itself, above.
    found = {it.path: it.what for it in compare(liar.origin, manifest).differences}
    assert found == dict.fromkeys(liar.served, "has other bytes")


def test_what_is_sent_packed_is_compared_as_it_is_sent(liar, built):
    for encoding in FORMS:
        serve_packed(liar, built, "/static/app.js", encoding)
        assert differences(liar, built) == []
        body = liar.served["/static/app.js"][2]
        liar.change("/static/app.js", data=body[:-1] + bytes([body[-1] ^ 1]))
        assert differences(liar, built) == [("/static/app.js", "has other bytes")]
        # It is packed, and does not say in what.
        liar.change("/static/app.js", data=body, Content_Encoding=None)
        assert differences(liar, built) == [("/static/app.js", "has other bytes")]


def test_what_was_packed_again_on_the_way_is_compared_as_it_unpacks(liar, built):
    plain = (built / "static" / "app.js").read_bytes()
    good = gzip.compress(plain, 1)
    for data, found in (
        (good, []),
        (gzip.compress(plain + b";evil()"), ["has other bytes"]),
        # Some go on reading where others stop.
        (good + gzip.compress(b";evil()"), ["has other bytes"]),
        (good[:-9], ["has other bytes"]),
        (b"no such thing", ["has other bytes"]),
    ):
        liar.change("/static/app.js", data=data, Content_Encoding="gzip")
        assert differences(liar, built) == [("/static/app.js", what) for what in found]


def test_a_policy_changed_or_left_out_is_named_for_each_path(liar, built):
    policy = "Content-Security-Policy"
    for path, (_, headers, _) in list(liar.served.items()):
        if path == MANIFEST:
            continue
        liar.change(path, Content_Security_Policy=headers[policy] + "; script-src *")
        assert differences(liar, built) == [(path, f"has another {policy}")]
        liar.change(path, Content_Security_Policy=None)
        assert differences(liar, built) == [(path, f"has no {policy}")]
        liar.change(path, Content_Security_Policy=headers[policy])


def test_a_file_that_is_kept_longer_than_it_may_be_is_named(liar, built):
    liar.change("/static/app.js", Cache_Control="public, max-age=31536000, immutable")
    assert differences(liar, built) == [("/static/app.js", "has another Cache-Control")]


def test_other_headers_that_steer_a_browser_are_named(liar, built):
    for name, value in (
        ("X_Content_Type_Options", None), ("Content_Type", "text/html"), ("Refresh", "0"),
        ("Link", "</evil.js>; rel=preload"), ("Service_Worker_Allowed", "/"), ("Set_Cookie", "a=1"),
    ):  # fmt: skip
        before = liar.served["/static/app.js"]
        liar.change("/static/app.js", **{name: value})
        (found,) = differences(liar, built)
        assert found[0] == "/static/app.js"
        assert name.replace("_", "-") in found[1]
        liar.served["/static/app.js"] = before


def test_a_file_that_is_missing_moved_or_extra_is_named(liar, built):
    whole = liar.served.copy()
    del liar.served["/static/app.css"]
    assert differences(liar, built) == [("/static/app.css", "is missing")]
    liar.served = {**whole, "/": (302, {"Location": "/elsewhere"}, b"")}
    assert differences(liar, built) == [("/", "is answered with 302")]
    said = json.loads(whole[MANIFEST][2])
    said["served"].append({**said["served"][0], "path": "/static/extra.js"})
    liar.served = {**whole, MANIFEST: (200, {}, render(said).encode())}
    assert differences(liar, built) == [
        (MANIFEST, "has other bytes"),
        ("/static/extra.js", "is served, and is not in this checkout"),
    ]
    for text in (b"", b"[]", b"\xff", b'{"served": [1]}', b"[" * 9999):
        liar.served = {**whole, MANIFEST: (200, {}, text)}
        assert differences(liar, built) == [(MANIFEST, "has other bytes")]
    liar.served = {path: reply for path, reply in whole.items() if path != MANIFEST}
    assert differences(liar, built) == [(MANIFEST, "is missing")]


def test_a_server_that_does_not_answer_is_no_difference(built):
    with pytest.raises(Unreachable):
        compare("http://127.0.0.1:9", load_manifest(built))


def test_a_checkout_that_is_not_what_was_built_is_no_measure(built):
    (built / "static" / "extra.js").write_text("left behind")
    with pytest.raises(NotBuilt, match=r"extra\.js is not in what was built"):
        load_manifest(built)
    (built / "static" / "extra.js").unlink()
    (built / "static" / "app.js.br").write_text("edited")
    with pytest.raises(NotBuilt, match=r"app\.js\.br is not what was built"):
        load_manifest(built)
    (built / "static" / "app.js").write_text("edited")
    with pytest.raises(NotBuilt, match=r"app\.js is not what was built"):
        load_manifest(built)
    (built / "static" / "hashes.json").unlink()
    with pytest.raises(NotBuilt, match="not built here"):
        load_manifest(built)


def test_the_manifest_is_of_the_sources_alone(built, tmp_path_factory):
    again = tmp_path_factory.mktemp("another")
    (again / "static" / "deeper").mkdir(parents=True)
    beside = [built / name for name in ("index.html", "manifest.webmanifest")]
    packed = [f"app.js{suffix}" for suffix in FORMS.values()]
    for file in [*beside, *(built / "static" / name for name in reversed((*STATIC, *packed)))]:
        (again / file.relative_to(built)).write_bytes(file.read_bytes())
    text = render(make_manifest(again / "index.html", again / "static"))
    assert text == (built / "static" / "hashes.json").read_text()
    assert str(built) not in text


def test_the_manifest_is_printed_a_line_a_path(capsys):
    assert main(["--print"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[1] for line in lines][-1] == MANIFEST
    assert {*PAGES, "/static/app.js", "/static/worker.js"} <= {
        line.split("  ")[1] for line in lines
    }
