"""Which child, person or agency somebody means: by name, a part of one, or the start of an id."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import click

from microblog.cli.terminal import Failure
from microblog.cli.words import age, child_name, who
from microblog.client.shown import Agency, Child, Person

Thing = TypeVar("Thing")
LEAST_OF_ID = 4
#: A key or an id may begin with a dash: for commands that take one, and have no option of a letter.
TAKES_AN_ID = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


class ChildGroup(click.Group):
    """`team CHILD` is `team show CHILD`: what is no command of the group is a child."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, and what is left of the line."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


def find_child(children: Sequence[Child], meant: str) -> Child:
    """Return the child that is meant; where two share a name, both are named with their ages."""
    today = datetime.now().astimezone().date()

    def describe(child: Child) -> str:
        what = "household" if child.sort == "household" else age(child, today)
        return f"{child_name(child)}, {what} [{child.log}]"

    found = _find(children, meant, lambda child: (child.name, *child.known_as), _log)
    return _one(found, meant, describe, "you follow no child", "`microblog children` lists them")


def find_household(children: Sequence[Child], meant: str) -> Child:
    """Return the household that is meant."""
    homes = [child for child in children if child.sort == "household"]
    found = _find(homes, meant, lambda child: (child.name, *child.known_as), _log)

    def describe(child: Child) -> str:
        return f"{child_name(child)} [{child.log}]"

    hint = "`microblog household add NAME` begins one"
    return _one(found, meant, describe, "you follow no household", hint)


def find_person(people: Sequence[Person], meant: str, *, also_left: bool = False) -> Person:
    """Return the person that is meant, of those who have not left."""
    here = [person for person in people if also_left or not person.left]
    found = _find(here, meant, lambda person: (person.name,), lambda person: person.id)

    def describe(person: Person) -> str:
        return f"{who(person)} [{person.id}]"

    return _one(found, meant, describe, "nobody here is", "`microblog people` lists them")


def find_agency(agencies: Sequence[Agency], meant: str) -> Agency:
    """Return the agency that is meant."""
    found = _find(agencies, meant, lambda agency: (agency.name,), lambda agency: agency.id)

    def describe(agency: Agency) -> str:
        return f"{agency.name} [{agency.id}]"

    return _one(found, meant, describe, "no agency is", "`microblog agency add` enters a new one")


def _log(child: Child) -> str:
    return child.log


def _find(
    things: Sequence[Thing],
    meant: str,
    names: Callable[[Thing], Sequence[str]],
    identity: Callable[[Thing], str],
) -> list[Thing]:
    """Return what fits best: a whole name, else a part of one, else the start of an id."""
    wanted = " ".join(meant.split()).casefold()
    if not wanted:
        return []
    whole = [thing for thing in things if wanted in [n.casefold() for n in names(thing)]]
    part = [thing for thing in things if any(wanted in n.casefold() for n in names(thing))]
    start = [thing for thing in things if identity(thing).startswith(meant)]
    return whole or part or (start if len(meant) >= LEAST_OF_ID else [])


def _one(
    found: list[Thing], meant: str, describe: Callable[[Thing], str], none: str, hint: str
) -> Thing:
    if not found:
        raise Failure(f"{none} known as “{meant}”", hint)
    if len(found) > 1:
        rows = "; ".join(map(describe, found))
        raise Failure(f"“{meant}” may be {rows}", "say more of the name, or the id in brackets")
    return found[0]
