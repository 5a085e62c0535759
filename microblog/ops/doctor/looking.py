"""Looking at everything in turn, and saying what was found."""

from collections.abc import Iterator

import click

from microblog.ops.doctor import database, duties, files, machine, reach
from microblog.ops.doctor.finding import GOOD, WRONG, Check, Finding, Patient
from microblog.ops.refusal import Refusal

#: In the order of what rests on what. What one database alone is asked belongs after its own.
CHECKS: tuple[Check, ...] = (
    machine.check_user,
    machine.check_clock,
    machine.check_disk,
    machine.check_processes,
    machine.check_live,
    files.check_data,
    files.check_keys,
    database.check_database,
    database.check_postgresql,
    duties.check_backups,
    duties.check_round_ups,
    duties.check_notices,
)
#: These ask others over the network.
AFAR: tuple[Check, ...] = (reach.check_address, reach.check_mail)


def look(patient: Patient, *, afar: bool) -> Iterator[Finding]:
    """Return all findings, of the network too if that is asked."""
    for check in (*CHECKS, *(AFAR if afar else ())):
        yield from check(patient)


def say_all(patient: Patient, *, afar: bool, everything: bool) -> None:
    """Print what is wrong, or may be, a line each; and what is well, if that is asked.

    Raises:
        Refusal: something is wrong.
    """
    bad = odd = 0
    for finding in look(patient, afar=afar):
        bad += finding.state == WRONG
        odd += finding.state not in (GOOD, WRONG)
        if everything or finding.state != GOOD:
            click.echo(str(finding))
    if bad:
        raise Refusal(f"{bad} things are wrong", "")
    click.echo(f"nothing is wrong; {odd} things to look at" if odd else "nothing is wrong")
