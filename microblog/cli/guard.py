"""Asking once, before a post is sent, about what in it could tell more than is meant."""

import click

from microblog.cli.terminal import Failure, confirm, is_interactive, safe
from microblog.client.guard import cautions
from microblog.client.session import Session
from microblog.client.shown import Child, Draft

_WHAT = {
    "address": "looks like an address",
    "phone": "looks like a phone number",
    "school": "looks like the name of a school",
    "child": "is the name of another child you follow",
    "sibling": "is the name of a brother or sister, who has a stream too",
}
_ASK = "Post as it is?"
_ASK_HARD = "Have you checked that nobody can find this family by it?"


def ask_once(session: Session, child: Child, draft: Draft, *, yes: bool) -> None:
    """Say what was noticed in a draft, and ask; refuse where there is nobody to ask."""
    found = () if yes else cautions(session, child.log, draft)
    if not found:
        return
    hard = any(one.hard for one in found)
    if hard:
        click.echo("The address of this family is protected.", err=True)
    for one in found:
        click.echo(f"\u201c{safe(one.words)}\u201d {_WHAT[one.sort]}.", err=True)
    if not is_interactive():
        raise Failure("nothing was sent: the text may tell more than is meant",
                      "change it, or add --yes to post it as it is")  # fmt: skip
    if not confirm(_ASK_HARD if hard else _ASK):
        raise Failure("nothing was sent")
