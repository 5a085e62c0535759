"""Asking to follow, and answering who asks."""

from collections.abc import Sequence

import click

from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child, find_person
from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say, say_json, warn
from microblog.cli.terminal import ask as prompt
from microblog.cli.words import child_name, moment, name_of, readers, who
from microblog.client import asking
from microblog.client.asks import asked
from microblog.client.asks import requests as read_requests
from microblog.client.reading import children, mark_team_seen
from microblog.client.session import Session
from microblog.client.shown import Child, Person
from microblog.client.shown_overview import Request
from microblog.protocol.errors import Malformed, WrongLog

NOT_A_SLIP = "that is not the whole link of a follow slip of this practice"
NEW_SLIP = "copy all of it, or ask whoever gave it to you for a new one"


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--json", "as_json", is_flag=True)
def slip(child: str, as_json: bool) -> None:
    """Print a follow slip: a link with which a colleague can ask to follow CHILD."""
    with at_work(must=False) as session:
        found = find_child(children(session), child)
        link = asking.slip(session, found.log)
        if as_json:
            say_json({"link": link})
            return
        say(f"Whoever works here and opens this link can ask to follow {safe(child_name(found))}:")
        say(f"\n    {link}\n")
        say("It lets nobody in and names nobody: a keeper decides. Say who it is about yourself.")


@click.command()
@click.argument("link")
@click.option("--why", help="Why you should follow; at most 120 characters.")
@click.option("--yes", is_flag=True, help="Ask whoever the keepers are, without a question.")
@click.option("--take-back", is_flag=True, help="Take back what you asked with this slip.")
def ask(link: str, why: str | None, yes: bool, take_back: bool) -> None:
    """Ask to follow the child whose follow slip LINK is.

    The reason is read by the keepers alone; if they let you in, by the whole team.
    """
    with at_work() as session:
        fragment = link.rpartition("#")[2]
        try:
            found = asking.read_slip(session, fragment)
        except (Malformed, WrongLog):
            raise Failure(NOT_A_SLIP, NEW_SLIP) from None
        if take_back:
            asking.take_back(session, found.log)
            say("Nothing is asked any more.")
            return
        if found.following:
            child = find_child(children(session), found.log)
            raise Failure(f"you follow {child_name(child)} already", "`microblog children`")
        _show_keepers(found.keepers)
        reason = prompt("Why", why, "say it with --why")
        _ask(session, fragment, reason, found.keepers, yes=yes)


def _ask(
    session: Session, fragment: str, reason: str, keepers: Sequence[Person], *, yes: bool
) -> None:
    while True:
        if not yes and not is_interactive():
            raise Failure("nothing was sent: nobody can be asked here", "look at the names: --yes")
        if not yes and not confirm("Ask them"):
            raise Failure("nothing was sent")
        shown = [person.id for person in keepers]
        done = asking.ask_to_follow(session, fragment, reason, shown)
        if done.sent:
            say("Asked. They see it when they next look; nobody is mailed. It lapses in 30 days.")
            return
        warn("others can let you in now")
        keepers = done.keepers
        _show_keepers(keepers)
        yes = False


def _show_keepers(keepers: Sequence[Person]) -> None:
    say("The server says that these can let you in:")
    for person in keepers:
        say(f"  {safe(who(person))}")
    if not keepers:
        say("  nobody who still works here")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def requests(as_json: bool) -> None:
    """List who asks to follow children that you keep, and what you asked yourself."""
    with at_work(must=False) as session:
        rows, mine = read_requests(session), asked(session)
        if as_json:
            say_json({"requests": rows, "asked": mine})
            return
        if not rows:
            say("Nobody asks to follow a child that you keep.")
        names = {child.log: child_name(child) for child in children(session)}
        for row in rows:
            say(f"{safe(who(row.person))} asks to follow {safe(names[row.log])}"
                f" since {moment(row.time)}:")  # fmt: skip
            say(f"    {safe(row.reason) or '(the reason cannot be opened with your keys)'}")
        if rows:
            say("Answer with `microblog approve CHILD PERSON` or `microblog decline CHILD PERSON`.")
        for own in mine:
            keepers = ", ".join(safe(name_of(person)) for person in own.keepers)
            say(f"You asked {keepers} on {moment(own.time)} [{own.log[:8]}].")


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("person")
def approve(child: str, person: str) -> None:
    """Let PERSON, who asks, read everything about CHILD, for the reason they gave."""
    with at_work() as session:
        found, row = _find(session, child, person)
        asking.approve(session, found.log, row.person.id)
        mark_team_seen(session, found.log, [row.person.id])
        now = find_child(children(session), found.log)
        say(f"{safe(name_of(row.person))} can read everything about {safe(child_name(now))}.")
        say(f"{readers(now.members, now.agencies)}.")


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("person")
def decline(child: str, person: str) -> None:
    """Do not let PERSON, who asks, follow CHILD; they may ask again."""
    with at_work() as session:
        found, row = _find(session, child, person)
        asking.decline(session, found.log, row.person.id)
        say(f"{safe(name_of(row.person))} asks no longer to follow {safe(child_name(found))}."
            " Tell them why yourself.")  # fmt: skip


def _find(session: Session, child: str, person: str) -> tuple[Child, Request]:
    found = find_child(children(session), child)
    rows = [row for row in read_requests(session) if row.log == found.log]
    if not rows:
        raise Failure(f"nobody asks to follow {child_name(found)}", "see `microblog requests`")
    meant = find_person([row.person for row in rows], person)
    return found, next(row for row in rows if row.person.id == meant.id)
