"""A witness: a program on another machine that sees to it that the server hides nothing.

Its folder holds a file `key`, which nobody else may read, and the store of what it has seen.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import click

from microblog.cli.failures import trouble
from microblog.cli.home import at_work
from microblog.cli.names import TAKES_AN_ID
from microblog.cli.terminal import Failure, complain, say, say_json, warn
from microblog.cli.words import moment
from microblog.client import witnesses
from microblog.client.memory import Memory
from microblog.client.reading import overview
from microblog.client.session import World
from microblog.client.shown import Trouble
from microblog.client.standing import Standing, load_standing, make_standing, read_fingerprint
from microblog.client.transport import Refused, Unreachable
from microblog.client.watching import HttpWitnessTransport
from microblog.client.witnessing import Look, NotNamed, Restoring, Watch, look, open_watch
from microblog.protocol.errors import ProtocolError

FOLDER = click.Path(file_okay=False, path_type=Path)
DIRECTORY = bytes(16)
KEY = "key"
ACCUSES = (
    "It has seen something else than the server shows you: ask whoever runs it, not over this"
    " server, and end it only if it is wrong."
)


@click.group(invoke_without_command=True)
@click.option("--url", help="The server's address, such as https://practice.example.")
@click.option("--store", type=FOLDER, help="The witness's own folder; its key is made there.")
@click.option("--fingerprint", help="The practice's, as its steward reads it out.")
@click.option("--every", type=click.IntRange(10), default=300, show_default=True,
              help="Seconds from one look to the next.")  # fmt: skip
@click.option("--once", is_flag=True, help="Look once; exit 1 if anything was not signed.")
@click.pass_context
def witness(
    context: click.Context,
    url: str | None,
    store: Path | None,
    fingerprint: str | None,
    every: int,
    once: bool,
) -> None:
    """Watch that the server hides nothing, from another machine: ideally another department's.

    It checks that every log only grows, and signs how far each has come. It is given no names, no
    words and no key that opens any. The key that it prints at its first start is entered by a
    steward.
    """
    if context.invoked_subcommand is not None:
        return
    if url is None or store is None:
        raise click.UsageError("a witness needs --url and --store", context)
    transport = HttpWitnessTransport(_read_origin(url))
    try:
        with _watching(transport, store, fingerprint) as watch:
            if once:
                _look_once(watch)
            else:
                _look_again_and_again(watch, every)
    finally:
        transport.close()


@witness.command("key")
@click.option("--store", type=FOLDER, required=True, help="The witness's own folder.")
def show_key(store: Path) -> None:
    """Print the key by which a steward names this witness, and of which practice it is one."""
    found = _read_standing(store)
    if found is None:
        raise Failure(f"{store} holds no witness", "it is made at the first start of `witness`")
    _print_standing(found)


@witness.command("add", context_settings=TAKES_AN_ID)
@click.argument("key")
def add(key: str) -> None:
    """Name the witness of that KEY; a steward does this."""
    with at_work() as session:
        witnesses.add_witness(session, key)
        say("From now on its word is asked for. It looks every five minutes.")
        say(f"The fingerprint that it should show: {overview(session).fingerprint}")


@witness.command("end", context_settings=TAKES_AN_ID)
@click.argument("key")
def end(key: str) -> None:
    """End the witness of that KEY: its word counts no more; a steward does this."""
    with at_work() as session:
        witnesses.end_witness(session, key)
        say("Its word counts no more.")
        if not overview(session).witness.named:
            say("Nobody vouches for the server now.")


@witness.command("list")
@click.option("--json", "as_json", is_flag=True)
def show(as_json: bool) -> None:
    """List the witnesses, and say how new their word is."""
    with at_work(must=False) as session:
        shown = overview(session)
        if as_json:
            say_json({"witness": shown.witness, "witnesses": shown.witnesses})
            return
        for row in shown.witnesses:
            say(f"{row.key} since {moment(row.since)}{', ended' if row.ended else ''}")
            if row.accuses:
                say(f"  {ACCUSES}")
        if not shown.witness.named:
            say("This practice has no witness: the server could hide the newest from you.")
        elif shown.witness.newest:
            say(f"The server was last vouched for at {moment(shown.witness.newest)}.")
        else:
            say("No witness has vouched for the server yet.")


def _look_once(watch: Watch) -> None:
    try:
        seen = look(watch)
    except NotNamed as error:
        raise Failure(str(error), _hint(watch)) from None
    except Restoring as error:
        raise Failure(f"{error}: nothing was signed", "try again when it is open") from None
    _tell(seen)
    if seen.troubles:
        raise Failure(f"{len(seen.troubles)} of {seen.logs} logs were not signed")


def _look_again_and_again(watch: Watch, seconds: int) -> None:
    never, waiting = Event(), ""
    while True:
        try:
            _tell(look(watch))
            waiting = ""
        except NotNamed as error:
            # Said once: until a steward has entered the key there is nothing else to say.
            if waiting != "steward":
                warn(f"{error} yet: {_hint(watch)}")
            waiting = "steward"
        except (Restoring, Unreachable, Refused, ProtocolError) as error:
            warn(f"{error}: nothing was signed")
        never.wait(seconds)


def _tell(seen: Look) -> None:
    say(f"{seen.signed} of {seen.logs} logs signed")
    for log, found in sorted(seen.troubles.items()):
        complain(f"{_name(log)} was not signed: {_why(found)}",
                 "tell a steward: the server shows others something else")  # fmt: skip


def _name(log: bytes) -> str:
    return "the directory" if log == DIRECTORY else f"the stream {_text(log)}"


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _why(found: Trouble) -> str:
    if found.error == "RolledBack":
        return f"it went back [{found.error} at {found.seq}]"
    return trouble(found.error, found.seq)


def _hint(watch: Watch) -> str:
    return f"a steward enters its key: {_text(watch.key)}"


@contextmanager
def _watching(
    transport: HttpWitnessTransport, folder: Path, fingerprint: str | None
) -> Iterator[Watch]:
    wanted = read_fingerprint(fingerprint) if fingerprint else None
    standing = _read_standing(folder) or _begin(transport, folder, wanted)
    if wanted not in (None, standing.fingerprint):
        raise Failure(f"{folder} holds a witness of another practice", "choose another folder")
    memory = Memory(folder, standing.seed)
    try:
        yield open_watch(standing.seed, standing.fingerprint, transport, memory, World())
    finally:
        memory.close()


def _begin(transport: HttpWitnessTransport, folder: Path, fingerprint: bytes | None) -> Standing:
    """Make a key; where the server lies about the practice, nobody heeds what is signed."""
    found = fingerprint or transport.fingerprint()
    if found is None:
        raise Failure("the practice is not founded yet", "begin when it is")
    standing = make_standing(folder / KEY, found)
    _print_standing(standing)
    return standing


def _read_standing(folder: Path) -> Standing | None:
    standing = load_standing(folder / KEY)
    if standing is not None and os.name == "posix" and (folder / KEY).stat().st_mode & 0o077:
        warn(f"others on this machine can read {folder / KEY}: whoever has it can vouch")
    return standing


def _print_standing(standing: Standing) -> None:
    say(f"key: {standing.key}")
    say(f"practice: {standing.practice}")
    say("A steward compares the practice's fingerprint and enters the key: `microblog witness add`,"
        " or under People.")  # fmt: skip


def _read_origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise Failure("that is not a server's address", "such as https://practice.example")
    return f"{parts.scheme}://{parts.netloc}"
