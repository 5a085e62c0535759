"""A practice, empty or with two people around one child; letters are stretched quickly."""

from __future__ import annotations

import pytest

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.session import Session
from microblog.client.witnesses import add_witness
from tests.client.practice import Clock, Practice, begin, id_of
from tests.lying.server import HonestServer
from tests.lying.witness import Witness


@pytest.fixture(autouse=True)
def _quick_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch spoken letters with the least work that Argon2id takes."""
    monkeypatch.setattr("microblog.protocol.invitation.MEMORY_KIB", 8)
    monkeypatch.setattr("microblog.protocol.invitation.PASSES", 1)


@pytest.fixture
def practice() -> Practice:
    """Return a practice that is not founded yet."""
    clock = Clock()
    return Practice(HonestServer(clock), clock)


@pytest.fixture
def team_of_two(practice: Practice) -> tuple[Practice, Session, Session, str]:
    """Return Ann (keeper) and Bea, who both follow one child, and its log."""
    ann, bea = practice.found(), practice.join("Bea", agency="Health")
    log = begin(ann, "Rosie Turner")
    refresh(ann)
    team.grant(ann, log, id_of(bea), "follower", "health visitor")
    refresh(bea)
    return practice, ann, bea, log


@pytest.fixture
def watched(
    team_of_two: tuple[Practice, Session, Session, str],
) -> tuple[Practice, Session, Session, str, Witness]:
    """Return a practice whose steward has named a witness that has looked once."""
    practice, ann, bea, log = team_of_two
    witness = Witness(practice.server)
    add_witness(ann, witness.key)
    witness.look()
    refresh(ann)
    refresh(bea)
    return practice, ann, bea, log, witness
