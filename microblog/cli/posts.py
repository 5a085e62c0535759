"""Posting, taking back, and reading."""

import sys
from collections.abc import Sequence

import click

from microblog.cli.children import status
from microblog.cli.delivery import deliver, move
from microblog.cli.guard import ask_once
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child
from microblog.cli.terminal import (
    Failure,
    confirm,
    is_interactive,
    safe,
    say,
    say_json,
    say_words,
    warn,
)
from microblog.cli.words import (
    HOWS,
    KINDS,
    MAX_TEXT,
    OUTCOMES,
    SIDES,
    STATES,
    SURES,
    child_name,
    duty,
    marks,
    moment,
    name_of,
    readers,
    who,
)
from microblog.client.marks import mark_seen
from microblog.client.messages import Page
from microblog.client.posting import withdraw as send_withdrawal
from microblog.client.reading import (
    all_posts,
    brought_in,
    children,
    mark_team_seen,
    overview,
    posts,
)
from microblog.client.session import Session
from microblog.client.shown import Child, Draft, Post

ALL = 2**31
MARKS = ("kind", "sure", "side", "happened", "source", "outcome", "reason", "review")


@click.command()
@click.argument("child")
@click.argument("text", required=False)
@click.option("--kind", type=click.Choice(list(KINDS)),
              help="A hunch, unless you say so; a correction: what it was.")  # fmt: skip
@click.option("--sure", type=click.Choice(list(SURES)))
@click.option("--scale", type=click.IntRange(0, 10), help="0 not safe, 10 safe enough to close.")
@click.option("--side", type=click.Choice(list(SIDES)))
@click.option(
    "--nudge",
    is_flag=True,
    help="Tell supervisors now: a mail without content, if this server mails. In danger, ring.",
)
@click.option(
    "--at",
    "happened",
    default="",
    metavar="WHEN",
    help="When it happened: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM.",
)
@click.option("--source", default="", help="Who told you, in what role; or which record.")
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), help="Of a visit.")
@click.option("--reason", default="", help="Of a decision.")
@click.option("--review", default="", metavar="DATE",
              help="When a decision comes back; none: it need not.")  # fmt: skip
@click.option("--same", type=int, metavar="SEQ", help="I see this too.")
@click.option("--different", type=int, metavar="SEQ", help="I see it differently.")
@click.option("--correct", type=int, metavar="SEQ", help="A correction.")
@click.option("--review-of", type=int, metavar="SEQ", help="The decision that this one answers.")
@click.option("--copied", type=int, metavar="SEQ", help="You copied it to the record.")
@click.option(
    "--yes",
    is_flag=True,
    help="Never ask: post the text as it is, to the people that `team` or `stream`"
    " printed last, and refuse if someone is new.",
)
@click.option(
    "--all-the-same",
    is_flag=True,
    help="Even if no witness has vouched for the server lately: someone taken off may read it.",
)
def post(
    child: str, text: str | None, scale: int | None, yes: bool, all_the_same: bool, **given: object
) -> None:
    """Post TEXT (- reads it from the input) to the team of CHILD."""
    how, answered = _answers(given)
    words = _read_text(text, how)
    _check_decision(given, how)
    with at_work() as session:
        found = find_child(children(session), child)
        target = None if answered is None else _post_at(session, found, answered)
        given["kind"] = given["kind"] or _kind_of(session, found, target, how)
        draft = Draft(
            text=words,
            refers=() if target is None else (target.id,),
            how=how,
            nudge=bool(given["nudge"]),
            scale="" if scale is None else str(scale),
            **{mark: str(given[mark] or "") for mark in MARKS},
        )
        ask_once(session, found, draft, yes=yes)
        deliver(session, found, draft, yes=yes, all_the_same=all_the_same)
        now = find_child(children(session), found.log)
        say(f"Posted to {safe(child_name(now))}'s team ({len(now.members)}).")
        say(f"{readers(now.members, now.agencies)}.")
        say(safe(duty(overview(session).numbers)))


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.argument("seq", type=int)
@click.option(
    "--wrong-child",
    is_flag=True,
    help="Erase the words, here and everywhere;"
    " the trace that there was a post stays. Within seven days.",
)
@click.option("--to", metavar="CHILD", help="With --wrong-child: post the same there first.")
@click.option("--why", required=True, help="Why; the team can read it.")
@click.option("--yes", is_flag=True, help="Never ask.")
def withdraw(child: str, seq: int, wrong_child: bool, to: str | None, why: str, yes: bool) -> None:
    """Take back the post SEQ of CHILD: yours, or any if you are a keeper."""
    if to is not None and not wrong_child:
        raise click.UsageError("--to goes with --wrong-child")
    with at_work() as session:
        found = find_child(children(session), child)
        target = _post_at(session, found, seq)
        if wrong_child:
            _confirm_erasing(target, yes)
        if to is None:
            send_withdrawal(session, found.log, seq, wrong_child, why)
        else:
            move(session, target, find_child(children(session), to), why, yes=yes)
        words = "erased" if wrong_child else "marked as withdrawn"
        say(f"The words of post {seq} are {words}.")


