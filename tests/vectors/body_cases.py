"""Vectors of what stands inside bodies, of invitations, signing in and the vault."""

from typing import Any

from microblog.protocol import encoding, epoch, invitation, login, post, primitives, vault
from microblog.protocol.log import Head
from tests.vectors.case import Case, VectorFile

SEED = bytes(range(32))
LOG = bytes(range(100, 116))
PERSON = bytes(range(16))
SECRET = bytes(range(64, 96))
FINGERPRINT = bytes(range(32, 64))
EPOCHS = [bytes([number]) * 32 for number in range(4)]
PASSPHRASE = "copper lantern wheelbarrow é"


def files() -> list[VectorFile]:
    """Return the files of this subject."""
    return [
        VectorFile("post.json", "What a post says.", _posts()),
        VectorFile("about.json", "What a stream is about, and reasons.", _abouts()),
        VectorFile("epoch.json", "Commitments, boxes, history bundles.", _epochs()),
        VectorFile("access.json", "Invitations, signing in, the vault, pins.", _access()),
    ]


FULL_POST = {
    "text": "Flinched when the car pulled in. \U0001f697", "kind": "told", "sure": "fairly",
    "scale": "3", "side": "worried", "happened": "2026-10-02T08:50", "written": 1790000000000,
    "refers": [bytes([7]) * 32], "how": "same", "source": "grandmother, at the gate",
    "original": "A. N. Other", "outcome": "not-let-in", "reason": "as agreed",
    "review": "2026-12-24", "part": 1, "parts": 2, "row": bytes([9]) * 32,
}  # fmt: skip


def _posts() -> list[Case]:
    def refuse(title: str, /, **changes: Any) -> Case:
        return Case(f"refuse {title}", "post.encode_post", [{**FULL_POST, **changes}], "Malformed")

    write, read = "post.encode_post", "post.read_post"
    items = _items(FULL_POST)
    return [
        Case("write the least", write, [{"text": "Quieter than last week."}]),
        Case("write all", write, [FULL_POST]),
        Case("write 280 letters of two units each", write, [{"text": "\U0001f9f8" * 280}]),
        Case("write an empty reply", write, [{"text": "", "how": "same", "refers": [bytes(32)]}]),
        refuse("281 letters", text="a" * 281),
        Case("refuse no text", write, [{"text": ""}], "Malformed"),
        Case("write a later part with no text", write, [{"text": "", "part": 2, "parts": 2}]),
        Case(
            "refuse a first part with no text",
            write,
            [{"text": "", "part": 1, "parts": 2}],
            "Malformed",
        ),
        refuse("an unknown kind", kind="rumour"),
        refuse("no kind", kind=""),
        refuse("scale 11", scale="11"),
        refuse("scale 01", scale="01"),
        refuse("month 13", happened="2026-13-01"),
        refuse("day 32", happened="2026-01-32"),
        refuse("hour 24", happened="2026-01-01T24:00"),
        refuse("other digits", happened="\uff12\uff10\uff12\uff16"),
        refuse("a newline after the date", happened="2026-01-01\n"),
        refuse("a review month", review="2026-12"),
        refuse("three references", refers=[bytes(32)] * 3),
        refuse("a short reference", refers=[bytes(31)]),
        Case(
            "write 120 letters of notes",
            write,
            [{"text": "a", "source": "a" * 60, "original": "é" * 40, "reason": "\U0001f9f8" * 20}],
        ),
        refuse("121 letters of notes", source="a" * 60, original="b" * 60, reason="c"),
        refuse("part 3 of 2", part=3),
        refuse("part 0 of 2", part=0),
        refuse("1,000 parts", parts=1000),
        refuse("a short row", row=bytes(31)),
        Case("read all", read, [items]),
        Case("read a longer array", read, [[*items, "new"]]),
        Case("read an unknown kind", read, [[items[0], items[1], "photo", *items[3:]]]),
        Case("read an unknown outcome", read, [[*items[:12], "asleep", *items[13:]]]),
        Case("read a shorter array", read, [items[:-1]], "Unreadable"),
        Case("read another label", read, [["msb/1/about", *items[1:]]], "Unreadable"),
        Case("read nothing", read, [[]], "Unreadable"),
        Case("read a number for text", read, [[items[0], 5, *items[2:]]], "Unreadable"),
        Case("read a long text", read, [[items[0], "a" * 281, *items[2:]]], "Unreadable"),
    ]


def _items(fields: dict[str, Any]) -> list[Any]:
    made = post.Post(**{**fields, "refers": tuple(fields["refers"])})
    return encoding.decode_array(post.encode_post(made))


FULL_ABOUT = {
    "sort": "child", "name": "Sample A", "known_as": ["Sam"], "birth": ["born", "2020-05"],
    "households": [[LOG, "2024-01-31", ""]], "people": [["Sample B", "brother"]],
    "school": "North Street", "protected": True, "closed": False,
}  # fmt: skip


