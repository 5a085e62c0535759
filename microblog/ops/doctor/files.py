"""The folder of the data, and the files of keys: whose they are, and who else may read them."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from microblog.ops.doctor.finding import Finding, Patient, good, warn, wrong
from microblog.ops.sealing import BadBackupKey, read_public
from microblog.push.vapid import BadKey, read_key
from microblog.store.db import StoreError, check_folder

OTHERS = stat.S_IRWXG | stat.S_IRWXO
VAPID, FOUNDING = "vapid.pem", "founding"
# What a command that was stopped may have left behind.
LEFT = ("backup.new", "restore.new")


def check_data(patient: Patient) -> Iterator[Finding]:
    """Say whether the folder of the data is there, whole, and this user's alone."""
    folder, subject = patient.settings.data, "data"
    if not folder.is_dir():
        yield wrong(
            subject,
            f"the folder {folder} is missing",
            "microblogd serve makes it, or MICROBLOG_DATA",
        )
        return
    try:
        check_folder(folder)
    except StoreError as error:
        yield wrong(subject, str(error), error.hint)
        return
    found = [*_owners(folder, patient.user), *_modes(folder), *_left(folder)]
    yield from found or [good(subject, f"{folder} is this user's alone")]


def check_keys(patient: Patient) -> Iterator[Finding]:
    """Say whether the files that hold secrets are there, can be read, and by nobody else."""
    settings = patient.settings
    secret = settings.mail.password_file if settings.mail else None
    if secret is not None:
        yield from _secret_file("mail password", secret, "MICROBLOG_MAIL_PASSWORD_FILE")
    if settings.push is not None:
        yield from _vapid(settings.data)
    if settings.machine.backup_key is not None:
        yield from _backup_key(settings.machine.backup_key)


def _owners(folder: Path, user: int) -> Iterator[Finding]:
    here = folder.stat().st_uid
    if here != user:
        yield wrong(
            "data", f"the folder {folder} is another user's", "run this as the server's user"
        )
    if any(it.lstat().st_uid != here for it in folder.iterdir()):
        yield wrong(
            "data", "some files in it are another user's than the folder", f"chown -R, in {folder}"
        )


def _modes(folder: Path) -> Iterator[Finding]:
    if folder.stat().st_mode & OTHERS:
        yield wrong(
            "data", f"others than the server's user get into {folder}", f"chmod 700 {folder}"
        )
    if any(it.lstat().st_mode & OTHERS for it in folder.iterdir() if not it.is_symlink()):
        yield wrong(
            "data",
            f"others than the server's user may read files in {folder}",
            f"chmod -R go= {folder}",
        )


def _left(folder: Path) -> Iterator[Finding]:
    for name in LEFT:
        if (folder / name).exists():
            yield warn(
                "data",
                f"{name} is there: a backup or a restore is running, or was stopped half way",
                f"if none is running, remove {folder / name}",
            )
    if replaced := list(folder.glob("replaced-*")):
        yield warn(
            "data",
            f"{len(replaced)} folders replaced-… are there from restores: backups, like others",
            "delete each when its time is over (deploy/BACKUP.md)",
        )


def _vapid(folder: Path) -> Iterator[Finding]:
    subject = "notices' key"
    try:
        key = read_key(folder)
    except BadKey as error:
        yield wrong(subject, str(error), "microblogd vapid --replace makes another")
        return
    if key is None:
        yield wrong(subject, "there is none, and web push is set up", "microblogd vapid")
    else:
        yield from _secret_file(subject, folder / VAPID, VAPID)


def _backup_key(file: Path) -> Iterator[Finding]:
    subject = "backup key"
    try:
        text = file.read_text("utf-8")
        read_public(text)
    except OSError:
        yield wrong(subject, "MICROBLOG_BACKUP_KEY cannot be read", "may this user read it?")
    except (BadBackupKey, UnicodeDecodeError) as error:
        yield wrong(subject, str(error), "microblogd backup-key makes both halves")
    else:
        yield good(subject, "backups are sealed; only its private half opens them")


def _secret_file(subject: str, file: Path, name: str) -> Iterator[Finding]:
    mode = None
    with suppress(OSError):
        mode = file.stat().st_mode
    if mode is None or not os.access(file, os.R_OK):
        yield wrong(
            subject, f"{name} is missing, or this user cannot read it", "chown and chmod it"
        )
    elif mode & OTHERS:
        yield wrong(subject, f"others than this user may read {name}", "chmod 600, on that file")
    else:
        yield good(subject, f"only this user may read {name}")
