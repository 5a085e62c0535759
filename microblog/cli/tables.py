"""Spreadsheets on the command line: a file's rows, what its columns are, and which rows are bad."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT, default_int_handler, getsignal, signal
from types import FrameType

import click

from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say, warn
from microblog.cli.words import count
from microblog.client.shown_rows import BadRow, Column, Table
from microblog.sheets.refusal import MAX_FILE_BYTES, NotATable
from microblog.sheets.tables import read_table

SAMPLE = 70  # characters of a text in a preview


def read_file(path: Path, name: str | None) -> Table:
    """Return the rows of a file: of the sheet of that name, or of the first with any."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    try:
        read = read_table(data)
    except NotATable as reason:
        raise Failure(f"{path} cannot be read: {reason}", "save it anew as CSV or XLSX") from None
    if read.guessed:
        warn("the file is not UTF-8: look whether accents and quotation marks came out right")
    fitting = [one for one in read.sheets if (one.name == name if name else one.table)]
    if not fitting:
        names = ", ".join(one.name for one in read.sheets)
        raise Failure(f"{path} has no sheet that is called {name}", f"its sheets: {names}")
    if len(read.sheets) > 1:
        warn(
            f"this is the sheet {fitting[0].name}, one of {len(read.sheets)}: --sheet takes another"
        )
    refusal = fitting[0].refusal
    if refusal is not None:
        raise Failure(f"{path} cannot be read: {refusal}", "save it anew as CSV or XLSX")
    return fitting[0].table


def map_columns(
    columns: Sequence[Column], given: Sequence[str], fields: Sequence[str]
) -> tuple[Column, ...]:
    """Return the columns as `--column TITLE=FIELD` says; nothing after = leaves one out."""
    chosen = dict(_read_mapping(one, columns, fields) for one in given)
    return tuple(
        Column(title=column.title, field=chosen.get(at, column.field))
        for at, column in enumerate(columns)
    )


def _read_mapping(given: str, columns: Sequence[Column], fields: Sequence[str]) -> tuple[int, str]:
    title, equals, field = given.rpartition("=")
    if not equals or (field and field not in fields):
        raise click.UsageError(f"--column is TITLE=FIELD, and a field one of {', '.join(fields)}")
    for at, column in enumerate(columns):
        if column.title.casefold() == title.strip().casefold():
            return at, field
    raise Failure(f"no column is called “{title}”", "titles stand in the first row of the table")


def print_columns(columns: Sequence[Column]) -> None:
    """Print what each column was taken for."""
    say("Columns (--column TITLE=FIELD changes one):")
    for column in columns:
        say(f"  {safe(column.title or 'no title')}: {column.field or 'left out'}")


def print_bad(bad: Sequence[BadRow]) -> None:
    """Print the rows that cannot be read, and why."""
    if bad:
        say(f"{count(len(bad), 'row', 'rows')} cannot be read:")
    for row in bad:
        say(f"  {row.row}: {safe(row.reason)}")


def shorten(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SAMPLE else f"{line[: SAMPLE - 1]}…"


def agree(question: str, *, yes: bool) -> None:
    """Go on only if somebody says so."""
    if yes:
        return
    if not is_interactive():
        raise Failure("nothing was brought in", "add --yes if what is shown above is right")
    if not confirm(question):
        raise Failure("nothing was brought in")


def check_bad(bad: Sequence[BadRow]) -> None:
    """Fail for rows that cannot be read, once the others are done."""
    if bad:
        raise Failure(
            f"{count(len(bad), 'row', 'rows')} cannot be read: they are listed above",
            "put them right in the file, and bring it in again: what is here is not doubled",
        )


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Hear Ctrl-C, and stop after the request under way; a second one ends it at once."""
    asked: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        if asked:
            default_int_handler(number, frame)
        asked.append(number)

    before = getsignal(SIGINT)
    signal(SIGINT, hear)
    try:
        yield lambda: bool(asked)
    finally:
        signal(SIGINT, before)
