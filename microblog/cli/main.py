"""The command `microblog`: what a person may do, from a terminal."""

import io
import os
import sys
from pathlib import Path

import click
from click.exceptions import NoArgsIsHelpError

import microblog
from microblog.cli import (
    asking,
    bringing,
    children,
    destroying,
    devices,
    evidence,
    finding,
    handing,
    household,
    joining,
    keys,
    picture,
    posts,
    profile,
    reading,
    rounds,
    served,
    sheets,
    staff,
    supervision,
    taking,
    team,
    unsent,
    verify,
    witness,
)
from microblog.cli.failures import KNOWN, explain
from microblog.cli.terminal import Failure, complain

REFUSED, USAGE = 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(microblog.__version__, message="%(version)s")
def cli() -> None:
    """A small, sealed place to say that something about a child seems wrong.

    Keys and everything remembered lie in MICROBLOG_HOME (~/.microblog). The passphrase is asked
    for on the terminal, or read from the file named in MICROBLOG_PASSPHRASE_FILE. CHILD, PERSON
    and AGENCY are a name, a part of one, or the start of an id.
    """


for command in (
    joining.found, joining.join, staff.invite, staff.revoke_invite, staff.people, staff.agency,
    children.child, children.children, household.household, household.about, team.team,
    bringing.bring, asking.slip, asking.ask, asking.requests, asking.approve, asking.decline,
    handing.hand_over, handing.left, handing.proposals, profile.profile,
    posts.post, posts.withdraw, posts.stream, reading.read, finding.find, picture.picture,
    rounds.round_up,
    supervision.supervision, verify.verify_again,
    destroying.destroy, destroying.hold, destroying.retention_classes,
    taking.export, evidence.verify_bundle, served.verify_client, keys.key_file, keys.passphrase,
    witness.witness, unsent.unsent, devices.device, sheets.sheet, sheets.recover,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run the command and leave with 0 (done), 1 (refused) or 2 (used wrongly)."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code; whatever happens is told in words."""
    _set_up_output()
    try:
        cli.main(arguments, prog_name="microblog", standalone_mode=False)
        sys.stdout.flush()
    except NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "microblog"
        complain(error.format_message(), f"{path} --help")
        return USAGE
    except click.ClickException as error:
        complain(error.format_message())
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nmicroblog: stopped", err=True)
        return REFUSED
    except Failure as failure:
        complain(str(failure), failure.hint)
        return REFUSED
    except KNOWN as error:
        known = explain(error)
        complain(str(known), known.hint)
        return REFUSED
    except BrokenPipeError:
        _drop_output()
        return REFUSED
    except OSError as error:
        complain(f"{error.filename or 'a file'}: {error.strerror or 'cannot be used'}")
        return REFUSED
    except Exception as error:  # noqa: BLE001 - a traceback could show private words
        complain(f"something is wrong in this program ({type(error).__name__})", "tell its makers")
        return REFUSED
    return 0


def _set_up_output() -> None:
    # A terminal that cannot show a letter must not end the program half way.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    # Whoever read the output has gone; Python would complain once more when it ends.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
