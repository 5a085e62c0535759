"""What the vectors may call: one function each, over values that JSON can hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from microblog.protocol import (
    about,
    ask,
    base64url,
    bundle,
    device,
    encoding,
    entry,
    epoch,
    evidence,
    export,
    invitation,
    log,
    login,
    post,
    primitives,
    reading,
    shape,
    shred,
    vault,
    why,
    witness,
)
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, Header, decode_entry, verify_entry
from microblog.protocol.errors import ProtocolError
from microblog.protocol.log import Head
from microblog.protocol.stream import Stream, Target, target_of
from tests.vectors.link_calls import LINK_CALLS
from tests.vectors.note_calls import NOTE_CALLS
from tests.vectors.rule_calls import RULE_CALLS


def extend_directory(fingerprint: bytes | None, raw: Sequence[bytes]) -> Mapping[str, Any]:
    """Fold a directory and sum it up; the first refusal is raised."""
    directory, error = Directory(fingerprint).extend(map(decode_entry, raw))
    if error:
        raise error
    persons = sorted(directory.persons.values(), key=lambda person: person.id)
    invites = sorted(directory.invites.values(), key=lambda invite: invite.id)
    return {
        "head": [len(directory.ids) - 1, directory.ids[-1]],
        "persons": [
            [p.id, p.agency, p.role, p.joined, -1 if p.left is None else p.left, p.name, p.job,
             p.supervisor, list(p.deputies), p.phone, p.email, p.formerly, p.reading_key,
             p.reading_keys, p.revoked, int(directory.is_stale(p.id))]
            for p in persons
        ],
        "devices": sorted(
            [d.key, d.box_key, d.person, d.since, d.name, d.sort, d.time, d.until,
             -1 if d.revoked is None else d.revoked, d.doubtful_since]
            for d in directory.devices.values()
        ),
        "witnesses": sorted(
            [w.key, w.since, w.from_seq, -1 if w.until_seq is None else w.until_seq]
            for w in directory.witnesses.values()
        ),
        "agencies": sorted([a.id, a.name, a.sort] for a in directory.agencies.values()),
        "invites": [[i.id, i.person, i.name, i.spent] for i in invites],
        "keys": sorted(directory.keys),
        "practice": directory.policy.name if directory.policy else "",
    }  # fmt: skip


def extend_stream(
    directory_raw: Sequence[bytes], log_id: bytes, raw: Sequence[bytes]
) -> Mapping[str, Any]:
    """Fold a stream over a whole directory and sum it up; the first refusal is raised."""
    directory = _whole_directory(directory_raw)
    return _sum_up(_fold(Stream(log_id), directory, raw))


def extend_crowded_stream(
    directory_raw: Sequence[bytes],
    log_id: bytes,
    raw: Sequence[bytes],
    crowd: int,
    then: Sequence[bytes],
) -> Mapping[str, Any]:
    """Fold a stream, let the persons 1 to `crowd` work here and follow, and fold `then`.

    It stands for hundreds of entries that would let them in and grant them.
    """
    directory = _whole_directory(directory_raw)
    stream = _fold(Stream(log_id), directory, raw)
    like = next(iter(directory.persons.values()))
    people = [number.to_bytes(16, "big") for number in range(1, crowd + 1)]
    directory.persons.update({person: replace(like, id=person) for person in people})
    members = sorted([*stream.members, *((person, "follower") for person in people)])
    return _sum_up(_fold(replace(stream, members=tuple(members)), directory, then))


def _whole_directory(raw: Sequence[bytes]) -> Directory:
    directory, error = Directory().extend(map(decode_entry, raw))
    assert error is None
    return directory


def _fold(stream: Stream, directory: Directory, raw: Sequence[bytes]) -> Stream:
    targets = dict[int, Target]()
    for item in map(decode_entry, raw):
        stream = _apply(stream, item, directory, _target(item, targets))
    return stream


def _apply(stream: Stream, entry: Entry, directory: Directory, target: Target | None) -> Stream:
    """Apply an entry at once and in two steps, the signature second; both must end alike."""
    try:
        later: Stream | str = stream.apply_deferred(entry, directory, target)
        verify_entry(entry)
    except ProtocolError as error:
        later = repr(error)
    try:
        after: Stream | str = stream.apply(entry, directory, target)
    except ProtocolError as error:
        after = repr(error)
        raise
    finally:
        assert later == after
    return after


def _sum_up(stream: Stream) -> Mapping[str, Any]:
    return {
        "head": [stream.head.seq, stream.head.id] if stream.head else [],
        "members": stream.members,
        "keepers": sorted(stream.keepers()),
        "commitments": stream.commitments,
        "dropped": stream.dropped,
        "directory_seq": stream.directory_seq,
        "epoch_view": stream.epoch_view,
        "held": int(stream.held),
        "proposals": [[it.id, it.author, it.time, it.digest] for it in stream.proposals],
    }


def _target(item: Entry, targets: dict[int, Target]) -> Target | None:
    header = item.header
    if header.kind == "post":
        targets[header.seq] = Target(header.author, header.time, withdrawn=False, erased=False)
    if header.kind == "shred":
        _destroy(header.payload, targets)
    if header.kind != "withdraw":
        return None
    seq = target_of(header.payload)
    found = targets.get(seq)
    if found:
        erased = header.payload[1] == 1
        targets[seq] = Target(found.author, found.time, withdrawn=True, erased=erased)
    return found


def _decode_entry(raw: bytes) -> Mapping[str, Any]:
    item = decode_entry(raw)
    core = entry.encode_core(item.header)
    return {"id": item.id, "core": core, "header": item.header, "boxes": item.boxes}


def _destroy(payload: Value, targets: dict[int, Target]) -> None:
    try:
        seqs, seconded = shred.read_shred(payload)
    except ProtocolError:
        return  # what is no shred is refused when it is applied
    for seq in targets.keys() & set(seqs if seconded else ()):
        targets[seq] = replace(targets[seq], erased=True)


def _write_plain_entry(fields: Mapping[str, Any], seed: bytes, salt: bytes, body: bytes) -> bytes:
    return entry.encode_entry(entry.write_plain_entry(Header(**fields), seed, salt, body))


def _write_sealed_entry(
    fields: Mapping[str, Any],
    keys: tuple[bytes, bytes],
    randoms: tuple[bytes, bytes],
    plain: bytes,
    boxes: Sequence[tuple[bytes, bytes]],
) -> bytes:
    header = Header(**fields)
    pairs = [(person, box) for person, box in boxes]
    return entry.encode_entry(entry.write_sealed_entry(header, keys, randoms, plain, pairs))


def _make_post(fields: Mapping[str, Any]) -> post.Post:
    return post.Post(**{**fields, "refers": tuple(fields.get("refers", ()))})


def _make_about(fields: Mapping[str, Any]) -> about.About:
    rows = ("known_as", "households", "people", "birth")
    tuples = {name: tuple(map(_tupled, fields[name])) for name in rows if name in fields}
    return about.About(**{**fields, **tuples})


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _make_keys(fields: Mapping[str, Any]) -> vault.Keys:
    pins = tuple((row[0], Head(row[1], row[2])) for row in fields["pins"])
    reading = tuple(fields["reading_secrets"])
    return vault.Keys(**{**fields, "pins": pins, "reading_secrets": reading})


def _open_vault(data: bytes, passphrase: str) -> Mapping[str, Any]:
    keys = vault.open_vault(data, passphrase)
    pins = [[name, pin.seq, pin.id] for name, pin in keys.pins]
    return {
        "fingerprint": keys.fingerprint,
        "origin": keys.origin,
        "person": keys.person,
        "device_seed": keys.device_seed,
        "box_secret": keys.box_secret,
        "reading_secrets": keys.reading_secrets,
        "pins": pins,
    }


def _encode_history(rows: Sequence[tuple[int, bytes]]) -> bytes:
    return epoch.encode_history(dict(rows))


def _read_history(
    items: Sequence[Value], log_id: bytes, commitments: Sequence[bytes], dropped: Sequence[int]
) -> list[Any]:
    return sorted(epoch.read_history(items, log_id, commitments, dropped).items())


def _make_asker(fields: Mapping[str, Any]) -> ask.Asker:
    return ask.Asker(**fields)


def _verify_ask(directory_raw: Sequence[bytes], raw: bytes, log_id: bytes) -> None:
    ask.verify_ask(ask.decode_ask(raw), _whole_directory(directory_raw), log_id)


def _seal_reading(seed: bytes, owner: Mapping[str, Any], *rest: Any) -> bytes:
    return reading.seal_reading(seed, reading.Owner(**owner), *rest)


def _open_reading(
    secret: bytes, sealed: bytes, owner: Mapping[str, Any], keys: Sequence[bytes]
) -> Sequence[bytes]:
    return reading.open_reading(secret, sealed, reading.Owner(**owner), keys)


def _write_head(seed: bytes, fields: Mapping[str, Any]) -> bytes:
    head = Head(fields["seq"], fields["id"])
    sighting = witness.Sighting(fields["fingerprint"], fields["log"], head, fields["time"])
    return witness.write_head(seed, sighting)


def _decode_head(raw: bytes) -> Sequence[Any]:
    found = witness.decode_head(raw).sighting
    return [found.fingerprint, found.log, found.head.seq, found.head.id, found.time]


def _find_witness(directory_raw: Sequence[bytes], raw: bytes) -> bytes:
    return witness.find_witness(witness.decode_head(raw), _whole_directory(directory_raw))


def _good_witnesses(directory_raw: Sequence[bytes]) -> Sequence[Any]:
    found = witness.good_witnesses(_whole_directory(directory_raw))
    return [[it.key, it.since, it.from_seq] for it in found]


def _make_bundle(
    fields: Mapping[str, Any], directory: Sequence[bytes], entries: Sequence[bytes]
) -> bundle.Bundle:
    secrets = [(number, secret) for number, secret in fields["secrets"]]
    rest = {**fields, "secrets": secrets}
    return bundle.Bundle(**rest, directory=directory, entries=entries)


def _write_bundle(seed: bytes, *given: Any) -> bytes:
    return bundle.write_bundle(_make_bundle(*given), seed)


def _verify_bundle(raw: bytes) -> Mapping[str, Any]:
    found = evidence.verify_bundle(bundle.decode_bundle(raw))
    head = found.stream.head
    return {
        "head": [head.seq, head.id] if head else [],
        "directory": len(found.directory.ids),
        "exporter": found.bundle.exporter,
        "epochs": sorted(found.secrets),
        "gone": sorted(found.gone),
        "missing": list(found.missing),
        "sightings": [[s.log, s.head.seq, s.time] for s in found.sightings],
    }


def _verify_edited_bundle(seed: bytes, fields: Mapping[str, Any], *given: Any) -> Mapping[str, Any]:
    """Check a bundle of which entries, each [log (0, 1), seq, bytes], are others, or left out."""
    *logs, edits = map(list, given)
    for which, at, raw in edits:
        logs[which][at] = raw
    kept = ([raw for raw in entries if raw] for entries in logs)
    return _verify_bundle(_write_bundle(seed, fields, *kept))


CALLS: Mapping[str, Callable[..., Any]] = {
    "encoding.encode": encoding.encode,
    "encoding.decode": encoding.decode,
    "base64url.encode_base64url": base64url.encode_base64url,
    "base64url.decode_base64url": base64url.decode_base64url,
    "shape.date": lambda value: shape.date(value, "date"),
    "shape.moment": lambda value: shape.moment(value, "moment"),
    "primitives.hash_labelled": primitives.hash_labelled,
    "primitives.derive": primitives.derive,
    "primitives.stretch": primitives.stretch,
    "primitives.signing_key": primitives.signing_key,
    "primitives.box_key": primitives.box_key,
    "primitives.sign": primitives.sign,
    "primitives.verify_signature": primitives.verify_signature,
    "primitives.check_signing_key": primitives.check_signing_key,
    "primitives.check_box_key": primitives.check_box_key,
    "primitives.encrypt": primitives.encrypt,
    "primitives.decrypt": primitives.decrypt,
    "primitives.seal_box": primitives.seal_box,
    "primitives.open_box": primitives.open_box,
    "primitives.pad": primitives.pad,
    "primitives.unpad": primitives.unpad,
    "entry.decode_entry": _decode_entry,
    "entry.write_plain_entry": _write_plain_entry,
    "entry.write_sealed_entry": _write_sealed_entry,
    "entry.open_body": lambda raw, secret: entry.open_body(decode_entry(raw), secret),
    "log.check_pin": lambda seq, identity, ids: log.check_pin(Head(seq, identity), ids),
    "post.encode_post": lambda fields: post.encode_post(_make_post(fields)),
    "post.read_post": post.read_post,
    "about.encode_about": lambda fields: about.encode_about(_make_about(fields)),
    "about.read_about": about.read_about,
    "why.encode_why": why.encode_why,
    "why.read_why": why.read_why,
    "shred.encode_reason": lambda fields: shred.encode_reason(shred.Reason(**fields)),
    "shred.read_reason": shred.read_reason,
    "epoch.commit": epoch.commit,
    "epoch.make_box": epoch.make_box,
    "epoch.open_epoch": lambda box, reading, *rest: epoch.open_epoch(box, tuple(reading), *rest),
    "epoch.encode_history": _encode_history,
    "epoch.read_history": _read_history,
    "export.encode_export": lambda fields: export.encode_export(export.Export(**fields)),
    "export.read_export": export.read_export,
    "bundle.write": _write_bundle,
    "bundle.decode": lambda raw: bundle.decode_bundle(raw).payload,
    "bundle.verify": _verify_bundle,
    "bundle.verify_edited": _verify_edited_bundle,
    "login.sign_login": login.sign_login,
    "login.verify_login": login.verify_login,
    "login.sign_knock": login.sign_knock,
    "login.verify_knock": login.verify_knock,
    "invitation.encode_fragment": invitation.encode_fragment,
    "invitation.decode_fragment": invitation.decode_fragment,
    "invitation.encode_letters": invitation.encode_letters,
    "invitation.read_letters": invitation.read_letters,
    "invitation.derive_invitation_seed": invitation.derive_invitation_seed,
    "invitation.sign_join": invitation.sign_join,
    "ask.encode_slip": ask.encode_slip,
    "ask.decode_slip": ask.decode_slip,
    "ask.seal_reason": lambda seed, asker, *rest: ask.seal_reason(seed, _make_asker(asker), *rest),
    "ask.open_reason": lambda secret, asker, raw: ask.open_reason(secret, _make_asker(asker), raw),
    "ask.write_ask": lambda seed, asker, boxes: ask.write_ask(
        seed, _make_asker(asker), list(map(tuple, boxes))
    ),
    "ask.decode_ask": ask.decode_ask,
    "ask.encode_ask": lambda raw: ask.encode_ask(ask.decode_ask(raw)),
    "ask.verify_ask": _verify_ask,
    "witness.write_head": _write_head,
    "witness.decode_head": _decode_head,
    "witness.verify_head": lambda raw, *rest: witness.verify_head(witness.decode_head(raw), *rest),
    "witness.find_witness": _find_witness,
    "witness.good_witnesses": _good_witnesses,
    "device.sign_device": device.sign_device,
    "device.verify_device": lambda fingerprint, person, keys, *rest: device.verify_device(
        fingerprint, person, tuple(keys), *rest
    ),
    **LINK_CALLS,
    **NOTE_CALLS,
    **RULE_CALLS,
    "reading.seal_reading": _seal_reading,
    "reading.open_reading": _open_reading,
    "vault.seal_vault": lambda keys, *rest: vault.seal_vault(_make_keys(keys), *rest),
    "vault.open_vault": _open_vault,
    "directory.extend": extend_directory,
    "stream.extend": extend_stream,
    "stream.extend_crowded": extend_crowded_stream,
}
