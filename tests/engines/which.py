"""Which engines there are, which of them this machine has, and what Debian calls the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engines import firefox, webkit

if TYPE_CHECKING:
    from types import ModuleType

ENGINES: dict[str, ModuleType] = {"webkit": webkit, "firefox": firefox}


def here() -> list[str]:
    """Return the engines that can be walked in."""
    return [name for name, engine in ENGINES.items() if engine.is_here()]


def how_to_get(name: str) -> str:
    return f"apt-get install {' '.join(ENGINES[name].PACKAGES)}"
