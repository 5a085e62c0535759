"""When somebody last looked whether there is anything to tell, and what came of it."""

from contextlib import suppress

from sqlalchemy.orm import Session

from microblog.store import mailings, notices
from microblog.store.errors import StoreError
from microblog.store.ledger import NOTICES, read_ledger
from microblog.store.site import Site


def read_round_ups_looked(site: Site) -> int:
    """Return when round-ups were last looked after; 0: never, or nobody can say."""
    with suppress(StoreError):
        return read_ledger(site, _round_ups) or 0
    return 0


def read_notices_looked(site: Site) -> int:
    """Return when notices were last looked after; 0: never, or nobody can say."""
    with suppress(StoreError):
        return read_ledger(site, _notices, NOTICES) or 0
    return 0


def count_round_ups(site: Site) -> dict[str, int]:
    """Return how many mails of the last thirty days are in each state."""
    with suppress(StoreError):
        return read_ledger(site, mailings.count_states) or {}
    return {}


def _round_ups(session: Session) -> int:
    return mailings.read_looked(session) or 0


def _notices(session: Session) -> int:
    return notices.read_looked(session) or 0
