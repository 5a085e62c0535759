"""Generated practices, and every private word that is in each: what no mail or notice may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from microblog.protocol.about import About, encode_about
from microblog.protocol.post import HOWS, KINDS, OUTCOMES, SIDES, SURES, Post, encode_post
from tests.practice import AGENCY
from tests.vectors.practice import fresh, staff

if TYPE_CHECKING:
    from random import Random

    from tests.office import Office
    from tests.practice import Child

#: What a post is marked with, as it is kept and as it is shown; looked for as whole words.
MARKS = (*KINDS, *SURES, *SIDES, *HOWS, *OUTCOMES, "worried", "not safe", "safe enough", "hunches",
         "child's words", "working well", "not let in", "nobody in", "was not brought", "niggle",
         "supervisor", "keeper", "follower", "steward", "teacher", "school", "council", "health",
         "police", "housing", "household", "child", "danger", "score")  # fmt: skip
SYLLABLES = ("bru", "dax", "fen", "gli", "hov", "jax", "kru", "lom", "mib", "nur", "pov", "quib",
             "rast", "skel", "tov", "uzz", "vay", "wex", "xil", "yorv", "zam")  # fmt: skip


@dataclass
class Invented:
    """A generated practice, and every private word that is in it."""

    office: Office
    chance: Random
    words: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)

    def word(self) -> str:
        """Return a private word that no one has used, here or elsewhere."""
        found = "".join(self.chance.choice(SYLLABLES) for _ in range(4))
        self.words.add(found)
        return found.title()

    def settle(self) -> None:
        """Have people with names and jobs, two agencies, children, and posts of every kind."""
        host, chance = self.office.host, self.chance
        directory = host.practice.directory
        directory.add(staff("Asha"), "agency", [fresh("other", 16), self.word(), "health"], [])
        directory.add(staff("Asha"), "agency", [AGENCY, self.word(), "school"], [])
        self.names = names = [f"p{number}" for number in range(chance.randint(2, 4))]
        for number, name in enumerate(names):
            role = "practitioner" if number == 0 else "supervisor"
            self.office.admit(name, role, f"{name}@c.example")
            named = [f"{self.word()} {self.word()}", self.word()]
            directory.add(staff("Asha"), "change", [staff(name).id, AGENCY, role, 0], named)
            host.send()
        self.children = [self.begin(names) for _ in range(chance.randint(1, 9))]
        self.office.at("2026-09-21 16:00")
        self.office.round()
        self.write()

    def begin(self, names: list[str]) -> Child:
        practice, keeper = self.office.host.practice, staff(names[0])
        child = practice.child(self.word(), keeper)
        child.add(keeper, "about", [], encode_about(About(sort="child", name=self.word(),
                                                          known_as=(self.word(),))))  # fmt: skip
        for name in names[1:]:
            child.grant(keeper, staff(name))
        self.office.host.callers[names[0]].append_all(child)
        return child

    def write(self) -> None:
        """Post on every stream, or on some."""
        for child in self.children:
            self.write_on(child)

    def write_on(self, child: Child) -> None:
        chance, author = self.chance, staff(self.names[0])
        since = len(child.entries)
        for _ in range(chance.randint(0, 4)):
            kind = chance.choice(KINDS)
            post = Post(
                text=f"{self.word()} {self.word()} seemed {self.word()}",
                kind=kind,
                sure=chance.choice(("", *SURES)),
                scale=chance.choice(("", "0", "7")),
                side=chance.choice(("", *SIDES)),
                source=self.word(),
                original=self.word(),
                outcome=chance.choice(OUTCOMES) if kind == "visit" else "",
                reason=self.word() if kind == "decision" else "",
            )
            child.add(author, "post", [chance.choice((0, 0, 1))], encode_post(post))
        if len(child.entries) > since:
            self.office.host.callers[self.names[0]].append_all(child, since)