def _abouts() -> list[Case]:
    def refuse(title: str, /, **changes: Any) -> Case:
        return Case(
            f"refuse {title}", "about.encode_about", [{**FULL_ABOUT, **changes}], "Malformed"
        )

    write, read = "about.encode_about", "about.read_about"
    items = encoding.decode_array(_about_bytes())
    return [
        Case("write the least", write, [{"sort": "child", "name": "Sample A"}]),
        Case("write all", write, [FULL_ABOUT]),
        refuse("no name", name=""),
        refuse("121 letters", name="a" * 121),
        refuse("an unknown sort", sort="case"),
        refuse("nine names", known_as=["a"] * 9),
        refuse("a bad date", birth=["born", "2020-5"]),
        refuse("an unknown birth", birth=["guessed", ""]),
        refuse("31 people", people=[["a", ""]] * 31),
        refuse("a household without dates", households=[[LOG]]),
        Case("read all", read, [items]),
        Case("read a longer array", read, [[*items, 1]]),
        Case("read a shorter array", read, [items[:-1]], "Unreadable"),
        Case("read protected 2", read, [[*items[:8], 2, 0]], "Unreadable"),
        Case("write a reason", "why.encode_why", ["left the team", b""]),
        Case("write a long reason", "why.encode_why", ["a" * 121, b""], "Malformed"),
        Case("read a reason", "why.read_why", [["msb/1/why", "school", LOG]]),
        Case("read a reason, longer", "why.read_why", [["msb/1/why", "school", b"", 1]]),
        Case("read no reason", "why.read_why", [["msb/1/why", "school"]], "Unreadable"),
    ]


def _about_bytes() -> bytes:
    from tests.vectors.calls import CALLS

    return CALLS["about.encode_about"](FULL_ABOUT)


def _epochs() -> list[Case]:
    reading = [SECRET, primitives.box_key(SECRET)]
    commitment = epoch.commit(SEED, LOG, 3)
    box = epoch.make_box(SEED, LOG, 3, PERSON, reading[1])
    commitments = [epoch.commit(secret, LOG, number) for number, secret in enumerate(EPOCHS)]
    rows = [[number, EPOCHS[number]] for number in range(3)]
    bundle = ["msb/1/history", rows]

    def opens(name: str, *given: Any, error: str = "Unreadable") -> Case:
        return Case(f"open a box: {name}", "epoch.open_epoch", list(given), error)

    def reads(name: str, items: Any, dropped: list[int], error: str = "Unreadable") -> Case:
        given = [items, LOG, commitments, dropped]
        return Case(f"read a bundle: {name}", "epoch.read_history", given, error)

    return [
        Case("commit", "epoch.commit", [SEED, LOG, 3]),
        Case("make a box", "epoch.make_box", [SEED, LOG, 3, PERSON, reading[1]]),
        opens("mine", box, reading, LOG, 3, PERSON, commitment, error=""),
        opens("another log", box, reading, bytes(16), 3, PERSON, commitment),
        opens("another epoch", box, reading, LOG, 2, PERSON, commitment),
        opens("another person", box, reading, LOG, 3, bytes(16), commitment),
        opens("another commitment", box, reading, LOG, 3, PERSON, bytes(32)),
        opens("changed", box[:-1] + bytes([box[-1] ^ 1]), reading, LOG, 3, PERSON, commitment),
        opens("another's", box, [SEED, primitives.box_key(SEED)], LOG, 3, PERSON, commitment),
        Case("write a bundle", "epoch.encode_history", [rows]),
        Case("write an empty bundle", "epoch.encode_history", [[]]),
        reads("whole", bundle, [], error=""),
        reads("one dropped", ["msb/1/history", [rows[0], rows[2]]], [1], error=""),
        reads("longer", [*bundle, "new"], [], error=""),
        reads("one missing", ["msb/1/history", rows[:2]], []),
        reads("one too many", bundle, [1]),
        reads("out of order", ["msb/1/history", [rows[1], rows[0], rows[2]]], []),
        reads("one poisoned", ["msb/1/history", [rows[0], [1, EPOCHS[2]], rows[2]]], []),
        reads("no bundle", ["msb/1/post", rows], []),
        reads("nothing", [], []),
    ]


