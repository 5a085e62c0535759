"""How many bytes a post takes in the database, against those that were signed and sent."""

from __future__ import annotations

import random

from microblog.protocol.encoding import encode
from microblog.store import engine as sqlite
from microblog.store import postgres
from microblog.store.copying import add_batch
from microblog.store.tables import bodies, entries
from tests.databases import run_sql
from tests.practice import Practice
from tests.vectors.practice import START, fresh

#: Written to as many logs in turn, a few at a time.
POSTS, LOGS, TOGETHER = 6000, 20, 30
#: What an entry's own bytes may become: entry, words, and their places in the tables' keys.
MOST = {"sqlite": 1.2, "postgresql": 1.4}


def fill(site, post) -> None:
    """Store posts as a server would, but for their signatures."""
    chance, header = random.Random(1), post.header
    logs = [fresh(f"log {number}", 16) for number in range(LOGS)]
    opened = (
        postgres.open_for_writing(site) if site.is_shared else sqlite.open_for_writing(site.folder)
    )
    with opened.connect() as connection:
        for first in range(0, POSTS, TOGETHER):
            log, seq = logs[first // TOGETHER % LOGS], first // TOGETHER // LOGS * TOGETHER
            connection.exec_driver_sql("BEGIN")
            add_batch(connection, entries, [
                (log, seq + it, chance.randbytes(32), "post", header.author, START + it, 0, 0,
                 chance.randbytes(len(post.raw_header)), chance.randbytes(64))
                for it in range(TOGETHER)])  # fmt: skip
            add_batch(connection, bodies, [
                (log, seq + it, chance.randbytes(len(post.body)), chance.randbytes(32))
                for it in range(TOGETHER)])  # fmt: skip
            connection.exec_driver_sql("COMMIT")
    opened.dispose()


def stored_bytes(site) -> int:
    if site.is_shared:
        [(size,)] = run_sql(
            site, "SELECT pg_total_relation_size('entry') + pg_total_relation_size('body')"
        )
        return int(size)
    ((pages,),) = run_sql(site, "PRAGMA page_count")
    return pages * sqlite.PAGE_BYTES


def test_a_post_takes_little_more_than_its_own_bytes(site, dialect, record_property):
    practice = Practice(START)
    post = practice.child("Ada").post(practice.asha)
    own = len(encode([post.raw_header, post.signature, post.body, post.salt, []]))
    before = stored_bytes(site)
    fill(site, post)
    ratio = (stored_bytes(site) - before) / POSTS / own
    record_property("ratio", round(ratio, 3))
    assert 1 < ratio <= MOST[dialect], ratio
