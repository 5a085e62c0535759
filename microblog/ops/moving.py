"""Moving from SQLite to PostgreSQL, once a team has grown out of one file."""

import os
import time

import click

from microblog.ops.refusal import Refusal
from microblog.ops.site import site_of
from microblog.settings import load_settings
from microblog.store.db import move


@click.command("move")
def move_command() -> None:
    """Move the data from SQLite to the PostgreSQL database; no server may be running on either.

    MICROBLOG_DATA names the folder, MICROBLOG_DATABASE a database with nothing in it. Stopped on
    the way, it goes on from there when it is called again.
    """
    settings = load_settings(os.environ)
    site = site_of(settings)
    if not site.is_shared:
        raise Refusal("there is nowhere to move to", "MICROBLOG_DATABASE names the database")
    aside = settings.data / time.strftime("moved-%Y%m%d-%H%M%S")
    moved = move(settings.data, site, aside)
    click.echo(f"moved: {moved.entries} entries in {moved.logs} logs, every row compared")
    click.echo(f"what was there lies in {moved.aside}; it is needed no longer")
