"""The commands that look after the machine rather than after people."""

import os
import time
from pathlib import Path

import click

from microblog.ops import sealed
from microblog.ops.doctor.finding import Patient
from microblog.ops.doctor.looking import say_all
from microblog.ops.doctor.machine import is_clock_synced
from microblog.ops.rehearsing import rehearse
from microblog.ops.site import site_of
from microblog.service import restoring
from microblog.settings import load_settings
from microblog.store.db import write_in


@click.command("doctor")
@click.option("--here", is_flag=True, help="ask nothing of others over the network")
@click.option("--all", "everything", is_flag=True, help="say too what is as it should be")
@click.option(
    "--authorities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="trust these for PUBLIC_URL too, in PEM",
)
def doctor(here: bool, everything: bool, authorities: Path | None) -> None:
    """Say what is misconfigured, a line each, and what to do; exit 1 if something is wrong.

    It changes nothing, sends no mail, and prints nothing private; the server may be running.
    """
    patient = Patient(
        load_settings(os.environ),
        os.environ,
        os.geteuid(),
        lambda: time.time_ns() // 1_000_000,
        is_clock_synced,
        authorities,
    )
    say_all(patient, afar=not here, everything=everything)


@click.command("backup-key")
@click.argument("file", type=Path)
def backup_key(file: Path) -> None:
    """Make the key that backups are sealed to: the private half to FILE, the public one printed.

    Do it on another machine than the server's. Without FILE no backup can ever be opened.
    """
    click.echo(sealed.make_key_file(file), nl=False)


@click.command("rehearse")
@click.argument("place", type=Path)
@click.option("--key", type=Path, metavar="FILE", help="the private half of the backups' key")
def rehearse_command(place: Path, key: Path | None) -> None:
    """Restore the backup PLACE, or the newest in that folder, on trial, and serve it.

    It is restored into an empty folder, verified, served on 127.0.0.1, asked for something, and
    removed again. The data here are only read, to compare: whether it is a beginning of them.
    """
    rehearse(load_settings(os.environ), place, key)


@click.command("end-sessions")
def end_sessions() -> None:
    """Sign everyone out, wherever they are; the server must not be running.

    Their devices sign in again by themselves, those that were not shut out.
    """
    write_in(site_of(load_settings(os.environ)), restoring.end_sessions)
    click.echo("everyone is signed out; start the server")


COMMANDS = (doctor, backup_key, rehearse_command, end_sessions)
