"""Both ends read and write the same spreadsheets."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

from microblog.sheets.refusal import NotATable
from microblog.sheets.tables import read_table, write_table
from tests.browser import ROOT, node

AGREE = Path(__file__).with_name("agree.ts")


def read_in_python(data: bytes) -> dict[str, Any]:
    try:
        read = read_table(data)
    except NotATable as refusal:
        return {"refused": refused(refusal)}
    sheets = [
        {"name": one.name, "table": one.table, "refused": one.refusal and refused(one.refusal)}
        for one in read.sheets
    ]
    return {"read": {"sheets": sheets, "guessed": read.guessed}}


def refused(refusal: NotATable) -> dict[str, Any]:
    return {"reason": refusal.reason, "row": refusal.row}


def in_typescript(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(node()), str(AGREE)],
        input=json.dumps(asked),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def read_in_typescript(files: list[bytes]) -> list[dict[str, Any]]:
    return in_typescript([{"read": base64.b64encode(data).decode()} for data in files])


def write_in_both(
    columns: list[tuple[str, str]], rows: list[list[str]], table_format: str
) -> tuple[bytes, bytes]:
    shown = [{"title": title, "sort": sort} for title, sort in columns]
    (answer,) = in_typescript([{"write": table_format, "columns": shown, "rows": rows}])
    return write_table(columns, rows, table_format), base64.b64decode(answer["written"])