def _access() -> list[Case]:
    secret, letters = bytes(range(16)), "7KQ2M9XW"
    invited = invitation.derive_invitation_seed(secret, letters, FINGERPRINT)
    challenge, origin, time = bytes(32), "https://example.test", 1790000000000
    device = primitives.signing_key(SEED)
    signed = login.sign_login(SEED, FINGERPRINT, origin, challenge, time)
    knocked = login.sign_knock(SEED, FINGERPRINT, origin, challenge, time)
    fragment = invitation.encode_fragment(secret, FINGERPRINT)
    statement = [FINGERPRINT, origin, challenge, time]

    def verify(name: str, call: str, *given: Any) -> Case:
        return Case(name, f"login.{call}", list(given), "NotAuthentic")

    return [
        Case("sign in", "login.sign_login", [SEED, *statement]),
        Case("knock", "login.sign_knock", [SEED, *statement]),
        Case("verify a sign-in", "login.verify_login", [device, *statement, signed]),
        Case("verify a knock", "login.verify_knock", [device, *statement, knocked]),
        verify("a knock is no sign-in", "verify_login", device, *statement, knocked),
        verify("a sign-in is no knock", "verify_knock", device, *statement, signed),
        verify(
            "another origin",
            "verify_login",
            device,
            FINGERPRINT,
            "https://example.tes",
            challenge,
            time,
            signed,
        ),
        verify(
            "another practice", "verify_login", device, bytes(32), origin, challenge, time, signed
        ),
        verify(
            "another challenge", "verify_login", device, FINGERPRINT, origin, SEED, time, signed
        ),
        Case("letters", "invitation.encode_letters", [bytes([0, 1, 2, 3, 255])]),
        Case("read letters", "invitation.read_letters", ["7kq2-m9xw", 8]),
        Case("read look-alikes", "invitation.read_letters", ["OoIi LlZz", 8]),
        Case("too few letters", "invitation.read_letters", ["7KQ2M9X", 8], "Malformed"),
        Case("U is no letter", "invitation.read_letters", ["7KQ2M9XU", 8], "Malformed"),
        Case("letters beyond ASCII", "invitation.read_letters", ["7KQ2M9X\u0131", 8], "Malformed"),
        Case(
            "a letter that grows in upper case",
            "invitation.read_letters",
            ["7KQ2M9ß", 8],
            "Malformed",
        ),
        Case("write a fragment", "invitation.encode_fragment", [secret, FINGERPRINT]),
        Case("read a fragment", "invitation.decode_fragment", [fragment]),
        Case("half a fragment", "invitation.decode_fragment", [fragment[:-4]], "Malformed"),
        Case(
            "the invitation's key",
            "invitation.derive_invitation_seed",
            [secret, letters, FINGERPRINT],
        ),
        Case(
            "sign a joiner's keys",
            "invitation.sign_join",
            [invited, FINGERPRINT, SEED, device, SECRET, EPOCHS[0]],
        ),
        *_vaults(),
        Case("the pin holds", "log.check_pin", [1, EPOCHS[1], EPOCHS]),
        Case(
            "the log is shorter than its pin", "log.check_pin", [4, EPOCHS[1], EPOCHS], "RolledBack"
        ),
        Case("the log is another", "log.check_pin", [2, EPOCHS[1], EPOCHS], "RolledBack"),
    ]


def _vaults() -> list[Case]:
    fields = {
        "fingerprint": FINGERPRINT, "origin": "https://example.test", "person": PERSON,
        "device_seed": SEED, "box_secret": SECRET, "reading_secrets": [EPOCHS[0], EPOCHS[1]],
        "pins": [[LOG, 7, EPOCHS[2]]],
    }  # fmt: skip
    keys = vault.Keys(
        FINGERPRINT, "https://example.test", PERSON, SEED, SECRET, (EPOCHS[0], EPOCHS[1]),
        ((LOG, Head(7, EPOCHS[2])),),
    )  # fmt: skip
    salt, nonce = bytes(range(16)), bytes(range(24))
    data = vault.seal_vault(keys, PASSPHRASE, salt, nonce)
    label, passes, memory, *rest = encoding.decode_array(data)

    def weak(name: str, passes: int, memory: int) -> Case:
        raw = encoding.encode([label, passes, memory, *rest])
        return Case(f"a vault with {name}", "vault.open_vault", [raw, PASSPHRASE], "WeakVault")

    return [
        Case("seal a vault", "vault.seal_vault", [fields, PASSPHRASE, salt, nonce]),
        Case("open a vault", "vault.open_vault", [data, PASSPHRASE]),
        Case(
            "a decomposed passphrase",
            "vault.open_vault",
            [data, PASSPHRASE.replace("é", "e\u0301")],
        ),
        Case("a wrong passphrase", "vault.open_vault", [data, "x"], "WrongPassphrase"),
        Case(
            "a damaged vault",
            "vault.open_vault",
            [data[:-1] + bytes([data[-1] ^ 1]), PASSPHRASE],
            "WrongPassphrase",
        ),
        Case(
            "no vault",
            "vault.open_vault",
            [encoding.encode(["msb/1/keys"]), PASSPHRASE],
            "Malformed",
        ),
        Case(
            "a vault whose ciphertext is text",
            "vault.open_vault",
            [encoding.encode([label, passes, memory, *rest[:2], "text"]), PASSPHRASE],
            "WrongPassphrase",
        ),
        Case(
            "seal with half a pair of surrogates",
            "vault.seal_vault",
            [fields, PASSPHRASE + "\ud800", salt, nonce],
            "Malformed",
        ),
        Case(
            "open with half a pair of surrogates",
            "vault.open_vault",
            [data, "\udc00" + PASSPHRASE],
            "Malformed",
        ),
        weak("two passes", passes - 1, memory),
        weak("less memory", passes, memory - 1),
        weak("17 passes", 17, memory),
        weak("too much memory", passes, 1024 * 1024 + 1),
    ]
