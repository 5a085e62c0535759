"""Vectors of linking devices, and of recovery sheets."""

from dataclasses import asdict
from typing import Any

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import Value, encode
from microblog.protocol.link import (
    CODE_BYTES,
    MAX_PINS,
    Offer,
    Pins,
    Welcome,
    derive_link,
    encode_code,
    seal_consent,
    seal_offer,
    seal_pins,
    seal_welcome,
)
from microblog.protocol.log import Head
from microblog.protocol.primitives import NONCE_BYTES, derive, encrypt
from microblog.protocol.recovery import Sheet, encode_sheet, encode_sheet_link
from tests.vectors.case import Case, VectorFile
from tests.vectors.practice import fresh

CODE = fresh("code", CODE_BYTES)
LETTERS = encode_code(CODE)
LINK = derive_link(LETTERS)
OTHER = derive_link("0" * 20)
NONCE = fresh("nonce", NONCE_BYTES)
SIGNATURE = fresh("signature", 64)
OFFER = Offer(fresh("device"), fresh("box key"), "laptop \u2014 b\u00fcro")
WELCOME = Welcome(fresh("fingerprint"), fresh("person", 16), 1790000000000, "Westmere", "Bea")
PINS = Pins(fresh("fingerprint"), fresh("person", 16), fresh("entry"), (
    (bytes(16), Head(41, fresh("directory head"))),
    (fresh("log", 16), Head(0, fresh("stream head"))),
))  # fmt: skip
SECRET = fresh("paper", 20)
SHEET = Sheet(SECRET, fresh("fingerprint"), Head(41, fresh("directory head")))


def files() -> list[VectorFile]:
    """Return the files of this subject."""
    return [
        VectorFile(
            "link.json", "Two devices that are linked.", [*_codes(), *_messages(), *_numbers()]
        ),
        VectorFile("recovery.json", "Recovery sheets.", [*_letters(), *_sheets()]),
    ]  # fmt: skip


def _codes() -> list[Case]:
    def read(name: str, error: str, typed: str) -> Case:
        return Case(f"read {name}", "link.read_code", [typed], error)

    return [
        Case("a code", "link.encode_code", [CODE]),
        Case("a code of zeros", "link.encode_code", [bytes(13)]),
        Case("a code of ones", "link.encode_code", [b"\xff" * 13]),
        read("a code", "", LETTERS),
        read("a code in fours and small", "", " ".join(LETTERS[i : i + 4].lower() for i in
                                                       range(0, 20, 4))),
        read("a code with hyphens", "", LETTERS[:10] + "-" + LETTERS[10:]),
        read("letters that look like figures", "", "OIL" + "0" * 17),
        read("a code cut off", "BadLetters", LETTERS[:-1]),
        read("a code with more", "BadLetters", LETTERS + "0"),
        read("a code with U", "BadLetters", "U" + LETTERS[1:]),
        read("no code", "BadLetters", ""),
        Case("the key and the tag", "link.derive_link", [LETTERS]),
    ]  # fmt: skip


def _messages() -> list[Case]:
    link = asdict(LINK)
    offer, welcome = seal_offer(LINK, NONCE, OFFER), seal_welcome(LINK, NONCE, WELCOME)
    consent, pins = seal_consent(LINK, NONCE, SIGNATURE), seal_pins(LINK, NONCE, PINS)
    whole = {"offer": offer, "welcome": welcome, "consent": consent, "pins": pins}
    said: dict[str, Any] = {"offer": asdict(OFFER), "welcome": asdict(WELCOME),
                            "consent": SIGNATURE, "pins": asdict(PINS)}  # fmt: skip
    found = []
    for what, message in whole.items():
        call, other = f"link.open_{what}", [it for name, it in whole.items() if name != what]
        found += [
            Case(f"seal {what}", f"link.seal_{what}", [link, NONCE, said[what]]),
            Case(f"open {what}", call, [link, message]),
            Case(f"open {what} with other letters", call, [asdict(OTHER), message],
                 "NotAuthentic"),
            Case(f"open {what} with one bit off", call,
                 [link, message[:-1] + bytes([message[-1] ^ 1])], "NotAuthentic"),
            Case(f"open {what} cut off", call, [link, message[:-1]], "NotAuthentic"),
            Case(f"open {what} that is empty", call, [link, b""], "NotAuthentic"),
            *(Case(f"open {what} from another place, {at}", call, [link, it], "NotAuthentic")
              for at, it in enumerate(other)),
        ]  # fmt: skip
    return [*found, *_shapes(link)]


