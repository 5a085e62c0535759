"""Checking everything again."""

import click

from microblog.cli.failures import trouble
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID, find_child
from microblog.cli.terminal import Failure, safe, say, say_json, warn
from microblog.cli.words import child_name, count, moment
from microblog.client.reading import children, overview
from microblog.client.shown_overview import Overview
from microblog.client.verify import Verdict, verify


@click.command("verify", context_settings=TAKES_AN_ID)
@click.argument("child", required=False)
@click.option("--json", "as_json", is_flag=True)
def verify_again(child: str | None, as_json: bool) -> None:
    """Fetch everything (or only CHILD) anew, and check it as if nothing were remembered."""
    with at_work() as session:
        log = find_child(children(session), child).log if child else ""
        verified = verify(session, log)
        if as_json:
            say_json(verified)
        else:
            say(f"Practice {verified.fingerprint}")
            say(f"Directory: {count(verified.checked, 'entry', 'entries')} checked")
            say(_vouching(overview(session)))
            for verdict in verified.streams:
                _print(verdict)
        found = [verified.trouble, *(verdict.trouble for verdict in verified.streams)]
        troubles = [trouble(one.error, one.seq) for one in found if one is not None]
        for words in troubles:
            warn(words)
        if troubles:
            raise Failure(
                "not everything is as it must be",
                "nothing is sent to what cannot be trusted; tell your steward",
            )


def _vouching(shown: Overview) -> str:
    """Return who but the server says that this is all there is."""
    if not shown.witness.named:
        return "No witness is named: nobody but the server says that this is all there is"
    if not shown.witness.newest:
        return "No witness has vouched for the server yet"
    return f"A witness vouched for it at {moment(shown.witness.newest)}"


def _print(verdict: Verdict) -> None:
    name = safe(child_name(verdict.child))
    say(f"{name}: {count(verdict.checked, 'entry', 'entries')} checked,"
        f" {count(verdict.epochs, 'epoch', 'epochs')},"
        f" {verdict.bundles} with the whole history, {verdict.readable} bodies read,"
        f" {verdict.erased} erased, {verdict.destroyed} destroyed,"
        f" {verdict.withheld} withheld, {verdict.void} void, {verdict.waiting} sealed")  # fmt: skip
