"""The team around a child: who can read, and who may."""

import click

from microblog.cli.children import status
from microblog.cli.handing import report, supervisor_of, why_supervisor
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, ChildGroup, find_child, find_person
from microblog.cli.terminal import confirm, is_interactive, safe, say, say_json, warn
from microblog.cli.words import (
    TEAM_ROLES,
    child_name,
    moment,
    name_of,
    readers,
    taken_out,
    who,
)
from microblog.client.reading import children, mark_team_seen, overview
from microblog.client.session import Session
from microblog.client.shown import Child, Member, Person
from microblog.client.team import grant, grant_many, remove, remove_many


@click.group(
    cls=ChildGroup,
    subcommand_metavar="CHILD | add CHILD PERSON | remove CHILD PERSON",
    context_settings=TAKES_AN_ID,
)
def team() -> None:
    """Show the team of CHILD: who can read, since when, let in by whom."""


@team.command("show", hidden=True, context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--json", "as_json", is_flag=True)
def show_team(child: str, as_json: bool) -> None:
    """Show who can read the stream of CHILD."""
    with at_work(must=False) as session:
        rows = children(session)
        found = find_child(rows, child)
        if as_json:
            say_json(found.members)
        else:
            _print_team(found, {row.log: child_name(row) for row in rows})
        mark_team_seen(session, found.log)


@team.command("add", context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("person")
@click.option("--role", type=click.Choice(TEAM_ROLES), default="follower", show_default=True)
@click.option("--why", default="", help="Why it is shared; the team can read it.")
@click.option("--with-supervisor", is_flag=True, help="Let in whoever supervises PERSON, too.")
@click.option("--yes", is_flag=True, help="Of a household: with each of its children, unasked.")
def add_person(
    child: str, person: str, role: str, why: str, with_supervisor: bool, yes: bool
) -> None:
    """Let PERSON read everything about CHILD, from the beginning.

    CHILD may be a household: then you are asked for each of its children that you keep.
    """
    with at_work() as session:
        found, known = _both(session, child, person)
        more = [row.log for row in _children_to_ask(session, found, known, yes)]
        grant(session, found.log, known.id, role, why)
        mark_team_seen(session, found.log, [known.id])
        now = find_child(children(session), found.log)
        says = f"{name_of(known)} can read everything about"
        say(f"{safe(says)} {safe(child_name(now))}.")
        if more:
            report(session, grant_many(session, known.id, role, why, found.log, more), says, known)
        say(f"{readers(now.members, now.agencies)}.")
        _supervisor(session, known, [found.log, *more], with_supervisor)


@team.command("remove", context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("person")
@click.option("--all-children", is_flag=True, help="Of a household: off each of its children, too.")
def remove_person(child: str, person: str, all_children: bool) -> None:
    """Take PERSON off the team of CHILD: nothing posted from now on can be read by them."""
    with at_work() as session:
        found = find_child(children(session), child)
        known = find_person([member.person for member in found.members], person)
        more = _children_followed(session, found, known)
        remove(session, found.log, known.id)
        now = find_child(children(session), found.log)
        says = f"{name_of(known)} can read nothing that is posted from now on about"
        say(f"{safe(says)} {safe(child_name(now))}.")
        if all_children:
            logs = [row.log for row in more]
            report(session, remove_many(session, known.id, logs), says, known)
        elif more:
            names = ", ".join(safe(child_name(row)) for row in more)
            say(f"They still follow {names}: --all-children takes them off these, too.")
        say("What was posted until now they may have kept.")
        say(f"{readers(now.members, now.agencies)}.")


def _both(session: Session, child: str, person: str) -> tuple[Child, Person]:
    shown = overview(session)
    return find_child(shown.children, child), find_person(shown.people, person)


def _children_to_ask(session: Session, home: Child, person: Person, yes: bool) -> list[Child]:
    """Return the children of a household into whose teams a person shall come, each by name."""
    living = {row.log for row in home.children if not row.until}
    rows = [row for row in children(session) if row.log in living and row.keeper]
    rows = [row for row in rows if not _is_on(row, person)]
    if yes or not rows:
        return rows
    names = ", ".join(child_name(row) for row in rows)
    if not is_interactive():
        warn(f"not yet on the teams of {names}: --yes lets them in there, too")
        return []
    ask = f"Let {name_of(person)} read everything about {{}}, too?"
    return [row for row in rows if confirm(ask.format(child_name(row)))]


def _children_followed(session: Session, home: Child, person: Person) -> list[Child]:
    """Return the children that a person follows: of this household, or let in through it."""
    living = {row.log for row in home.children if not row.until}
    rows = [row for row in children(session) if row.log != home.log and row.my_role]
    return [
        row
        for row in rows
        for member in row.members
        if member.person.id == person.id and (row.log in living or member.via == home.log)
    ]


def _supervisor(session: Session, person: Person, logs: list[str], let_in: bool) -> None:
    """Let someone's supervisor in, or say that they are not there."""
    shown = overview(session)
    rows = [find_child(shown.children, log) for log in logs]
    lacking = [row for row in rows if supervisor_of(shown.people, person, row)]
    boss = supervisor_of(shown.people, person, lacking[0]) if lacking else None
    if boss is None:
        return
    if not let_in:
        names = ", ".join(safe(child_name(row)) for row in lacking)
        say(f"{safe(who(boss))} supervises them, and is not on the team of {names}:"
            " `microblog proposals` lists such, or say --with-supervisor.")  # fmt: skip
        return
    mine = [row.log for row in lacking]
    handed = grant_many(session, boss.id, "supervisor", why_supervisor(person), "", mine)
    report(session, handed, f"{name_of(boss)} can read everything about", boss)


def _is_on(child: Child, person: Person) -> bool:
    return any(member.person.id == person.id for member in child.members)


def _how(member: Member, homes: dict[str, str]) -> str:
    if member.by.id == member.person.id:
        return "began this stream"
    through = f", through {homes.get(member.via, 'a household')}" if member.via else ""
    why = f": {member.why}" if member.why else ""
    return f"let in by {name_of(member.by)}{through}{why}"


def _print_team(child: Child, homes: dict[str, str]) -> None:
    say(f"{safe(child_name(child))}: {readers(child.members, child.agencies)}.")
    for member in child.members:
        person = member.person
        phone = f", {person.phone}" if person.phone else ""
        say(f"  {safe(who(person) + phone)}: {member.role} since {moment(member.since)},"
            f" {safe(_how(member, homes))}")  # fmt: skip
    for person in child.leaving:
        say(f"  {safe(who(person))} has left: the next entry shuts them out")
    if sum(member.role == "keeper" for member in child.members) == 1:
        say("There is one keeper. Ask for a second.")
    for export in child.exports:
        say(
            f"Taken out by {safe(who(export.by))}, {moment(export.time)}: {safe(taken_out(export))}"
        )
    for line in status(child):
        warn(line)
