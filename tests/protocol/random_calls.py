"""Random calls: of every function that the vectors know, over what is right or nearly so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from microblog.protocol.ask import Asker, encode_slip, seal_reason, write_ask
from microblog.protocol.encoding import decode, encode
from microblog.protocol.entry import (
    MAX_BODY_BYTES,
    MAX_BOX_BYTES,
    MAX_BOXES,
    MAX_ENTRY_BYTES,
    MAX_PAYLOAD_BYTES,
    Header,
    encode_entry,
    hash_body,
    sign_entry,
)
from microblog.protocol.epoch import make_box
from microblog.protocol.post import Post
from microblog.protocol.primitives import derive, pad, seal_box, sign
from tests.protocol.random_bundles import bundles
from tests.protocol.random_logs import Asked, Walk
from tests.protocol.random_values import (
    MIXED,
    NUMBERS,
    POINTS,
    STAFF,
    TEXTS,
    any_value,
    as_array,
    changed,
    changed_bytes,
    encodable,
)
from tests.vectors.case import Upto
from tests.vectors.practice import START, StreamLog, fresh


def calls(random: Random, walked: Walk, count: int) -> Iterator[Asked]:
    """Yield calls that need no growing log, and changed entries of the two that grew."""
    raw = [*walked.directory.raw, *walked.logs["stream"]]
    for _ in range(count):
        yield random.choice(_SORTS)(random, raw, walked)


def _encode(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    return Asked("encoding.encode", [any_value(random)])


def _decode(random: Random, raw: Sequence[bytes], _walked: Walk) -> Asked:
    entry = decode(random.choice(raw))
    assert isinstance(entry, list)
    good = [entry[0], encode(encodable(lambda: any_value(random))), random.randbytes(4)]
    data = random.choice(good)
    for _ in range(random.randrange(4)):
        data = changed_bytes(random, data)
    return Asked("encoding.decode", [data])


def _text(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    alphabet = random.choice(
        ["Aa0-_", "AQgw-_=+/\n ", "0O1Il-uU é\u0131\u017f\ufb01ß", "012-T:\n٣"]
    )
    text = "".join(random.choices(alphabet, k=random.randrange(12)))
    dates = ["2026-01-31", "2026-01-31T00:00", "2026", "2026-12", text]
    return random.choice([
        Asked("base64url.decode_base64url", [text]),
        Asked("base64url.encode_base64url", [random.randbytes(random.randrange(40))]),
        Asked("invitation.read_letters", [text, random.choice([len(text), 8])]),
        Asked("invitation.encode_letters", [random.randbytes(5 * random.randrange(4))]),
        Asked("invitation.decode_fragment", [random.choice([text, "A" * 64, "A" * 63, "_" * 64])]),
        Asked("shape.date", [random.choice([*dates, any_value(random)])]),
        Asked("shape.moment", [random.choice([*dates, changed(random, "2026-01-31T00:00")])]),
    ])  # fmt: skip


def _entry(random: Random, raw: Sequence[bytes], _walked: Walk) -> Asked:
    data = random.choice(raw)
    items: Any = decode(data)
    header = encodable(lambda: changed(random, decode(items[0])))
    whole = encodable(lambda: changed(random, items))
    other = [data, changed_bytes(random, data), encode([encode(header), *items[1:]]), encode(whole)]
    return Asked("entry.decode_entry", [random.choice(other)])


def _stored(random: Random, _raw: Sequence[bytes], walked: Walk) -> Asked:
    """Change the bytes of an entry in the middle of a log, which is then folded to its end."""
    name = random.choice(["directory", "stream"])
    log = walked.logs[name]
    if not log:
        return Asked("directory.extend", [random.randbytes(32), Upto("directory", 1)])
    at = random.randrange(len(log))
    items: Any = decode(log[at])
    place = random.randrange(5)
    items[place] = encodable(lambda: [changed(random, items[place])])[0]
    then = [encode(items), *log[at + 1 :]]
    if name == "directory":
        return Asked("directory.extend", [None, Upto(name, at, then)])
    everyone = Upto("directory", len(walked.directory.entries) - random.choice([0, 0, 1]))
    assert walked.stream
    return Asked("stream.extend", [everyone, walked.stream.log, Upto(name, at, then)])


def _body(random: Random, _raw: Sequence[bytes], walked: Walk) -> Asked:
    log = StreamLog("bodies", walked.directory)
    kind = random.choice(["post", "epoch"])
    plain = random.choice([encode([1]), b"", b"\x80", bytes(2046), bytes(2047), b"\x81\x81\x80"])
    entry = log.then(STAFF[0], kind, [], plain)
    secret = random.choice([log._secret(entry.header.epoch)] * 4 + [bytes(32)])
    if random.random() < 0.3:
        # Fits its hash, so that its size is what is looked at.
        body = random.choice([b"", entry.body * 2, bytes(40), bytes(40 + 2048), bytes(40 + 4096)])
        header = replace(entry.header, body_hash=hash_body(entry.salt, body))
        entry = sign_entry(header, STAFF[0].seed, entry.salt, body, ())
    items: Any = decode(encode_entry(entry))
    if random.random() < 0.3:
        place = random.choice([2, 3])
        items[place] = encodable(lambda: [changed(random, items[place])])[0]
    return Asked("entry.open_body", [encode(items), secret])


def _sealing(random: Random, _raw: Sequence[bytes], walked: Walk) -> Asked:
    log = StreamLog("sealing", walked.directory)
    header = log.header(STAFF[0], random.choice(["post", "epoch"]), [0])
    fields = {name: getattr(header, name) for name in Header.__slots__}
    plain = bytes(random.choice([0, 1, 2046, 2047, 2048, 4095, 4096]))
    people = [[fresh(f"box {random.randrange(4)}", 16), bytes(48)] for _ in range(3)]
    keys, randoms = [bytes(32), bytes(32)], [bytes(32), bytes(24)]
    return Asked("entry.write_sealed_entry", [fields, keys, randoms, plain, people])


def _sizes(random: Random, raw: Sequence[bytes], _walked: Walk) -> Asked:
    """Put something of an entry's at its limit, or one beside it."""
    entry: Any = decode(random.choice(raw))
    header: Any = decode(entry[0])
    boxes = [[bytes([0] * 15 + [n]), bytes(48)] for n in range(202)]
    more = random.choice([-1, 0, 0, 1])
    limit = random.choice(["payload", "body", "boxes", "box", "small box", "entry"])
    if limit == "payload":
        header[13] = [bytes(MAX_PAYLOAD_BYTES - 4 + more)]
    elif limit == "body":
        entry[2] = bytes(MAX_BODY_BYTES + more)
    elif limit == "boxes":
        entry[4] = boxes[: MAX_BOXES + more]
    elif limit in ("box", "small box"):
        entry[4] = [[bytes(16), bytes((MAX_BOX_BYTES if limit == "box" else 48) + more)]]
    else:
        entry[2], entry[4] = bytes(MAX_BODY_BYTES - 2000), [[n, bytes(100)] for n, _ in boxes[:200]]
        header[13] = [b""]
        missing = MAX_ENTRY_BYTES - len(encode([encode(header), *entry[1:]]))
        # Three bytes more for the length of the payload's, itself beside its limit.
        header[13] = [bytes(max(0, missing - 2 + more))]
    return Asked("entry.decode_entry", [encode([encode(header), *entry[1:]])])


