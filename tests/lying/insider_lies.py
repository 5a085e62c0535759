"""What an insider, with a server that stores it, can put in a log: odd sizes, markup, commands."""

from dataclasses import replace

from microblog.protocol.entry import (
    NONCE_BYTES,
    Entry,
    encode_core,
    encode_entry,
    hash_body,
    sign_entry,
)
from microblog.protocol.primitives import derive, encrypt
from tests.lying.body_lies import reads_on
from tests.lying.scenario import Scenario, replaced, serve
from tests.lying.telling import ALL, look, record, stopped, told, words
from tests.vectors.practice import StreamLog, fresh
from tests.vectors.recorded import ANN, BEA, CAS, WHY

#: What a page, a terminal or a spreadsheet might act on, were it not told that it is text.
CORPUS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><iframe srcdoc='<script>alert(1)</script>'>",
    "</textarea></title></style><script>alert(1)//",
    "<a href=javascript:alert(1)>here</a> javascript:alert(1)",
    "<base href=https://elsewhere.example/><form action=//elsewhere.example>",
    "<link rel=stylesheet href=https://elsewhere.example/x.css>",
    "https://elsewhere.example/pixel.png data:text/html,<script>alert(1)</script>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} <%= 7*7 %> #{7*7}",
    "__proto__ constructor toString dangerouslySetInnerHTML",
    "&lt;script&gt; &#x202e; &nbsp;",
    "\u202eright to left \u2066isolated\u2069 \u200e\u200f\u061c",
    "zero\u200bwidth \u2060 \u00ad \ufeffinside",
    "a line\u2028b paragraph\u2029c next\u0085d vertical\u000be feed\u000cf",
    "\x1b[2J\x1b]0;title\x07 \x9b31m \x08\x7f",
    "=HYPERLINK(\"https://elsewhere.example\") +1 -1 @x\tx",
    "line one\r\nline two\nX-Header: y",
    "Z\u0351\u036b\u0343\u036a\u0302a\u030a\u0351l\u0314g\u0325o",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f4\U000e0067\U000e0062\U000e007f",
)  # fmt: skip


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_sizes(), *_plaintexts(), _corpus(), *_encodings(), *_withdrawals()]


def _with_body(log: StreamLog, body: bytes, *, made: Entry | None = None) -> StreamLog:
    """Return the log with a post of an insider's whose body is these bytes, honestly hashed."""
    made = made or log.then(CAS, "post", [0], words("x"))
    header = replace(made.header, body_hash=hash_body(made.salt, body))
    log.keep(sign_entry(header, CAS.seed, made.salt, body, ()))
    log.add(ANN, "post", [0], words("After."))
    return log


def _sizes() -> list[Scenario]:
    """Bodies of lengths that no honest one has; the server would refuse them, were it honest."""
    sizes = {"one byte": 1, "a nonce": 24, "nonce and tag": 40, "a byte less": 2087,
             "a byte more": 2089, "two blocks": 4136, "as long as can be": 65536}  # fmt: skip
    return [
        reads_on(f"an insider's body of {name}", _with_body(record(), b"\x01" * size),
                 [7, "void", ""])
        for name, size in sizes.items()
    ]  # fmt: skip


def _plaintexts() -> list[Scenario]:
    """Bodies that open, to what is not padded as it should be."""
    blocks = {
        "of zeros": bytes(2048),
        "without an end": b"\x81\x00" + bytes(2046),
        "of two ends": b"\x80" + b"\x80" + bytes(2046),
        "with something after the end": words("x") + b"\x80" + b"\x01" * (2047 - len(words("x"))),
        "of a block more": words("x") + b"\x80" + bytes(4095 - len(words("x"))),
        "of half a block": words("x") + b"\x80" + bytes(1023 - len(words("x"))),
    }
    found = []
    for name, padded in blocks.items():
        log = record()
        made = log.then(CAS, "post", [0], words("x"))
        key = derive(log.secrets[0], "msb/1/body", log.log, 0, made.salt)
        nonce = fresh("nonce", NONCE_BYTES)
        body = nonce + encrypt(key, nonce, padded, encode_core(made.header))
        log = _with_body(log, body, made=made)
        found.append(reads_on(f"an insider's padding {name}", log, [7, "void", ""]))
    return found


def _corpus() -> Scenario:
    """Words are words: they come out as they went in, whatever they say."""
    log = record()
    for text in CORPUS:
        log.add(CAS, "post", [0], words(text))
    posts = [*ALL, *([7 + number, "shown", text] for number, text in enumerate(CORPUS))]
    return told(
        "an insider's markup and commands",
        log,
        look(serve(log.directory, log), trouble="", posts=posts),
    )


def _encodings() -> list[Scenario]:
    log = record()
    odd = {
        "nests an entry 2,000 deep": b"\x81" * 2000 + b"\x00",
        "nests an entry 100,000 deep": b"\x81" * 100_000 + b"\x00",
        "claims an array without end": b"\x9b" + b"\xff" * 8,
        "claims bytes without end": b"\x85\x5b\x00\x1f" + b"\xff" * 6,
        "gives a map for an entry": b"\xa0",
        "gives nothing for an entry": b"",
        "gives markup for an entry": b"<html></html>",
    }
    return [
        stopped(name, log, replaced(log.raw, 5, raw), "Malformed", 1) for name, raw in odd.items()
    ]


def _withdrawals() -> list[Scenario]:
    log = record()

    def refused(name: str, seq: int, erase: int, error: str = "NotAllowed") -> Scenario:
        lie = log.then(BEA, "withdraw", [seq, erase], WHY)
        return stopped(name, log, [*log.raw, encode_entry(lie)], error, 3)

    return [
        refused("a follower withdraws a colleague's post", 5, 0),
        refused("a follower erases a colleague's post", 5, 1),
        refused("erases what is no post", 2, 1),
        refused("erases what is yet to come", 99, 1),
    ]
