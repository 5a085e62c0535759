"""The round-up in a terminal, and when it comes by mail."""

import re
from collections.abc import Sequence
from dataclasses import replace

import click

from microblog.cli.home import at_work
from microblog.cli.terminal import Failure, safe, say, say_json, warn
from microblog.cli.words import child_name, count, moment, name_of
from microblog.client.marks import mark_read
from microblog.client.reading import children, overview
from microblog.client.rounds import (
    mail_states,
    round_up_choice,
    set_round_up_choice,
)
from microblog.client.rounds import (
    round_up as tell_round_up,
)
from microblog.client.shown import Child
from microblog.client.shown_picture import DueDecision
from microblog.client.shown_rounds import MailState, RoundUp, RoundUpChild, RoundUpChoice

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_LEAST_OF_DAY = 3


@click.group("round-up", invoke_without_command=True)
@click.option("--days", type=click.IntRange(1, 366), default=1, show_default=True,
              help="Since so many days ago, by the calendar.")  # fmt: skip
@click.option("--unread", is_flag=True, help="All that you have not read, however old.")
@click.option("--read", is_flag=True, help="Note it as read.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def round_up(ctx: click.Context, days: int, unread: bool, read: bool, as_json: bool) -> None:
    """Read the day in lines of at most 160 characters, by child, and what is due for review.

    A mail calls a child by the two words in brackets, and says nothing else of it.
    """
    if ctx.invoked_subcommand is not None:
        return
    with at_work(must=False) as session:
        told = tell_round_up(session, days, unread=unread)
        rows = {row.log: row for row in children(session)}
        if as_json:
            say_json(told)
        else:
            _print_round_up(told, rows)
        for child in told.children if read else ():
            # Reading goes up to a post: never past an earlier one that was not printed.
            if rows[child.log].unread > sum(line.unread for line in child.lines):
                warn(f"{child_name(rows[child.log])} has earlier posts that you have not read, so"
                     " these stay unread too: --unread shows them all")  # fmt: skip
            else:
                mark_read(session, child.log, max(line.seq for line in child.lines), "all")


@round_up.command()
@click.option("--daily", metavar="TIME", help="Every day at a time, such as 08:00.")
@click.option("--weekly", nargs=2, metavar="DAY TIME", help="Once a week, such as: monday 08:00.")
@click.option("--never", is_flag=True)
@click.option("--nudges/--no-nudges", default=None, help="A mail at once when someone nudges.")
@click.option("--quiet", "quiet", multiple=True, metavar="DAY",
              help='A day without; may be given again; "": none.')  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def choose(
    daily: str | None,
    weekly: tuple[str, str] | None,
    never: bool,
    nudges: bool | None,
    quiet: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show when your round-up comes by mail; with options, choose it anew."""
    if sum((daily is not None, weekly is not None, never)) > 1:
        raise click.UsageError("choose one of --daily, --weekly and --never")
    changes = _changes(daily, weekly, never)
    if nudges is not None:
        changes["nudges"] = nudges
    if quiet:
        changes["quiet"] = tuple(sorted({_day(day) for day in quiet if day}))
    with at_work() as session:
        choice = round_up_choice(session)
        if changes:
            choice = replace(choice, **changes)  # type: ignore[arg-type]
            _check_quiet(choice)
            set_round_up_choice(session, choice)
        if as_json:
            say_json(choice)
            return
        for line in _say_choice(choice, overview(session).me.email):
            say(line)


@round_up.command()
@click.option("--json", "as_json", is_flag=True)
def mails(as_json: bool) -> None:
    """List whose mails did not go out, and why; only a steward is told."""
    with at_work() as session:
        told = mail_states(session)
        if as_json:
            say_json(told)
            return
        people = {person.id: person for person in overview(session).people}
        when = moment(told.looked) if told.looked else "never"
        say(f"The server last looked after round-ups: {when}.")
        for row in told.states:
            person = people.get(row.person)
            say(f"{safe(name_of(person)) if person else 'somebody'}: {_say_state(row)}")


def _changes(
    daily: str | None, weekly: tuple[str, str] | None, never: bool
) -> dict[str, str | int | bool | tuple[int, ...]]:
    if daily is not None:
        return {"every": "daily", "at": _time(daily)}
    if weekly is not None:
        return {"every": "weekly", "weekday": _day(weekly[0]), "at": _time(weekly[1])}
    return {"every": "off"} if never else {}


def _time(typed: str) -> str:
    if not _TIME.fullmatch(typed):
        raise click.UsageError(f"“{typed}” is not a time such as 08:00")
    return typed.rjust(5, "0")


def _day(typed: str) -> int:
    found = [at for at, day in enumerate(DAYS) if day.startswith(typed.lower())]
    if len(typed) < _LEAST_OF_DAY or len(found) != 1:
        raise click.UsageError(f"“{typed}” is not a day of the week")
    return found[0]


def _check_quiet(choice: RoundUpChoice) -> None:
    if len(choice.quiet) == len(DAYS):
        raise Failure("every day would be quiet", "leave one, or choose --never")
    if choice.every == "weekly" and choice.weekday in choice.quiet:
        raise Failure(
            f"{DAYS[choice.weekday].capitalize()} is a quiet day, so nothing would come on it",
            "choose another day, or other quiet ones",
        )


def _say_choice(choice: RoundUpChoice, email: str) -> list[str]:
    times = {
        "off": "Never.",
        "daily": f"Every day at {choice.at}, by the practice's clock ({safe(choice.zone)}).",
        "weekly": f"On {DAYS[choice.weekday].capitalize()} at {choice.at},"
        f" by the practice's clock ({safe(choice.zone)}).",
    }
    quiet = ", ".join(DAYS[day].capitalize() for day in choice.quiet) or "none"
    lines = [times[choice.every], f"Quiet days: {quiet}."]
    lines.append(f"At once when someone nudges: {'yes' if choice.nudges else 'no'}.")
    if not choice.mails:
        lines.append("This server sends no mail: look at `microblog round-up`.")
    elif email:
        lines.append(f"It goes to {safe(email)}.")
    else:
        lines.append("There is no address to send it to: `microblog profile --email ADDRESS`.")
    return lines


def _say_state(row: MailState) -> str:
    why = f"the mail server answered {row.code}" if row.code else "the mail server was not reached"
    tries = f"{count(row.tries, 'try', 'tries')}, the last {moment(row.time)}"
    return {
        "sent": f"sent {moment(row.time)}",
        "waiting": f"not sent yet, and tried again by itself: {why} ({tries})",
        "refused": f"given up, and counted in the next one: {why} ({tries})",
    }[row.state]


def _print_round_up(told: RoundUp, rows: dict[str, Child]) -> None:
    since = f"since {told.since}" if told.since else "that you have not read"
    streams = sum(any(not line.mine for line in child.lines) for child in told.children)
    nudges = f", {count(told.nudges, 'nudge', 'nudges')}" if told.nudges else ""
    posts, on = count(told.posts, "post", "posts"), count(streams, "stream", "streams")
    say(f"{posts} by others {since}, on {on}{nudges}.")
    for child in told.children:
        say()
        _print_child(child, rows[child.log])
    if told.due:
        say()
        say("Due for review:")
        print_due(told.due, rows)


def _print_child(told: RoundUpChild, child: Child) -> None:
    say(f"{safe(child_name(child))} ({told.words})")
    for line in told.lines:
        marks = f"{'NUDGE ' if line.nudge else ''}{'new ' if line.unread else ''}"
        say(f"  {line.seq}  {marks}{safe(line.line)}")


def print_due(due: Sequence[DueDecision], rows: dict[str, Child]) -> None:
    """Print decisions whose review date has come, and how to answer them."""
    for row in due:
        name, by = safe(child_name(rows[row.log])), safe(name_of(row.by))
        say(f"  {name} {row.seq}  {row.review}  decided by {by}: {safe(row.text)}")
    say("  `microblog post CHILD TEXT --kind decision --review-of SEQ …` answers one.")