@click.command()
@click.argument("child", required=False)
@click.option("--count", type=click.IntRange(1), default=30, show_default=True)
@click.option("--family", is_flag=True, help="With its household's, its children's or siblings'.")
@click.option("--rows", "brought", type=int, metavar="SEQ",
              help="The rows brought in that the line SEQ stands for.")  # fmt: skip
@click.option("--unread", is_flag=True, help="Only what you have not read.")
@click.option("--json", "as_json", is_flag=True)
def stream(
    child: str | None, count: int, family: bool, brought: int | None, unread: bool, as_json: bool
) -> None:
    """Read what was posted about CHILD, or about all you follow, newest first."""
    if brought is not None and child is None:
        raise click.UsageError("name the CHILD whose rows you mean")
    with at_work(must=False) as session:
        rows = children(session)
        found = find_child(rows, child) if child else None
        if found and brought is not None:
            _print_rows(session, found, brought, as_json=as_json)
            return
        kin = kin_of(found, rows) if found and family else []
        logs = [row.log for row in kin]
        page = _page(session, found.log if found else "", logs, count, unread=unread)
        for row in [found, *kin] if found else rows:
            for line in status(row):
                warn(f"{child_name(row)}: {line}")
        if as_json:
            say_json(page.posts)
            return
        if found:
            _print_readers(found)
            mark_team_seen(session, found.log)
        names = {row.log: child_name(row) for row in rows}
        for item in page.posts:
            print_post(item, "" if found and not kin else names[item.log])
        if page.next:
            say(f"More: --count {count * 2}")
        for log in {item.log for item in page.posts}:
            mark_seen(session, log, [item.seq for item in page.posts if item.log == log])


def _page(session: Session, log: str, kin: Sequence[str], count: int, *, unread: bool) -> Page:
    if not unread:
        return posts(session, log, "", count, kin)
    found = [item for item in posts(session, log, "", ALL, kin).posts if item.unread]
    return Page(posts=tuple(found[:count]), next=found[count].id if len(found) > count else "")


def _print_rows(session: Session, child: Child, seq: int, *, as_json: bool) -> None:
    found = brought_in(session, child.log, seq)
    if not found:
        raise Failure(
            f"{child_name(child)} has no rows at {seq}", "`microblog stream CHILD` shows where"
        )
    if as_json:
        say_json(found)
        return
    for item in found:
        print_post(item, "")


def kin_of(child: Child, rows: Sequence[Child]) -> list[Child]:
    """Return the streams that are read with a child's: where it lives, and who lives there."""
    homes = [row.log for row in child.households if not row.until]
    kin = {*homes, *(row.log for row in child.siblings), *(row.log for row in child.children)}
    return [row for row in rows if row.log in kin]


