"""The children I follow."""

from dataclasses import replace
from datetime import datetime

import click

from microblog.cli.failures import trouble
from microblog.cli.home import at_work
from microblog.cli.names import find_household
from microblog.cli.terminal import safe, say, say_json
from microblog.cli.words import age, child_name, count, moment, name_of
from microblog.client.messages import NewChild
from microblog.client.reading import children as read_children
from microblog.client.shown import Child, MayStillRead
from microblog.client.team import begin_child


@click.group()
def child() -> None:
    """Begin the stream of a child."""


@child.command("add")
@click.argument("name")
@click.option("--born", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--due", metavar="DATE", help="For a child not born yet.")
@click.option("--known-as", multiple=True, help="Another name; may be given again.")
@click.option("--school", default="")
@click.option("--in", "homes", multiple=True, metavar="HOUSEHOLD",
              help="Where it lives, from today; may be given again.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def add_child(
    name: str,
    born: str | None,
    due: str | None,
    school: str,
    as_json: bool,
    **lists: tuple[str, ...],
) -> None:
    """Begin a stream about NAME; you are its keeper and its only reader."""
    if born and due:
        raise click.UsageError("a child is either born or due")
    birth = ("born", born) if born else ("due", due) if due else ("unknown", "")
    new = NewChild(name=name, known_as=lists["known_as"], birth=birth, school=school)
    with at_work() as session:
        rows = read_children(session)
        logs = tuple(find_household(rows, home).log for home in lists["homes"])
        log = begin_child(session, replace(new, households=logs))
        if as_json:
            say_json({"log": log})
            return
        say(f"{safe(name)} is on your list. Only you can read the stream so far [{log}].")
        say("Ask a colleague to be its second keeper: `microblog team add CHILD PERSON"
            " --role keeper`.")  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True)
def children(as_json: bool) -> None:
    """List the children you follow."""
    with at_work(must=False) as session:
        found = read_children(session)
        if as_json:
            say_json(found)
            return
        if not found:
            say("You follow no child yet. Begin one with `microblog child add NAME`, or ask a"
                " keeper to add you.")  # fmt: skip
        for row in found:
            say(_line(row))


def _line(child: Child) -> str:
    today = datetime.now().astimezone().date()
    parts = [f"{safe(child_name(child))}, {age(child, today)}"]
    parts.append(count(child.posts, "post", "posts"))
    if child.unread:
        parts.append(f"{child.unread} unread")
    if child.last_post:
        parts.append(f"last post {moment(child.last_post)}")
    if child.last_seen:
        parts.append(f"last seen {child.last_seen.time.replace('T', ' ')}")
    if child.sort == "household":
        parts.append("household")
    if child.closed:
        parts.append("closed")
    parts += [
        f"lives in {safe(row.name)}" for row in child.households if row.name and not row.until
    ]
    parts += ["protected address"] if child.protected_address else []
    parts += status(child)
    return " · ".join([*parts, f"[{child.log[:8]}]"])


def status(child: Child) -> list[str]:
    """Return what is out of the ordinary with a stream, in words."""
    parts = []
    if child.removed is not None:
        parts.append(f"you were taken off the team on {moment(child.removed.time)}")
    elif child.waiting:
        parts.append("sealed: nobody has handed this device the key yet")
    if child.trouble is not None:
        parts.append(f"NOT TO BE TRUSTED: {trouble(child.trouble.error, child.trouble.seq)}")
    return [*parts, *map(_may_still_read, child.may_still_read)]


def _may_still_read(row: MayStillRead) -> str:
    """Return that someone who was taken off may still read, for as long as nobody else saw it."""
    name, time = safe(name_of(row.person)), moment(row.since)
    if not row.alarm:
        return f"{name} may still read: no witness has seen yet that they were taken off at {time}"
    return (
        f"ALARM: {name} may still read: they were taken off at {time}, and no witness has seen it"
    )
