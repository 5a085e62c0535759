"""Finding posts among all that this device holds: nobody hears what is looked for."""

import click

from microblog.cli.children import status
from microblog.cli.home import at_work
from microblog.cli.names import find_agency, find_child, find_person
from microblog.cli.posts import print_post
from microblog.cli.terminal import say, say_json, warn
from microblog.cli.words import KINDS, child_name, count
from microblog.client.finding import Filter
from microblog.client.finding import find as find_posts
from microblog.client.reading import children, overview
from microblog.client.session import Session
from microblog.client.shown import Child

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("words", nargs=-1)
@click.option("--child", "about", multiple=True, metavar="CHILD", help="Only posts about CHILD.")
@click.option("--kind", type=click.Choice(list(KINDS)))
@click.option("--agency", metavar="AGENCY", help="Only what someone of AGENCY posted.")
@click.option("--person", metavar="PERSON", help="Only what PERSON posted.")
@click.option("--from", "start", type=DAY, metavar="DATE", help="Posted on this day or later.")
@click.option("--to", "end", type=DAY, metavar="DATE", help="Posted on this day or earlier.")
@click.option("--unread", is_flag=True)
@click.option("--count", "most", type=click.IntRange(1), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def find(
    words: tuple[str, ...], about: tuple[str, ...], most: int, as_json: bool, **given: object
) -> None:
    """Find posts in which all WORDS occur, newest first, among what this device holds.

    A word is found where one begins with it; '"most nights"' finds just that. Without WORDS it
    finds all that the options let through. Nobody else hears what was looked for.
    """
    with at_work(must=False) as session:
        rows = children(session)
        named = [find_child(rows, one) for one in about]
        for row in named or rows:
            for line in status(row):
                warn(f"{child_name(row)}: {line}")
        filtered = _filter_of(session, named, given)
        found = find_posts(session, " ".join(words), filtered, "", most)
        if as_json:
            say_json(found.posts)
            return
        names = {row.log: child_name(row) for row in rows}
        for post in found.posts:
            print_post(post, names[post.log])
        say(f"{count(found.total, 'post', 'posts')} found.")
        if found.next:
            say(f"More: --count {most * 2}")


def _filter_of(session: Session, named: list[Child], given: dict[str, object]) -> Filter:
    shown = overview(session)
    agency, person = given["agency"], given["person"]
    return Filter(
        logs=tuple(row.log for row in named),
        kind=str(given["kind"] or ""),
        agency_id=find_agency(shown.agencies, str(agency)).id if agency else "",
        person=find_person(shown.people, str(person), also_left=True).id if person else "",
        start=str(given["start"] or "")[:10],
        end=str(given["end"] or "")[:10],
        unread=bool(given["unread"]),
    )
