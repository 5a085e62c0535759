"""The stories: plain text that is pleasant to write, read into acts.

    Week 7

    Tue 16:10  Priya on Juno: visit, not let in, worried, 4 of 10, as door
        The words of the post, over as many lines as they need.
        source: who told, or which record

    Wed 09:20  Gethin on Juno: observation, same as door
        Words that answer the post called "door".

After the colon stand the kind of a post and its marks, in any order; `as`, `same as`, `different
from`, `corrects` and, of a decision, `reviews` give a post a name and refer to one. Instead of a
post there may be one of

    begins
    lets in Gethin as supervisor, with Juno         (the household, and this child of it)
    lets in Gethin as supervisor, via Saltbox House (the child, through this household)
    takes off Gethin
    describes                                       (then lines `name:`, `born:`, `households:`)
    moves from Weir Court to Furrow Lane
    withdraws door                                  (then why)
    puts door on Linnet                             (it was on the wrong child; then why)
    copies door                                     (to the record of their own agency)
    brings in last-school.csv                       (rows of a spreadsheet; then `source:`)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.dates import DAYS, EVENING, WEEKS, WORKING_DAYS

KINDS = {word: word for word in ("hunch", "observation", "told", "words", "records", "visit")}
KINDS["decision"] = "decision"
MARKS = {
    "niggle": ("sure", "niggle"),
    "fairly sure": ("sure", "fairly"),
    "sure": ("sure", "sure"),
    "well": ("side", "well"),
    "worried": ("side", "worried"),
    "seen": ("outcome", "seen"),
    "alone": ("outcome", "alone"),
    "seen alone": ("outcome", "alone"),
    "not seen": ("outcome", "not-seen"),
    "not let in": ("outcome", "not-let-in"),
    "nobody in": ("outcome", "nobody-in"),
    "not brought": ("outcome", "not-brought"),
    "nudge": ("nudge", "1"),
}
NOTES = ("source", "reason", "review", "name", "born", "households")

_WEEK = re.compile(r"Week (\d+)")
_ACT = re.compile(r"(\w{3}) (\d\d):(\d\d)  (\w+) on ([^:]+): (.+)")
_REFERS = re.compile(r"(same) as (\w+)|(different) from (\w+)|(correct|review)s (\w+)")
_HOWS = {"same": "same", "different": "different", "correct": "correction"}
_NAMED = re.compile(r"as (\w+)")
_SCALE = re.compile(r"(\d+) of 10")
_NOTE = re.compile(rf"({'|'.join(NOTES)}): (.+)")
_VERBS = {
    "begins": re.compile(r"begins"),
    "lets in": re.compile(r"lets in (?P<person>\w+) as (?P<role>\w+)"
                          r"(?:, with (?P<others>.+?))?(?:, via (?P<via>.+))?"),
    "takes off": re.compile(r"takes off (?P<person>\w+)"),
    "describes": re.compile(r"describes"),
    "moves": re.compile(r"moves from (?P<since>.+) to (?P<to>.+)"),
    "withdraws": re.compile(r"withdraws (?P<label>\w+)"),
    "puts": re.compile(r"puts (?P<label>\w+) on (?P<to>.+)"),
    "copies": re.compile(r"copies (?P<label>\w+)"),
    "brings in": re.compile(r"brings in (?P<list>\S+)"),
}  # fmt: skip


class ScriptError(Exception):
    """A story is not written as stories are; the message names the line."""


@dataclass(slots=True)
class Act:
    """What someone does at some time: `verb` is "posts" or one of those above.

    `marks` are a post's, or the words that belong to a verb; `label` is what the post is called.
    """

    where: str
    week: int
    day: int
    minute: int
    who: str
    stream: str
    verb: str
    marks: dict[str, str] = field(default_factory=dict)
    label: str = ""
    text: str = ""
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def when(self) -> tuple[int, int, int]:
        """When it is, to compare with."""
        return self.week, self.day, self.minute


def read_stories(folder: Path) -> dict[str, list[Act]]:
    """Return the acts of each story, by the name of its file.

    Raises:
        ScriptError: one is not written as stories are.
    """
    paths = sorted(folder.glob("*.txt"))
    return {path.stem: list(read_story(path.name, path.read_text("utf-8"))) for path in paths}


def read_story(name: str, text: str) -> Iterator[Act]:
    """Yield the acts of one story, in the order written, which is that of time.

    Raises:
        ScriptError: it is not written as stories are.
    """
    week, act, before = 0, None, (0, 0, 0)
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}:{number}"
        if line.startswith("    ") and act is not None:
            _add_line(act, line.strip())
        elif found := _WEEK.fullmatch(line):
            week = int(found[1])
        elif line and not line.startswith("#"):
            if act is not None:
                yield act
            act = _read_act(where, week, line)
            if act.when <= before:
                raise ScriptError(f"{where}: not later than what stands before it")
            before = act.when
    if act is not None:
        yield act


def _read_act(where: str, week: int, line: str) -> Act:
    found = _ACT.fullmatch(line)
    if found is None or found[1] not in DAYS or not 1 <= week <= WEEKS:
        raise ScriptError(f"{where}: neither a week nor an act in one")
    day = DAYS.index(found[1])
    if week == WEEKS and (day >= WORKING_DAYS or int(found[2]) >= EVENING.hour):
        raise ScriptError(f"{where}: the last week has only working days, and they end at six")
    act = Act(where, week, day, int(found[2]) * 60 + int(found[3]), found[4], found[5], "posts")
    for verb, pattern in _VERBS.items():
        if said := pattern.fullmatch(found[6]):
            act.verb, act.marks = (
                verb,
                {name: word or "" for name, word in said.groupdict().items()},
            )
            return act
    kind, *marks = found[6].split(", ")
    if kind not in KINDS:
        raise ScriptError(f"{where}: {kind} is neither a kind of post nor anything else")
    act.marks["kind"] = kind
    for mark in marks:
        _add_mark(act, mark)
    return act


def _add_mark(act: Act, mark: str) -> None:
    if mark in MARKS:
        name, value = MARKS[mark]
    elif scale := _SCALE.fullmatch(mark):
        name, value = "scale", scale[1]
    elif named := _NAMED.fullmatch(mark):
        act.label = named[1]
        return
    elif refers := _REFERS.fullmatch(mark):
        how, label = (word for word in refers.groups() if word)
        if how in _HOWS:
            act.marks["how"] = _HOWS[how]
        name, value = "refers", label
    else:
        raise ScriptError(f"{act.where}: {mark} is no mark of a post")
    if name in act.marks:
        raise ScriptError(f"{act.where}: {mark} stands where something is said already")
    act.marks[name] = value


def _add_line(act: Act, line: str) -> None:
    note = _NOTE.fullmatch(line)
    if note:
        act.notes[note[1]] = note[2]
    elif act.notes:
        # A note may go on over the end of its line.
        last = next(reversed(act.notes))
        act.notes[last] = f"{act.notes[last]} {line}"
    else:
        act.text = f"{act.text} {line}".strip()
