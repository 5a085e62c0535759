"""`microblogd`: what the operator of a server says to it."""

import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from microblog import __version__
from microblog.ops import backup
from microblog.ops.refusal import Refusal
from microblog.ops.serving import serve
from microblog.service import audit, founding
from microblog.settings import Settings, WrongSettings, load_settings
from microblog.store.db import StoreError, migrate, read_in, write_in

REFUSED, USAGE = 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="microblogd")
def commands() -> None:
    """Run a server of microblog, and look after its data.

    The settings are environment variables: MICROBLOG_DATA, the folder of the data (instance); PORT
    (8000); PUBLIC_URL, the origin that browsers see (http://127.0.0.1:PORT).
    """


@commands.command("serve")
def serve_command() -> None:
    """Serve on PORT until stopped."""
    serve(load_settings(os.environ), _offer_link)


@commands.command("founding-link")
def founding_link() -> None:
    """Print a link that founds the practice: good once, for 24 hours, in place of any before."""
    settings = load_settings(os.environ)
    if read_in(settings.data, founding.is_founded):
        raise Refusal("the practice is founded already", "its stewards invite everyone else")
    click.echo(_make_link(settings))


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the database to this program's version; the server must not be running."""
    steps = migrate(load_settings(os.environ).data)
    click.echo(f"migrated: {', '.join(steps)}" if steps else "nothing to migrate")


@commands.command("rebuild")
def rebuild() -> None:
    """Make anew what follows from the logs; the server must not be running."""
    try:
        changed = write_in(load_settings(os.environ).data, audit.rebuild)
    except ValueError as fault:
        raise Refusal(str(fault), "microblogd check names all; restore from a backup") from None
    for line in changed:
        click.echo(line)
    click.echo(f"rebuilt: {len(changed)} differences" if changed else "rebuilt: nothing differed")


@commands.command("backup")
@click.argument("file", type=Path)
def backup_command(file: Path) -> None:
    """Copy the database to FILE, which must not be there yet; the server may be running."""
    backup.back_up(load_settings(os.environ), file)


@commands.command("restore")
@click.argument("file", type=Path)
def restore_command(file: Path) -> None:
    """Put the backup FILE in the place of the database; the server must not be running.

    What was there is kept, in a folder beside. Until `microblogd open` people can read but not
    post, and their devices give back what the backup lacks.
    """
    backup.restore(load_settings(os.environ), file)


@commands.command("open")
@click.option("--anyway", is_flag=True, help="even if some people were not seen since the restore")
def open_command(anyway: bool) -> None:
    """Let people post again after a restore."""
    backup.open_again(load_settings(os.environ), anyway=anyway)


@commands.command("check")
def check() -> None:
    """Verify every log and compare what follows from it; exit 1 and name what differs."""
    found = read_in(load_settings(os.environ).data, audit.check)
    for line in found.faults:
        click.echo(line)
    if found.faults:
        raise Refusal(f"{len(found.faults)} faults in {found.logs} logs", "restore from a backup")
    click.echo(f"verified: {found.entries} entries in {found.logs} logs, nothing differs")


def main() -> None:
    """Run `microblogd`."""
    sys.exit(run(lambda: commands.main(standalone_mode=False)))


def run(work: Callable[[], object]) -> int:
    """Run a command; a foreseeable failure is an error and a hint, and an exit code."""
    try:
        work()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return _fail("stopped", "", REFUSED)
    except click.UsageError as error:
        return _fail(error.format_message().rstrip("."), "microblogd --help", USAGE)
    except WrongSettings as error:
        return _fail(str(error), "microblogd --help lists the settings", USAGE)
    except (StoreError, Refusal) as error:
        return _fail(str(error), error.hint, REFUSED)
    return 0


def _fail(message: str, hint: str, code: int) -> int:
    click.echo(f"microblogd: error: {message}", err=True)
    if hint:
        click.echo(f"microblogd: hint: {hint}", err=True)
    return code


def _offer_link(settings: Settings) -> None:
    """Say how the practice is founded. The link itself is for a terminal, never for a log."""
    if read_in(settings.data, founding.is_founded):
        founding.forget_token(settings.data)
        return
    if sys.stdout.isatty():
        click.echo("Nobody has founded the practice yet. To do it, open this within 24 hours:")
        click.echo(_make_link(settings))
    else:
        click.echo("not founded yet: `microblogd founding-link` prints the link")


def _make_link(settings: Settings) -> str:
    token = secrets.token_bytes(founding.TOKEN_BYTES)
    try:
        fragment = founding.issue_token(settings.data, token, time.time_ns() // 1_000_000)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise Refusal(f"the founding link cannot be kept: {why}", "") from None
    return f"{settings.public_url}/found#{fragment}"
