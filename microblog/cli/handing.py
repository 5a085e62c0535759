"""Many streams in one act: handing over, supervisors to let in, and what hangs on a leaver."""

from collections.abc import Sequence

import click

from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child, find_person
from microblog.cli.terminal import Failure, safe, say, say_json
from microblog.cli.words import child_name, moment, name_of, who
from microblog.client.hanging import hanging
from microblog.client.messages import Handed, HangingStream
from microblog.client.proposals import dismiss_proposal
from microblog.client.proposals import proposals as asked
from microblog.client.reading import children, mark_team_seen, overview
from microblog.client.session import Session
from microblog.client.shown import Child, Person
from microblog.client.shown_overview import Proposal
from microblog.client.team import grant_many


@click.command("hand-over", context_settings=TAKES_AN_ID)
@click.argument("person")
@click.argument("child", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every open child and household that you keep.")
@click.option("--why", default="", help="Why; each team can read it.")
@click.option("--json", "as_json", is_flag=True)
def hand_over(person: str, child: tuple[str, ...], every: bool, why: str, as_json: bool) -> None:
    """Make PERSON a keeper of each CHILD; you stay one until you are taken off.

    The same again goes on where it broke off.
    """
    if bool(child) == every:
        raise click.UsageError("name each CHILD, or say --all")
    with at_work() as session:
        shown = overview(session)
        known = find_person(shown.people, person)
        kept = [row for row in shown.children if row.keeper and not row.closed]
        found = kept if every else [find_child(shown.children, name) for name in child]
        handed = grant_many(session, known.id, "keeper", why, "", [row.log for row in found])
        report(session, handed, f"{name_of(known)} is a keeper of", known, as_json=as_json)


@click.command(context_settings=TAKES_AN_ID)
@click.argument("person")
@click.option("--json", "as_json", is_flag=True)
def left(person: str, as_json: bool) -> None:
    """Show what still hangs on PERSON, who leaves or has left, as far as you can see it."""
    with at_work(must=False) as session:
        known = find_person(overview(session).people, person, also_left=True)
        found = hanging(session, known.id)
        if as_json:
            say_json(found)
            return
        say(f"{safe(who(known))}{', has left' if known.left else ''}:")
        sole = {row.log for row in found.sole_keeper}
        for row in found.streams:
            say(f"  {_stream(row)}{': nobody else is its keeper' if row.log in sole else ''}")
        for invite in found.invites:
            say(f"  invited {safe(invite.name)}, until {moment(invite.expiry)} [{invite.id[:8]}]")
        for other in found.supervises:
            say(f"  is named as supervisor or deputy by {safe(who(other))}")
        if not (found.streams or found.invites or found.supervises):
            say("  nothing that you can see")
        if found.sole_keeper:
            say("Hand those over: `microblog hand-over PERSON CHILD…`.")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def proposals(ctx: click.Context, as_json: bool) -> None:
    """List supervisors who are not on the teams of their people's children that you keep."""
    if ctx.invoked_subcommand is not None:
        return
    with at_work(must=False) as session:
        rows = asked(session)
        if as_json:
            say_json(rows)
            return
        names = {row.log: child_name(row) for row in children(session)}
        for row in rows:
            follows = ", ".join(safe(names[log]) for log in row.logs)
            say(f"{safe(who(row.supervisor))} supervises {safe(name_of(row.person))}, who follows"
                f" {follows}")  # fmt: skip
        if rows:
            say("Let them in: `microblog proposals accept PERSON`; or `… dismiss PERSON`.")


@proposals.command("accept", context_settings=TAKES_AN_ID)
@click.argument("person")
@click.option("--json", "as_json", is_flag=True)
def accept(person: str, as_json: bool) -> None:
    """Let the supervisor of PERSON read those children, from the beginning."""
    with at_work() as session:
        row = _proposal(session, person)
        why = why_supervisor(row.person)
        handed = grant_many(session, row.supervisor.id, "supervisor", why, "", row.logs)
        says = f"{name_of(row.supervisor)} can read everything about"
        report(session, handed, says, row.supervisor, as_json=as_json)


@proposals.command("dismiss", context_settings=TAKES_AN_ID)
@click.argument("person")
def dismiss(person: str) -> None:
    """Do not ask about this supervisor of PERSON again, on this device."""
    with at_work(must=False) as session:
        row = _proposal(session, person)
        dismiss_proposal(session, row.key)
        say(f"You are not asked about {safe(name_of(row.supervisor))} for"
            f" {safe(name_of(row.person))} again.")  # fmt: skip


def report(
    session: Session, handed: Sequence[Handed], says: str, person: Person, *, as_json: bool = False
) -> None:
    """Say what became of each stream; raise Failure if any was not done."""
    names = {row.log: child_name(row) for row in children(session)}
    for row in handed:
        if row.done:
            mark_team_seen(session, row.log, [person.id])
    if as_json:
        say_json(handed)
    for row in () if as_json else handed:
        if row.done:
            say(f"{safe(says)} {safe(names[row.log])}.")
        else:
            say(f"NOT DONE: {safe(names[row.log])} ({row.code or row.error}).")
    missed = sum(not row.done for row in handed)
    if missed:
        raise Failure(f"{missed} of {len(handed)} were not done", "the same again does only those")


def why_supervisor(person: Person) -> str:
    """Return the reason that stands beside a supervisor who was let in."""
    return f"supervises {name_of(person)}"[:120]


def supervisor_of(people: Sequence[Person], person: Person, child: Child) -> Person | None:
    """Return a person's supervisor, if they work here and are not on the team yet."""
    listed = {member.person.id for member in child.members}
    known = {row.id: row for row in people if not row.left and row.id not in listed}
    return known.get(person.supervisor)


def _proposal(session: Session, meant: str) -> Proposal:
    rows = asked(session)
    known = find_person([row.person for row in rows], meant)
    return next(row for row in rows if row.person.id == known.id)


def _stream(row: HangingStream) -> str:
    return f"{safe(row.name or 'a stream')}, {'closed' if row.closed else 'open'} [{row.log[:8]}]"
