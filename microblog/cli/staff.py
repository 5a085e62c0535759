"""Who works here: people, agencies and invitations."""

import click

from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_agency
from microblog.cli.terminal import Failure, safe, say, say_json
from microblog.cli.words import ROLES, SORTS, moment, name_of, who
from microblog.client import staff
from microblog.client.reading import overview


@click.command()
@click.argument("name")
@click.option("--job", required=True, help='Such as "health visitor".')
@click.option("--agency", required=True, help="The body they work for.")
@click.option("--role", type=click.Choice(ROLES), default="practitioner", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def invite(name: str, job: str, agency: str, role: str, as_json: bool) -> None:
    """Invite NAME; a steward does this."""
    with at_work() as session:
        body = find_agency(overview(session).agencies, agency)
        issued = staff.invite(session, name, job, body.id, role)
        if as_json:
            say_json(issued)
            return
        say(f"Send {safe(name)} this link:")
        say(f"\n    {issued.link}\n")
        say("and tell them these eight letters another way, by telephone or on paper:")
        say(f"\n    {issued.letters}\n")
        say(f"Who has both can take the place. It is kept until {moment(issued.expiry)}.")


@click.command("revoke-invite", context_settings=TAKES_AN_ID)
@click.argument("invitation", metavar="ID")
def revoke_invite(invitation: str) -> None:
    """Take back the unused invitation whose ID `people` shows."""
    with at_work() as session:
        rows = [row for row in overview(session).invites if row.state == "open"]
        found = [row for row in rows if row.id.startswith(invitation) and len(invitation) > 3]
        if len(found) != 1:
            raise Failure("no open invitation has that id", "`microblog people` shows them")
        staff.revoke_invite(session, found[0].id)
        say(f"The invitation of {safe(found[0].name)} is taken back.")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def people(as_json: bool) -> None:
    """List who works here, and who is invited."""
    with at_work(must=False) as session:
        shown = overview(session)
        if as_json:
            say_json({"people": shown.people, "invites": shown.invites})
            return
        say(f"{safe(shown.practice)}")
        for person in shown.people:
            gone = ", has left" if person.left else ""
            phone = f", {person.phone}" if person.phone else ""
            mine = ", you" if person.id == shown.me.id else ""
            say(f"  {safe(who(person) + phone)}: {person.role}{gone}{mine}")
        inviters = {person.id: name_of(person) for person in shown.people}
        for row in shown.invites:
            if row.state in ("open", "expired"):
                until = "until" if row.state == "open" else "out of date since"
                say(
                    f"  {safe(row.name)} ({safe(row.job)}, {safe(row.agency)}) is invited as"
                    f" {row.role} by {safe(inviters[row.inviter])}, {until}"
                    f" {moment(row.expiry)} [{row.id[:8]}]"
                )


@click.group()
def agency() -> None:
    """Enter the bodies that people work for."""


@agency.command("add")
@click.argument("name")
@click.option("--sort", type=click.Choice(SORTS), required=True)
def add_agency(name: str, sort: str) -> None:
    """Enter the agency NAME; a steward does this."""
    with at_work() as session:
        staff.add_agency(session, name, sort)
        say(f"{safe(name)} is entered.")
