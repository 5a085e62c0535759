"""What a steward settles in the directory, and what each says of themselves."""

from collections.abc import Mapping, Sequence

from microblog.client import writing
from microblog.client.messages import Change, Issued
from microblog.client.sending import send_to_directory
from microblog.client.session import Session, read_id
from microblog.client.shown import PhoneNumber
from microblog.client.writing import Fresh, Place, Profile, Staff
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.errors import NotAllowed
from microblog.protocol.invitation import (
    LETTERS_BYTES,
    LIFE_MS,
    SECRET_BYTES,
    derive_invitation_seed,
    encode_fragment,
    encode_letters,
)
from microblog.protocol.primitives import signing_key
from microblog.protocol.staff import Agency, Number, Policy


def add_agency(session: Session, name: str, sort: str) -> str:
    """Enter an agency and return its id."""
    agency = Agency(session.world.random(len(DIRECTORY)), name, sort)
    send_to_directory(
        session, lambda place, fresh: writing.add_agency(session.writer, place, fresh, agency)
    )
    return encode_base64url(agency.id)


def invite(
    session: Session, name: str, job: str, agency: str, role: str, formerly: str = ""
) -> Issued:
    """Keep a place for someone, and return the link and the letters that let them take it.

    The link and the letters must travel two ways: who has both can take the place. `formerly`: whom
    they were before they lost every device.
    """
    random = session.world.random
    secret, letters = random(SECRET_BYTES), encode_letters(random(LETTERS_BYTES))
    fingerprint = session.keys.fingerprint
    key = signing_key(derive_invitation_seed(secret, letters, fingerprint))
    staff = Staff(
        person=random(len(DIRECTORY)), name=name, job=job, agency=read_id(agency), role=role,
        formerly=read_id(formerly),
    )  # fmt: skip

    def write(place: Place, fresh: Fresh) -> Entry:
        expiry = place.time + LIFE_MS
        return writing.invite(session.writer, place, fresh, staff, key, expiry)

    expiry = send_to_directory(session, write).header.time + LIFE_MS
    link = f"{session.keys.origin}/join#{encode_fragment(secret, fingerprint)}"
    return Issued(link=link, letters=f"{letters[:4]} {letters[4:]}", expiry=expiry)


def revoke_invite(session: Session, invite_id: str) -> None:
    """Take an unused invitation back."""
    spent = read_id(invite_id)
    send_to_directory(
        session, lambda place, fresh: writing.revoke_invite(session.writer, place, fresh, spent)
    )


def change_person(session: Session, change: Change) -> None:
    """Change someone's name, job, agency or role, or say that they have left, which is final."""
    staff = Staff(
        person=read_id(change.person),
        name=change.name,
        job=change.job,
        agency=read_id(change.agency),
        role=change.role,
        left=change.left,
    )
    send_to_directory(
        session, lambda place, fresh: writing.change_person(session.writer, place, fresh, staff)
    )


def set_profile(
    session: Session,
    phone: str,
    email: str,
    supervisor: str | None = None,
    deputies: Sequence[str] | None = None,
) -> None:
    """Say how to reach me, who supervises me, and who does when they are away; None: as it was.

    It lets nobody in anywhere: keepers are asked whether to.

    Raises:
        NotAllowed: one of them is not known here, or is me.
        As `send_to_directory`.
    """

    def write(place: Place, fresh: Fresh) -> Entry:
        me = session.directory.persons[session.me]
        profile = Profile(
            phone=phone,
            email=email,
            supervisor=me.supervisor if supervisor is None else read_id(supervisor),
            deputies=me.deputies if deputies is None else tuple(map(read_id, deputies)),
        )
        if session.me in (profile.supervisor, *profile.deputies):
            raise NotAllowed("nobody supervises themselves")
        return writing.set_profile(session.writer, place, fresh, profile)

    send_to_directory(session, write)


def set_rules(session: Session, rules: Mapping[str, int]) -> None:
    """Settle some of the practice's rules; those not named, and all else, stay as they are."""

    def write(place: Place, fresh: Fresh) -> Entry:
        old = session.directory.policy
        name, numbers, retention = (old.name, old.numbers, old.retention) if old else ("", (), ())
        settled = {**(old.rules if old else {}), **rules}
        return writing.set_policy(
            session.writer, place, fresh, Policy(name, numbers, retention, settled)
        )

    send_to_directory(session, write)


def set_policy(session: Session, practice: str, numbers: Sequence[PhoneNumber]) -> None:
    """Settle the practice's name and the numbers to ring; retention and rules stay as they are."""
    rows = tuple(
        Number(read_id(row.agency_id), row.label, row.number, row.hours) for row in numbers
    )

    def write(place: Place, fresh: Fresh) -> Entry:
        old = session.directory.policy
        retention, rules = (old.retention, old.rules) if old else ((), {})
        policy = Policy(practice, rows, retention, rules)
        return writing.set_policy(session.writer, place, fresh, policy)

    send_to_directory(session, write)
