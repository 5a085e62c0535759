"""Lies about rows that were brought in, and about posts that are said to be no news."""

from dataclasses import replace

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import encode_entry, encode_header
from microblog.protocol.post import NUDGE, PLAIN, QUIET, Post, encode_post
from tests.lying.scenario import Scenario, replaced, serve
from tests.lying.telling import ALL, READ_ALL, TEAM, look, record, stopped, told, with_log, words
from tests.vectors.practice import START, StreamLog, fresh
from tests.vectors.recorded import ANN, CAS

READS = {"trouble": "", "members": TEAM}
WARNING = "Not let in, and nobody has seen her since Sunday."


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [_hidden(), _hidden_among_rows(), _loud_row(), *_withheld(), *_marks(), _endless()]


def row(text: str, number: int, part: int = 0, parts: int = 0) -> bytes:
    """Return the plaintext of a row, or of one of its parts."""
    post = Post(text=text, kind="records", written=START, source="old notes", part=part,
                parts=parts, row=fresh(f"row {number}"))  # fmt: skip
    return encode_post(post)


def _hidden() -> Scenario:
    """A warning that is marked as no news is news all the same."""
    log = record()
    log.add(CAS, "post", [QUIET], words(WARNING))
    posts = [*ALL, [7, "shown", WARNING]]
    honest = serve(log.directory, log)
    return told(
        "an insider says that a post is no news",
        log,
        look(honest, **READS, posts=posts, rows=[], unread=[5, 6, 7]),
    )


def _hidden_among_rows() -> Scenario:
    """A warning between rows is not taken for one of them."""
    log = record()
    log.add(CAS, "post", [QUIET], row("Old one.", 1))
    log.add(CAS, "post", [QUIET], row("Old two.", 2))
    log.add(CAS, "post", [QUIET], words(WARNING))
    log.add(CAS, "post", [QUIET], row("Old three.", 3))
    posts = [*ALL, [8, "shown", ""], [9, "shown", WARNING], [10, "shown", ""]]
    expect = {"posts": posts, "rows": [[8, 2], [10, 1]], "unread": [5, 6, 9]}
    return told(
        "an insider hides a post among rows",
        log,
        look(serve(log.directory, log), **READS, **expect),
    )


def _loud_row() -> Scenario:
    """A row that is not marked as no news is a post like any other, and so is a nudge with one."""
    log = record()
    log.add(CAS, "post", [PLAIN], row("Old one.", 1))
    log.add(CAS, "post", [NUDGE], row("Old two.", 2))
    posts = [*ALL, [7, "shown", "Old one."], [8, "shown", "Old two."]]
    return told(
        "an insider's rows that are news",
        log,
        look(serve(log.directory, log), **READS, posts=posts, rows=[], unread=[5, 6, 7, 8]),
    )


def _withheld() -> list[Scenario]:
    """A part of a row is kept back: that is said in its place, and the rest is there."""
    log = record()
    for part in (1, 2, 3):
        log.add(CAS, "post", [QUIET], row(f"Part {part}. ", 1, part, 3))
    log.add(ANN, "post", [PLAIN], words("After."))
    honest, raw = serve(log.directory, log), log.raw
    posts = [*ALL, [9, "shown", ""], [10, "shown", "After."]]
    whole = {**READS, "posts": posts, "rows": [[9, 1]]}
    parts = (
        "[part 1 of 3 is missing]\nPart 2. Part 3. ",
        "Part 1. \n[part 2 of 3 is missing]\nPart 3. ",
        "Part 1. Part 2. \n[part 3 of 3 is missing]",
    )
    found = []
    for number, seq in enumerate((7, 8, 9)):
        lie = with_log(log, replaced(raw, seq, _without_words(raw[seq])))
        found.append(
            told(
                f"withholds part {number + 1} of a row",
                log,
                look(lie, trouble="", members=TEAM, texts=parts[number]),
                look(honest, **whole, texts="Part 1. Part 2. Part 3. "),
            )
        )
    return found


def _marks() -> list[Scenario]:
    """What the server sees of a post is signed: it cannot make news of rows, nor rows of news."""
    found = []
    for name, was, now in (
        ("no news of a nudge", NUDGE, QUIET),
        ("a nudge of a post", PLAIN, NUDGE),
    ):
        log = record()
        log.add(CAS, "post", [was], words(WARNING))
        parts = decode_array(log.raw[7])
        parts[0] = encode_header(replace(log.entries[7].header, payload=(now,)))
        raw = [*log.raw[:7], encode(parts)]
        found.append(_stopped_at(f"makes {name}", log, raw))
    log = record()
    odd = log.then(CAS, "post", [3], words("x"))
    found.append(
        stopped("a mark that there is not", log, [*log.raw, encode_entry(odd)], "Malformed", 3)
    )
    return found


def _stopped_at(name: str, log: StreamLog, raw: list[bytes]) -> Scenario:
    honest = {**READ_ALL, "posts": [*ALL, [7, "shown", WARNING]]}
    return told(
        name,
        log,
        look(with_log(log, raw), trouble="NotAuthentic", posts=ALL),
        look(serve(log.directory, log), **honest),
    )


def _endless() -> Scenario:
    """A row of 999 parts, of which there is one, and that twice, is one row."""
    log = record()
    log.add(CAS, "post", [QUIET], row("First. ", 1, 1, 999))
    log.add(CAS, "post", [QUIET], row("Another first. ", 1, 1, 999))
    expect = {"posts": [*ALL, [8, "shown", ""]], "rows": [[8, 1]]}
    return told(
        "an insider's row without end", log, look(serve(log.directory, log), **READS, **expect)
    )


def _without_words(raw: bytes) -> bytes:
    header, signature, *_ = decode_array(raw)
    return encode([header, signature, b"", b"", []])
