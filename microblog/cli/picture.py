"""The picture of a child or household as words and a table, and who to ring."""

from datetime import datetime

import click

from microblog.cli.children import status
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child
from microblog.cli.picture_words import concern_title, mark_words, paragraph, when_words
from microblog.cli.terminal import safe, say, say_json
from microblog.cli.words import age, child_name, count, ring, who
from microblog.client.picture import picture as read_picture
from microblog.client.reading import children, overview
from microblog.client.shown import Child, Concern
from microblog.client.shown_overview import Overview
from microblog.client.shown_picture import Mark, Picture, Thickness

FEW_WEEKS = 12


@click.command(context_settings=TAKES_AN_ID)
@click.argument("child")
@click.option("--json", "as_json", is_flag=True)
def picture(child: str, as_json: bool) -> None:
    """Show how what was posted about CHILD adds up: in words, as a table, and who to ring."""
    with at_work(must=False) as session:
        found = find_child(children(session), child)
        beside = [sibling.log for sibling in found.siblings]
        beside += [home.log for home in found.children]
        drawn = read_picture(session, found.log, beside)
        if as_json:
            say_json(drawn)
            return
        _print(found, drawn, overview(session))


def _print(child: Child, drawn: Picture, shown: Overview) -> None:
    about = (
        "household" if child.sort == "household" else age(child, datetime.now().astimezone().date())
    )
    say(f"{safe(child_name(child))}, {about} [{child.log[:8]}]")
    for row in status(child):
        say(safe(row))
    if not child.sort:
        say("Nothing of it can be read on this device yet.")
        return
    say(safe(paragraph(drawn, child.sort)))
    if drawn.concern is not None:
        _print_concern(drawn.concern)
    _print_ring(child, shown)
    _print_table(drawn)
    say()
    say("All of it was counted from posts that you may read, and nothing was added to it.")


def _print_concern(concern: Concern) -> None:
    say()
    people = "; ".join(map(safe, concern.people))
    posts = ", ".join(str(place.seq) for place in concern.posts)
    say(f"{concern_title(concern).upper()}. Ring.")
    say(f"  {people} (posts {posts})")


def _print_ring(child: Child, shown: Overview) -> None:
    say()
    say("Who to ring. Danger now: 999.")
    rows = [ring(number) for number in shown.numbers]
    reached = (member.person for member in child.members if member.person.phone)
    rows += [f"{who(person)}: {person.phone}" for person in reached]
    for row in rows or ["your own agency's front door: nobody has entered a number yet"]:
        say(f"  {safe(row)}")


def _print_table(drawn: Picture) -> None:
    for lane in drawn.lanes:
        say()
        say(f"{safe(lane.name) or 'Agency withheld'}: {count(lane.posts, 'post', 'posts')}")
        for mark in drawn.marks:
            if (mark.agency_id, mark.lane) == (lane.agency_id, lane.name):
                say(f"  {_row(mark)}")
    say()
    say(f"Posts a week, the last {FEW_WEEKS} weeks, this week last:")
    for thick in drawn.thickness:
        say(f"  {_weeks(thick)}")


def _row(mark: Mark) -> str:
    loud = "✗ " if mark.failed else ""
    return safe(f"{loud}{when_words(mark.when)}: {mark_words(mark)} [{mark.seq}]")


def _weeks(thick: Thickness) -> str:
    weeks = thick.weeks[-FEW_WEEKS:]
    posts = " ".join(str(week.posts) for week in weeks)
    earlier = sum(week.posts for week in thick.weeks[:-FEW_WEEKS])
    before = f" ({earlier} before)" if earlier else ""
    return f"{safe(thick.name) or thick.log[:8]}: {posts}{before}"
