"""My devices: listing them, linking one more, from either end, and shutting one out."""

import time
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

import click

from microblog.cli.home import at_work, check_empty, choose_passphrase, find_home
from microblog.cli.joining import DEVICE, check_name, first_look, read_address
from microblog.cli.names import TAKES_AN_ID, find_person
from microblog.cli.terminal import Failure, confirm, is_interactive, safe, say, say_json
from microblog.cli.words import moment, name_of
from microblog.client import devices, linking
from microblog.client.following import refresh
from microblog.client.linking import Newcomer
from microblog.client.reading import overview
from microblog.client.sealing import seal_keys
from microblog.client.session import Session
from microblog.client.shown import DeviceRow
from microblog.protocol.errors import LinkOver

LOOK_EVERY_SECONDS = 1
HOUR_MS = 60 * 60 * 1000
MIN_ID = 4


@click.group()
def device() -> None:
    """List, link and shut out the devices that hold your keys."""


@device.command("list")
@click.option("--person", help="Somebody else's.")
@click.option("--json", "as_json", is_flag=True)
def list_devices(person: str | None, as_json: bool) -> None:
    """List devices and recovery sheets, with when each last signed something."""
    with at_work(must=False) as session:
        rows = _rows(session, person)
        if as_json:
            say_json(rows)
            return
        for row in rows:
            used = f"last used {moment(row.last_use)}" if row.last_use else "not used yet"
            say(f"  {safe(device_name(row))}: since {moment(row.since)}, {used}{_state(row)}"
                f" [{row.key[:8]}]")  # fmt: skip


@device.command("link")
@click.argument("address")
@click.option("--device", "name", default=DEVICE, show_default=True, callback=check_name,
              help="What this device is called.")  # fmt: skip
def link(address: str, name: str) -> None:
    """Make this a device of yours; ADDRESS is the server's, https://…

    It shows letters, which you type on a device that has your keys. They are good for ten minutes.
    """
    origin = read_address(address)
    home = find_home()
    check_empty(home)
    passphrase = choose_passphrase(home)
    with closing(home.connect(origin)) as transport:
        newcomer = linking.begin_link(transport, name, home.world)
        groups = " ".join(newcomer.letters[at : at + 4] for at in range(0, 20, 4))
        say("On a device that has your keys, choose “Link another device”, or there type")
        say("`microblog device accept`, and give it these letters within ten minutes:")
        say(f"\n    {groups}\n")
        _wait(newcomer)
    keys = newcomer.keys
    if keys is None:
        raise LinkOver("this device was not let in")
    try:
        home.vault.store(seal_keys(keys, passphrase, home.world))
    finally:
        home.progress.clear()
    first_look(home, keys)
    say(f"This is a device of {safe(newcomer.name)} now, {safe(newcomer.practice)}.")


def _wait(newcomer: Newcomer) -> None:
    welcomed = False
    while (now := linking.proceed(newcomer)).state != "done":
        if now.state == "over":
            raise LinkOver("the ten minutes are over")
        if now.state == "welcomed" and not welcomed:
            say(f"{safe(now.name)}, {safe(now.practice)}, lets this device in…")
            welcomed = True
        time.sleep(LOOK_EVERY_SECONDS)


@device.command("accept")
@click.argument("letters", nargs=-1, required=True)
@click.option("--hours", type=click.Choice(["4", "8", "12"]), help="It ends by itself after them.")
@click.option("--yes", is_flag=True, help="Do not ask whether you are holding it.")
def accept(letters: Sequence[str], hours: str | None, yes: bool) -> None:
    """Let in the device that shows LETTERS, which then reads and posts as you."""
    code = "".join(letters).rpartition("#")[2]
    with at_work() as session:
        offer = linking.read_link(session.transport, code)
        me = overview(session).me
        say(f"It calls itself {safe(offer.name)!r}, and would be a device of {safe(name_of(me))}.")
        say("Whoever holds it will read all that you read, and post in your name. Nobody ever needs"
            " you to do this for them.")  # fmt: skip
        _agree(yes, "Are you holding it, and does it show these letters?", "it was not let in")
        until = session.world.clock() + int(hours) * HOUR_MS if hours else 0
        linking.let_in(session, code, until, lambda: time.sleep(LOOK_EVERY_SECONDS))
        ends = f", until {moment(until)}" if until else ""
        say(f"{safe(offer.name)} is one of your devices now{ends}.")


@device.command("revoke", context_settings=TAKES_AN_ID)
@click.argument("which", metavar="DEVICE")
@click.option("--person", help="Somebody else's; a steward does this.")
@click.option(
    "--since", help="When it was last in the right hands: 2026-08-03 or 2026-08-03T10:00."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def revoke(which: str, person: str | None, since: str | None, yes: bool) -> None:
    """Shut out DEVICE for good: a name, a part of one, or the start of an id."""
    with at_work() as session:
        row = find_device(_rows(session, person), which)
        if row.mine and not person:
            raise Failure("that is the device in use", "shut it out from another of your devices")
        say(f"{safe(device_name(row))} will be served nothing more, and nothing that is posted from"
            " then on opens with it. This cannot be undone.")  # fmt: skip
        _agree(yes, "Shut it out?", "nothing was done")
        doubted = _time(since) if since else session.world.clock()
        devices.revoke_device(session, row.key, doubted)
        say(f"{safe(device_name(row))} is shut out.")
        refresh(session)
        due = sum(bool(child.changing) for child in overview(session).children)
        say("The keys of all that you follow are changed." if due == 0 else
            f"Keys are being changed by the apps of the teams: {due} still to come.")  # fmt: skip


def device_name(row: DeviceRow) -> str:
    """Return what a device is called; a sheet by the day on which it was made."""
    if row.sort == "paper":
        return f"recovery sheet of {moment(row.since)}"
    return row.name or "device without a name"


def find_device(rows: Sequence[DeviceRow], which: str) -> DeviceRow:
    """Return the one device that is meant, among those that are not shut out."""
    good = [row for row in rows if not row.revoked]
    wanted = which.casefold()
    found = [row for row in good if device_name(row).casefold() == wanted] or [
        row
        for row in good
        if wanted in device_name(row).casefold()
        or (len(which) >= MIN_ID and row.key.startswith(which))
    ]
    if len(found) != 1:
        several = "several devices fit" if found else "there is no such device"
        raise Failure(f"{several}: {which}", "`microblog device list` shows them, with their ids")
    return found[0]


def _rows(session: Session, person: str | None) -> tuple[DeviceRow, ...]:
    if person is None:
        return devices.devices(session)
    return devices.devices_of(session, find_person(overview(session).people, person).id)


def _state(row: DeviceRow) -> str:
    if row.revoked:
        return ", shut out"
    return (f", until {moment(row.until)}" if row.until else "") + (
        ", this one" if row.mine else ""
    )


def _agree(yes: bool, question: str, otherwise: str) -> None:
    if yes:
        return
    if not is_interactive():
        raise Failure("nobody is there to say whether this is right", "look, then add --yes")
    if not confirm(question):
        raise Failure(otherwise)


def _time(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError):
        raise click.BadParameter("--since is a date, or a date and time") from None
