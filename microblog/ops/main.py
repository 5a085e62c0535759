"""`microblogd`: what the operator of a server says to it."""

import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from microblog import __version__
from microblog.ops import backup, notices, rounds, upkeep
from microblog.ops.live import serve_live
from microblog.ops.moving import move_command
from microblog.ops.refusal import Refusal
from microblog.ops.serving import serve
from microblog.ops.site import site_of
from microblog.service import audit, founding
from microblog.settings import Settings, WrongSettings, load_settings
from microblog.store.db import StoreError, migrate, open_marks, read_in, write_in

REFUSED, USAGE = 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="microblogd")
def commands() -> None:
    """Run a server of microblog, and look after its data.

    The settings are environment variables: MICROBLOG_DATA, the folder of the data (instance); PORT
    (8000); PUBLIC_URL, the origin that browsers see (http://127.0.0.1:PORT). Those of PostgreSQL,
    mail and web push stand in config/microblog.env and deploy/POSTGRESQL.md, MAIL.md and PUSH.md.
    """


@commands.command("serve")
def serve_command() -> None:
    """Serve on PORT until stopped."""
    serve(load_settings(os.environ), _offer_link)


@commands.command("live")
def live_command() -> None:
    """Serve event streams on MICROBLOG_LIVE until stopped, beside the server.

    A stream says which log has come how far, and nothing else. Without this process clients ask
    now and then.
    """
    serve_live(load_settings(os.environ))


@commands.command("founding-link")
def founding_link() -> None:
    """Print a link that founds the practice: good once, for 24 hours, in place of any before."""
    settings = load_settings(os.environ)
    if read_in(site_of(settings), founding.is_founded):
        raise Refusal("the practice is founded already", "its stewards invite everyone else")
    click.echo(_make_link(settings))


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the database to this program's version; the server must not be running."""
    steps = migrate(site_of(load_settings(os.environ)))
    click.echo(f"migrated: {', '.join(steps)}" if steps else "nothing to migrate")


@commands.command("rebuild")
def rebuild() -> None:
    """Make anew what follows from the logs; the server must not be running."""
    try:
        changed = write_in(site_of(load_settings(os.environ)), audit.rebuild)
    except ValueError as fault:
        raise Refusal(str(fault), "microblogd check names all; restore from a backup") from None
    for line in changed:
        click.echo(line)
    click.echo(f"rebuilt: {len(changed)} differences" if changed else "rebuilt: nothing differed")


@commands.command("backup")
@click.argument("file", type=Path)
def backup_command(file: Path) -> None:
    """Copy the database to FILE, which must not be there yet; the server may be running.

    FILE may be a folder: the backup is then named by the time. With MICROBLOG_BACKUP_KEY it is
    sealed, and only the private half of that key opens it.
    """
    backup.back_up(load_settings(os.environ), file)


@commands.command("restore")
@click.argument("file", type=Path)
@click.option("--key", type=Path, metavar="FILE", help="the private half of the backups' key")
def restore_command(file: Path, key: Path | None) -> None:
    """Put the backup FILE in the place of the database; the server must not be running.

    What was there is kept, in a folder beside. Until `microblogd open` people can read but not
    post, and their devices give back what the backup lacks.
    """
    backup.restore(load_settings(os.environ), file, key)


@commands.command("open")
@click.option("--anyway", is_flag=True, help="even if some people were not seen since the restore")
def open_command(anyway: bool) -> None:
    """Let people post again after a restore."""
    backup.open_again(load_settings(os.environ), anyway=anyway)


@commands.command("round-ups")
@click.option("--once", is_flag=True, help="look once and end, for a timer or cron; the default")
@click.option(
    "--every", type=click.IntRange(1, 86_400), metavar="SECONDS", help="look again and again"
)
def round_ups(once: bool, every: int | None) -> None:
    """Mail the round-ups and nudges that are due; the server may be running.

    A mail is one line: how much is new on how many streams, and a link. What cannot be sent is
    tried again later, by the next call.
    """
    if once and every is not None:
        raise click.UsageError("--once and --every exclude each other")
    settings = load_settings(os.environ)
    if every is None:
        rounds.send_once(settings)
    else:
        rounds.send_forever(settings, every)


@commands.command("vapid")
@click.option("--replace", is_flag=True, help="although everyone must then switch notices on again")
def vapid(replace: bool) -> None:
    """Make the key that notices are signed with, once, and print its public half."""
    notices.make_vapid(load_settings(os.environ), replace=replace)


@commands.command("notices")
@click.option("--once", is_flag=True, help="look once and end, for a timer or cron; the default")
@click.option(
    "--every", type=click.IntRange(1, 86_400), metavar="SECONDS", help="look again and again"
)
def notices_command(once: bool, every: int | None) -> None:
    """Send the notices that are due by web push; the server may be running.

    A notice has no words at all: a device shows that something is new. What cannot be sent is
    tried again later, by the next call.
    """
    if once and every is not None:
        raise click.UsageError("--once and --every exclude each other")
    settings = load_settings(os.environ)
    if every is None:
        notices.send_once(settings)
    else:
        notices.send_forever(settings, every)


@commands.command("check")
def check() -> None:
    """Verify every log and compare what follows from it; exit 1 and name what differs."""
    found = read_in(site_of(load_settings(os.environ)), audit.check)
    for line in found.faults:
        click.echo(line)
    if found.faults:
        raise Refusal(f"{len(found.faults)} faults in {found.logs} logs", "restore from a backup")
    click.echo(f"verified: {found.entries} entries in {found.logs} logs, nothing differs")


for command in (*upkeep.COMMANDS, move_command):
    commands.add_command(command)


def main() -> None:
    """Run `microblogd`."""
    # Whatever a command makes is for this user's eyes only.
    os.umask(0o077)
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
    if read_in(site_of(settings), founding.is_founded):
        founding.forget_token(open_marks(site_of(settings)))
        return
    if sys.stdout.isatty():
        click.echo("Nobody has founded the practice yet. To do it, open this within 24 hours:")
        click.echo(_make_link(settings))
    else:
        click.echo("not founded yet: `microblogd founding-link` prints the link")


def _make_link(settings: Settings) -> str:
    token = secrets.token_bytes(founding.TOKEN_BYTES)
    try:
        marks = open_marks(site_of(settings))
        fragment = founding.issue_token(marks, token, time.time_ns() // 1_000_000)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise Refusal(f"the founding link cannot be kept: {why}", "") from None
    return f"{settings.public_url}/found#{fragment}"
