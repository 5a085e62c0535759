"""A recovery sheet on the terminal, and on paper once two of its groups were typed back."""

import click

from microblog.cli.terminal import is_interactive, safe, say, warn
from microblog.client import sheets
from microblog.client.messages import Sheet
from microblog.client.session import Session
from microblog.protocol.errors import BadLetters

IN_A_LINE = 3


def make_sheet(session: Session) -> None:
    """Show a fresh sheet, and enter it once two of its groups were typed back."""
    draft = sheets.draft_sheet(session)
    _show(draft.shown)
    while True:
        first, second = (_ask_group(group) for group in draft.shown.asked)
        try:
            sheets.keep_sheet(session, draft, (first, second))
        except BadLetters as wrong:
            if wrong.group is None:
                raise
            click.echo(f"Group {wrong.group + 1} is not what the sheet says.", err=True)
            continue
        break
    say("The sheet counts. Keep it where you keep a passport, and not with this machine.")


def make_first_sheet(session: Session) -> None:
    """Make the sheet that belongs to joining and founding, where somebody can type it back."""
    if is_interactive():
        make_sheet(session)
        return
    warn("no recovery sheet was made, because nobody is at a terminal to type it back: without one,"
         " who loses this machine loses all; `microblog sheet` makes it")  # fmt: skip


def _show(sheet: Sheet) -> None:
    say(
        "\nYour recovery sheet. Write it on paper now: if every device is lost or the passphrase is"
    )
    say("forgotten, it brings you back, and nobody else can.\n")
    say(f"    {safe(sheet.name)}, {safe(sheet.practice)}")
    for start in range(0, len(sheet.letters), IN_A_LINE):
        row = enumerate(sheet.letters[start : start + IN_A_LINE], start + 1)
        say("    " + "    ".join(f"{number}  {letters}" for number, letters in row))
    say(f"    Address: {sheet.link.partition('/recover')[0]}/recover")
    say(f"    Practice fingerprint: {sheet.fingerprint}")
    say(f"    Directory: {sheet.directory[0]} {sheet.directory[1]}")
    say(f"    Or all of it as a link: {sheet.link}\n")


def _ask_group(group: int) -> str:
    typed: str = click.prompt(f"From the paper, group {group + 1}", err=True)
    return typed
