"""What is served is packed by the build: which form a browser is sent, and that it is the file."""

from __future__ import annotations

import gzip

import pytest

from microblog.web import shell

TEXT = b"export const text = 'a text that packs well, well, well';\n" * 9
BR, GZ = b"as brotli has it", gzip.compress(TEXT, mtime=0)


@pytest.fixture(autouse=True)
def built(tmp_path, monkeypatch):
    """Stand one packed file, and one that is not, in the place of the bundle."""
    for name, data in {"a.js": TEXT, "a.js.br": BR, "a.js.gz": GZ, "b.png": b"drawn"}.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr(shell, "STATIC", tmp_path)


def get(host, accepted: str | None, name: str = "a.js", method: str = "GET", **headers: str):
    if accepted is not None:
        headers["Accept-Encoding"] = accepted
    return host.caller().call(method, f"/static/{name}", headers=headers)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("BR", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0.2, br;q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("*;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=0.5, identity;q=0.6", None),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip;q=0.5, identity;q=0", "gzip"),
        ("identity", None),
        ("zstd, compress", None),
        ("brr, xgzip", None),
        ("", None),
        (";;q=,=", None),
        (None, None),
    ],
)
def test_a_browser_is_sent_the_form_that_it_wants_most(empty_host, accepted, encoding):
    reply = get(empty_host, accepted)
    assert reply.status == 200
    assert reply.header("Content-Encoding") == encoding
    assert reply.data == {"br": BR, "gzip": GZ, None: TEXT}[encoding]
    assert reply.header("Content-Type") == "text/javascript; charset=utf-8"
    assert reply.header("Vary") == "Accept-Encoding"
    assert reply.header("Content-Length") == str(len(reply.data))


def test_each_form_has_a_tag_of_its_own_and_is_sent_again_only_when_it_changed(empty_host):
    tags = {form: get(empty_host, form).header("ETag") for form in ("br", "gzip", "identity")}
    assert len(set(tags.values())) == 3
    for form, tag in tags.items():
        again = get(empty_host, form, **{"If-None-Match": tag})
        assert (again.status, again.data) == (304, b"")
        assert (again.header("ETag"), again.header("Vary")) == (tag, "Accept-Encoding")
    other = get(empty_host, "br", **{"If-None-Match": tags["gzip"]})
    assert (other.status, other.data) == (200, BR)


def test_asked_for_the_head_alone_it_says_what_it_would_send(empty_host):
    reply, head = get(empty_host, "br"), get(empty_host, "br", method="HEAD")
    assert (head.status, head.data) == (200, b"")
    for name in ("Content-Encoding", "Content-Length", "ETag", "Vary", "Cache-Control"):
        assert head.header(name) == reply.header(name)


def test_what_is_not_packed_is_sent_as_it_is_and_does_not_vary(empty_host):
    reply = get(empty_host, "br, gzip", "b.png")
    assert (reply.data, reply.header("Content-Encoding"), reply.header("Vary")) == (
        *(b"drawn", None),
        None,
    )


@pytest.mark.parametrize("name", ["a.js.br", "a.js.gz", "a.js.br.br", "A.JS.BR", "./a.js.gz"])
def test_a_packed_form_is_no_file_of_its_own(empty_host, name):
    assert get(empty_host, "br, gzip", name).status == 404
