"""Backing up while the server runs, restoring when it is stopped, and opening it again."""

import itertools
import time
from pathlib import Path

import click

from microblog.ops import notices, rounds, sealed, sealing
from microblog.ops.refusal import Refusal
from microblog.ops.site import site_of
from microblog.service import audit, founding, restoring
from microblog.service.audit import Findings
from microblog.settings import Settings
from microblog.store.db import (
    Site,
    StoreError,
    find_aside,
    fresh_copy,
    migrate,
    new_backup,
    no_server_on,
    open_marks,
    read_in,
    replacing,
    write_in,
)


def back_up(settings: Settings, file: Path) -> None:
    """Copy the database to a new file, or one named by the time in a folder, and check the copy.

    Where the settings name a key it is sealed to that.

    Raises:
        StoreError: it cannot be read, or the file cannot be written.
        Refusal: the copy does not verify; there is no file then.
    """
    # That there is one, of this program's version, is said in its own words.
    read_in(site_of(settings), founding.is_founded)
    file = sealing.name_by_time(file) if file.is_dir() else file
    key = sealed.read_public_key(settings)
    if key is None:
        found = _copy_checked(settings, file)
    else:
        with sealed.room_for(settings.data) as plain:
            found = _copy_checked(settings, plain)
            sealed.seal_file(plain, file, key)
    sealing.note_backed_up(settings.data)
    click.echo(f"backed up: {found.entries} entries in {found.logs} logs, to {file}")


def _copy_checked(settings: Settings, file: Path) -> Findings:
    with new_backup(site_of(settings), file) as copy:
        return _check(copy, "what is stored does not verify", "microblogd check names it all")


def restore(
    settings: Settings, file: Path, key_file: Path | None = None, *, quiet: bool = False
) -> None:
    """Put a backup in the place of the database, which is kept aside; clients give back the rest.

    One that is sealed is opened with the key in `key_file`.

    Raises:
        StoreError: a server is running, or the file or the folder cannot be used.
        Refusal: the file does not verify, or is of no practice, or of another.
    """
    aside, site = _name_aside(site_of(settings)), site_of(settings)
    with (
        no_server_on(site),
        sealed.opened(file, key_file, settings.data) as plain,
        fresh_copy(settings.data, plain) as fresh,
    ):
        for step in migrate(Site(fresh)):
            if not quiet:
                click.echo(f"migrated: {step}")
        found = _check(fresh, f"{file} does not verify", "choose another backup")
        _check_practice(site, fresh)
        write_in(Site(fresh), restoring.end_sessions)
        with replacing(site, fresh, aside) as marks:
            restoring.begin(marks)
    if quiet:
        return
    click.echo(f"restored: {found.entries} entries in {found.logs} logs, from {file}")
    if there := find_aside(site, aside):
        click.echo(f"what was there lies in {there}")
    click.echo("start the server: people can read, and their devices give back what is missing")
    click.echo("`microblogd open` then lets them post again")


def open_again(settings: Settings, *, anyway: bool) -> None:
    """End restoring, once everyone was seen, or whoever it was is waited for no longer.

    Raises:
        StoreError: the data cannot be read.
        Refusal: nothing is being restored, or some were not seen.
    """
    site = site_of(settings)
    marks = open_marks(site)
    unseen, here = read_in(site, lambda session: restoring.count_unseen(session, marks))
    if not restoring.is_restoring(marks):
        raise Refusal("nothing is being restored", "the server takes new posts")
    if unseen and not anyway:
        raise Refusal(
            f"{unseen} of the {here} people here were not seen since the restore: what only"
            " their devices hold would be missing for good",
            "wait until they have opened microblog, or run microblogd open --anyway",
        )
    rounds.settle_restored(site)
    notices.settle_restored(site)
    restoring.end(marks)
    click.echo(f"open: {here - unseen} of {here} people have given back what they held")


def _name_aside(site: Site) -> Path:
    """Return a place, not there yet, for what will be replaced."""
    name = time.strftime("replaced-%Y%m%d-%H%M%S")
    names = (f"{name}-{number}" if number else name for number in itertools.count())
    places = (site.folder / it for it in names)
    return next(it for it in places if not it.exists() and not find_aside(site, it))


def _check(folder: Path, message: str, hint: str) -> Findings:
    found = read_in(Site(folder), audit.check)
    if found.faults:
        raise Refusal(f"{message}: {found.faults[0]}", hint)
    return found


def _check_practice(present: Site, fresh: Path) -> None:
    """Refuse a backup of no practice, or of another than the one that is there."""
    theirs = read_in(Site(fresh), founding.find_fingerprint)
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
