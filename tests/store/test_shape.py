"""The shape that lets the data be spread over servers by log, and be read where they lie together.

What belongs to a log is keyed by the log first. What does not belongs to a person, or to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from microblog.store.tables import Base

if TYPE_CHECKING:
    from sqlalchemy import Table

#: Of one log each: they lie, and move to another server, with it.
OF_A_LOG = {"entry", "body", "box", "log_head", "follower", "witnessed", "ask"}
#: Who is here follows from the directory, which every server has whole; the rest is what a person
#: has one of, a session, or of nobody in particular.
OF_A_PERSON = {"person", "device", "push", "round_up_choice", "own_note", "session"}
OF_NOBODY = {"link", "challenge", "challenge_key", "server_mark"}
#: Beside its key: whose it is, when it ends, that it is unique. Never another order of a log.
OTHER_INDEXES = {
    "follower": ["person", "log"],
    "ask": ["person"],
    "device": ["person"],
    "push": ["person"],
    "session": ["person", "expires"],
    "link": ["expires"],
    "challenge": ["expires"],
}


def key_of(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def test_every_table_is_of_a_log_a_person_or_nobody():
    assert {*Base.metadata.tables} == OF_A_LOG | OF_A_PERSON | OF_NOBODY


def test_what_is_of_a_log_is_keyed_by_it_first():
    for name in OF_A_LOG:
        assert key_of(Base.metadata.tables[name])[0] == "log", name
    for name in OF_A_PERSON | OF_NOBODY:
        assert "log" not in Base.metadata.tables[name].columns, name


def test_no_row_points_across_logs():
    """No foreign keys: what one log holds never waits for a row of another."""
    assert [it for it in Base.metadata.tables.values() if it.foreign_keys] == []


def test_there_are_no_indexes_but_these():
    found: dict[str, list[str]] = {}
    for table in Base.metadata.tables.values():
        for index in sorted(table.indexes, key=lambda it: str(it.name), reverse=True):
            found.setdefault(table.name, []).extend(column.name for column in index.columns)
    assert {name: sorted(columns) for name, columns in found.items()} == {
        name: sorted(columns) for name, columns in OTHER_INDEXES.items()
    }


def test_nothing_is_kept_for_each_follower_of_a_post():
    """What grows with posts are entries and bodies alone."""
    with_a_seq = {it.name for it in Base.metadata.tables.values() if "seq" in key_of(it)}
    assert with_a_seq == {"entry", "body"}
