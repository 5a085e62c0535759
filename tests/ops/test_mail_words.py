"""Mails of many generated practices: no private word in any header, body or command."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from microblog.app import create_app
from microblog.service.line import MAX_SEPTETS, count_septets
from tests.databases import settings_on
from tests.hosting import ORIGIN, Clock, Host
from tests.office import Office
from tests.ops.inventing import MARKS, Invented
from tests.postbox import Letter, Postbox
from tests.vectors.practice import START

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from microblog.store.db import Site

HEADERS = {"Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version",
           "Content-Type", "Content-Transfer-Encoding"}  # fmt: skip
MORNING = "2026-09-22 08:00"


def mails(invented: Invented) -> tuple[Letter, ...]:
    """Return what is mailed at once, and in the morning."""
    office = invented.office
    since = len(office.box.letters)
    office.round()
    office.at(MORNING)
    office.round()
    return tuple(office.box.letters[since:])


def hits(letter: Letter, words: set[str]) -> list[str]:
    """Return what a mail should not hold: private words, other headers, a line that is too long."""
    parsed = letter.parsed
    found = [f"header {name}" for name in parsed if name not in HEADERS]
    whole = letter.data.decode("ascii").lower()
    found += [word for word in words if word in whole]
    # A stream's two words are from a list, and stand in brackets; the sender's is a setting.
    rest = re.sub(r"\([a-z0-9, +]*\)", "", whole).replace("council.example", "")
    found += [mark for mark in MARKS if re.search(rf"\b{re.escape(mark)}\b", rest)]
    if count_septets(letter.line) > MAX_SEPTETS or "\n" in letter.line:
        found.append("a line that is too long")
    return found


@pytest.fixture
def invent(
    new_site: Callable[[Path], Site], tmp_path: Path, postbox: Postbox
) -> Callable[[Random], Invented]:
    """Return what makes a practice; one at a time."""
    made: list[Host] = []

    def make(chance: Random) -> Invented:
        while made:
            made.pop().close()
        site = new_site(tmp_path / f"{chance.getrandbits(64):x}")
        clock = Clock(START)
        host = Host(create_app(settings_on(site, ORIGIN), clock), site, clock)
        made.append(host)
        host.found()
        invented = Invented(Office(host, postbox), chance)
        invented.settle()
        return invented

    yield make
    for host in made:
        host.close()


@pytest.mark.trial(small=3, great=1000)
def test_no_mail_of_any_practice_holds_a_private_word(invent, trials, record_property):
    letters, words = 0, 0
    for number in range(trials.count):
        invented = invent(trials.random(number))
        found = mails(invented)
        faults = [(number, hit) for it in found for hit in hits(it, invented.words)]
        assert faults == []
        letters, words = letters + len(found), words + len(invented.words)
    record_property("trial", f"{trials.count} practices, {letters} mails, {words} words: 0 hits")
    assert letters > trials.count


def test_a_planted_leak_is_found(invent):
    invented = invent(Random(1))
    letter = next(it for it in mails(invented) if " new on " in it.line)
    word = min(invented.words).encode()
    plants = [
        (b"microblog round-up\r\n", b"microblog round-up: %s\r\n" % word.title()),
        (b"To: ", b"To: %s " % word),
        (b"Message-ID: <", b"Message-ID: <" + word),
        (b" new on ", b" new (%s) on " % word.upper()),
        (b" new on ", b" new visit on "),
        (b" stream", b" child's words"),
        (b"Auto-Submitted", b"X-Stream: 1\r\nAuto-Submitted"),
        (b" new on ", b" new on" + b" " * 160),
        (b"#/round-up\r\n", b"#/round-up\r\nand more\r\n"),
    ]
    assert hits(letter, invented.words) == []
    for honest, planted in plants:
        assert honest in letter.data
        leaking = replace(letter, data=letter.data.replace(honest, planted, 1))
        assert len(hits(leaking, invented.words)) == 1, planted
