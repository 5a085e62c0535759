"""What a first load comes to, and that whatever it loads is counted."""

from __future__ import annotations

import pytest

from microblog.web import sizes
from microblog.web.sizes import MOST_BEFORE_WORKER, MOST_WITH_WORKER, before_worker, by_worker

INDEX = """<link rel="icon" href="/static/icon.svg"><link rel="manifest"
href="/manifest.webmanifest"><script type="module" src="/static/app.js"></script>
<a href="https://elsewhere.example/static/c.js">c</a>"""
FILES = {
    "icon.svg": "<svg/>",
    "app.js": 'import{a}from"./parts/core-ABCD2345.js";import("./parts/late-ABCD2345.js");',
    "parts/core-ABCD2345.js": 'import"./more-ABCD2345.js";export*from"./same-ABCD2345.js";',
    "parts/more-ABCD2345.js": 'import{a as b}from"../parts/same-ABCD2345.js";',
    "parts/same-ABCD2345.js": 'export{};const late=()=>import("./late-ABCD2345.js");',
    "parts/late-ABCD2345.js": 'import"./core-ABCD2345.js";export const late=1;',
    "worker.js": 'import"./worker/core-ABCD2345.js";',
    "worker/core-ABCD2345.js": 'var w="./sodium-ABCD2345.wasm";import("./rare-ABCD2345.js");',
    "worker/sodium-ABCD2345.wasm": "\0asm",
    "worker/rare-ABCD2345.js": "rare",
}


@pytest.fixture
def built(tmp_path):
    """Return the page and the bundle of a small build."""
    index, static = tmp_path / "index.html", tmp_path / "static"
    index.write_text(INDEX)
    index.with_name("manifest.webmanifest").write_text("{}")
    for name, text in FILES.items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text)
    return index, static


def test_a_first_load_is_as_small_as_it_must_be():
    first = sum(it.packed for it in sizes.sizes_of(before_worker()))
    worker = sum(it.packed for it in sizes.sizes_of(by_worker()))
    assert first <= MOST_BEFORE_WORKER, f"{first} bytes before the Worker: make sizes"
    assert first + worker <= MOST_WITH_WORKER, f"{first + worker} bytes with it: make sizes"


def test_what_is_loaded_at_the_start_is_counted_and_what_is_loaded_later_is_not(built):
    assert set(before_worker(*built)) == {
        *("index.html", "manifest.webmanifest", "icon.svg", "app.js"),
        *(f"parts/{name}-ABCD2345.js" for name in ("core", "more", "same")),
    }
    assert set(by_worker(*built)) == {
        *("worker.js", "worker/core-ABCD2345.js", "worker/sodium-ABCD2345.wasm"),
    }


def test_what_is_packed_counts_as_packed(built):
    index, static = built
    (static / "app.js.br").write_bytes(b"short")
    (size,) = sizes.sizes_of(["app.js"], index, static)
    assert (size.raw, size.packed) == (len(FILES["app.js"]), 5)


@pytest.mark.parametrize("culprit", ["parts/late-ABCD2345.js", "worker/rare-ABCD2345.js"])
def test_one_import_too_many_passes_the_limit(built, culprit):
    index, static = built
    assert sizes.report(index, static)[1]
    (static / culprit).write_bytes(b"x" * MOST_WITH_WORKER)
    assert sizes.report(index, static)[1], "it is only loaded when it is needed"
    folder, name = culprit.split("/")
    core = static / folder / "core-ABCD2345.js"
    core.write_text(f'{core.read_text()}import"./{name}";')
    lines, good = sizes.report(index, static)
    assert not good
    assert any("TOO MUCH" in line for line in lines)
