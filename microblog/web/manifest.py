"""The manifest: a hash of every byte that a browser is given, and under which policy it runs.

The build writes it beside the bundle, and `microblog verify-client` compares a running server with
it. It depends on the sources alone: not on the folder, the clock or the machine.

    python -m microblog.web.manifest          write it
    python -m microblog.web.manifest --print  print it, a line a path
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from microblog.web.headers import FIXED, PAGES, policy_of
from microblog.web.shell import INDEX, STATIC, content_type

NAME = "hashes.json"

Manifest: TypeAlias = "dict[str, object]"
Row: TypeAlias = dict[str, str]


def make_manifest(index: Path = INDEX, static: Path = STATIC) -> Manifest:
    """Return the manifest of a page and the files of its bundle."""
    rows = [_row(path, index) for path in PAGES]
    for file in static.rglob("*"):
        name = file.relative_to(static).as_posix()
        if file.is_file() and name != NAME:
            rows.append(_row(f"/static/{name}", file))
    headers = dict(sorted({**FIXED, "Cache-Control": "no-cache"}.items()))
    return {"version": 1, "headers": headers, "served": sorted(rows, key=lambda row: row["path"])}


def render(manifest: Manifest) -> str:
    """Return the one text of a manifest."""
    return json.dumps(manifest, indent=1, ensure_ascii=True) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the manifest, or print it."""
    text = render(make_manifest())
    if list(arguments) == ["--print"]:
        for row in json.loads(text)["served"]:
            sys.stdout.write(f"{row['sha256']}  {row['path']}\n")
        whole = hashlib.sha256(text.encode()).hexdigest()
        sys.stdout.write(f"{whole}  /static/{NAME}\n")
        return 0
    fresh = STATIC / f".{NAME}"
    fresh.write_text(text, "utf-8", newline="")
    fresh.replace(STATIC / NAME)
    return 0


def _row(path: str, file: Path) -> Row:
    return {
        "path": path,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "type": content_type(file),
        "policy": policy_of(path),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
