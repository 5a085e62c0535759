"""The recovery sheet, from its draft to a device of mine that is made of paper.

It counts once two of its groups were typed back from the paper: a sheet that cannot be read, or was
never printed, would be found out when it is too late.
"""

from dataclasses import dataclass

from microblog.client.admitting import NewDevice
from microblog.client.devices import add_device
from microblog.client.messages import Sheet
from microblog.client.session import Session, Waiting, check_trusted
from microblog.client.showing import practice_name, show_person
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.device import sign_device
from microblog.protocol.primitives import box_key, signing_key
from microblog.protocol.recovery import (
    GROUP,
    GROUPS,
    SECRET_BYTES,
    check_group,
    derive_box_secret,
    derive_device_seed,
    encode_sheet,
    encode_sheet_link,
)
from microblog.protocol.recovery import Sheet as SheetLink

PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Draft:
    """A sheet that does not count yet: its secret, its letters, and what is printed on it."""

    secret: bytes
    letters: str
    shown: Sheet


def draft_sheet(session: Session) -> Draft:
    """Return a fresh sheet, to be put on paper.

    Raises:
        InTrouble: the directory cannot be trusted.
        Waiting: nothing of it is here yet.
    """
    check_trusted(session)
    head = session.directory.head
    if head is None:
        raise Waiting("nothing of the directory is here yet")
    fingerprint = session.keys.fingerprint
    secret = session.world.random(SECRET_BYTES)
    letters = encode_sheet(secret)
    link = encode_sheet_link(SheetLink(secret, fingerprint, head))
    return Draft(secret, letters, Sheet(
        letters=tuple(letters[at : at + GROUP] for at in range(0, len(letters), GROUP)),
        link=f"{session.keys.origin}/recover#{link}",
        practice=practice_name(session.directory),
        name=show_person(session.directory, session.me).name,
        fingerprint=encode_base64url(fingerprint),
        directory=(head.seq, encode_base64url(head.id)),
        asked=_asked(session.world.random(2)),
    ))  # fmt: skip


def keep_sheet(session: Session, draft: Draft, typed: tuple[str, str]) -> None:
    """Enter a sheet as a device of mine, once what was asked for was typed back from it.

    Raises:
        BadLetters: it was not; `group` says where.
        Waiting, InTrouble, ProtocolError, Refused, Unreachable: see `devices.add_device`.
    """
    for text, group in zip(typed, draft.shown.asked, strict=True):
        check_group(text, draft.letters, group)
    fingerprint = session.keys.fingerprint
    seed = derive_device_seed(draft.secret, fingerprint)
    box = box_key(derive_box_secret(draft.secret, fingerprint))
    signature = sign_device(seed, fingerprint, session.me, box, 0)
    add_device(session, NewDevice(
        key=signing_key(seed), box_key=box, name="", sort=PAPER, until=0, signature=signature
    ))  # fmt: skip


def _asked(random: bytes) -> tuple[int, int]:
    first = random[0] % GROUPS
    second = (first + 1 + random[1] % (GROUPS - 1)) % GROUPS
    return min(first, second), max(first, second)
