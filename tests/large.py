"""A practice as large as one person's work gets: many streams, each with hundreds of posts.

    large = Large.make(40, 500)                Asha and Ben follow them all; the newest posts mixed
    large.store(folder)                        into the data of a server that is not running
    large.key_file(origin)                     Ben's keys, to be opened in a browser

Everyone and everything in it is invented, and the same numbers give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from microblog.protocol.vault import Keys, seal_vault
from microblog.service.directory import Directories
from microblog.service.logs import append
from microblog.service.sessions import DEVICE, Who
from microblog.store.db import Site, write_in
from tests.practice import Child, Practice
from tests.vectors.practice import START, Staff, fresh, staff

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "invented lamp river seven coat"
BEN = "Ben"
HOUR_MS = 60 * 60 * 1000


@dataclass(slots=True)
class Large:
    """A practice with its streams, in the order in which they were begun."""

    practice: Practice
    children: list[Child] = field(default_factory=list)

    @classmethod
    def make(cls, streams: int, posts: int, practice: Practice | None = None) -> Large:
        """Return so many streams, whose posts come in turn, one every hour."""
        large = cls(practice or Practice(START))
        ben = staff(BEN) if practice else large.practice.admit(BEN)
        for number in range(streams):
            child = large.practice.child(f"Sample {number + 1}")
            child.grant(large.practice.asha, ben)
            large.children.append(child)
        large.post(posts)
        return large

    def post(self, posts: int) -> None:
        """Have so many posts more in every stream, all by Asha."""
        for number in range(posts):
            for place, child in enumerate(self.children):
                child.now += HOUR_MS // len(self.children) * (place + 1)
                child.post(self.practice.asha, f"Invented post {number + 1} of stream {place + 1}.")
                child.now += HOUR_MS - HOUR_MS // len(self.children) * (place + 1)

    def store(self, folder: Path) -> None:
        """Append it all, as the server's own service does after it has checked who sends."""
        directories = Directories()
        who = Who(DEVICE, self.practice.asha.id, self.practice.asha.device)
        for log in (self.practice.directory, *self.children):
            entries = log.entries
            write_in(Site(folder), partial(append, directories=directories, who=who, log=log.log,
                                     entries=entries, now=log.now))  # fmt: skip

    def key_file(self, origin: str, who: Staff | None = None) -> bytes:
        """Return someone's keys as a file, Ben's unless told otherwise."""
        who = who or staff(BEN)
        keys = Keys(
            self.practice.fingerprint, origin, who.id, who.seed, who.box_secret,
            (who.reading_secret,),
        )  # fmt: skip
        return seal_vault(keys, PASSPHRASE, fresh("vault salt", 16), fresh("vault nonce", 24))
