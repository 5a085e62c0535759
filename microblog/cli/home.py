"""Where this program keeps its keys, and how they are opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from microblog.cli.failures import trouble
from microblog.cli.terminal import Failure, Progress, is_interactive, warn
from microblog.cli.words import moment
from microblog.client.following import refresh
from microblog.client.freshness import show_vouching
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.note import carry, leave
from microblog.client.passphrase import check_passphrase, suggest_passphrase
from microblog.client.sealing import keys_with_pins, open_keys, seal_keys
from microblog.client.session import Keys, Session, World
from microblog.client.transport import HttpTransport, Refused, Unreachable
from microblog.client.vault import Vault
from microblog.protocol.errors import Malformed, ProtocolError

HOME, PASSPHRASE_FILE = "MICROBLOG_HOME", "MICROBLOG_PASSPHRASE_FILE"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder, and the world as a session sees it."""

    folder: Path
    world: World
    progress: Progress

    def connect(self, origin: str) -> HttpTransport:
        """Return a way to a server that this folder has no keys for yet."""
        return HttpTransport(origin)

    @property
    def vault(self) -> Vault:
        """Where the sealed keys are."""
        return Vault(self.folder)


def find_home() -> Home:
    """Return the folder named by MICROBLOG_HOME, or ~/.microblog."""
    named = os.environ.get(HOME)
    folder = Path(named) if named else Path.home() / ".microblog"
    progress = Progress()
    return Home(folder, World(progress=progress), progress)


def check_empty(home: Home) -> None:
    """Refuse where keys are kept already: they would be lost."""
    if home.vault.load() is not None:
        raise Failure(
            f"{home.folder} holds somebody's keys already",
            f"choose another folder: {HOME}=FOLDER microblog …",
        )


@contextmanager
def at_work(*, fetch: bool = True, must: bool = True) -> Iterator[Session]:
    """Open the vault and the memory, catch up with the server, and put all away at the end.

    Where `must` is false, a server out of reach is a warning: what is remembered is shown.
    """
    home = find_home()
    with unlocked(home) as session:
        if fetch:
            _catch_up(session, must)
        home.progress.clear()
        _warn_of_trouble(session)
        yield session
        home.progress.clear()


@contextmanager
def unlocked(home: Home) -> Iterator[Session]:
    """Open the vault and the memory, and put all away at the end."""
    keys, passphrase = unlock(home)
    with unlocked_with(home, keys) as session:
        yield session
        _keep_keys(home, session, keys, passphrase)


def _keep_keys(home: Home, session: Session, before: Keys, passphrase: str) -> None:
    """Have the vault hold a reading key that another device brought; the directory has it too."""
    if session.keys.reading_secrets != before.reading_secrets:
        with suppress(OSError):
            home.vault.store(seal_keys(keys_with_pins(session), passphrase, home.world))


def unlock(home: Home) -> tuple[Keys, str]:
    """Return this device's keys, and the passphrase that they are under."""
    vault = home.vault.load()
    if vault is None:
        raise Failure(f"there are no keys in {home.folder}", "begin with `microblog join LINK`")
    passphrase = read_passphrase("Passphrase")
    try:
        return open_keys(vault, passphrase, home.world), passphrase
    finally:
        home.progress.clear()


@contextmanager
def unlocked_with(home: Home, keys: Keys) -> Iterator[Session]:
    """Open the memory with keys in hand, and put all away at the end."""
    memory = Memory(home.folder, keys.device_seed)
    transport = HttpTransport(keys.origin)
    try:
        session = open_session(keys, transport, memory, home.world)
        yield session
        if session.online:
            with suppress(Unreachable, Refused):
                leave(session)
            with suppress(Unreachable, Refused):
                transport.sign_out()
    finally:
        home.progress.clear()
        transport.close()
        memory.close()


def _catch_up(session: Session, must: bool) -> None:
    try:
        refresh(session)
        # What other devices of mine have read is of use, and never in the way.
        with suppress(Unreachable, Refused, ProtocolError):
            carry(session)
    except (Unreachable, ProtocolError) as error:
        if must:
            raise
        warn(f"{error}: this is what was known before")
    if session.restoring:
        warn("the server is being put back from a backup: you can read, not post")


def _warn_of_trouble(session: Session) -> None:
    if session.trouble is not None:
        warn(f"the directory: {trouble(session.trouble.error, session.trouble.seq)}")
    vouching = show_vouching(session)
    if vouching.state == "missing":
        warn("no witness has vouched for this server yet")
    elif vouching.state in ("late", "old"):
        long = ", more than a day ago" if vouching.state == "old" else ""
        warn(f"this server was last vouched for at {moment(vouching.newest)}{long}:"
             " it could be hiding the newest from you")  # fmt: skip


def read_passphrase(what: str) -> str:
    """Return the passphrase from the file named in the environment, or from the terminal."""
    named = os.environ.get(PASSPHRASE_FILE)
    if named:
        return read_passphrase_file(Path(named))
    if not is_interactive():
        raise Failure(
            "no passphrase: there is no terminal to ask on",
            f"name a file that holds it in {PASSPHRASE_FILE}",
        )
    passphrase: str = click.prompt(what, hide_input=True, err=True)
    return passphrase


def read_passphrase_file(path: Path) -> str:
    """Return the first line of a file."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline(4096).rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise Failure(f"{path} cannot be read: {reason}", f"{PASSPHRASE_FILE} names it") from None


def choose_passphrase(home: Home) -> str:
    """Return a new passphrase: from the file, the one that is offered, or one typed twice."""
    if os.environ.get(PASSPHRASE_FILE) or not is_interactive():
        passphrase = read_passphrase("Passphrase")
        check(passphrase)
        return passphrase
    offered = suggest_passphrase(home.world.random)
    click.echo("Choose a passphrase of at least 12 characters. Here is one:", err=True)
    click.echo(f"\n    {offered}\n", err=True)
    while True:
        typed = click.prompt(
            "Passphrase (Enter takes the one above)",
            hide_input=True, default="", show_default=False, err=True,
        )  # fmt: skip
        chosen: str = typed or offered
        try:
            check(chosen)
        except Failure as failure:
            click.echo(str(failure), err=True)
            continue
        if click.prompt("The same again", hide_input=True, err=True) == chosen:
            return chosen
        click.echo("They differ.", err=True)


def check(passphrase: str) -> None:
    """Refuse a passphrase that is too short."""
    try:
        check_passphrase(passphrase)
    except Malformed as error:
        raise Failure(str(error), "three or four words that do not belong together do") from None
