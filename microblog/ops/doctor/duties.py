"""What must happen again and again: round-ups, notices, backups."""

from collections.abc import Iterator

from microblog.ops.doctor.finding import Finding, Patient, good, warn, wrong
from microblog.ops.sealing import read_backed_up
from microblog.ops.site import site_of
from microblog.service import looks

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
# A look is every minute; one may take as long as a slow mail server does.
LATE_MS = 20 * MINUTE_MS
# A night, and what a night may be late.
BACKUP_LATE_MS = 26 * HOUR_MS


def check_round_ups(patient: Patient) -> Iterator[Finding]:
    """Say whether round-ups were looked after lately, where mail is set up."""
    if patient.settings.mail is None:
        yield warn("round-ups", "no mail is set up: nobody is told of anything", "deploy/MAIL.md")
        return
    looked = looks.read_round_ups_looked(site_of(patient.settings))
    yield _lately(patient, "round-ups", looked, "microblog-round-ups.timer")


def check_notices(patient: Patient) -> Iterator[Finding]:
    """Say whether notices were looked after lately, where web push is set up."""
    if patient.settings.push is None:
        return
    looked = looks.read_notices_looked(site_of(patient.settings))
    yield _lately(patient, "notices", looked, "microblog-notices.timer")


def check_backups(patient: Patient) -> Iterator[Finding]:
    """Say whether a backup was made lately, and whether it was sealed."""
    made, subject = read_backed_up(patient.settings.data), "backups"
    if patient.settings.machine.backup_key is None:
        yield warn(
            subject,
            "they are not sealed to a key of yours: who has one sees who posts where, and when",
            "microblogd backup-key, and MICROBLOG_BACKUP_KEY",
        )
    if not made:
        yield wrong(subject, "none was ever made from here", "deploy/BACKUP.md")
    elif patient.now() - made > BACKUP_LATE_MS:
        hours = (patient.now() - made) // HOUR_MS
        hint = "systemctl status microblog-backup.timer"
        yield wrong(subject, f"the last was made {hours} hours ago", hint)
    else:
        yield good(subject, "the last was made within a day")


def _lately(patient: Patient, subject: str, looked: int, timer: str) -> Finding:
    hint = f"systemctl enable --now {timer}"
    if not looked:
        return wrong(subject, "nobody ever looked whether any are due", hint)
    late = patient.now() - looked
    if late > LATE_MS:
        return wrong(subject, f"nobody has looked for {late // MINUTE_MS} minutes", hint)
    return good(subject, "they are looked after")
