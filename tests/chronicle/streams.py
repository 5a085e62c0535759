"""Streams that are invented at random: posts as they are shown, of every sort and state."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from microblog.client.columns import join_original, join_remarks
from microblog.client.shown import Person, Post, Withdrawn
from tests.client.posts import LOG, PLAIN, person

DAY_MS = 86_400_000
START = 1_770_000_000_000
PEOPLE = [
    person("Ann Lee"),
    person("Sample · Ben", "North Street Primary", "class teacher"),
    person("Zoë O\u2019Hara \\ Long", "Community · Health", ""),
    replace(person("gone"), name=""),
]
TEXTS = [
    "Quieter than last week.",
    "=SUM(A1)",
    "ends like one with remarks\n[Remarks: copied by hand]",
    "[Remarks: nothing else]",
    "[Remarks: ]",
    "two\n\nlines; and a third\n",
    "هادئة جدا اليوم 🙂",
    "Not let in again, the curtains drawn. " * 7,
    "'+44 quoted",
]
MOMENTS = [
    "2026", "2025-12", "2026-02-28", "2024-02-29", "2026-03-29T01:30", "2026-10-25T01:30",
    "2025-12-31T23:59", "2026-01-01T00:00", "2026-05-03T09:05",
]  # fmt: skip
KINDS = ["hunch", "observation", "told", "words", "records", "visit", "decision"]
STATES = ["erased", "destroyed", "void", "withheld", "waiting"]


def invent(random: Random, count: int, log: str = LOG) -> list[Post]:
    """Return the posts of a stream, in its order."""
    posts: list[Post] = []
    for seq in range(1, count + 1):
        post = _post(random, seq, log, posts)
        if random.random() < 0.12:
            post = _without_words(random, post)
        elif random.random() < 0.3:
            post = _brought_in(random, post)
        posts.append(post)
    return posts


def _post(random: Random, seq: int, log: str, before: list[Post]) -> Post:
    kind, often = random.choice(KINDS), random.random
    answered = [one.id for one in random.sample(before, min(len(before), random.choice((0, 1, 2))))]
    how = random.choice(["same", "different", "correction", "copied"]) if answered else ""
    withdrawn = Withdrawn(
        by=random.choice(PEOPLE), time=START + seq * DAY_MS, why=random.choice(["", "a\nmix; up"])
    )
    taken_back = often() < 0.1
    return replace(
        PLAIN,
        log=log,
        seq=seq,
        id=f"{log[:2]}post-{seq}",
        author=random.choice(PEOPLE),
        time=START + seq * DAY_MS // 3 + random.randrange(DAY_MS),
        text="" if how and often() < 0.5 else random.choice(TEXTS),
        kind=kind,
        sure=random.choice(["", "niggle", "fairly", "sure"]),
        scale=random.choice(["", "0", "4", "10"]),
        side=random.choice(["", "well", "worried"]),
        happened=random.choice(["", "", *MOMENTS]),
        written=START + seq * DAY_MS // 3,
        refers=tuple(answered),
        how=how,
        source="grandmother; neighbour · 3" if kind in ("told", "records") else "",
        outcome=random.choice(["seen", "alone", "not-let-in"]) if kind == "visit" else "",
        reason="three failed visits" if kind == "decision" else "",
        review="2026-12-31" if kind == "decision" else "",
        nudge=often() < 0.1,
        doubtful=often() < 0.05,
        odd_time=often() < 0.05,
        newer=often() < 0.03,
        state="withdrawn" if taken_back else "shown",
        withdrawn=withdrawn if taken_back else None,
    )


def _without_words(random: Random, post: Post) -> Post:
    blank = dict.fromkeys(
        ("text", "kind", "sure", "scale", "side", "happened", "how", "source", "outcome",
         "reason", "review"), "",
    )  # fmt: skip
    state = random.choice(STATES)
    return replace(post, **blank, refers=(), state=state, withdrawn=None, newer=False, written=0)


def _brought_in(random: Random, post: Post) -> Post:
    by: Person = random.choice(PEOPLE)
    remarks = random.choice(["", "from the old file", "Supervisors were told; on paper"])
    return replace(
        post,
        text=join_remarks(post.text or "An old note.", remarks),
        original=random.choice(["", join_original(by.name, by.job, by.agency), "J. Smith (HV)"]),
        row="cm93",
        quiet=True,
        nudge=False,
    )
