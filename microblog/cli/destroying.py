"""Destroying for good, holding a stream from it, and for how long words are kept."""

from collections.abc import Sequence

import click

from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, ChildGroup, find_child
from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say, say_json
from microblog.cli.words import child_name, count, moment, name_of
from microblog.client import destroying, retention
from microblog.client.reading import children
from microblog.client.retention import BEGINS, EXAMPLES, Class, Shred
from microblog.client.session import Session
from microblog.client.shown import Child
from microblog.client.staff import set_rules

SINCE = {
    "birth": "after the birth",
    "closed": "after it was last closed",
    "newest": "after the newest post",
}
NEVER = "Nothing is ever destroyed by itself: two people must say so, fourteen days apart."


@click.group(
    cls=ChildGroup,
    subcommand_metavar="CHILD | propose CHILD [SEQ]... | confirm CHILD ID",
    context_settings=TAKES_AN_ID,
)
def destroy() -> None:
    """Show what is proposed to be destroyed for good about CHILD, and what was."""


@destroy.command("show", hidden=True, context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--json", "as_json", is_flag=True)
def show(child: str, as_json: bool) -> None:
    """Show what is proposed, destroyed, held and due."""
    with at_work(must=False) as session:
        found = find_child(children(session), child)
        shreds = retention.shreds(session, found.log)
        held, dates = retention.held(session, found.log), retention.due(session, found.log)
        if as_json:
            say_json({"held": held, "shreds": shreds, "retention": dates})
            return
        name = safe(child_name(found))
        if held:
            say(f"{name} is held by {safe(name_of(held.by))} since {moment(held.time)}:"
                f" {safe(held.why)}. Nothing can be destroyed.")  # fmt: skip
        for shred in shreds:
            _print(found, shred)
        if not shreds:
            say(f"Nothing about {name} was destroyed or is proposed to be.")
        for row in dates:
            when = f"from {row.due}" if row.due else "no date yet"
            say(f"  {safe(row.sort)}: {when} ({safe(row.source)})")
        say(NEVER)


@destroy.command("propose", context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("seqs", metavar="[SEQ]...", type=int, nargs=-1)
@click.option("--class", "sort", default="", help="The retention class that lets it go.")
@click.option("--why", required=True, help="Why; it stays, and the team can read it.")
@click.option("--yes", is_flag=True, help="Never ask.")
def propose(child: str, seqs: Sequence[int], sort: str, why: str, yes: bool) -> None:
    """Propose to destroy posts for good, by number; without numbers, all that is there.

    A keeper does this. From fourteen days later a supervisor or second keeper may confirm it.
    """
    with at_work() as session:
        found = find_child(children(session), child)
        numbers = f"{'post' if len(seqs) == 1 else 'posts'} {', '.join(map(str, seqs))}"
        what = numbers if seqs else "everything until now"
        _ask(f"Propose to destroy {what} about {child_name(found)} for good?", yes)
        destroying.propose_shred(session, found.log, seqs, sort, why)
        say(f"It is proposed to destroy {what} about {safe(child_name(found))} for good.")
        say("The team is told. Nothing is destroyed yet.")
        for shred in retention.shreds(session, found.log)[:1]:
            say(f"From {moment(shred.ready)} a supervisor or second keeper may confirm it"
                f" [{shred.id[:8]}].")  # fmt: skip


@destroy.command("confirm", context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("proposal", metavar="ID")
@click.option("--yes", is_flag=True, help="Never ask.")
def confirm_proposal(child: str, proposal: str, yes: bool) -> None:
    """Confirm the proposal ID of another: what it names is destroyed, here and everywhere."""
    with at_work() as session:
        found = find_child(children(session), child)
        shred = _find(retention.shreds(session, found.log), proposal)
        _print(found, shred)
        _ask("Destroy these words for good, here and on every device?", yes)
        destroying.confirm_shred(session, found.log, shred.id)
        (done,) = [it for it in retention.shreds(session, found.log) if it.id == shred.id]
        _print(found, done)


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--lift", is_flag=True, help="End the hold.")
@click.option("--why", required=True, help="Why; the team can read it.")
def hold(child: str, lift: bool, why: str) -> None:
    """Keep everything about CHILD from being destroyed; what was proposed is taken back."""
    with at_work() as session:
        found = find_child(children(session), child)
        destroying.hold(session, found.log, not lift, why)
        name = safe(child_name(found))
        if lift:
            say(f"{name} is no longer held. What was proposed before must be proposed anew.")
        else:
            say(f"{name} is held: nothing can be destroyed until it is lifted.")


@click.group("retention", invoke_without_command=True)
@click.pass_context
@click.option("--json", "as_json", is_flag=True)
def retention_classes(ctx: click.Context, as_json: bool) -> None:
    """Show for how long this practice keeps what is written."""
    if ctx.invoked_subcommand:
        return
    with at_work(must=False) as session:
        rows = retention.settled(session)
        if as_json:
            say_json(rows)
            return
        _print_classes(session, rows)


@retention_classes.command("examples")
@click.option("--json", "as_json", is_flag=True)
def examples(as_json: bool) -> None:
    """Show what others keep, with its sources; none holds before a steward adds it."""
    if as_json:
        say_json(EXAMPLES)
        return
    for number, row in enumerate(EXAMPLES, 1):
        say(f"{number}. {_class(row)}")
    say("`microblog retention add --example NUMBER` takes one over.")


@retention_classes.command("add")
@click.argument("name", required=False)
@click.option("--months", type=click.IntRange(1))
@click.option("--from", "begins", type=click.Choice(BEGINS), help="Counted from when.")
@click.option("--source", default="", help="The law or guidance that says so.")
@click.option("--example", type=click.IntRange(1, len(EXAMPLES)), metavar="NUMBER")
def add_class(
    name: str | None, months: int | None, begins: str | None, source: str, example: int | None
) -> None:
    """Keep words of the class NAME for so long; a steward does this. A known NAME is changed."""
    if example is not None:
        row = EXAMPLES[example - 1]
    elif name and months and begins:
        row = Class(name, months, begins, source)
    else:
        raise click.UsageError("say NAME, --months and --from, or --example NUMBER")
    with at_work() as session:
        others = [it for it in retention.settled(session) if it.name != row.name]
        retention.set_retention(session, [*others, row])
        _print_classes(session, retention.settled(session))


@retention_classes.command("remove")
@click.argument("name")
def remove_class(name: str) -> None:
    """Forget the class NAME; a steward does this."""
    with at_work() as session:
        rows = retention.settled(session)
        others = [it for it in rows if it.name != name]
        if len(others) == len(rows):
            raise Failure("no class has that name", "`microblog retention` shows them")
        retention.set_retention(session, others)
        _print_classes(session, others)


@retention_classes.command("backups")
@click.argument("days", type=click.IntRange(0, 36_500))
def backups(days: int) -> None:
    """Say for how many DAYS backups are kept (0: not known); a steward does this."""
    with at_work() as session:
        set_rules(session, {"backups-kept-days": days})
        _print_classes(session, retention.settled(session))


def _print_classes(session: Session, rows: Sequence[Class]) -> None:
    for row in rows:
        say(_class(row))
    if not rows:
        say("This practice has not said for how long it keeps what is written.")
        say("`microblog retention examples` shows what others do.")
    days = retention.backups_kept_days(session)
    say(f"Backups are kept for {count(days, 'day', 'days')}." if days
        else "For how long backups are kept nobody has said.")  # fmt: skip
    say(NEVER)


def _class(row: Class) -> str:
    years, months = divmod(row.months, 12)
    long = count(row.months, "month", "months") if months else count(years, "year", "years")
    source = f": {safe(row.source)}" if row.source else ""
    return f"{safe(row.name)}: {long} {SINCE[row.begins]}{source}"


def _print(child: Child, shred: Shred) -> None:
    what = count(len(shred.seqs), "entry", "entries")
    why = ": ".join(safe(part) for part in (shred.sort, shred.why) if part)
    say(f"{what} of {safe(child_name(child))}, proposed by {safe(name_of(shred.by))},"
        f" {moment(shred.time)} ({why}) [{shred.id[:8]}]")  # fmt: skip
    if shred.done is None:
        say(f"  To be confirmed by a supervisor or second keeper, from {moment(shred.ready)}.")
        return
    say(f"  Destroyed for good: confirmed by {safe(name_of(shred.done.by))},"
        f" {moment(shred.done.time)}.")  # fmt: skip
    if shred.gone_from_backups:
        say(f"  Gone from backups too: from {moment(shred.gone_from_backups)}.")
    else:
        say("  When it is gone from backups too nobody has said.")


def _find(shreds: Sequence[Shred], meant: str) -> Shred:
    found = [it for it in shreds if it.id.startswith(meant) and len(meant) > 3 and not it.done]
    if len(found) != 1:
        raise Failure("no open proposal has that id", "`microblog destroy CHILD` shows them")
    return found[0]


def _ask(question: str, yes: bool) -> None:
    if yes:
        return
    if not is_interactive():
        raise Failure("nothing was done: this destroys words for good", "add --yes if you are sure")
    if not confirm(question):
        raise Failure("nothing was done")
