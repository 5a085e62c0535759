"""Bringing in a spreadsheet: records of a child as posts, or a list of children and households."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from microblog.cli.delivery import DANGER, UNVOUCHED, on_screen
from microblog.cli.home import at_work
from microblog.cli.names import find_child
from microblog.cli.tables import (
    agree,
    check_bad,
    map_columns,
    print_bad,
    print_columns,
    read_file,
    shorten,
    stopping,
)
from microblog.cli.terminal import Failure, safe, say, say_json
from microblog.cli.words import KINDS, child_name, count, moment, readers
from microblog.client.beginning import begin_children, plan_children
from microblog.client.bringing import Sheet, bring_in, plan_import
from microblog.client.messages import Handed
from microblog.client.posting import Terms
from microblog.client.reading import children as read_children
from microblog.client.session import Session, read_id
from microblog.client.shown import Child
from microblog.client.shown_rows import (
    CHILD_FIELDS,
    FIELDS,
    BadRow,
    Brought,
    ChildrenPlan,
    ImportPlan,
    Table,
)

P = TypeVar("P", ImportPlan, ChildrenPlan)

AGAIN = "bring the same file in again: it goes on where it ended"


@click.command("import")
@click.argument("names", nargs=-1, required=True, metavar="[CHILD] FILE")
@click.option("--children", "is_list", is_flag=True, help="FILE lists children and households.")
@click.option("--sheet", help="The sheet of an XLSX; else the first that is not empty.")
@click.option("--column", "columns", multiple=True, metavar="TITLE=FIELD",
              help="What a column is, if its title does not say; may be given again.")  # fmt: skip
@click.option("--source", default="", help="Where the records are from, if no column says it.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of it.")
@click.option("--yes", is_flag=True, help="Never ask; as for `post`, refuse if someone is new.")
@click.option("--all-the-same", is_flag=True, help="As for `post`.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan, or what was done, as data.")
def bring(names: tuple[str, ...], is_list: bool, sheet: str | None, **given: object) -> None:
    """Bring in FILE, CSV or XLSX: its rows as posts about CHILD, or a list of children.

    A row is never taken for something that you saw: it keeps its kind where a column says it, else
    it is From records; its source, author and own date stay with it. Rows that are here already are
    not doubled. Ctrl-C stops; the same command goes on.
    """
    if len(names) != (1 if is_list else 2):
        raise click.UsageError("name CHILD and FILE, or FILE with --children")
    table = read_file(Path(names[-1]), sheet)
    with at_work() as session:
        if is_list:
            _begin(session, table, given)
        else:
            found = find_child(read_children(session), names[0])
            _bring(session, found, Sheet(table, None, str(given["source"])), given)


def _bring(session: Session, child: Child, sheet: Sheet, given: dict[str, object]) -> None:
    guessed = plan_import(session, child.log, sheet)
    columns = map_columns(guessed.columns, _given_columns(given), FIELDS)
    sheet = replace(sheet, columns=columns)
    plan = plan_import(session, child.log, sheet)
    if not _shown(plan, _print_plan, given):
        return
    as_json = bool(given["as_json"])
    yes = bool(given["yes"])
    seen = on_screen(session, child, yes)
    if not as_json:
        say(f"{readers(child.members, child.agencies)}.")
    rows, team = count(plan.good, "row", "rows"), f"{child_name(child)}'s team"
    agree(f"Bring in {rows} for {team} ({len(child.members)})?", yes=yes)
    terms = Terms(frozenset(map(read_id, seen)), bool(given["all_the_same"]))
    with stopping() as is_stopping:
        brought = bring_in(session, child.log, sheet, terms, is_stopping)
    if as_json:
        say_json({**_plain(brought), "bad": plan.bad})
    else:
        say(f"{count(brought.rows, 'row', 'rows')} brought in for {safe(team)}.")
    _check_brought(brought, plan.bad)


def _shown(plan: P, show: Callable[[P], None], given: dict[str, object]) -> bool:
    """Show a plan, and return whether it is to be carried out."""
    as_json = bool(given["as_json"])
    if not as_json:
        show(plan)
    _check_needs(plan.needs)
    if plan.good and not given["dry_run"]:
        return True
    if as_json:
        say_json(plan)
    check_bad(plan.bad)
    return False


def _given_columns(given: dict[str, object]) -> Sequence[str]:
    columns = given["columns"]
    return columns if isinstance(columns, tuple) else ()


def _plain(brought: Brought) -> dict[str, object]:
    return {"rows": brought.rows, "known": brought.known, "left": brought.left}


def _print_plan(plan: ImportPlan) -> None:
    print_columns(plan.columns)
    for row in plan.sample:
        kind = KINDS.get(row.kind, row.kind)
        when = row.at.replace("T", " ") or "not sure when"
        about = " · ".join(safe(one) for one in (row.original, row.source) if one)
        say(f"  {row.row}: {when} · {safe(kind)} · {safe(shorten(row.text))}")
        say(f"      {about}" if about else "      no author, no source")
    print_bad(plan.bad)
    parts = f", as {plan.posts} posts" if plan.posts > plan.good else ""
    undated = f", {plan.undated} of them not sure when" if plan.undated else ""
    say(f"{count(plan.rows, 'row', 'rows')}: {plan.good} can be brought in{parts}{undated};"
        f" {plan.known} are here already; {len(plan.bad)} cannot be read.")  # fmt: skip


def _check_needs(needs: Sequence[str]) -> None:
    if needs:
        raise Failure(
            f"no column is taken for {' or '.join(needs)}", "say which: --column TITLE=FIELD"
        )


def _check_brought(brought: Brought, bad: Sequence[BadRow]) -> None:
    if brought.unvouched:
        since = UNVOUCHED.format(moment(brought.unvouched))
        raise Failure(f"not sent: {since}. {DANGER}", "--all-the-same brings it in nevertheless")
    if brought.newcomers:
        names = ", ".join(one.name or "name withheld" for one in brought.newcomers)
        raise Failure(f"it stopped: new on the team: {names}; {brought.left} rows are left", AGAIN)
    if brought.left:
        raise Failure(f"{count(brought.left, 'row is', 'rows are')} left", AGAIN)
    check_bad(bad)


def _begin(session: Session, table: Table, given: dict[str, object]) -> None:
    guessed = plan_children(session, table)
    columns = map_columns(guessed.columns, _given_columns(given), CHILD_FIELDS)
    plan = plan_children(session, table, columns)
    if not _shown(plan, _print_list, given):
        return
    as_json = bool(given["as_json"])
    streams = count(len(plan.good), "stream", "streams")
    agree(f"Begin {streams}? You are their keeper and only reader.", yes=bool(given["yes"]))
    rows = [one.row for one in plan.good]
    with stopping() as is_stopping:
        handed = begin_children(session, table, columns, rows, is_stopping)
    if as_json:
        say_json({"begun": handed, "bad": plan.bad})
    _print_begun(plan, handed, as_json=as_json)
    check_bad(plan.bad)


def _print_list(plan: ChildrenPlan) -> None:
    print_columns(plan.columns)
    for one in plan.good:
        home = f", lives in {safe(one.household)}" if one.household else ""
        birth = f", {one.birth}" if one.birth else ""
        say(f"  {one.row}: {safe(one.name)} ({one.sort}{birth}{home})")
    for known in plan.known:
        say(f"  {known.row}: {safe(known.name)} is on your list already")
    print_bad(plan.bad)


def _print_begun(plan: ChildrenPlan, handed: Sequence[Handed], *, as_json: bool) -> None:
    undone = [one for one in handed if not one.done]
    if not as_json:
        say(f"{count(len(handed) - len(undone), 'stream', 'streams')} begun.")
    if undone:
        errors = ", ".join(dict.fromkeys(one.error or "stopped" for one in undone))
        raise Failure(f"{len(undone)} of {len(plan.good)} are left ({errors})", AGAIN)
