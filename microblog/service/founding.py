"""The founding link: good once, for a day, for whoever has seen the server's own terminal.

Its token's hash is a mark beside what people write, because the operator's command makes a new one
while the server runs. The link is used up when the
practice is founded; it can be opened again until then, so that a lost answer costs nothing, but
only the newest session of it counts.
"""

import hashlib
import hmac
import json

from sqlalchemy.orm import Session

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.service.errors import SignedOut
from microblog.store import logs
from microblog.store.marks import Marks

TOKEN_BYTES = 32
LIFE_MS = 24 * 60 * 60 * 1000

_MARK = "founding"


def is_founded(session: Session) -> bool:
    """Return whether the practice has a first entry."""
    return logs.read_head(session, DIRECTORY) is not None


def find_fingerprint(session: Session) -> bytes | None:
    """Return the practice's fingerprint, the id of its first entry; None before the founding."""
    return next(iter(logs.read_ids(session, DIRECTORY, 0, 1)), None)


def issue_token(marks: Marks, token: bytes, now: int) -> str:
    """Make `token` the one that founds, in place of any before; return what stands after `#`.

    Raises:
        OSError: the mark cannot be written.
        StoreError: likewise.
    """
    record = {"hash": _hash(token), "expires": now + LIFE_MS}
    marks.put(_MARK, json.dumps(record).encode())
    return encode_base64url(token)


def check_token(marks: Marks, token: bytes, now: int) -> None:
    """Check that a token is the newest that was issued, and not out of date.

    Raises:
        SignedOut: it is not.
    """
    try:
        record = json.loads(marks.read(_MARK) or b"")
    except (OSError, ValueError):
        raise SignedOut from None
    if not hmac.compare_digest(record["hash"], _hash(token)) or now >= record["expires"]:
        raise SignedOut


def forget_token(marks: Marks) -> None:
    """Remove the token, once the practice is founded."""
    marks.remove(_MARK)


def _hash(token: bytes) -> str:
    return hashlib.sha256(token).hexdigest()