def _numbers() -> list[Case]:
    names = {"link": ("CODE_BYTES", "LIFE_MS", "MAX_MESSAGE_BYTES", "MAX_PINS"),
             "recovery": ("GROUPS",)}  # fmt: skip
    return [
        *(Case(f"{name} of {module}", "number", [module, name])
          for module, those in names.items() for name in those),
        Case("the longest offer", "link.open_long_offer", [LETTERS, NONCE, 2**16]),
        Case("too long an offer", "link.open_long_offer", [LETTERS, NONCE, 2**16 + 1], "Malformed"),
        Case("the most pins", "link.pins_kept", [LETTERS, NONCE, MAX_PINS]),
        Case("more than the most pins", "link.pins_kept", [LETTERS, NONCE, MAX_PINS + 1]),
    ]  # fmt: skip


def _wrong_items(link: dict[str, Any], made: Any) -> list[Case]:
    """Return a case for every item of every message, with what it cannot be."""
    key, person, pin = bytes(32), bytes(16), [bytes(16), 1, bytes(32)]
    whole: dict[str, tuple[int, list[Value]]] = {
        "offer": (1, [key, key, "x"]),
        "welcome": (2, [key, person, 0, "x", "x"]),
        "consent": (3, [bytes(64)]),
        "pins": (4, [key, person, key, [pin]]),
    }
    found = [
        Case(f"open {what} with item {at} wrong", f"link.open_{what}",
             [link, made(what, slot, *items[:at], b"", *items[at + 1 :])], "Malformed")
        for what, (slot, items) in whole.items() for at in range(len(items))
    ]  # fmt: skip
    for at in range(3):
        wrong = made("pins", 4, key, person, key, [[*pin[:at], b"", *pin[at + 1 :]]])
        found.append(Case(f"open a pin with item {at} wrong", "link.open_pins", [link, wrong],
                          "Malformed"))  # fmt: skip
    return found


def _shapes(link: dict[str, Any]) -> list[Case]:
    def made(what: str, slot: int, *items: Value) -> bytes:
        key = derive(LINK.key, "msb/1/link-key", slot)
        plain = encode([f"msb/1/{what}", *items])
        return NONCE + encrypt(key, NONCE, plain, LINK.tag + bytes([slot]))

    key, person, row = bytes(32), bytes(16), [bytes(16), 1, bytes(32)]
    wrong: list[tuple[str, str, bytes]] = [
        ("offer", "a short key", made("offer", 1, bytes(31), key, "x")),
        ("offer", "a long name", made("offer", 1, key, key, "x" * 121)),
        ("offer", "no name", made("offer", 1, key, key)),
        ("offer", "another purpose", made("welcome", 1, key, key, "x")),
        ("welcome", "a short person", made("welcome", 2, key, bytes(15), 0, "", "")),
        ("welcome", "no names", made("welcome", 2, key, person, 0)),
        ("consent", "a short signature", made("consent", 3, bytes(63))),
        ("pins", "a pin of two", made("pins", 4, key, person, key, [row[:2]])),
        ("pins", "a pin of four", made("pins", 4, key, person, key, [[*row, 0]])),
        ("welcome", "too long a practice", made("welcome", 2, key, person, 0, "x" * 121, "")),
        ("welcome", "too long a name", made("welcome", 2, key, person, 0, "", "x" * 121)),
        ("pins", "too many pins", made("pins", 4, key, person, key, [row] * (MAX_PINS + 1))),
    ]
    long = {**asdict(OFFER), "name": "x" * 121}
    return [
        Case("seal an offer with a long name", "link.seal_offer", [link, NONCE, long], "Malformed"),
        Case("open an offer with more after it", "link.open_offer",
             [link, made("offer", 1, key, key, "x", 7)]),
        Case("seal an offer without a name", "link.seal_offer",
             [link, NONCE, {**long, "name": ""}]),
        Case("open an offer without a name", "link.open_offer",
             [link, made("offer", 1, key, key, "")]),
        Case("open an offer with the longest name", "link.open_offer",
             [link, made("offer", 1, key, key, "x" * 120)]),
        Case("open an offer with much more after it", "link.open_offer",
             [link, made("offer", 1, key, key, "x", *[7] * 40)]),
        Case("open a welcome until the end of time", "link.open_welcome",
             [link, made("welcome", 2, key, person, 2**53 - 1, "", "")]),
        Case("open no pins", "link.open_pins", [link, made("pins", 4, key, person, key, [])]),
        *_wrong_items(link, made),
        *(Case(f"open {what} with {why}", f"link.open_{what}", [link, message], "Malformed")
          for what, why, message in wrong),
    ]  # fmt: skip


