"""Households, and whom a stream is about."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from microblog.cli.children import status
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child, find_household
from microblog.cli.terminal import safe, say, say_json, warn
from microblog.cli.words import age, child_name
from microblog.client.household import describe, move_child
from microblog.client.messages import AboutDraft, NewChild
from microblog.client.reading import children
from microblog.client.session import Session
from microblog.client.shown import Child, Stay
from microblog.client.team import begin_child

DATE = "YYYY, YYYY-MM or YYYY-MM-DD."


@click.group()
def household() -> None:
    """Begin households, and move children between them."""


@household.command("add")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
def add_household(name: str, as_json: bool) -> None:
    """Begin a stream about the household NAME; you are its keeper and its only reader."""
    with at_work() as session:
        log = begin_child(session, NewChild(name=name, sort="household"))
        if as_json:
            say_json({"log": log})
            return
        say(f"{safe(name)} is on your list. Only you can read the stream so far [{log}].")
        say("Say who lives there: `microblog household move CHILD --to HOUSEHOLD`.")


@household.command("move", context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--from", "out", metavar="HOUSEHOLD", help="Where the child lives no longer.")
@click.option("--to", "into", metavar="HOUSEHOLD", help="Where the child lives from then on.")
@click.option("--date", metavar="DATE", help=f"Since when: {DATE} Today, if it is not given.")
def move(child: str, out: str | None, into: str | None, date: str | None) -> None:
    """Move CHILD out of a household, into one, or both; what was stays readable in both."""
    if not out and not into:
        raise click.UsageError("say --from HOUSEHOLD, --to HOUSEHOLD, or both")
    day = date or datetime.now().astimezone().date().isoformat()
    with at_work() as session:
        rows = children(session)
        found = find_child(rows, child)
        left = _home_of(rows, found, out) if out else ""
        new = find_household(rows, into).log if into else ""
        move_child(session, found.log, left, new, day)
        _print_stays(_again(session, found))
        say("Who can read about the child is as before: `microblog team CHILD` shows it.")


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--name", help="The name from now on.")
@click.option("--known-as", multiple=True, help='All other names; may be given again; "": none.')
@click.option("--born", metavar="DATE", help=DATE)
@click.option("--due", metavar="DATE", help="For a child not born yet.")
@click.option("--school")
@click.option("--relative", "relatives", multiple=True, metavar="NAME=RELATION",
              help='All people; may be given again; "": none.')  # fmt: skip
@click.option("--protect/--no-protect", default=None, help="The address must not be told.")
@click.option("--close/--open", default=None, help="Work has ended, or goes on.")
@click.option("--json", "as_json", is_flag=True)
def about(child: str, as_json: bool, **given: Any) -> None:
    """Show whom the stream of CHILD is about; with options, say it anew as its keeper."""
    if given["born"] and given["due"]:
        raise click.UsageError("a child is either born or due")
    changes = _changes(given)
    with at_work(must=bool(changes)) as session:
        found = find_child(children(session), child)
        if changes:
            describe(session, found.log, replace(_draft(found), **changes), found.described)
            found = _again(session, found)
        if as_json:
            say_json(found)
        else:
            _print_about(found)


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a description that options change."""
    names = {"protect": "protected_address", "close": "closed"}
    plain = ("name", "school", "protect", "close")
    changes = {names.get(key, key): given[key] for key in plain if given[key] is not None}
    for how in ("born", "due"):
        if given[how]:
            changes["birth"] = (how, given[how])
    if given["known_as"]:
        changes["known_as"] = tuple(filter(None, given["known_as"]))
    if given["relatives"]:
        changes["relatives"] = tuple(map(_relative, filter(None, given["relatives"])))
    return changes


def _relative(text: str) -> tuple[str, str]:
    name, _, relation = text.rpartition("=")
    return (name.strip(), relation.strip()) if name else (text.strip(), "")


def _draft(child: Child) -> AboutDraft:
    """Return what is said of a child now."""
    return AboutDraft(
        name=child.name,
        known_as=child.known_as,
        birth=child.birth,
        school=child.school,
        relatives=tuple((row.name, row.relation) for row in child.relatives),
        households=tuple((row.log, row.since, row.until) for row in child.households),
        protected_address=child.protected_address,
        closed=child.closed,
    )


def _home_of(rows: tuple[Child, ...], child: Child, meant: str) -> str:
    """Return a household that the child lives in, which need not be one that I follow."""
    for stay in child.households:
        if len(meant) >= len("abcd") and stay.log.startswith(meant):
            return stay.log
    return find_household(rows, meant).log


def _again(session: Session, child: Child) -> Child:
    return find_child(children(session), child.log)


def _print_about(child: Child) -> None:
    today = datetime.now().astimezone().date()
    what = "household" if child.sort == "household" else age(child, today)
    closed = ", closed" if child.closed else ""
    say(f"{safe(child_name(child))}, {what}{closed} [{child.log[:8]}]")
    if child.protected_address:
        say("  PROTECTED ADDRESS: do not say where, to anybody.")
    for name in child.known_as:
        say(f"  also known as {safe(name)}")
    if child.school:
        say(f"  school: {safe(child.school)}")
    for person in child.relatives:
        relation = f": {person.relation}" if person.relation else ""
        say(f"  {safe(person.name + relation)}")
    _print_stays(child)
    for row in child.siblings:
        say(f"  lives with {safe(row.name)}")
    for line in status(child):
        warn(line)


def _print_stays(child: Child) -> None:
    for row in child.households:
        verb = "lived" if row.until else "lives"
        say(f"  {verb} in {safe(row.name or 'a household that you do not follow')}{_when(row)}"
            f" [{row.log[:8]}]")  # fmt: skip
    for row in child.children:
        verb = "lived" if row.until else "lives"
        say(f"  {safe(row.name)} {verb} here{_when(row)} [{row.log[:8]}]")


def _when(row: Stay) -> str:
    since = f" from {row.since}" if row.since and row.until else ""
    since = f" since {row.since}" if row.since and not row.until else since
    return f"{since} until {row.until}" if row.until else since
