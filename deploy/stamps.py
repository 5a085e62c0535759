"""What was done already: a step's stamp is the hash of what went into it (deploy/bootstrap.py).

No syntax here is newer than Python 3.7: an older Python must be able to read it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from deploy.reasons import Missing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def digest_of(root: Path, paths: Iterable[Path]) -> str:
    """Hash names and contents of files below a root, in the order given."""
    whole = hashlib.sha256()
    for path in paths:
        name = path.relative_to(root)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise Missing(f"the file {name} is missing: is this checkout whole?") from None
        named = str(name).encode()
        whole.update(b"%d %b %d " % (len(named), named, len(content)))
        whole.update(content)
    return whole.hexdigest()


class Stamps:
    """The stamps in a folder, by name of the step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> str | None:
        """Return a stamp; None if there is none."""
        try:
            return (self.folder / name).read_text()
        except OSError:
            return None

    def fits(self, name: str, digest: str) -> bool:
        """Say whether a step was done with just this."""
        return self.read(name) == digest

    def write(self, name: str, digest: str) -> None:
        """Write a stamp whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / (name + ".new")
        fresh.write_text(digest)
        fresh.replace(self.folder / name)

    def drop(self, *names: str) -> None:
        """Have steps done again."""
        for name in names:
            stamp = self.folder / name
            if stamp.exists():
                stamp.unlink()
