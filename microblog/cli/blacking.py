"""Going through the rows of a chronology, and blacking out what the person marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import click

from microblog.cli.terminal import Failure, is_interactive, safe
from microblog.client.blacking import black_cell, black_out, names_held, propose_blacking
from microblog.client.columns import COLUMNS
from microblog.client.session import Session
from microblog.client.shown_rows import Chronology, Proposed

HELP = """\
Nothing is black unless you say so. For each row:
  Enter     go on to the next            1 3       black out what is proposed under 1 and 3
  w WORDS   black out these words        c Source  black out the whole of a cell
  r         black out the whole row      u         take back all marks on the row
  b         the row before               p         the next row with something proposed
  d         done with the rows"""
REASONS = {"phone": "telephone number", "address": "address", "name": "name"}
KEPT = ("Number", "Id")


@dataclass(slots=True)
class _Walk:
    """Where the walk stands, and what was marked; what is marked lives here alone."""

    found: Chronology
    proposed: Sequence[Proposed]
    row: int = 0
    spans: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    @property
    def here(self) -> list[Proposed]:
        """What is proposed on this row."""
        return [one for one in self.proposed if one.row == self.row]

    def mark(self, column: int, start: int, end: int) -> None:
        """Black out a span of a cell of this row."""
        self.spans.setdefault((self.row, column), []).append((start, end))


def walk(session: Session, logs: Sequence[str], found: Chronology) -> Chronology:
    """Return a chronology without what the person marks; refuse where nobody can be asked."""
    if not is_interactive():
        raise Failure("nothing was taken out: nobody can be asked what to black out",
                      "do it in a terminal, or in the app")  # fmt: skip
    proposed = propose_blacking(found.rows, names_held(session, logs))
    state = _Walk(found, proposed)
    click.echo(HELP, err=True)
    while 0 <= state.row < len(found.rows):
        _show(state)
        typed = click.prompt("black out", default="", show_default=False, err=True)
        _do(state, typed.strip())
    return black_out(found, state.spans, state.rows)


def _show(state: _Walk) -> None:
    row = state.found.rows[state.row]
    click.echo(f"\nRow {state.row + 1} of {len(state.found.rows)}", err=True)
    if state.row in state.rows:
        click.echo("  [the whole row is black]", err=True)
        return
    for column, (heading, cell) in enumerate(zip(COLUMNS, row.cells, strict=True)):
        if cell and heading.title not in KEPT:
            lines = black_cell(cell, state.spans.get((state.row, column), ())).split("\n")
            click.echo(f"  {heading.title}: {safe(lines[0])}", err=True)
            for line in lines[1:]:
                click.echo(f"      {safe(line)}", err=True)
    for number, one in enumerate(state.here, 1):
        words = row.cells[one.column][one.start : one.end]
        click.echo(f"  {number}) {safe(words)} ({REASONS[one.why]})", err=True)


def _do(state: _Walk, typed: str) -> None:
    act, _, rest = typed.partition(" ")
    if act in ("", "b", "p", "d"):
        state.row = _next(state, act)
    elif act == "r":
        state.rows.add(state.row)
    elif act == "u":
        state.rows.discard(state.row)
        for column in range(len(COLUMNS)):
            state.spans.pop((state.row, column), None)
    elif act == "w" and rest:
        _mark_words(state, rest)
    elif act == "c" and rest:
        _mark_cell(state, rest)
    elif all(part.isdecimal() for part in typed.split()):
        _mark_proposed(state, typed.split())
    else:
        click.echo(HELP, err=True)


def _next(state: _Walk, act: str) -> int:
    if act == "b":
        return max(0, state.row - 1)
    if act == "d":
        return len(state.found.rows)
    if act == "p":
        later = (one.row for one in state.proposed if one.row > state.row)
        return next(later, len(state.found.rows))
    return state.row + 1


def _mark_proposed(state: _Walk, numbers: Sequence[str]) -> None:
    here = state.here
    for number in map(int, numbers):
        if not 1 <= number <= len(here):
            click.echo(f"  nothing is proposed under {number}", err=True)
            continue
        one = here[number - 1]
        state.mark(one.column, one.start, one.end)


def _mark_words(state: _Walk, words: str) -> None:
    count = 0
    for column, cell in enumerate(state.found.rows[state.row].cells):
        start = cell.find(words)
        while start >= 0 and COLUMNS[column].title not in KEPT:
            state.mark(column, start, start + len(words))
            count += 1
            start = cell.find(words, start + len(words))
    if not count:
        click.echo("  these words do not stand in this row", err=True)


def _mark_cell(state: _Walk, title: str) -> None:
    for column, heading in enumerate(COLUMNS):
        if heading.title.casefold() == title.casefold() and title not in KEPT:
            state.mark(column, 0, len(state.found.rows[state.row].cells[column]))
            return
    click.echo("  no column is called so", err=True)