def _answers(given: dict[str, object]) -> tuple[str, int | None]:
    """Return how a post answers another, and the seq of that."""
    options = (("same", "same"), ("different", "different"), ("correct", "correction"),
               ("review_of", ""), ("copied", "copied"))  # fmt: skip
    found = [(how, given[name]) for name, how in options if given[name] is not None]
    if len(found) > 1:
        raise click.UsageError("a post answers one other in one way")
    for how, seq in found:
        if isinstance(seq, int):
            return how, seq
    return "", None


def _kind_of(session: Session, child: Child, target: Post | None, how: str) -> str:
    """Return the kind of a post that does not say: a correction's is what the post is by now."""
    if target is None or how != "correction":
        return "hunch"
    own = [row.seq for row in target.replies
           if row.how == "correction" and row.author.id == target.author.id]  # fmt: skip
    return _post_at(session, child, max(own)).kind if own else target.kind


def _check_decision(given: dict[str, object], how: str) -> None:
    """Check that a decision says why, and when to look at it again; a correction need not."""
    if given["review"] == "none":
        given["review"] = None
    elif given["kind"] == "decision" and not how and not given["review"]:
        raise click.UsageError("a decision has a --review DATE, or --review none")
    if given["kind"] == "decision" and not how and not given["reason"]:
        raise click.UsageError("a decision has a --reason")
    if given["review_of"] is not None and given["kind"] != "decision":
        raise click.UsageError("--review-of goes with --kind decision")


def _read_text(text: str | None, how: str) -> str:
    if text == "-":
        text = sys.stdin.read().strip()
    if not text and not how:
        raise click.UsageError("there is no text to post")
    words = text or ""
    if len(words) > MAX_TEXT:
        raise Failure(
            f"the text has {len(words)} characters, and a post has at most {MAX_TEXT}",
            "say it in two posts",
        )
    return words


def _post_at(session: Session, child: Child, seq: int) -> Post:
    for item in all_posts(session, [child.log]).posts:
        if item.seq == seq:
            return item
    raise Failure(
        f"{child_name(child)} has no post {seq}",
        "`microblog stream CHILD` shows the number of each",
    )


def _confirm_erasing(target: Post, yes: bool) -> None:
    if yes:
        return
    if not is_interactive():
        raise Failure("nothing was done: this erases words", "add --yes if you are sure")
    for line in target.text.split("\n"):
        click.echo(f"    {safe(line)}", err=True)
    if not confirm("Erase these words, here and on every device?"):
        raise Failure("nothing was done")


def _print_readers(child: Child) -> None:
    names = ", ".join(safe(name_of(member.person)) for member in child.members)
    say(f"{safe(child_name(child))}: {readers(child.members, child.agencies)}: {names}")
    say()


def print_post(item: Post, child: str) -> None:
    """Print a post, and whom it is about where a child is named; rows brought in are one line."""
    new = " · new" if item.unread else ""
    about = f" · about {safe(child)}" if child else ""
    say(f"{item.seq} · {moment(item.time)} · {safe(who(item.author))}{about}{new}")
    if item.rows:
        rows = "1 row" if item.rows == 1 else f"{item.rows} rows"
        source = f" from {safe(item.source)}" if item.source else ""
        say(f"    [{rows}{source}, brought in: --rows {item.seq} lists them]")
    elif item.state in STATES:
        say(f"    [{safe(STATES[item.state].format(name=name_of(item.author)))}]")
    else:
        say(f"    {safe(marks(item))}")
        say_words(item.text)
    if item.withdrawn:
        back = item.withdrawn
        say(f"    [Withdrawn by {safe(name_of(back.by))}, {moment(back.time)}: {safe(back.why)}]")
    for reply in item.replies:
        how, name = HOWS.get(reply.how, reply.how), safe(name_of(reply.author))
        by = f" by {name}, {moment(reply.time)}" if reply.how == "copied" else f": {name}"
        say(f"    {safe(how)}{by} ({reply.seq})")
    say()
