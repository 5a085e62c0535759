"""The recovery sheet: making one, and coming back from it."""

from collections.abc import Sequence
from contextlib import closing

import click

from microblog.cli.devices import device_name, find_device
from microblog.cli.home import Home, at_work, check_empty, choose_passphrase, find_home
from microblog.cli.joining import DEVICE, check_name, first_look, keeping, read_address
from microblog.cli.sheet import make_sheet
from microblog.cli.terminal import Failure, ask, confirm, is_interactive, safe, say
from microblog.cli.words import moment
from microblog.client import recovering
from microblog.client.recovering import Found
from microblog.client.shown import DeviceRow


@click.command()
def sheet() -> None:
    """Make a recovery sheet: a device of paper, for when every other is lost."""
    with at_work() as session:
        if not is_interactive():
            raise Failure("nobody is there to type two groups back from the paper",
                          "make it in a terminal")  # fmt: skip
        make_sheet(session)


@click.command()
@click.argument("address")
@click.option("--letters", help="The nine groups of the sheet, where ADDRESS is only the server's.")
@click.option("--lost", multiple=True, metavar="DEVICE", help="What is shut out; may be repeated.")
@click.option("--nothing-lost", is_flag=True, help="Shut nothing out.")
@click.option("--device", "name", default=DEVICE, show_default=True, callback=check_name,
              help="What this device is called.")  # fmt: skip
def recover(
    address: str, letters: str | None, lost: Sequence[str], nothing_lost: bool, name: str
) -> None:
    """Come back with the recovery sheet; ADDRESS is its link, or the server's https://…"""
    home = find_home()
    check_empty(home)
    origin, _, fragment = address.strip().partition("#")
    with closing(home.connect(read_address(origin))) as transport:
        if fragment:
            found = recovering.read_link(transport, fragment, home.world)
        else:
            typed = ask("The nine groups on the sheet", letters, "give --letters")
            found = recovering.read_letters(transport, typed, home.world)
        home.progress.clear()
        say(f"You are {safe(found.shown.name)}, {safe(found.shown.practice)}.")
        gone = _lost(found, lost, nothing_lost)
        _bring_back(home, found, name, gone)
    say("The sheet is still good. If anyone may have seen it, make another with `microblog sheet`,")
    say("and shut this one out with `microblog device revoke`.")


def _bring_back(home: Home, found: Found, name: str, gone: Sequence[DeviceRow]) -> None:
    keys = recovering.new_keys(found)
    with keeping(home, keys, choose_passphrase(home)):
        recovering.recover(found, keys, name, tuple(row.key for row in gone))
    first_look(home, keys)
    say("This device has your keys again.")
    for row in gone:
        say(f"{safe(device_name(row))} is shut out.")


def _lost(found: Found, named: Sequence[str], nothing: bool) -> list[DeviceRow]:
    rows = [row for row in found.shown.devices if not (row.revoked or row.mine)]
    if named or nothing:
        return [find_device(rows, which) for which in named]
    if not is_interactive():
        raise Failure("nobody is there to say which devices are lost",
                      "give --lost DEVICE for each, or --nothing-lost")  # fmt: skip
    gone = []
    for row in rows:
        used = f", last used {moment(row.last_use)}" if row.last_use else ""
        if confirm(f"Is {device_name(row)!r} lost (since {moment(row.since)}{used})?"):
            gone.append(row)
    return gone