def _letters() -> list[Case]:
    letters = encode_sheet(SECRET)
    another = encode_sheet(fresh("paper 0", 20))  # its last letter occurs before, too

    def read(name: str, error: str, typed: str) -> Case:
        return Case(f"read {name}", "recovery.read_sheet", [typed], error)

    def other(at: int) -> str:
        letter = "A" if letters[at] != "A" else "B"
        return letters[:at] + letter + letters[at + 1 :]

    def mistake(name: str, typed: str) -> Case:
        return Case(f"where the mistake is: {name}", "recovery.group_of_mistake", [typed])

    def swapped(at: int) -> str:
        return letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]

    def group(name: str, error: str, typed: str, at: int) -> Case:
        return Case(name, "recovery.check_group", [typed, letters, at], error)

    return [
        Case("a sheet", "recovery.encode_sheet", [SECRET]),
        Case("a sheet of zeros", "recovery.encode_sheet", [bytes(20)]),
        read("a sheet", "", letters),
        read("a sheet in fours and small", "", " ".join(letters[i : i + 4].lower() for i in
                                                        range(0, 36, 4))),
        *(read(f"a sheet with letter {at} another", "BadLetters", other(at)) for at in (0, 17, 35)),
        read("a sheet with two neighbours changed round", "BadLetters",
             letters[:5] + letters[6] + letters[5] + letters[7:]),
        read("a sheet with two letters others", "BadLetters", other(3)[:20] + other(20)[20:]),
        read("a sheet without its check", "BadLetters", letters[:32]),
        read("a sheet with more", "BadLetters", letters + "0"),
        read("a sheet with U", "BadLetters", "U" + letters[1:]),
        mistake("none", letters),
        *(mistake(f"letter {at}", other(at)) for at in (0, 3, 4, 17, 31, 32, 35)),
        *(mistake(f"letters {at} and {at + 1} changed round", swapped(at))
          for at in (0, 3, 5, 17, 30, 33, 34)),
        mistake("a letter like the last one changed round",
                another[:15] + another[16] + another[15] + another[17:]),
        mistake("two letters", other(3)[:20] + other(20)[20:]),
        mistake("too short", letters[:-1]),
        group("a group typed back", "", letters[8:12].lower(), 2),
        group("the check typed back", "", f" {letters[32:]}", 8),
        group("another group typed back", "BadLetters", letters[:4], 2),
        group("half a group typed back", "BadLetters", letters[8:10], 2),
    ]  # fmt: skip


def _sheets() -> list[Case]:
    good = encode_sheet_link(SHEET)
    start = SECRET + SHEET.fingerprint

    def read(name: str, error: str, fragment: str) -> Case:
        return Case(f"read {name}", "recovery.decode_sheet_link", [fragment], error)

    def at(seq: int) -> str:
        return encode_base64url(start + seq.to_bytes(8, "big") + bytes(32))

    keys = [SECRET, SHEET.fingerprint]
    return [
        Case("the seed of a sheet", "recovery.derive_device_seed", keys),
        Case("the box secret of a sheet", "recovery.derive_box_secret", keys),
        Case("the seed in another practice", "recovery.derive_device_seed", [SECRET, bytes(32)]),
        Case("the link of a sheet", "recovery.encode_sheet_link", [asdict(SHEET)]),
        read("the link of a sheet", "", good),
        read("a link with the greatest seq", "", at(2**53 - 1)),
        read("a link with too great a seq", "Malformed", at(2**53)),
        read("a link with a seq beyond measure", "Malformed", at(2**56)),
        read("a link cut off", "Malformed", good[:-4]),
        read("a link with more", "Malformed", good + "AAAA"),
        read("no link", "Malformed", ""),
    ]
