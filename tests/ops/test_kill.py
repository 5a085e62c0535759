"""`kill -9` during writes: all that was acknowledged is there once, in its place, and no more."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
import requests

from microblog.protocol.entry import Entry, decode_entry
from microblog.protocol.post import Post, encode_post
from tests.practice import Child, Practice
from tests.vectors.practice import Staff, staff

if TYPE_CHECKING:
    import random

    from tests.asking import Caller
    from tests.serving import Server

WRITERS = 4


class Author:
    """Posts to a stream of their own as fast as they are answered, until told to stop."""

    def __init__(self, who: Staff, caller: Caller, child: Child) -> None:
        self.who, self.caller, self.child = who, caller, child
        self.acknowledged: list[Entry] = list(child.entries)
        # Sent and never answered: it may be there, but only whole and in its place.
        self.unanswered: list[Entry] = []
        self.stop = threading.Event()
        self.refusals: list[bytes] = []

    def run(self) -> None:
        while not self.stop.is_set():
            words = encode_post(Post(text=f"{len(self.child.entries)}"))
            entries = [self.child.add(self.who, "post", [0], words) for _ in range(3)]
            try:
                reply = self.caller.append(self.child.log, entries)
            except requests.RequestException:
                self.unanswered = entries
                return
            if reply.status != 201:
                self.refusals.append(reply.data)
                return
            self.acknowledged += entries

    def check(self) -> None:
        """Check that what was acknowledged is there, and send again what was not answered."""
        stored: list[bytes] = []
        while found := self.caller.fetch({self.child.log: len(stored)}).get(self.child.log):
            stored += found[0]
        there = [decode_entry(it).id for it in stored]
        known = [it.id for it in self.acknowledged]
        assert self.refusals == []
        assert there in (known, known + [it.id for it in self.unanswered])
        if self.unanswered:
            reply = self.caller.append(self.child.log, self.unanswered)
            assert reply.status == (201 if there == known else 200)
            self.acknowledged += self.unanswered
            self.unanswered = []


def settle(server: Server) -> list[Author]:
    """Found a practice with a stream for each writer."""
    practice, caller = Practice(time.time_ns() // 1_000_000), server.caller()
    caller.open_founding(server.founding_token())
    caller.append_all(practice.directory)
    caller.sign_in(practice.asha, practice)
    authors = []
    for number in range(WRITERS):
        child = practice.child(f"Child {number}")
        caller.append_all(child)
        own = server.caller()
        assert own.sign_in(staff("Asha"), practice).status == 201
        authors.append(Author(practice.asha, own, child))
    return authors


def write_and_kill(server: Server, authors: list[Author], chance: random.Random) -> None:
    threads = [threading.Thread(target=author.run) for author in authors]
    for thread in threads:
        thread.start()
    # Long enough to write, at a moment that nobody chose.
    time.sleep(0.05 + 0.3 * chance.random())
    server.kill()
    for thread in threads:
        thread.join()


@pytest.mark.trial(small=8, great=100)
def test_nothing_acknowledged_is_lost_doubled_or_moved_by_a_kill(server, trials):
    authors = settle(server)
    for number in range(trials.count):
        write_and_kill(server, authors, trials.random(number))
        server.start()
        for author in authors:
            author.check()
    done = server.command("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(len(it.acknowledged) for it in authors) > 2 * WRITERS + trials.count


def test_an_entry_that_was_acknowledged_and_is_gone_is_noticed(server):
    (author, *_) = settle(server)
    author.acknowledged.append(author.child.post(author.who))
    with pytest.raises(AssertionError):
        author.check()
