"""Taking posts out, as a bundle or as a chronology in a spreadsheet; their teams are told."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from microblog.cli.blacking import walk
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child
from microblog.cli.posts import kin_of
from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say
from microblog.cli.words import child_name, count, readers
from microblog.client.evidence import FORMAT, export_bundle
from microblog.client.reading import children
from microblog.client.session import Session
from microblog.client.shown import Child
from microblog.client.shown_rows import Chronology
from microblog.client.taking import chronology
from microblog.client.telling import Told, check_told, tell_taken_out
from microblog.client.vault import write_file
from microblog.protocol.errors import Malformed
from microblog.sheets.refusal import NotATable
from microblog.sheets.tables import FORMATS, write_table

FILE = click.Path(path_type=Path, dir_okay=False)
COPY = "The file holds the words themselves, unsealed: keep it as you would the record."


@click.command("export", context_settings=TAKES_AN_ID)
@click.argument("child", required=False)
@click.option("--all", "all_mine", is_flag=True, help="A chronology of all that you follow.")
@click.option(
    "--format", "form", type=click.Choice([FORMAT, *FORMATS]), default=FORMAT, show_default=True
)
@click.option("--family", "with_family", is_flag=True,
              help="A chronology with its household's, its children's or siblings'.")  # fmt: skip
@click.option("--from", "start", default="", metavar="DATE", help="Nothing older than this.")
@click.option("--to", "end", default="", metavar="DATE", help="Nothing newer than this.")
@click.option("--black-out", is_flag=True,
              help="Go through the rows first, and black out what you mark.")  # fmt: skip
@click.option("--why", required=True, help="For whom, and what for; the team reads it.")
@click.option("--output", type=FILE, help="The file to write; else it is named after the stream.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def export(child: str | None, output: Path | None, *, yes: bool, **given: object) -> None:
    """Take CHILD's stream out; its team is told.

    A bundle is checked by someone with no account: what anyone wrote from one date to the other can
    be opened with it, and whatever else was sealed with the same keys; that there were other
    entries, by whom and when, is in it always. CSV and XLSX are a chronology: a row for each post,
    by when it happened; what nobody is sure when it happened is always in it, at its end.
    """
    form, walks = str(given["form"]), bool(given["black_out"])
    if (child is None) != bool(given["all_mine"]):
        raise click.UsageError("name a child, or say --all")
    if form == FORMAT and (child is None or given["with_family"] or walks):
        raise click.UsageError("--all, --family and --black-out go with --format csv or xlsx")
    told = Told(form, str(given["start"]), str(given["end"]), str(given["why"]))
    _check(told)
    with at_work() as session:
        found = _streams(session, child, with_family=bool(given["with_family"]))
        target = _target(output, found[0].log[:8] if child else "streams", form)
        if form == FORMAT:
            _ask(found, yes=yes)
            data = export_bundle(session, found[0].log, told.start, told.end, told.why)
        else:
            rows = _rows(session, found, told, walks=walks)
            # Before anyone is told: what cannot be written was not taken out.
            data = _written(rows, form)
            _ask(found, yes=yes)
            tell_taken_out(session, [row.log for row in found], told)
        write_file(target.absolute(), data)
        say(f"{_named(found)} in {safe(str(target))}. {_whom(found)} told.")
        say(COPY)


def _streams(session: Session, child: str | None, *, with_family: bool) -> list[Child]:
    mine = [row for row in children(session) if row.my_role]
    found = mine if child is None else [find_child(children(session), child)]
    if not found:
        raise Failure("nothing was taken out: you follow no child")
    kin = kin_of(found[0], mine) if child and with_family else []
    return [*found, *(row for row in kin if row.log != found[0].log)]


def _check(told: Told) -> None:
    try:
        check_told(told)
    except Malformed as error:
        raise Failure(
            f"nothing was taken out: {error}", "a date is 2026, 2026-05 or 2026-05-31"
        ) from None


def _target(output: Path | None, name: str, form: str) -> Path:
    today = datetime.now().astimezone().date()
    target = output or Path(f"{name}-{today}.{form}")
    if target.exists():
        raise Failure(f"{target} is there already", "name another with --output")
    if not target.absolute().parent.is_dir():
        raise Failure(f"there is no folder for {target}", "name another with --output")
    return target


def _rows(session: Session, found: Sequence[Child], told: Told, *, walks: bool) -> Chronology:
    logs = [row.log for row in found]
    rows = chronology(session, logs, told.start, told.end)
    if not rows.rows:
        raise Failure("nothing was taken out: there is no post", "`microblog stream` shows them")
    return walk(session, logs, rows) if walks else rows


def _written(rows: Chronology, form: str) -> bytes:
    columns = [(column.title, column.sort) for column in rows.columns]
    try:
        return write_table(columns, [row.cells for row in rows.rows], form)
    except NotATable as error:
        raise Failure(f"nothing was taken out: a spreadsheet cannot hold it ({error})") from None


def _ask(found: Sequence[Child], *, yes: bool) -> None:
    if yes:
        return
    if not is_interactive():
        raise Failure("nothing was taken out", "add --yes if its team may be told of it")
    for row in found:
        click.echo(f"  {safe(child_name(row))}: {readers(row.members, row.agencies)}", err=True)
    if not confirm(f"Take {count(len(found), 'stream', 'streams')} out? Each team is told."):
        raise Failure("nothing was taken out")


def _named(found: Sequence[Child]) -> str:
    if len(found) == 1:
        return f"{safe(child_name(found[0]))}'s stream is"
    return f"{len(found)} streams are"


def _whom(found: Sequence[Child]) -> str:
    return "Its team was" if len(found) == 1 else "Their teams were"
