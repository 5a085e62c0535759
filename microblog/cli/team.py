"""The team around a child: who can read, and who may."""

import click

from microblog.cli.children import status
from microblog.cli.home import at_work
from microblog.cli.names import find_child, find_person
from microblog.cli.terminal import safe, say, say_json, warn
from microblog.cli.words import TEAM_ROLES, child_name, moment, name_of, readers, who
from microblog.client.reading import children, mark_team_seen, overview
from microblog.client.session import Session
from microblog.client.shown import Child, Member, Person
from microblog.client.team import grant, remove


class _Team(click.Group):
    """`team CHILD` is `team show CHILD`: what is no command of the group is a child."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Team, subcommand_metavar="CHILD | add CHILD PERSON | remove CHILD PERSON")
def team() -> None:
    """Show the team of CHILD: who can read, since when, let in by whom."""


@team.command("show", hidden=True)
@click.argument("child")
@click.option("--json", "as_json", is_flag=True)
def show_team(child: str, as_json: bool) -> None:
    """Show who can read the stream of CHILD."""
    with at_work(must=False) as session:
        found = find_child(children(session), child)
        if as_json:
            say_json(found.members)
        else:
            _print_team(found)
        mark_team_seen(session, found.log)


@team.command("add")
@click.argument("child")
@click.argument("person")
@click.option("--role", type=click.Choice(TEAM_ROLES), default="follower", show_default=True)
@click.option("--why", default="", help="Why it is shared; the team can read it.")
def add_person(child: str, person: str, role: str, why: str) -> None:
    """Let PERSON read everything about CHILD, from the beginning."""
    with at_work() as session:
        found, known = _both(session, child, person)
        grant(session, found.log, known.id, role, why)
        mark_team_seen(session, found.log, [known.id])
        now = find_child(children(session), found.log)
        say(f"{safe(name_of(known))} can read everything about {safe(child_name(now))}.")
        say(f"{readers(now.members, now.agencies)}.")


@team.command("remove")
@click.argument("child")
@click.argument("person")
def remove_person(child: str, person: str) -> None:
    """Take PERSON off the team of CHILD: nothing posted from now on can be read by them."""
    with at_work() as session:
        found = find_child(children(session), child)
        known = find_person([member.person for member in found.members], person)
        remove(session, found.log, known.id)
        now = find_child(children(session), found.log)
        say(f"{safe(name_of(known))} can read nothing that is posted about"
            f" {safe(child_name(now))} from now on.")  # fmt: skip
        say("What was posted until now they may have kept.")
        say(f"{readers(now.members, now.agencies)}.")


def _both(session: Session, child: str, person: str) -> tuple[Child, Person]:
    shown = overview(session)
    return find_child(shown.children, child), find_person(shown.people, person)


def _how(member: Member) -> str:
    if member.by.id == member.person.id:
        return "began this stream"
    why = f": {member.why}" if member.why else ""
    return f"let in by {name_of(member.by)}{why}"


def _print_team(child: Child) -> None:
    say(f"{safe(child_name(child))}: {readers(child.members, child.agencies)}.")
    for member in child.members:
        person = member.person
        phone = f", {person.phone}" if person.phone else ""
        say(f"  {safe(who(person) + phone)}: {member.role} since {moment(member.since)},"
            f" {safe(_how(member))}")  # fmt: skip
    for person in child.leaving:
        say(f"  {safe(who(person))} has left: the next entry shuts them out")
    if sum(member.role == "keeper" for member in child.members) == 1:
        say("There is one keeper. Ask for a second.")
    for line in status(child):
        warn(line)
