"""What a terminal shows and asks: nothing that came from others reaches it raw."""

import dataclasses
import json
import sys
import unicodedata

import click

# Marks that turn the direction of text around, and so could make one line look like another.
_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_BREAKS = {0x2028, 0x2029, 0xFEFF}


class Failure(Exception):
    """The command is refused: what happened, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def safe(text: str) -> str:
    """Return text of others as one line that cannot steer a terminal."""
    return "".join(map(_safe, text))


def _safe(character: str) -> str:
    code = ord(character)
    steers = unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")
    if steers or code in _BIDI or code in _BREAKS or 0xE0000 <= code <= 0xE007F:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"
    return character


def say(text: str = "") -> None:
    """Print a line of ours; what others wrote in it goes through `safe` first."""
    click.echo(text)


def say_words(text: str, indent: str = "    ") -> None:
    """Print the words of a post, each line indented, so that none looks like a line of ours."""
    for line in text.split("\n"):
        click.echo(indent + safe(line))


def say_json(value: object) -> None:
    """Print data as JSON, in ASCII, so that nothing in it can steer a terminal."""
    click.echo(json.dumps(_plain(value), ensure_ascii=True, indent=2))


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def warn(message: str) -> None:
    """Print a warning beside the output."""
    click.echo(f"microblog: warning: {safe(message)}", err=True)


def complain(message: str, hint: str = "") -> None:
    """Print an error, and what to do about it."""
    click.echo(f"microblog: error: {safe(message)}", err=True)
    if hint:
        click.echo(f"microblog: hint: {safe(hint)}", err=True)


def is_interactive() -> bool:
    """Return whether somebody sits in front of this and can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask a question that Enter answers with no."""
    return click.confirm(safe(question), default=False, err=True)


def ask(what: str, given: str | None, hint: str) -> str:
    """Return what was given, or ask for it; refuse where nobody can be asked."""
    if given is not None:
        return given
    if not is_interactive():
        raise click.UsageError(f"{what} is missing: {hint}")
    answer: str = click.prompt(what, err=True)
    return answer


_PROGRESS = {"unlock": "Opening the vault", "fetch": "Fetching", "check": "Checking",
             "hand": "Handing over", "bring": "Bringing in"}  # fmt: skip


class Progress:
    """One line on the terminal, while there is something to wait for, and none at all elsewhere."""

    def __init__(self) -> None:
        self._shown = False
        self._terminal = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show how far it has come."""
        if not self._terminal:
            return
        far = f" {done} of {total}" if total > 1 else f" {done}" if done > 1 else ""
        sys.stderr.write(f"\r\x1b[K{_PROGRESS.get(what, what)}…{far}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
