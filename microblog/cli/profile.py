"""What I say of myself: how to reach me, and who supervises me."""

import click

from microblog.cli.home import at_work
from microblog.cli.names import find_person
from microblog.cli.terminal import safe, say, say_json
from microblog.cli.words import who
from microblog.client.reading import overview
from microblog.client.shown_overview import Overview
from microblog.client.staff import set_profile


@click.command()
@click.option("--phone")
@click.option("--email")
@click.option("--supervisor", metavar="PERSON", help='Who supervises you; "": nobody.')
@click.option("--deputy", "deputies", multiple=True, metavar="PERSON",
              help='All who do when they are away; may be given again; "": nobody.')  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def profile(
    phone: str | None,
    email: str | None,
    supervisor: str | None,
    deputies: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show what colleagues know of you; with options, say it anew."""
    changes = bool(deputies) or any(value is not None for value in (phone, email, supervisor))
    with at_work(must=changes) as session:
        shown = overview(session)
        if changes:
            set_profile(
                session,
                shown.me.phone if phone is None else phone,
                shown.me.email if email is None else email,
                None if supervisor is None else _id(shown, supervisor),
                [_id(shown, name) for name in deputies if name] if deputies else None,
            )
            shown = overview(session)
        if as_json:
            say_json(shown.me)
        else:
            _print_me(shown)
        if supervisor:
            say("Keepers are asked whether to let your supervisor in; it gives nobody anything.")


def _id(shown: Overview, meant: str) -> str:
    return find_person(shown.people, meant).id if meant else ""


def _print_me(shown: Overview) -> None:
    people = {person.id: person for person in shown.people}
    say(safe(who(shown.me)))
    say(f"  phone: {safe(shown.me.phone) or 'none'}")
    say(f"  email: {safe(shown.me.email) or 'none'}")
    named = people.get(shown.me.supervisor)
    say(f"  supervisor: {safe(who(named)) if named else 'none'}")
    for deputy in shown.me.deputies:
        say(f"  deputy: {safe(who(people[deputy]))}")
