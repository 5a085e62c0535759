"""Founding the practice, and joining it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import SplitResult, urlsplit

import click

from microblog.cli.home import Home, check_empty, choose_passphrase, find_home, unlocked_with
from microblog.cli.sheet import make_first_sheet
from microblog.cli.terminal import Failure, ask, confirm, is_interactive, safe, say, warn
from microblog.cli.words import PROMISE, SORTS, moment, who
from microblog.client import joining
from microblog.client.following import refresh
from microblog.client.joining import FirstSteward
from microblog.client.messages import Invitation
from microblog.client.sealing import seal_keys
from microblog.client.session import Keys
from microblog.client.shown import PhoneNumber
from microblog.client.transport import HttpTransport, Refused, Unreachable
from microblog.protocol.errors import BadInvitation, NotAllowed, ProtocolError

DEVICE = "command line"
MAX_DEVICE = 120


def check_name(_: click.Context, __: click.Parameter, name: str) -> str:
    """Refuse a device's name that no entry takes."""
    if len(name) > MAX_DEVICE:
        raise click.BadParameter(f"at most {MAX_DEVICE} characters")
    return name


@click.command()
@click.argument("link")
@click.option("--practice", help="The council or partnership, as all will read it.")
@click.option("--name", help="Your name.")
@click.option("--job", help='Your job, such as "team manager".')
@click.option("--agency", help="The body you work for.")
@click.option("--sort", type=click.Choice(SORTS), default="council", show_default=True)
@click.option(
    "--device",
    default=DEVICE,
    show_default=True,
    callback=check_name,
    help="What this device is called.",
)
@click.option("--number", "numbers", multiple=True, metavar="LABEL=NUMBER[=HOURS]",
              help="A number to ring, shown under every composer; may be given again.")  # fmt: skip
def found(link: str, numbers: tuple[str, ...], sort: str, device: str, **given: str | None) -> None:
    """Found a practice with the LINK that its server printed."""
    origin, token = read_link(link, "found")
    home = find_home()
    check_empty(home)
    rows = tuple(map(_number, numbers))
    with closing(HttpTransport(origin)) as transport:
        if transport.practice():
            raise Failure("the practice is founded already", "ask a steward for an invitation")
    say(PROMISE)
    said = {
        what: ask(f"{label}", given[what], f"give --{what}")
        for what, label in (
            ("practice", "Practice"), ("name", "Your name"), ("job", "Your job"),
            ("agency", "Your agency"),
        )
    }  # fmt: skip
    first = FirstSteward(**said, sort=sort, device=device, numbers=rows)
    keys, entries = joining.draft_founding(first, origin, home.world)
    passphrase = choose_passphrase(home)
    with keeping(home, keys, passphrase), closing(HttpTransport(origin)) as transport:
        try:
            joining.found(transport, token, entries)
        except Refused as refused:
            if refused.code != "signed-out":
                raise
            raise Failure(
                "the founding link is used or out of date",
                "the operator prints a new one with `microblogd founding-link`",
            ) from None
    first_look(home, keys, sheet=True)
    say(f"{safe(said['practice'])} is founded. You are its steward.")
    say("Invite colleagues with `microblog invite NAME`, one of them as a second steward.")


@click.command()
@click.argument("link")
@click.option("--letters", help="The eight letters that came another way.")
@click.option(
    "--device",
    default=DEVICE,
    show_default=True,
    callback=check_name,
    help="What this device is called.",
)
@click.option("--yes", is_flag=True, help="Do not ask whether this is right.")
def join(link: str, letters: str | None, device: str, yes: bool) -> None:
    """Join a practice with the LINK of an invitation."""
    origin, fragment = read_link(link, "join")
    home = find_home()
    check_empty(home)
    spoken = ask("The eight letters", letters, "give --letters")
    with closing(HttpTransport(origin)) as transport:
        try:
            guest, invitation = joining.read_invitation(transport, fragment, spoken, home.world)
        finally:
            home.progress.clear()
        _introduce(invitation)
        _agree(yes)
        keys = joining.new_keys(guest, home.world)
        with keeping(home, keys, choose_passphrase(home)):
            joining.join(guest, keys, device, home.world)
    first_look(home, keys, sheet=True)
    say(f"You have joined {safe(invitation.practice)}.")
    say("You follow no child yet. Begin one with `microblog child add NAME`, or ask a keeper to"
        " add you.")  # fmt: skip
    say("Save a key file with `microblog key-file save FILE`, and keep it somewhere else.")


def read_link(link: str, path: str) -> tuple[str, str]:
    """Return (origin, what stands after the #) of a founding or invitation link."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        parts = urlsplit("")
    whole = parts.scheme in ("http", "https") and parts.hostname and parts.fragment
    if not whole or parts.path.rstrip("/") != f"/{path}" or "@" in parts.netloc:
        raise Failure(
            f"this is not a whole link to {path}",
            f"it looks like https://…/{path}#…; put it in quotation marks",
        )
    _warn_of_http(parts)
    return f"{parts.scheme}://{parts.netloc}", parts.fragment


def read_address(text: str) -> str:
    """Return the origin of the server's address, or of any link of its."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Failure("this is not the address of a server", "it looks like https://…")
    _warn_of_http(parts)
    return f"{parts.scheme}://{parts.netloc}"


def _warn_of_http(parts: SplitResult) -> None:
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "http" and not local:
        warn("the link is not https: whoever is between you and the server sees who asks for what")


def _introduce(invitation: Invitation) -> None:
    say(f"{safe(who(invitation.inviter))} invites you to {safe(invitation.practice)}")
    say(f"as {safe(invitation.name)}, {safe(invitation.job)}, {safe(invitation.agency)}"
        f" ({invitation.role}); good until {moment(invitation.expiry)}.")  # fmt: skip
    say()
    say(PROMISE)


def _agree(yes: bool) -> None:
    if yes:
        return
    if not is_interactive():
        raise Failure("nobody is there to say whether this is right", "look, then add --yes")
    if not confirm("Is this right, and do you want to join?"):
        raise Failure("you did not join", "the invitation is still good")


@contextmanager
def keeping(home: Home, keys: Keys, passphrase: str) -> Iterator[None]:
    """Store keys before they are sent, and forget them only if the server certainly has not.

    A place that was taken with keys that were lost could not be used by anyone.
    """
    try:
        home.vault.store(seal_keys(keys, passphrase, home.world))
    finally:
        home.progress.clear()
    try:
        yield
    except (Failure, Refused, BadInvitation, NotAllowed):
        home.vault.forget()
        raise
    except (Unreachable, ProtocolError):
        warn(
            "it is not known whether the server has it; the keys are kept: if `microblog people`"
            f" works, it has, and if not, remove {home.vault.path} and begin again"
        )
        raise


def first_look(home: Home, keys: Keys, *, sheet: bool = False) -> None:
    """Fetch everything with new keys, and make the recovery sheet that belongs to them."""
    with unlocked_with(home, keys) as session:
        session.memory.forget()
        refresh(session)
        home.progress.clear()
        if sheet:
            make_first_sheet(session)


def _number(text: str) -> PhoneNumber:
    label, *rest = text.split("=")
    if not 1 <= len(rest) <= 2:
        raise click.BadParameter("a number is LABEL=NUMBER or LABEL=NUMBER=HOURS")
    return PhoneNumber(
        agency_id="", label=label, number=rest[0], hours=rest[1] if len(rest) > 1 else ""
    )
