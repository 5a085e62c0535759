"""Backing up while the server runs, restoring when it is stopped, and opening it again."""

import itertools
import time
from pathlib import Path

import click

from microblog.ops.refusal import Refusal
from microblog.service import audit, founding, restoring
from microblog.service.audit import Findings
from microblog.settings import Settings
from microblog.store.db import (
    StoreError,
    fresh_copy,
    migrate,
    new_backup,
    no_server_on,
    read_in,
    replacing,
    write_in,
)


def back_up(settings: Settings, file: Path) -> None:
    """Copy the database to a new file, and check the copy.

    Raises:
        StoreError: it cannot be read, or the file cannot be written.
        Refusal: the copy does not verify; there is no file then.
    """
    # That there is one, of this program's version, is said in its own words.
    read_in(settings.data, founding.is_founded)
    with new_backup(settings.data, file) as copy:
        found = _check(copy, "what is stored does not verify", "microblogd check names it all")
    click.echo(f"backed up: {found.entries} entries in {found.logs} logs, to {file}")


def restore(settings: Settings, file: Path) -> None:
    """Put a backup in the place of the database, which is kept aside; clients give back the rest.

    Raises:
        StoreError: a server is running, or the file or the folder cannot be used.
        Refusal: the file does not verify, or is of no practice, or of another.
    """
    aside = _name_aside(settings.data)
    with no_server_on(settings.data), fresh_copy(settings.data, file) as fresh:
        for step in migrate(fresh):
            click.echo(f"migrated: {step}")
        found = _check(fresh, f"{file} does not verify", "choose another backup")
        _check_practice(settings.data, fresh)
        write_in(fresh, restoring.end_sessions)
        with replacing(settings.data, fresh, aside):
            restoring.begin(settings.data)
    click.echo(f"restored: {found.entries} entries in {found.logs} logs, from {file}")
    if aside.is_dir():
        click.echo(f"what was there lies in {aside}")
    click.echo("start the server: people can read, and their devices give back what is missing")
    click.echo("`microblogd open` then lets them post again")


def open_again(settings: Settings, *, anyway: bool) -> None:
    """End restoring, once everyone was seen, or whoever it was is waited for no longer.

    Raises:
        StoreError: the data cannot be read.
        Refusal: nothing is being restored, or some were not seen.
    """
    folder = settings.data
    unseen, here = read_in(folder, lambda session: restoring.count_unseen(session, folder))
    if not restoring.is_restoring(folder):
        raise Refusal("nothing is being restored", "the server takes new posts")
    if unseen and not anyway:
        raise Refusal(
            f"{unseen} of the {here} people here were not seen since the restore: what only"
            " their devices hold would be missing for good",
            "wait until they have opened microblog, or run microblogd open --anyway",
        )
    restoring.end(folder)
    click.echo(f"open: {here - unseen} of {here} people have given back what they held")


def _name_aside(folder: Path) -> Path:
    """Return a folder, not there yet, for what will be replaced."""
    name = time.strftime("replaced-%Y%m%d-%H%M%S")
    places = (folder / (f"{name}-{number}" if number else name) for number in itertools.count())
    return next(it for it in places if not it.exists())


def _check(folder: Path, message: str, hint: str) -> Findings:
    found = read_in(folder, audit.check)
    if found.faults:
        raise Refusal(f"{message}: {found.faults[0]}", hint)
    return found


def _check_practice(present: Path, fresh: Path) -> None:
    """Refuse a backup of no practice, or of another than the one that is there."""
    theirs = read_in(fresh, founding.find_fingerprint)
    if theirs is None:
        raise Refusal("the backup is of a practice that nobody had founded", "choose another")
    try:
        ours = read_in(present, founding.find_fingerprint)
    except StoreError:
        return  # there is none, or it is what is to be replaced
    if ours not in (None, theirs):
        raise Refusal(
            f"the backup is of another practice than the data in {present}",
            "choose an empty folder with MICROBLOG_DATA",
        )
