"""The database: its version, its health, and whether anything is being restored.

PostgreSQL is also asked whether it keeps what it acknowledges: how that is set is its own business.
"""

from collections.abc import Iterator

from microblog.ops.doctor.finding import Finding, Patient, good, warn, wrong
from microblog.ops.site import site_of
from microblog.service import audit, founding, restoring
from microblog.store.db import StoreError, check_durable, open_marks, read_in


def check_database(patient: Patient) -> Iterator[Finding]:
    """Say whether the database is there, of this program's version, and sound at a glance."""
    site = site_of(patient.settings)
    try:
        faults = read_in(site, audit.glance)
        founded = read_in(site, founding.is_founded)
    except StoreError as error:
        yield wrong("database", str(error), error.hint)
        return
    if faults:
        hint = "microblogd check names all; restore from a backup"
        yield wrong("database", f"it is damaged in {len(faults)} places", hint)
        return
    yield good(
        "database", "it is of this version, and sound at a glance (microblogd check: wholly)"
    )
    if not founded:
        hint = "microblogd founding-link prints the link"
        yield warn("practice", "nobody has founded it yet", hint)
    elif restoring.is_restoring(open_marks(site)):
        hint = "microblogd open, once everyone was seen"
        yield warn("practice", "it is being restored: people read, and cannot post", hint)


def check_postgresql(patient: Patient) -> Iterator[Finding]:
    """Say whether PostgreSQL, where it is used, would lose nothing that it acknowledges."""
    site, subject = site_of(patient.settings), "PostgreSQL"
    if not site.is_shared:
        return
    try:
        check_durable(site)
    except StoreError as error:
        yield wrong(subject, str(error), error.hint)
        return
    yield good(subject, "it keeps what it acknowledges")
    if not site.standby:
        hint = "a standby, and MICROBLOG_STANDBY"
        yield warn(subject, "what it acknowledges is on one machine only", hint)
