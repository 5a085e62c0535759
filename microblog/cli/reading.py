"""What was read, and what is to be read again; all my devices hear of it."""

import click

from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child
from microblog.cli.terminal import Failure, safe, say
from microblog.cli.words import child_name, count
from microblog.client.marks import mark_read, mark_unread
from microblog.client.reading import all_posts, children
from microblog.client.session import Session
from microblog.client.shown import Child

SEQ = click.IntRange(0)


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--up-to", type=SEQ, metavar="SEQ", help="Only the posts up to this one.")
@click.option("--unread", type=SEQ, metavar="SEQ", help="This post is unread again.")
@click.option("--onwards", is_flag=True, help="With --unread: and all after it.")
def read(child: str, up_to: int | None, unread: int | None, onwards: bool) -> None:
    """Note all of CHILD as read; or that a post is unread again."""
    if unread is not None and up_to is not None:
        raise click.UsageError("choose one of --up-to and --unread")
    if onwards and unread is None:
        raise click.UsageError("--onwards goes with --unread")
    with at_work(must=False) as session:
        found = find_child(children(session), child)
        if unread is not None:
            _check_post(session, found, unread)
            mark_unread(session, found.log, unread, onwards=onwards)
        else:
            last = _newest(session, found)
            mark_read(session, found.log, last if up_to is None else up_to, "all")
        now = find_child(children(session), found.log)
        left = count(now.unread, "post", "posts")
        say(f"{safe(child_name(now))}: {left} unread.")


def _newest(session: Session, child: Child) -> int:
    """Return the seq of the newest post of a stream, -1 if there is none."""
    return max((post.seq for post in all_posts(session, [child.log]).posts), default=-1)


def _check_post(session: Session, child: Child, seq: int) -> None:
    posts = {post.seq: post for post in all_posts(session, [child.log]).posts}
    hint = "`microblog stream CHILD` shows the number of each"
    if seq not in posts:
        raise Failure(f"{child_name(child)} has no post {seq}", hint)
    if posts[seq].mine or posts[seq].quiet:
        raise Failure(f"post {seq} is yours, or was brought in: it is never unread", hint)
