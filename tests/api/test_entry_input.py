"""Bad entries and boxes: every field short, long, empty, zero, and every byte another."""

from __future__ import annotations

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import encode_entry
from microblog.protocol.primitives import sign
from microblog.protocol.why import encode_why
from tests.api.refusing import CBOR, good, send
from tests.practice import raw
from tests.vectors.practice import rows


def leaves(value, at=()):
    """Return where in nested arrays there are bytes, each with them."""
    if isinstance(value, bytes):
        return [(at, value)]
    rows = enumerate(value) if isinstance(value, list) else ()
    return [leaf for number, item in rows for leaf in leaves(item, (*at, number))]


def changed(value, at, new):
    if not at:
        return new
    return [changed(it, at[1:], new) if n == at[0] else it for n, it in enumerate(value)]


def bad_bytes(data):
    """Return bytes that another length, or nothing but zeros, make of some."""
    found = [data[:-1], data + b"\0", b"", bytes(len(data)), b"\xff" * len(data)]
    return [it for it in found if it != data]


def entries_of(world):
    """Return one entry of each kind that the keeper could append to their stream now."""
    child, keeper = world.stream("keeper", "own"), world.person("keeper")
    grant = [world.person("stranger").id, "follower"]
    boxes = child.boxes(child.epoch, [world.person("stranger")])
    number = child.epoch + 1
    epoch = [child.commitment(number), rows(child.team), [], b""]
    more = {"epoch": number, "boxes": child.boxes(number, [keeper])}
    return [
        child.then(keeper, "post", [0], b"x"),
        child.then(keeper, "grant", grant, encode_why("", b""), boxes=boxes),
        child.then(keeper, "epoch", epoch, child.history_of(number), **more),
    ]


def test_every_byte_field_of_an_entry_has_its_size_and_is_not_nothing(world, faults):
    path, _ = good(world, "POST", "/api/logs/<log>/entries")
    seed = world.person("keeper").seed
    for entry in entries_of(world):
        parts = decode_array(encode_entry(entry))
        header = decode_array(entry.raw_header)
        outside = [
            changed(parts, at, bad)
            for at, data in leaves(parts)
            for bad in bad_bytes(data)
            # Boxes are sealed: the server cannot know zeros from others.
            if at[0] != 4 or len(at) < 3 or at[2] == 0 or not 48 <= len(bad) <= 256
        ]
        inside = []
        for at, data in leaves(header):
            for bad in bad_bytes(data):
                if at == (13, 0) and entry.header.kind == "epoch" and len(bad) == 32:
                    continue  # A commitment is 32 bytes of any kind.
                signed = encode(changed(header, at, bad))
                inside.append([signed, sign(seed, "msb/1/entry", signed), *parts[2:]])
        assert len(outside) >= 15
        assert len(inside) >= 35
        for number, mutant in enumerate([*outside, *inside]):
            reply = send(world, "POST", path, encode([encode(mutant)]), CBOR)
            faults.expect((entry.header.kind, number), reply, (400, 403, 409, 422))


def test_every_byte_field_of_boxes_has_its_size(world, faults):
    path, body = good(world, "PUT", "/api/logs/<log>/boxes")
    good_one = decode_array(body)
    for at, data in leaves(good_one):
        for bad in bad_bytes(data):
            if at[-1] == 0 or not 48 <= len(bad) <= 256:
                reply = send(world, "PUT", path, encode(changed(good_one, at, bad)), CBOR)
                faults.expect((at, bad), reply, (400, 422))
    for size in (47, 257):
        reply = send(world, "PUT", path, encode(changed(good_one, (1, 0, 1), bytes(size))), CBOR)
        faults.expect((size,), reply)


def test_an_entry_of_another_version_is_too_new(world, faults):
    entry = encode([encode(["msb/2/entry"]), bytes(64), b"", b"", []])
    path, _ = good(world, "POST", "/api/logs/<log>/entries")
    reply = send(world, "POST", path, encode([entry]), CBOR)
    assert (reply.status, reply.code) == (422, "too-new")


def test_every_single_byte_of_a_request_may_be_another_without_a_fault(world, faults):
    child = world.stream("keeper", "own")
    body = encode(raw(child.then(world.person("keeper"), "post", [0], b"x")))
    path, _ = good(world, "POST", "/api/logs/<log>/entries")
    for at in [*range(460), *range(460, len(body), 97)]:
        mutant = bytearray(body)
        mutant[at] ^= 0x55
        reply = send(world, "POST", path, bytes(mutant), CBOR)
        faults.expect((at,), reply, range(400, 500))


def test_one_bad_entry_of_many_keeps_all_out(world, faults):
    child, keeper = world.stream("keeper", "own"), world.person("keeper")
    path, _ = good(world, "POST", "/api/logs/<log>/entries")
    count = len(child.entries)
    for _ in range(3):
        child.post(keeper)
    good_ones = raw(*child.entries[count:])
    del child.entries[count:]
    for at in range(3):
        parts = decode_array(good_ones[at])
        mutants = [encode(changed(parts, (1,), bytes(64))), encode(changed(parts, (2,), b""))]
        for mutant in mutants:
            body = encode([*good_ones[:at], mutant, *good_ones[at + 1 :]])
            reply = send(world, "POST", path, body, CBOR)
            faults.expect((at,), reply, (422,), f"entry {at}: ")
