"""The keys of this device: a copy in a file, and the passphrase they are under."""

from pathlib import Path

import click

from microblog.cli.home import (
    check,
    check_empty,
    choose_passphrase,
    find_home,
    read_passphrase,
    read_passphrase_file,
    unlock,
    unlocked_with,
)
from microblog.cli.terminal import Failure, say
from microblog.client.sealing import keys_with_pins, open_keys, seal_keys
from microblog.client.vault import read_file, write_file


@click.group("key-file")
def key_file() -> None:
    """Keep a copy of your keys somewhere else, or begin from one."""


@key_file.command("save")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def save_key_file(file: Path) -> None:
    """Save your keys into FILE, under the passphrase that you have now."""
    if file.exists():
        raise Failure(f"{file} is there already", "choose another name")
    home = find_home()
    keys, passphrase = unlock(home)
    try:
        with unlocked_with(home, keys) as session:
            saved = keys_with_pins(session)
        sealed = seal_keys(saved, passphrase, home.world)
    finally:
        home.progress.clear()
    write_file(file.absolute(), sealed)
    say(f"Your keys are in {file}, under your passphrase. Keep it somewhere else than this device.")


@key_file.command("open")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def open_key_file(file: Path) -> None:
    """Begin on this device with the keys in FILE; its passphrase stays."""
    home = find_home()
    check_empty(home)
    vault = read_file(file)
    try:
        keys = open_keys(vault, read_passphrase("Passphrase of the key file"), home.world)
    finally:
        home.progress.clear()
    with unlocked_with(home, keys) as session:
        session.memory.forget()
    home.vault.store(vault)
    say("Your keys are on this device. `microblog children` lists whom you follow.")


@click.command()
@click.option(
    "--new-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the new passphrase from this file instead of the terminal.",
)
def passphrase(new_file: Path | None) -> None:
    """Change the passphrase of this device; key files keep theirs."""
    home = find_home()
    keys, _ = unlock(home)
    if new_file is None:
        chosen = choose_passphrase(home)
    else:
        chosen = read_passphrase_file(new_file)
        check(chosen)
    try:
        with unlocked_with(home, keys) as session:
            sealed = seal_keys(keys_with_pins(session), chosen, home.world)
            home.vault.store(sealed)
    finally:
        home.progress.clear()
    say("The passphrase is changed.")
