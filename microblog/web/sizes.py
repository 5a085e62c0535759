"""How much of the browser's end is fetched: file by file, and what a first load comes to.

Compressed is what a browser gets over TLS: brotli, as the build packed it. A first load is the
page, what it names, and whatever these import at their start; with the Worker, what it imports and
fetches at its start too. All else is fetched when it is first needed.

    python -m microblog.web.sizes
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from microblog.web.shell import FORMS, INDEX, MANIFEST, STATIC, forms_of

MOST_BEFORE_WORKER, MOST_WITH_WORKER = 60_000, 220_000
WORKER = "worker.js"

# What the page names, by its own address.
NAMED = re.compile(r'(?:href|src)="/(?:static/)?([^"]+)"')
# What a script loads at its start: not what it imports when it is needed, which is a call.
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"(\.{1,2}/[^"]+)"|"(\./[\w-]+\.wasm)"')


@dataclass(frozen=True, slots=True)
class Size:
    """What one file comes to, in bytes."""

    name: str
    raw: int
    packed: int


def sizes_of(names: Sequence[str], index: Path = INDEX, static: Path = STATIC) -> list[Size]:
    """Return the sizes of files."""
    return [_size(name, _place(name, index, static)) for name in names]


def before_worker(index: Path = INDEX, static: Path = STATIC) -> list[str]:
    """Return what is fetched before the Worker: the page first."""
    named = NAMED.findall(index.read_text("utf-8"))
    return [index.name, *_reached(named, index, static)]


def by_worker(index: Path = INDEX, static: Path = STATIC) -> list[str]:
    """Return what the start of the Worker fetches."""
    return _reached([WORKER], index, static)


def report(index: Path = INDEX, static: Path = STATIC) -> tuple[list[str], bool]:
    """Return the table, a line each, and whether every limit is kept."""
    first, worker = before_worker(index, static), by_worker(index, static)
    rest = sorted({*_served(static)} - {*first, *worker})
    lines, sums = [_line("", "raw", "compressed")], []
    for title, names in (("At first", first), ("Worker", worker), ("When needed", rest)):
        sizes = sorted(sizes_of(names, index, static), key=lambda size: -size.packed)
        raw, packed = sum(size.raw for size in sizes), sum(size.packed for size in sizes)
        sums.append(packed)
        lines += ["", _line(title, _figure(raw), _figure(packed))]
        lines += [_line(f"  {it.name}", _figure(it.raw), _figure(it.packed)) for it in sizes]
    before, both = sums[0], sums[0] + sums[1]
    lines += ["", _limit("A first load", before, MOST_BEFORE_WORKER)]
    lines += [_limit("and with the Worker", both, MOST_WITH_WORKER)]
    return lines, before <= MOST_BEFORE_WORKER and both <= MOST_WITH_WORKER


def main() -> int:
    """Print the table; fail when a limit is passed."""
    lines, good = report()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0 if good else 1


def _reached(names: Sequence[str], index: Path, static: Path) -> list[str]:
    """Return files and all that they load at their start, each once."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        if name.endswith(".js"):
            waiting += _imports(name, _place(name, index, static).read_text("utf-8"))
    return found


def _imports(name: str, text: str) -> Iterator[str]:
    for imported, fetched in IMPORTED.findall(text):
        parts = name.split("/")[:-1]
        for step in (imported or fetched).split("/"):
            parts = parts[:-1] if step == ".." else [*parts, *([] if step == "." else [step])]
        yield "/".join(parts)


def _served(static: Path) -> Iterator[str]:
    for file in static.rglob("*"):
        if file.is_file() and file.suffix not in {".map", ".txt", ".json", *FORMS.values()}:
            yield file.relative_to(static).as_posix()


def _place(name: str, index: Path, static: Path) -> Path:
    return index.with_name(name) if name in {index.name, MANIFEST.name} else static / name


def _size(name: str, file: Path) -> Size:
    packed = forms_of(file).get("br", file)
    return Size(name, file.stat().st_size, packed.stat().st_size)


def _line(name: str, raw: str, packed: str) -> str:
    return f"{name:<44}{raw:>12}{packed:>12}".rstrip()


def _limit(name: str, found: int, most: int) -> str:
    said = f"at most {_figure(most)}" if found <= most else f"TOO MUCH: at most {_figure(most)}"
    return f"{_line(name, '', _figure(found))}  {said}"


def _figure(count: int) -> str:
    return f"{count:,}".replace(",", " ")


if __name__ == "__main__":
    sys.exit(main())
