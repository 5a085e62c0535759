"""Checking a bundle that somebody took out."""

from pathlib import Path

import click

from microblog.cli.posts import print_post
from microblog.cli.terminal import Failure, safe, say, say_json, warn
from microblog.cli.words import child_name, count, moment, taken_out, who
from microblog.client.evidence import Review, review
from microblog.client.session import read_id
from microblog.protocol.errors import Malformed, ProtocolError, TooNew


@click.command("verify-bundle")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--fingerprint", help="Accept it only if it is of this practice.")
@click.option("--posts", "with_posts", is_flag=True, help="Print the posts that it opens.")
@click.option("--json", "as_json", is_flag=True, help="Print everything, the posts too.")
def verify_bundle(file: Path, fingerprint: str | None, *, with_posts: bool, as_json: bool) -> None:
    """Check FILE, made by `microblog export`: with no network, no account and no keys.

    Leaves with 0 if it is as its practice wrote it, else with 1 and the first thing that is wrong.
    """
    wanted = _fingerprint(fingerprint)
    try:
        found = review(file.read_bytes(), wanted)
    except TooNew as error:
        raise Failure(f"{file}: {error}", "check it with a newer version of this program") from None
    except ProtocolError as error:
        hint = "the file was changed, is cut off, or was made by someone else: ask for another copy"
        raise Failure(f"{file} is refused: {error} [{type(error).__name__}]", hint) from None
    if as_json:
        say_json(found)
        return
    _print(found)
    if with_posts:
        for item in found.posts:
            say()
            print_post(item, "")
    for line in _warnings(found, compared=wanted is not None):
        warn(line)


def _fingerprint(given: str | None) -> bytes | None:
    if given is None:
        return None
    try:
        return read_id(given)
    except Malformed:
        raise click.UsageError("that is no fingerprint: it has 43 letters and digits") from None


def _print(found: Review) -> None:
    child = found.child
    say(f"Good: {safe(child_name(child))}'s stream, as {safe(found.practice)} wrote it.")
    say(f"Fingerprint: {found.fingerprint}")
    say(f"Taken out by {safe(who(found.exporter))}, {moment(found.time)}")
    if child.exports:
        say(f"Told to the team: {safe(taken_out(child.exports[0]))}")
    say(f"{count(found.entries, 'entry', 'entries')}, {count(len(found.posts), 'post', 'posts')}")
    shut = f"; {count(found.shut, 'entry', 'entries')} shut" if found.shut else ""
    say(f"Keys: {found.opened} of {found.epochs} epochs opened{shut}")
    if found.witnessed:
        say(
            f"Vouched for by a witness up to entry {found.witnessed_seq}, {moment(found.witnessed)}"
        )


def _warnings(found: Review, *, compared: bool) -> list[str]:
    lines = []
    if not compared:
        lines.append("compare the fingerprint with one that the practice gave you by another way")
    if not found.witnessed:
        lines.append("no witness vouches for it: newer entries may have been kept from its maker")
    parts = (
        (found.missing, "the words are not in this file, and were not destroyed by rule"),
        (found.gone, "the words were destroyed by rule"),
        (found.void, "the words were never readable by anybody"),
        (found.doubtful, "signed by a device after it was lost, as far as its owner knows"),
    )
    for seqs, what in parts:
        if seqs:
            lines.append(f"entry {', '.join(map(str, seqs))}: {what}")
    return lines
