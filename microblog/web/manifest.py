"""The manifest: a hash of every byte that a browser is given, and under which policy it runs.

The build writes it beside the bundle, and `microblog verify-client` compares a running server with
it. It depends on the sources alone: not on the folder, the clock or the machine. Of what is also
served compressed, it has the hashes of the compressed bytes beside that of the bytes themselves.

    python -m microblog.web.manifest          write it
    python -m microblog.web.manifest --print  print it, a line a path
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from microblog.web.headers import FIXED, PAGES, cache_of, policy_of
from microblog.web.shell import (
    FORMS,
    INDEX,
    MANIFEST,
    SERVICE_WORKER,
    STATIC,
    content_type,
    forms_of,
)

NAME = "hashes.json"

Manifest: TypeAlias = "dict[str, object]"
Row: TypeAlias = "dict[str, str | dict[str, str]]"


def make_manifest(index: Path = INDEX, static: Path = STATIC) -> Manifest:
    """Return the manifest of a page and the files of its bundle."""
    rows = [_row(path, index) for path in PAGES]
    for file in (static / SERVICE_WORKER, index.with_name(MANIFEST.name)):
        if file.is_file():
            rows.append(_row(f"/{file.name}", file))
    for file in static.rglob("*"):
        name = file.relative_to(static).as_posix()
        if file.is_file() and name != NAME and file.suffix not in FORMS.values():
            rows.append(_row(f"/static/{name}", file))
    headers = dict(sorted(FIXED.items()))
    return {"version": 2, "headers": headers, "served": sorted(rows, key=_path)}


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
        "sha256": _hash(file),
        "packed": {encoding: _hash(form) for encoding, form in forms_of(file).items()},
        "type": content_type(file),
        "policy": policy_of(path),
        "cache": cache_of(path),
    }


def _path(row: Row) -> str:
    return str(row["path"])


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
