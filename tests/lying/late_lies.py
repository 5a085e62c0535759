"""Lies in a long log, which is checked newest first: what is false lies where nobody looks at once.

A step `glance` looks at the newest three posts and at nothing else; only clients that check newest
first have anything to do in it.
"""

from collections.abc import Mapping
from typing import Any

from microblog.protocol.encoding import decode_array, encode
from tests.lying.entry_lies import flipped
from tests.lying.scenario import Scenario, Served, Step, replaced, serve
from tests.lying.telling import ALL, SENT_NOTHING, TEAM, look, record, told, with_log, words
from tests.lying.witness_lies import JUST_NOW, head, watched
from tests.vectors.practice import DirectoryLog, Staff, StreamLog
from tests.vectors.recorded import ANN, BEA, CAS, DAN, EVE, WHY

LAST = 86
OLD = 20


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [
        *(_false_post(place, seq) for place, seq in {"an old": OLD, "the newest": LAST}.items()),
        _false_post("a middle and an old", OLD, 50),
        _false_grant(),
        _false_with_words(),
        _broken_below(),
        _undone_erasure(),
        *_words_later(),
        _killed(),
        _witnessed(),
        _honest(),
    ]


def _long(*false: int, directory: DirectoryLog | None = None) -> StreamLog:
    """Return a long log, some posts of which another has signed; all the rest is built on them."""
    log = record(directory=directory)
    for seq in range(7, LAST + 1):
        _post(log, (ANN, BEA, CAS)[seq % 3], seq, EVE if seq in false else None)
    return log


def _post(log: StreamLog, author: Staff, seq: int, signer: Staff | None = None) -> None:
    signed: Mapping[str, Any] = {"seed": signer.seed} if signer else {}
    log.add(author, "post", [0], words(f"Post {seq}."), **signed)


def _shown(first: int, last: int) -> list[list[Any]]:
    """Return what is shown of the posts of such a log."""
    return [*ALL, *([seq, "shown", f"Post {seq}."] for seq in range(7, last + 1))][
        max(0, first - 4) :
    ]


def _glance(served: Served, last: int = LAST, **expect: Any) -> Step:
    newest = _shown(last - 2, last)
    return Step(served, "glance", {"newest": newest, "members": TEAM, "outcome": "", **expect})


