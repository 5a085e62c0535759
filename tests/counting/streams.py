"""Invented streams, as a client shows them post by post: plain rows, in the order posted.

The same random numbers give the same rows. They hold what real streams hold: texts in parts, rows
out of spreadsheets, corrections, answers, posts that were taken back or do not open, and days as
well as months, years and nothing for when it was.
"""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING, Any

from microblog.protocol.post import KINDS, OUTCOMES

if TYPE_CHECKING:
    from random import Random

Row = dict[str, Any]

AGENCIES = {"council": "Invented Council", "health": "Invented Health", "school": "Bridge School",
            "police": "Invented Police"}  # fmt: skip
SOURCES = ("mother", "Mother ", "the neighbour", "school caretaker", "THE  NEIGHBOUR")
ORIGINALS = (
    "",
    "Ada Sample · school nurse · Invented Health",
    "Old Team",
    "B. Sample · · Elsewhere",
)
GONE = ("withdrawn", "erased", "void", "withheld", "destroyed")
DAY_MS = 24 * 60 * 60 * 1000


def named(sort: str, number: int, size: int = 32) -> str:
    """Return an id that nothing else has."""
    raw = f"{sort} {number}".encode().ljust(size, b".")[:size]
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


LOG = named("stream", 1, 16)


def agencies() -> list[Row]:
    """Return the practice's agencies."""
    return [{"id": named(key, 0, 16), "name": name, "sort": key} for key, name in AGENCIES.items()]


def people() -> list[Row]:
    """Return those who post: three to an agency, but for one who is alone in theirs."""
    found = []
    for number in range(10):
        agency = agencies()[number % 4 if number != 9 else 0]
        found.append({
            "id": named("person", number, 16), "name": f"Invented {number}", "job": "worker",
            "agency": agency["name"], "agencyId": agency["id"], "role": "practitioner",
            "left": number == 7, "phone": "", "email": "", "supervisor": "", "deputies": [],
        })  # fmt: skip
    return found


def stream(random: Random, now: int, posts: int, days: int) -> list[Row]:
    """Return about so many posts of the days up to a moment."""
    staff = random.sample(people(), random.randint(2, 10))
    times = sorted(now - int(random.random() ** 1.5 * days * DAY_MS) for _ in range(posts))
    rows: list[Row] = []
    # Now and then somebody's whole agency falls silent for a while, up to now.
    silent = random.choice(staff)["agencyId"] if random.random() < 0.5 else ""
    since = now - random.randint(20, 120) * DAY_MS
    for time in times:
        author = random.choice(staff)
        if author["agencyId"] == silent and time > since:
            continue
        row = _post(random, author, time, len(rows))
        if random.random() < 0.1:
            rows += _brought(random, row, time)
        else:
            answered = [it for it in rows if it["state"] == "shown" and it["part"] == 0]
            if answered and random.random() < 0.25:
                _answer(random, row, random.choice(answered[-12:]))
            rows.append(row)
    for row in rows:
        # One that is answered stays: what an answer to nothing means is another question.
        answered = any(row["id"] in other["refers"] for other in rows)
        if not answered and row["part"] == 0 and random.random() < 0.08:
            _lose(row, random.choice(GONE))
    return rows


def _post(random: Random, author: Row, time: int, seq: int) -> Row:
    kind = random.choice(KINDS)
    return {
        "log": LOG, "seq": seq + 2, "id": named("post", seq), "author": author, "time": time,
        "oddTime": False, "doubtful": False, "nudge": random.random() < 0.02, "mine": False,
        "unread": False, "state": "shown", "newer": False, "text": f"Invented {seq}.", "kind": kind,
        "sure": "", "scale": str(random.randint(0, 10)) if random.random() < 0.2 else "",
        "side": random.choice(("", "", "well", "worried")), "happened": _happened(random, time),
        "written": time, "refers": [], "how": "",
        "source": random.choice(SOURCES) if kind in ("told", "records") else "", "original": "",
        "outcome": random.choice(OUTCOMES) if kind == "visit" else "",
        "reason": "because" if kind == "decision" else "",
        "review": "2026-06-01" if kind == "decision" else "", "part": 0, "parts": 0, "row": "",
        "quiet": False, "rows": 0, "withdrawn": None, "replies": [],
    }  # fmt: skip


def _happened(random: Random, time: int) -> str:
    if random.random() < 0.5:
        return ""
    days = random.choice((0, 1, 3, 40, 400))
    before = datetime.fromtimestamp(time / 1000).astimezone() - timedelta(days=days)
    whole = before.strftime("%Y-%m-%dT%H:%M")
    return whole[: random.choice((4, 7, 10, 10, 16, 16))]


def _brought(random: Random, row: Row, time: int) -> list[Row]:
    """Return what a row of a spreadsheet becomes: one post, or several parts."""
    parts = random.choice((0, 0, 2, 5))
    row |= {"row": named("row", row["seq"]), "quiet": True, "nudge": False,
            "original": random.choice(ORIGINALS), "parts": parts,
            "happened": _happened(random, time - 30 * DAY_MS)}  # fmt: skip
    found = []
    for part in range(1, parts + 1):
        seq = row["seq"] + part - 1
        more = {"part": part, "seq": seq, "id": named("post", seq - 2), "text": f"Part {part}. "}
        found.append(row | more | ({"original": "", "source": ""} if part > 1 else {}))
    return found or [row]


def _answer(random: Random, row: Row, to: Row) -> None:
    how = random.choice(("same", "same", "different", "correction", "copied", "copied"))
    row |= {"how": how, "refers": [to["id"]]}
    if how in ("same", "copied") and row["kind"] == "visit":
        row |= {"kind": "observation", "outcome": ""}
    if how == "correction":
        if random.random() < 0.8:
            row["author"] = to["author"]
        row["kind"] = to["kind"]
        row["outcome"] = random.choice(OUTCOMES) if to["kind"] == "visit" else ""
        row["source"] = to["source"]
        if to["how"]:
            # What answers is not corrected here: that its mark is another's is another question.
            row["how"] = "different"


def _lose(row: Row, state: str) -> None:
    row["state"] = state
    if state != "withdrawn":
        row |= {"text": "", "kind": "", "side": "", "scale": "", "outcome": "", "happened": "",
                "source": "", "original": "", "row": "", "how": "", "refers": []}  # fmt: skip


def clocks() -> list[tuple[str, int]]:
    """Return moments around which days are easily counted wrong, in this machine's own time."""
    days = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31), date(2027, 1, 1),
            date(2028, 2, 29), date(2026, 6, 14))  # fmt: skip
    found = []
    for day in days:
        for hour, minute in ((0, 5), (1, 30), (12, 0), (23, 55)):
            moment = datetime.combine(day, clock(hour, minute)).astimezone()
            found.append((f"{day} {hour:02}:{minute:02}", int(moment.timestamp() * 1000)))
    return found
