"""Naming a witness, and ending one: a steward's acts."""

from microblog.client.directory import compare_with_heads
from microblog.client.freshness import is_accused, save_heads
from microblog.client.sending import send_to_directory
from microblog.client.session import Session, check_trusted
from microblog.client.writing import Fresh, Place, plain
from microblog.protocol import shape
from microblog.protocol.base64url import decode_base64url
from microblog.protocol.entry import Entry

END = 0


def add_witness(session: Session, key: str) -> None:
    """Name a witness, as it gave its key: from now on its word is asked for.

    Raises:
        Malformed: it is not a key.
        As `send_to_directory`.
    """
    _name(session, key, ends=False)


def end_witness(session: Session, key: str) -> None:
    """End a witness: its word counts no more, and what it alone had stopped goes on.

    Raises:
        As `add_witness`.
    """
    _name(session, key, ends=True)
    compare_with_heads(session)
    save_heads(session)


def _name(session: Session, key: str, *, ends: bool) -> None:
    data = shape.octets(decode_base64url(key.strip()), (shape.KEY_BYTES,), "the key of a witness")

    def check(session: Session) -> None:
        # Else a witness that lies of the directory could be ended by nobody. It is all that is sent
        # then, and of no witness but one whose word it is (PROTOCOL.md 10).
        if not (ends and is_accused(session, data)):
            check_trusted(session)

    def write(place: Place, fresh: Fresh) -> Entry:
        since = END if ends else place.time
        return plain(session.writer, place, fresh, "witness", [data, since], [])

    send_to_directory(session, write, check)