def _false_post(place: str, *false: int) -> Scenario:
    log, honest = _long(*false), _long()
    lie = serve(log.directory, log)
    first = min(false)
    seen = LAST if LAST not in false else LAST - 1
    caught = {"trouble": "NotAuthentic", "posts": _shown(4, first - 1), "members": TEAM}
    return told(
        f"signs {place} post of a long log in another's name",
        log,
        _glance(lie, seen, trouble="NotAuthentic" if LAST in false else ""),
        Step(lie, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
        look(lie, outcome="", **caught),
        # Whoever was deceived once takes nothing on trust again.
        Step(lie, "glance", {"trouble": "NotAuthentic", "unchecked": 0}),
        Step(lie, "restart", {"outcome": "", **caught}),
        look(serve(honest.directory, honest), trouble="", posts=_shown(4, LAST)),
    )


def _false_grant() -> Scenario:
    """Nothing but a post is ever left for later: not for a moment is anyone let in."""
    log, honest = _long(), _long()
    log.add(ANN, "grant", [DAN.id, "follower"], WHY, seed=EVE.seed)
    caught = {"trouble": "NotAuthentic", "members": TEAM}
    return told(
        "lets someone in at the end of a long log",
        log,
        _glance(serve(log.directory, log), **caught),
        look(serve(log.directory, log), posts=_shown(4, LAST), **caught),
        look(serve(honest.directory, honest), trouble="", posts=_shown(4, LAST)),
    )


def _false_with_words() -> Scenario:
    """Words that nobody asked for yet make a post no truer."""
    log, honest = _long(LAST), _long()
    lie = serve(log.directory, log, full=True)
    return told(
        "serves a false post at once with its words",
        log,
        _glance(lie, LAST - 1, trouble="NotAuthentic"),
        look(serve(honest.directory, honest), trouble="", posts=_shown(4, LAST)),
    )


def _broken_below() -> Scenario:
    """The signature is false, and so is what follows: the first of the two is named."""
    log = _long()
    lie = with_log(log, replaced(log.raw, OLD, flipped(log.raw[OLD], 1)))
    return told(
        "flips a bit in a signature of a long log",
        log,
        look(lie, trouble="NotAuthentic", posts=_shown(4, OLD - 1)),
        Step(lie, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
        look(serve(log.directory, log), trouble="", posts=_shown(4, LAST)),
    )


def _undone_erasure() -> Scenario:
    """What was built on a false post never was, so what it erased is there."""
    log, honest = _long(OLD), _long()
    log.add(CAS, "withdraw", [5, 1], WHY)
    lie = serve(log.directory, log)
    return told(
        "erases words on the strength of a false post",
        log,
        _glance(lie, trouble=""),
        look(lie, trouble="NotAuthentic", posts=_shown(4, OLD - 1)),
        look(serve(honest.directory, honest), trouble="", posts=_shown(4, LAST)),
    )


def _words_later() -> list[Scenario]:
    log = _long()
    honest = serve(log.directory, log)
    bare = [encode([*decode_array(raw)[:2], b"", b"", []]) for raw in log.raw]
    never = with_log(log, [*log.raw[:4], *bare[4:]])
    nothing = [[seq, "withheld", ""] for seq, _, _ in _shown(4, LAST)]
    other = replaced(log.raw, OLD, flipped(log.raw[OLD], 2, 100))
    some = [[OLD, "withheld", ""] if row[0] == OLD else row for row in _shown(4, LAST)]
    read_on = look(honest, trouble="", posts=_shown(4, LAST))
    return [
        told(
            "has words come later that do not hash",
            log,
            _glance(with_log(log, other), trouble=""),
            look(with_log(log, other), trouble="", posts=some),
            read_on,
        ),
        told(
            "serves a long log without words, and no words after it",
            log,
            Step(never, "glance", {"trouble": "", "newest": nothing[-3:], "members": TEAM}),
            look(never, trouble="", posts=nothing),
            read_on,
        ),
    ]


def _killed() -> Scenario:
    """What was not checked to the end is not remembered, so a false post leaves no trace."""
    log, honest = _long(OLD), _long()
    served = serve(honest.directory, honest)
    return told(
        "is gone before a false post is found",
        log,
        _glance(serve(log.directory, log), trouble=""),
        Step(served, "restart", {"trouble": "", "posts": _shown(4, LAST)}),
        Step(served, "restart", {"trouble": "", "posts": _shown(4, LAST)}),
    )


def _witnessed() -> Scenario:
    """A false post is no other log: a witness that saw the true one says nothing against it."""
    log, honest = _long(LAST, directory=watched()), _long(directory=watched())
    seen = [head(honest, LAST, JUST_NOW)]
    lie = serve(log.directory, log, heads=seen)
    return told(
        "signs a post of a long log in another's name, and a witness saw the true one",
        log,
        _glance(lie, LAST - 1, trouble="NotAuthentic"),
        look(lie, trouble="NotAuthentic", posts=_shown(4, LAST - 1)),
        look(serve(honest.directory, honest, heads=seen), trouble="", posts=_shown(4, LAST)),
    )


def _honest() -> Scenario:
    """What is sent while most is unchecked is sent after all of it was."""
    log = _long()
    honest = serve(log.directory, log)
    posted = {"outcome": "", "sent": [["post"]], "readable_by": TEAM, "trouble": ""}
    return told(
        "serves a long log honestly",
        log,
        _glance(honest, trouble="", unchecked=LAST - 3 - 3),
        Step(honest, "post", posted, shown=TEAM, text="And on."),
    )
