"""Whether a bundle is to be believed (PROTOCOL.md 12).

A verified bundle is what its practice wrote, in the order in which it was written, up to the entry
by which its maker told the team of it. What its maker chose is which epochs can be opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from microblog.protocol.bundle import Bundle, SignedBundle, is_bare, is_opened
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, Entry, check_body, decode_entry
from microblog.protocol.epoch import commit
from microblog.protocol.errors import (
    Malformed,
    NotAllowed,
    NotAuthentic,
    ProtocolError,
    Unreadable,
    WrongLog,
)
from microblog.protocol.export import EXPORT
from microblog.protocol.log import check_pin
from microblog.protocol.primitives import verify_signature
from microblog.protocol.shred import SHREDDED, read_shred
from microblog.protocol.stream import Stream, Target, target_of
from microblog.protocol.witness import Sighting, decode_head, find_witness


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verified bundle proves.

    `gone` are the seqs whose words were erased or destroyed by rule, `missing` those of an opened
    epoch whose words its maker did not have, or left out; `sightings` what witnesses vouch for.
    """

    bundle: Bundle
    directory: Directory
    stream: Stream
    entries: Sequence[Entry]
    secrets: Mapping[int, bytes]
    gone: frozenset[int]
    missing: Sequence[int]
    sightings: Sequence[Sighting]


def verify_bundle(signed: SignedBundle) -> Evidence:
    """Check a bundle wholly, from its fingerprint on, and return what it proves.

    Whether the fingerprint is the practice's, only a person can say.

    Raises:
        ProtocolError: what is wrong first, and where.
    """
    bundle = signed.bundle
    directory = _fold_directory(bundle)
    newest = len(directory.ids) - 1
    directory.check_device(bundle.device, bundle.exporter, newest, bundle.time)
    stream, entries, gone = _fold_stream(bundle, directory)
    _check_told(bundle, entries[-1])
    secrets = dict(bundle.secrets)
    _check_secrets(bundle, stream)
    missing = _check_bodies(entries, secrets, gone)
    sightings = _check_heads(bundle, directory, entries)
    verify_signature(bundle.device, "msb/1/bundle", signed.payload, signed.signature)
    return Evidence(bundle, directory, stream, entries, secrets, gone, missing, sightings)


def _fold_directory(bundle: Bundle) -> Directory:
    raw = bundle.directory
    directory, error = Directory(bundle.fingerprint).extend(map(_directory_entry, raw))
    if error is not None:
        raise _at(f"directory entry {len(directory.ids)}", error)
    return directory


def _directory_entry(raw: bytes) -> Entry:
    entry = decode_entry(raw)
    if entry.boxes or (entry.header.kind == "profile" and not is_bare(entry)):
        raise Malformed("a bundle carries no boxes, and nobody's phone or address")
    if not is_bare(entry):
        _check_words(entry)
    return entry


def _fold_stream(
    bundle: Bundle, directory: Directory
) -> tuple[Stream, Sequence[Entry], frozenset[int]]:
    stream, entries = Stream(bundle.log), list[Entry]()
    targets, gone = dict[int, Target](), set[int]()
    for seq, raw in enumerate(bundle.entries):
        try:
            entry = decode_entry(raw)
            if entry.boxes:
                raise Malformed("a bundle carries no boxes")
            stream = stream.apply(entry, directory, _target(entry, targets))
            gone.update(_note(entry, targets))
        except ProtocolError as error:
            raise _at(f"stream entry {seq}", error) from None
        entries.append(entry)
    lost = frozenset(seq for seq in gone if entries[seq].header.kind in SHREDDED)
    return stream, entries, lost


def _target(entry: Entry, targets: Mapping[int, Target]) -> Target | None:
    if entry.header.kind != "withdraw":
        return None
    try:
        return targets.get(target_of(entry.header.payload))
    except Malformed:
        return None  # the public verdict says so itself, in its place


def _note(entry: Entry, targets: dict[int, Target]) -> Sequence[int]:
    """Note what an entry does to posts, and return the seqs whose words are gone with it."""
    header = entry.header
    if header.kind == "post":
        targets[header.seq] = Target(header.author, header.time, withdrawn=False, erased=False)
    elif header.kind == "withdraw":
        seq, erase = target_of(header.payload), header.payload[1] == 1
        targets[seq] = replace(targets[seq], withdrawn=True, erased=erase)
        return (seq,) if erase else ()
    elif header.kind == "shred":
        seqs, seconded = read_shred(header.payload)
        for seq in targets.keys() & set(seqs if seconded else ()):
            targets[seq] = replace(targets[seq], erased=True)
        return seqs if seconded else ()
    return ()


def _check_told(bundle: Bundle, newest: Entry) -> None:
    header = newest.header
    told = header.kind, header.author, header.device
    if told != (EXPORT, bundle.exporter, bundle.device):
        raise NotAllowed("the newest entry does not tell the team of this bundle")


def _check_secrets(bundle: Bundle, stream: Stream) -> None:
    for epoch, secret in bundle.secrets:
        known = epoch < len(stream.commitments)
        if not known or commit(secret, bundle.log, epoch) != stream.commitments[epoch]:
            raise NotAuthentic(f"secret {epoch}: it is not what was committed to")


def _check_bodies(
    entries: Sequence[Entry], secrets: Mapping[int, bytes], gone: frozenset[int]
) -> Sequence[int]:
    missing = list[int]()
    for entry in entries:
        seq = entry.header.seq
        carried = is_opened(entry, secrets) and seq not in gone
        if is_bare(entry):
            missing.extend([seq] if carried else [])
        elif not carried:
            raise Malformed(f"stream entry {seq}: its words have no place in a bundle")
        else:
            _check_words(entry, f"stream entry {seq}: ")
    return missing


def _check_heads(
    bundle: Bundle, directory: Directory, entries: Sequence[Entry]
) -> Sequence[Sighting]:
    ids = {DIRECTORY: list(directory.ids), bundle.log: [entry.id for entry in entries]}
    sightings = list[Sighting]()
    for number, raw in enumerate(bundle.heads):
        try:
            head = decode_head(raw)
            if head.sighting.log not in ids:
                raise WrongLog("the head is of another log")
            find_witness(head, directory)
            check_pin(head.sighting.head, ids[head.sighting.log])
        except ProtocolError as error:
            raise _at(f"head {number}", error) from None
        sightings.append(head.sighting)
    return sightings


def _check_words(entry: Entry, place: str = "") -> None:
    try:
        check_body(entry)
    except Unreadable:
        raise Malformed(f"{place}its words are not those that were signed") from None


def _at(place: str, error: ProtocolError) -> ProtocolError:
    return type(error)(f"{place}: {error}")
