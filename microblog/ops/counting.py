"""What is counted beside requests: the writer, round-ups, notices, backups; as numbers alone.

Each is a name, a sentence, a value, labels, and whether it only grows: what `web.metrics` shows.
"""

from collections.abc import Iterator

from microblog.ops.sealing import read_backed_up
from microblog.ops.site import site_of
from microblog.service import looks
from microblog.settings import Settings
from microblog.store.db import Database

Number = tuple[str, str, float, tuple[tuple[str, str], ...], bool]


def read_numbers(settings: Settings, database: Database) -> Iterator[Number]:
    """Yield all of them, as they are now."""
    site = site_of(settings)
    work = database.count_work()
    if work is not None:
        waiting, commits, jobs, failed = work
        yield "microblog_writer_waiting", "Pieces of work that wait.", waiting, (), False
        yield "microblog_writer_commits", "Commits, each of a group of pieces.", commits, (), True
        yield "microblog_writer_jobs", "Pieces of work that were committed.", jobs, (), True
        yield "microblog_database_errors", "Pieces that the database failed.", failed, (), True
    for state, count in looks.count_round_ups(site).items():
        label = (("state", state),)
        yield "microblog_round_ups", "Mails of the last thirty days.", count, label, False
    for name, looked in (
        ("round-ups", looks.read_round_ups_looked(site)),
        ("notices", looks.read_notices_looked(site)),
    ):
        label = (("what", name),)
        words = "When somebody last looked what is due; 0: never."
        yield "microblog_looked_time_seconds", words, looked / 1000, label, False
    made = read_backed_up(settings.data) / 1000
    yield "microblog_backup_time_seconds", "When a backup was last made; 0: never.", made, (), False