def _words(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    post = [
        "msb/1/post",
        "words",
        "visit",
        "sure",
        "7",
        "worried",
        "2026-02-03T10:00",
        START,
        [bytes(32)],
        "same",
        "who told",
        "",
        "seen",
        "why",
        "2026-05-01",
        1,
        2,
        bytes(32),
    ]
    about = ["msb/1/about", "child", "Sam", ["S"], ["born", "2020-01"], [[bytes(16), "2020", ""]],
             [["Jo", "mother"]], "school", 1, 0]  # fmt: skip
    secrets = [fresh(f"secret {n}") for n in range(3)]
    commitments = [derive(secret, "msb/1/epoch", bytes(16), n) for n, secret in enumerate(secrets)]
    dropped = random.choice([[], [], [0], [1], [0, 1]])
    history = ["msb/1/history", [[n, secrets[n]] for n in range(2) if n not in dropped]]
    items = random.choice([post, post, about, about, ["msb/1/why", "why", b""], history])
    call = {"history": "epoch.read_history", "post": "post.read_post", "why": "why.read_why"}.get(
        str(items[0]).rpartition("/")[2], "about.read_about"
    )
    for _ in range(random.randrange(3)):
        # What is read comes out of an encoding, and only what has one is read.
        items = encodable(lambda before=items: as_array(changed(random, before)))
    rest = [bytes(16), commitments, dropped] if call == "epoch.read_history" else []
    return Asked(call, [items, *rest])


def _writing(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    names = [name for name in Post.__slots__ if name != "newer"]
    fields: dict[str, Any] = {"text": "words"}
    for name in random.sample(names, 3):
        fields[name] = random.choice([*TEXTS, *NUMBERS])
        if name in ("refers", "row"):
            fields[name] = random.choice([[], [bytes(32)], [bytes(32)] * 3])
    if isinstance(fields.get("row"), list):
        fields["row"] = bytes(32 * len(fields["row"]))
    if random.random() < 0.2:
        size = random.choice([40, 41])
        fields = {"text": "words", "source": "é" * 40, "original": "o" * 40, "reason": "r" * size}
    about = {"sort": random.choice(["child", "flat"]), "name": random.choice(TEXTS)}
    about["school"] = random.choice(TEXTS)
    return random.choice([
        Asked("post.encode_post", [fields]),
        Asked("about.encode_about", [about]),
        Asked("why.encode_why", [random.choice([*TEXTS, "\ud800"]), b""]),
    ])  # fmt: skip


def _keys(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    who, signed = STAFF[0], sign(STAFF[0].seed, "msb/1/login", b"data")
    good = [random.randbytes(32), who.device, who.reading_key]
    key = random.choice([*POINTS, *MIXED, *good, changed_bytes(random, who.device)])
    # The signature with the group's order added to its second half: the same, but not canonical.
    order = 2**252 + 27742317777372353535851937790883648493
    high = (int.from_bytes(signed[32:], "little") + order).to_bytes(32, "little")
    forged = [signed, signed[:32] + high, changed_bytes(random, signed), key + bytes(32)]
    signer = random.choice([who.device, who.device, key])
    return random.choice([
        Asked("primitives.check_signing_key", [key]),
        Asked("primitives.check_box_key", [key]),
        Asked("primitives.verify_signature",
              [signer, "msb/1/login", b"data", random.choice(forged)]),
    ])  # fmt: skip


def _boxes(random: Random, _raw: Sequence[bytes], _walked: Walk) -> Asked:
    who, log = STAFF[0], bytes(16)
    box = seal_box(bytes(32), who.reading_key, random.choice([b"", b"secret"]))
    grant = ["msb/1/grant", log, 2, who.id, who.reading_key, bytes(32)]
    given = seal_box(bytes(32), who.reading_key, encode(encodable(lambda: changed(random, grant))))
    made = make_box(bytes(32), log, 2, who.id, who.reading_key)
    reading = [who.reading_secret, who.reading_key]
    committed = derive(bytes(32), "msb/1/epoch", log, 2)
    opened = random.choice([made, given, changed_bytes(random, made)])
    padded = random.choice([b"a\x80\0\0", b"\x80\0\0\0", bytes(4), b"a\x80", b"abc\x80\0\0\0\0"])
    return random.choice([
        Asked("primitives.open_box",
              [who.reading_secret, random.choice([box, changed_bytes(random, box)])]),
        Asked("primitives.unpad", [padded, 4]),
        Asked("epoch.open_epoch",
              [opened, reading, log, random.choice([2, 2, 2, 3]), who.id, committed]),
    ])  # fmt: skip


def _asks(random: Random, _raw: Sequence[bytes], walked: Walk) -> Asked:
    who, directory = STAFF[0], walked.directory
    asker = Asker(directory.entries[0].id, bytes(16), who.id, who.device, START)
    sealed = seal_reason(bytes(32), asker, who.reading_key, "why")
    parts: Any = decode(write_ask(who.seed, asker, [(who.id, sealed)]))
    if random.random() < 0.7:
        place = random.choice([0, 1, 2])
        parts[place] = encodable(lambda: [changed(random, parts[place])])[0]
    raw = encode(parts) if random.random() < 0.9 else changed_bytes(random, encode(parts))
    slip = encode_slip(bytes(16), asker.fingerprint)
    fields = {"fingerprint": asker.fingerprint, "log": asker.log, "person": who.id,
              "device": who.device, "time": START}  # fmt: skip
    reason = ["msb/1/ask-reason", asker.log, who.id, random.choice(["why", "w" * 121])]
    padded = pad(encode(encodable(lambda: changed(random, reason))), random.choice([640, 640, 64]))
    return random.choice([
        Asked("ask.decode_ask", [raw]),
        Asked("ask.verify_ask", [Upto("directory", len(directory.entries)), raw,
                                 bytes([random.choice([0, 0, 0, 1])] * 16)]),
        Asked("ask.decode_slip", [slip[: random.choice([64, 64, 63, 60])],
                                  random.choice([asker.fingerprint, bytes(32)])]),
        Asked("ask.open_reason", [who.reading_secret, fields, seal_box(
            bytes(32), who.reading_key, padded)]),
    ])  # fmt: skip


_SORTS = [_encode, _decode, _decode, _text, _entry, _entry, _stored, _body, _sealing, _sizes,
          _words, _words, _writing, _keys, _boxes, _asks, bundles]  # fmt: skip
