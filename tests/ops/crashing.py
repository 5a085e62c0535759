"""`microblogd round-ups` as a process of its own that is killed at a step, and what came of it.

A step is a statement to a database or a piece of the dialogue with the mail server, before it or
after it. The process writes each down before it takes it; the last one is where it died.
"""

from __future__ import annotations

import os
import re
import signal
import smtplib
import time
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.forking import Forked, become

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.postbox import Letter

NOW, AT, STEPS = "TEST_NOW", "TEST_CRASH_AT", "TEST_STEPS"
_COUNTS = re.compile(r"microblog: (\d+) new on \d+ streams? \(.*\)(?:, (\d+) nudges?)?\. https")


class Fragile(Forked):
    """A process that dies at the step of a number, or (0) lives."""

    def entrance(self) -> Callable[[list[str], dict[str, str], str], None]:
        return become_fragile


def become_fragile(words: list[str], environment: dict[str, str], output: str) -> None:
    """Turn into `microblogd`, with a clock that stands still and a step to die at."""
    now, last = int(environment.pop(NOW)), int(environment.pop(AT))
    steps = os.open(environment.pop(STEPS), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    count = 0

    def step(name: str) -> None:
        nonlocal count
        count += 1
        os.write(steps, f"{name}\n".encode())
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    time.time_ns = lambda: now * 1_000_000
    _watch_databases(step)
    _watch_dialogues(step)
    become(words, environment, output)


def _watch_databases(step: Callable[[str], None]) -> None:
    def before(_connection, _cursor, statement, *_):
        step(f"before {' '.join(statement.split())[:60]}")

    def after(_connection, _cursor, statement, *_):
        step(f"after {' '.join(statement.split())[:60]}")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)


def _watch_dialogues(step: Callable[[str], None]) -> None:
    send, hear = smtplib.SMTP.send, smtplib.SMTP.getreply

    def say(self, data):
        word = (data if isinstance(data, str) else data.decode()).split()[0].rstrip(":")
        step(f"before say {word}")
        send(self, data)
        step(f"after say {word}")

    def listen(self):
        step("before answer")
        found = hear(self)
        step(f"after answer {found[0]}")
        return found

    smtplib.SMTP.send, smtplib.SMTP.getreply = say, listen


def between_words_and_record(steps: Sequence[str], by_itself: bool) -> bool:
    """Return whether a process died with a mail's words on their way and no outcome on record.

    Killed `by_itself`, it has not done what its last step was about to do.
    """
    words = max((at for at, it in enumerate(steps) if it == "before say Date"), default=None)
    if words is None or (by_itself and words == len(steps) - 1):
        return False
    return "after COMMIT" not in steps[words:]


def accounts(posted: Mapping[str, tuple[int, int]], letters: Iterable[Letter]) -> list[str]:
    """Return what is wrong with a day's letters, given the (posts, nudges) each was to hear of."""
    faults = []
    by_reader: dict[str, list[Letter]] = {address: [] for address in posted}
    for letter in letters:
        by_reader[letter.recipients[0]].append(letter)
    for address, its in by_reader.items():
        copies = Counter(letter.data for letter in its)
        if len(copies) != len({letter.id for letter in its}):
            faults.append(f"{address}: one Message-ID, and two mails")
        told = [_COUNTS.match(letter.line) for letter in {it.id: it for it in its}.values()]
        sums = tuple(sum(int(it[part] or 0) for it in told if it) for part in (1, 2))
        if sums != posted[address]:
            faults.append(f"{address}: told of {sums}, posted were {posted[address]}")
        if len(copies) > 1:
            faults.append(f"{address}: {len(copies)} Message-IDs for one round-up")
    return faults


def read_steps(file: Path) -> list[str]:
    """Return the steps that a process took."""
    return file.read_text().splitlines() if file.exists() else []
