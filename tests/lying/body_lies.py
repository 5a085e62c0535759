"""Lies about bodies and boxes, and what an insider can put into them."""

from dataclasses import replace
from typing import Any

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import (
    hash_body,
    hash_salt,
    sign_entry,
)
from tests.lying.entry_lies import flipped
from tests.lying.scenario import NOW, Scenario, Served, Step, box_for, boxes_of, replaced, serve
from tests.lying.telling import (
    ALL,
    READ_ALL,
    TEAM,
    look,
    record,
    told,
    with_log,
    words,
)
from tests.vectors.practice import StreamLog
from tests.vectors.recorded import (
    ANN,
    CAS,
    WHY,
)


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_bodies(), *_insiders()]


def _bodies() -> list[Scenario]:
    log = record()
    raw, honest = log.raw, serve(log.directory, log)
    parts = decode_array(raw[5])

    def withheld(name: str, instead: bytes) -> Scenario:
        posts = [ALL[0], [5, "withheld", ""], ALL[2]]
        lie = look(with_log(log, replaced(raw, 5, instead)), trouble="", posts=posts)
        return told(name, log, lie, look(honest, **READ_ALL))

    other_body = encode([*parts[:2], log.entries[4].body, *parts[3:]])
    return [
        withheld("flips a bit in a body", flipped(raw[5], 2, 100)),
        withheld("flips a bit in a salt", flipped(raw[5], 3)),
        withheld("withholds a body", encode([*parts[:2], b"", b"", []])),
        withheld("swaps a body for another's", other_body),
        _boxes_flipped(log, honest),
        _boxes_swapped(log, honest),
        _erased_comes_back(),
    ]


def _boxes_flipped(log: StreamLog, honest: Served) -> Scenario:
    boxes = [(who, box[:-1] + bytes([box[-1] ^ 1])) for who, box in boxes_of(log)[0]]
    lie = replace(honest, boxes={log.log: {0: boxes}})
    nothing = [[seq, "waiting", ""] for seq, _, _ in ALL]
    return told(
        "flips a bit in every box",
        log,
        look(lie, trouble="", waiting=True, posts=nothing),
        look(honest, **READ_ALL, waiting=False),
    )


def _boxes_swapped(log: StreamLog, honest: Served) -> Scenario:
    boxes = [row for row in boxes_of(log)[0] if row[0] != CAS.id]
    lie = replace(honest, boxes={log.log: {0: sorted([*boxes, (CAS.id, bytes(164))])}})
    mended = [[CAS.id, box_for(log, 0, CAS)]]
    return told("gives a colleague a bad box", log, look(lie, **READ_ALL, boxes_put=mended))


def _erased_comes_back() -> Scenario:
    log = record()
    raw = log.raw
    log.add(CAS, "withdraw", [5, 1], WHY)
    posts = [ALL[0], [5, "erased", ""], ALL[2]]
    lie = with_log(log, [*raw, log.raw[-1]])
    return told(
        "brings erased words back",
        log,
        look(lie, trouble="", posts=posts),
        Step(lie, "restart", {"trouble": "", "posts": posts}),
    )


def _insiders() -> list[Scenario]:
    def case(name: str, plain: bytes, state: str = "void", text: str = "") -> Scenario:
        log = record()
        log.add(CAS, "post", [0], plain)
        log.add(ANN, "post", [0], words("After."))
        return reads_on(name, log, [7, state, text])

    void = record()
    sealed = void.then(CAS, "post", [0], words("x"))
    rotten = bytes(len(sealed.body))
    header = replace(sealed.header, body_hash=hash_body(sealed.salt, rotten))
    void.keep(sign_entry(header, CAS.seed, sealed.salt, rotten, ()))
    void.add(ANN, "post", [0], words("After."))
    longer = decode_array(words("Longer."))
    return [
        reads_on("an insider's entry that does not open", void, [7, "void", ""]),
        reads_on("an insider signs a colleague's ciphertext", _resigned(), [7, "void", ""]),
        case("an insider's words of no encoding", b"\xff\xff"),
        case("an insider's words of another shape", encode(["msb/1/post", "x"])),
        case("an insider's long text", encode(["msb/1/post", "a" * 281, *longer[2:]])),
        case("an insider's post that says it is about", encode(["msb/1/about", *longer[1:]])),
        case("a newer post", encode([*longer, "more"]), "shown", "Longer."),
        case("an insider's direction marks", words("\u202etxet"), "shown", "\u202etxet"),
        _far_future(),
    ]


def reads_on(name: str, log: StreamLog, entry: list[Any]) -> Scenario:
    """Return a scenario in which an insider's entry shuts nothing: all is read, and one posts."""
    honest = serve(log.directory, log)
    posts = [*ALL, entry, [8, "shown", "After."]]
    posted = {"outcome": "", "sent": [["post"]], "readable_by": TEAM}
    return told(
        name,
        log,
        look(honest, trouble="", posts=posts),
        Step(honest, "post", posted, shown=TEAM, text="And on."),
    )


def _resigned() -> StreamLog:
    log = record()
    mine = log.entries[4]
    made = log.then(CAS, "post", [0], words("x"))
    header = replace(
        made.header, salt_hash=hash_salt(mine.salt), body_hash=hash_body(mine.salt, mine.body)
    )
    log.keep(sign_entry(header, CAS.seed, mine.salt, mine.body, ()))
    log.add(ANN, "post", [0], words("After."))
    return log


def _far_future() -> Scenario:
    log = record()
    log.add(CAS, "post", [0], words("From 2100."), time=4102444800000)
    log.add(ANN, "post", [0], words("After."), time=NOW)
    return reads_on("an insider's time far ahead", log, [7, "shown", "From 2100."])
