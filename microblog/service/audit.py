"""Whether all that is stored is what it must be: every log verified, all beside it compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from microblog.protocol.entry import DIRECTORY, Entry, check_body
from microblog.protocol.errors import ProtocolError, Unreadable
from microblog.service import projections
from microblog.service.projections import name_log
from microblog.service.stored import entry_row, load_entry
from microblog.store import boxes, integrity, logs
from microblog.store.logs import ERASED, HeadRow


@dataclass(slots=True)
class Findings:
    """What was walked, and what is wrong with it, a line each."""

    logs: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)


def check(session: Session) -> Findings:
    """Verify everything and return what differs."""
    found = Findings(faults=integrity.check_pages(session))
    derived = projections.derive(session)
    found.faults += derived.faults
    found.faults += projections.compare(session, derived)
    for log in logs.read_logs(session):
        found.logs += 1
        _check_log(session, log, derived.fates.get(log, {}), found)
    found.faults += [
        f"log {name_log(log)} seq {seq}: words without an entry"
        for log, seq in integrity.read_lost_bodies(session)
    ]
    return found


def glance(session: Session) -> list[str]:
    """Return what the database finds wrong with itself at a glance; no log is verified."""
    return integrity.glance_at_pages(session)


def read_heads(session: Session) -> dict[bytes, HeadRow]:
    """Return the heads of all logs."""
    return logs.read_heads(session)


def count_strangers(session: Session, heads: Mapping[bytes, HeadRow]) -> int:
    """Return how many of these heads are of no log here, or of one with another history."""
    return sum(logs.read_ids(session, log, head.seq, 1) != [head.id] for log, head in heads.items())


def rebuild(session: Session) -> list[str]:
    """Put what follows from the logs in its place; return what differed.

    Raises:
        ValueError: a log does not verify, so nothing was changed.
    """
    derived = projections.derive(session)
    if derived.faults:
        raise ValueError(derived.faults[0])
    differences = projections.compare(session, derived)
    if differences:
        projections.replace(session, derived)
    return differences


def _check_log(session: Session, log: bytes, fates: dict[int, int], found: Findings) -> None:
    name, time, epoch = name_log(log), 0, 0
    columns = logs.read_columns(session, log)
    for stored, row in zip(logs.walk_entries(session, log), columns, strict=True):
        found.entries += 1
        where = f"log {name} seq {stored.seq}"
        try:
            entry = load_entry(stored)
        except ProtocolError:
            continue
        if entry_row(entry) != row:
            found.faults.append(f"{where}: a column is not what the header says")
        if entry.header.time < time:
            found.faults.append(f"{where}: time is before the entry's before it")
        time, epoch = entry.header.time, max(epoch, entry.header.epoch)
        erased = fates.get(stored.seq, 0) >= ERASED
        if erased and (stored.body is not None or stored.salt is not None):
            found.faults.append(f"{where}: its words are still there, and were to be erased")
        if not erased and not _has_words(entry):
            found.faults.append(f"{where}: its words are missing, or not what the header says")
    if log != DIRECTORY:
        late = {number for number, _ in boxes.read_places(session, log) if number > epoch}
        found.faults += [f"log {name}: boxes of epoch {number}, which is not" for number in late]


def _has_words(entry: Entry) -> bool:
    try:
        check_body(entry)
    except Unreadable:
        return False
    return True
