"""Posts that were kept because nobody vouched for the server."""

import click

from microblog.cli.delivery import deliver, print_draft
from microblog.cli.home import at_work
from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say, say_json
from microblog.cli.words import child_name, moment
from microblog.client.reading import children
from microblog.client.session import Session
from microblog.client.shown import Child
from microblog.client.unsent import Unsent, drop_unsent
from microblog.client.unsent import unsent as read_unsent


@click.command()
@click.option("--send", is_flag=True, help="Post them now.")
@click.option("--drop", is_flag=True, help="Destroy them unsent.")
@click.option("--all-the-same", is_flag=True,
              help="With --send: even if still nobody vouches for the server.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Never ask.")
@click.option("--json", "as_json", is_flag=True)
def unsent(send: bool, drop: bool, all_the_same: bool, yes: bool, as_json: bool) -> None:
    """Show the posts that wait, sealed, until somebody vouches for the server."""
    if send and drop:
        raise click.UsageError("either --send or --drop")
    with at_work(must=send) as session:
        rows = read_unsent(session)
        followed = {child.log: child for child in children(session)}
        if as_json:
            say_json(rows)
        elif not rows:
            say("Nothing waits.")
        for row in () if as_json else rows:
            print_draft(_name(followed, row), row.draft)
            say(f"    not sent: nobody had vouched for this server since {moment(row.since)}")
        if send:
            _send(session, rows, followed, yes=yes, all_the_same=all_the_same)
        elif drop and rows:
            _drop(session, rows, yes)


def _name(followed: dict[str, Child], row: Unsent) -> str:
    child = followed.get(row.log)
    return child_name(child) if child else "a child that you follow no longer"


def _send(
    session: Session,
    rows: tuple[Unsent, ...],
    followed: dict[str, Child],
    *,
    yes: bool,
    all_the_same: bool,
) -> None:
    for row in rows:
        child = followed.get(row.log)
        if child is None or child.removed is not None:
            raise Failure("one is for a child that you follow no longer",
                          "copy its words, then `microblog unsent --drop`")  # fmt: skip
        deliver(session, child, row.draft, yes=yes, all_the_same=all_the_same)
        say(f"Posted to {safe(child_name(child))}'s team ({len(child.members)}).")


def _drop(session: Session, rows: tuple[Unsent, ...], yes: bool) -> None:
    if not yes:
        if not is_interactive():
            raise Failure("nothing was done: this destroys words", "add --yes if you are sure")
        if not confirm(f"Destroy {len(rows)} unsent?"):
            raise Failure("nothing was done")
    for row in rows:
        drop_unsent(session, row.log, row.draft)
    say("Nothing waits any more.")
