"""Comparing what a server gives browsers with this checkout."""

import click

from microblog.cli.terminal import Failure, complain, say, say_json, warn
from microblog.cli.words import count
from microblog.client.served import NotBuilt, compare, load_manifest


@click.command("verify-client")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True)
def verify_client(url: str, *, as_json: bool) -> None:
    """Compare all that the server at URL gives a browser with what this checkout was built to.

    Every file's bytes, its type and its security headers; leaves with 1 and names what differs.
    """
    if not url.startswith(("https://", "http://")):
        raise click.UsageError("the address begins with https://")
    try:
        manifest = load_manifest()
    except NotBuilt as error:
        raise Failure(str(error), "`make manifest` builds it") from None
    found = compare(url, manifest)
    if as_json:
        say_json(found)
    for item in found.differences:
        complain(f"{item.path} {item.what}")
    if found.differences:
        raise Failure(
            f"{found.server} does not serve what was built here",
            "if it is of another version, check that one out; else use the command line, not"
            " a browser, and tell your steward",
        )
    if not as_json:
        say(f"{found.server} serves what was built here: {count(found.paths, 'path', 'paths')}.")
        say(f"Manifest: {found.manifest}")
    warn("a server can serve others something else: compare from elsewhere too, and again")
