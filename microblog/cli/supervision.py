"""Supervision in a terminal: the children of the people I supervise, each by name."""

from collections.abc import Callable

import click

from microblog.cli.home import at_work
from microblog.cli.rounds import print_due
from microblog.cli.terminal import safe, say, say_json
from microblog.cli.words import child_name, count, moment, name_of
from microblog.client.picture import supervision as look_over
from microblog.client.reading import children
from microblog.client.shown import Child
from microblog.client.shown_picture import Supervised

LONG_DAYS = 14

FILTERS: dict[str, Callable[[Supervised], bool]] = {
    "not-seen": lambda row: row.seen is None or row.seen.days >= LONG_DAYS,
    "tried": lambda row: row.attempts > 0,
    "quiet": lambda row: bool(row.quiet),
    "nudged": lambda row: row.nudged is not None,
    "due": lambda row: bool(row.due),
}


@click.command()
@click.option("--only", type=click.Choice(list(FILTERS)), help="Only these.")
@click.option("--json", "as_json", is_flag=True)
def supervision(only: str | None, as_json: bool) -> None:
    """List the children of the people you supervise, by name, and what there is to ask about."""
    with at_work(must=False) as session:
        found = [row for row in look_over(session) if only is None or FILTERS[only](row)]
        if as_json:
            say_json(found)
            return
        rows = {row.log: row for row in children(session)}
        if not found:
            say("There is nobody to show.")
        for row in found:
            _print_row(row, rows[row.log])
            if row.due:
                print_due(row.due, rows)
            say()


def _print_row(row: Supervised, child: Child) -> None:
    say(f"{safe(child_name(child))} [{row.log[:8]}]")
    if row.workers:
        say(f"  on the team: {', '.join(safe(name_of(person)) for person in row.workers)}")
    if child.sort != "household":
        say(f"  {_say_seen(row)}")
    if row.attempts:
        say(f"  {count(row.attempts, 'visit', 'visits')} failed since")
    if row.nudged:
        by = safe(name_of(row.nudged.by))
        say(f"  nudged by {by}, {moment(row.nudged.time)} ({row.nudged.seq})")
    for agency in row.quiet:
        usual = "day" if agency.usual <= 1 else f"{agency.usual} days"
        say(f"  gone quiet: {safe(agency.name)}, {count(agency.days, 'day', 'days')};"
            f" before, every {usual}")  # fmt: skip


def _say_seen(row: Supervised) -> str:
    if row.seen is None:
        return "not seen yet: no visit here says so"
    days, at = row.seen.days, row.seen.when.at.replace("T", " ")
    when = "today" if days <= 0 else f"{count(days, 'day', 'days')} ago"
    return f"seen {when}, {at}, by {safe(row.seen.by.job or name_of(row.seen.by))}"
