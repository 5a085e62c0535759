"""Posting to nobody unseen, and not while nobody vouches for the server unless told to."""

from collections.abc import Sequence

import click

from microblog.cli.names import find_child
from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say, say_words
from microblog.cli.words import child_name, moment, readers, who
from microblog.client.freshness import may_send_unvouched
from microblog.client.messages import Sent
from microblog.client.posting import move_to_right_child
from microblog.client.posting import post as send_post
from microblog.client.reading import children, mark_team_seen, team_not_seen
from microblog.client.session import Session
from microblog.client.shown import Child, Draft, Person, Post
from microblog.client.unsent import drop_unsent, keep_unsent

LOOK = "look at `microblog team {}`, then post again"
UNVOUCHED = "this server has not been vouched for since {}"
DANGER = "It may be hiding that someone was taken off the team, who could then read this."


def deliver(session: Session, child: Child, draft: Draft, *, yes: bool, all_the_same: bool) -> None:
    """Post a draft, asking about whoever is new; or keep it, sealed, while nobody vouches."""
    sent = Sent(sent=False, newcomers=())
    while not sent.sent:
        seen = on_screen(session, child, yes)
        sent = send_post(session, child.log, draft, seen, all_the_same=all_the_same)
        if sent.unvouched:
            keep_unsent(session, child.log, draft, sent.unvouched)
            if not _would(session, sent.unvouched, all_the_same, yes):
                raise _not_vouched(session, sent.unvouched, "what you wrote is kept, sealed:"
                                   " `microblog unsent --send` posts it")  # fmt: skip
            all_the_same = True
        child = find_child(children(session), child.log)
    drop_unsent(session, child.log, draft)


def move(session: Session, target: Post, to: Child, why: str, *, yes: bool) -> None:
    """Post on the right child what stands on the wrong one, and erase it there."""
    sent, all_the_same = Sent(sent=False, newcomers=()), False
    while not sent.sent:
        seen, place = on_screen(session, to, yes), (target.log, target.seq)
        sent = move_to_right_child(session, place, to.log, seen, why, all_the_same=all_the_same)
        if sent.unvouched:
            if not _would(session, sent.unvouched, all_the_same, yes):
                raise _not_vouched(session, sent.unvouched, "nothing was moved")
            all_the_same = True
        to = find_child(children(session), to.log)
    say(f"Posted to {safe(child_name(to))}'s team ({len(to.members)}).")


def _would(session: Session, since: int, asked: bool, yes: bool) -> bool:
    """Return whether to post although nobody vouches, asking once where there is somebody."""
    if asked or yes or not may_send_unvouched(session) or not is_interactive():
        return False
    click.echo(UNVOUCHED.format(moment(since)).capitalize() + ".", err=True)
    click.echo(DANGER, err=True)
    return confirm("Post all the same?")


def _not_vouched(session: Session, since: int, then: str) -> Failure:
    rule = "" if may_send_unvouched(session) else "; your practice does not post meanwhile"
    return Failure(f"not sent: {UNVOUCHED.format(moment(since))}{rule}", then)


def on_screen(session: Session, child: Child, yes: bool) -> list[str]:
    """Return who is on the team, all of them seen by the writer, or refuse.

    Nobody is posted to unseen: whoever is new since the writer last looked is named first.
    """
    newcomers = team_not_seen(session, child.log)
    if newcomers:
        _print_newcomers(child, newcomers)
        names = ", ".join(map(who, newcomers))
        if yes or not is_interactive():
            raise Failure(
                f"nothing was sent: new on the team since you last looked: {names}",
                LOOK.format(child.log[:8]),
            )
        if not confirm(f"Post to {child_name(child)}'s team ({len(child.members)})?"):
            raise Failure("nothing was sent", "the team is as shown above")
        mark_team_seen(session, child.log)
    return [member.person.id for member in child.members]


def _print_newcomers(child: Child, newcomers: Sequence[Person]) -> None:
    new = {person.id for person in newcomers}
    click.echo(f"{readers(child.members, child.agencies)}:", err=True)
    for member in child.members:
        mark = "  new" if member.person.id in new else ""
        click.echo(f"  {safe(who(member.person))}{mark}", err=True)


def print_draft(child: str, draft: Draft) -> None:
    """Print a post that waits."""
    say(f"{safe(child)}:")
    say_words(draft.text)
