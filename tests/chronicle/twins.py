"""Both clients make the same of the same posts."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from tests.browser import ROOT, node

AGREE = Path(__file__).with_name("agree.ts")


def in_typescript(asked: list[dict[str, Any]], zone: str = "Europe/London") -> list[Any]:
    """Return what the browser's client makes of each."""
    done = subprocess.run(
        [str(node()), str(AGREE)], input=json.dumps(camel(asked)), cwd=ROOT, check=False,
        capture_output=True, text=True, env={**os.environ, "TZ": zone},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def camel(value: Any) -> Any:
    """Return a value as TypeScript names it."""
    if is_dataclass(value):
        return {_camel(one.name): camel(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (list, tuple)):
        return [camel(item) for item in value]
    if isinstance(value, dict):
        return {name: camel(item) for name, item in value.items()}
    return value


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
