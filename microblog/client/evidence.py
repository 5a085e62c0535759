"""A stream in one file: taking it out, which the whole team is told, and checking such a file.

Checking needs no server, no keys and no account: only the file, and a fingerprint to compare.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microblog.client import writing
from microblog.client.feed import Feed
from microblog.client.login import ask
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import (
    Viewer,
    practice_name,
    show_child,
    show_person,
    show_posts,
)
from microblog.client.shown import Child, Person, Post
from microblog.client.telling import check_told, tell_team
from microblog.client.transport import Refused, Unreachable
from microblog.client.when import local_time
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.bundle import (
    DESCRIPTION,
    Bundle,
    decode_bundle,
    strip_directory,
    strip_entry,
    write_bundle,
)
from microblog.protocol.entry import DIRECTORY, encode_entry
from microblog.protocol.errors import NotAllowed, ProtocolError
from microblog.protocol.evidence import Evidence, verify_bundle
from microblog.protocol.export import EXPORT, Export
from microblog.protocol.log import check_pin
from microblog.protocol.primitives import signing_key
from microblog.protocol.stream import Stream
from microblog.protocol.witness import MAX_HEADS, decode_head, find_witness, good_witnesses

FORMAT = "bundle"
DAY = len("2026-01-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a bundle that was found good says.

    `epochs` are how many there are and `opened` how many its maker chose; `shut` the entries of the
    others. Of the posts in opened epochs, `missing` have no words here, `gone` were destroyed by
    rule, `void` can be read by nobody; `doubtful` were signed by a device after it was lost.
    `witnessed` is when a witness last vouched for the stream, up to `witnessed_seq`; 0 and -1: none
    did.
    """

    practice: str
    fingerprint: str
    log: str
    exporter: Person
    time: int
    child: Child
    entries: int
    epochs: int
    opened: int
    shut: int
    missing: tuple[int, ...]
    gone: tuple[int, ...]
    void: tuple[int, ...]
    doubtful: tuple[int, ...]
    witnessed: int
    witnessed_seq: int
    posts: tuple[Post, ...]


def export_bundle(session: Session, log: str, start: str, end: str, why: str) -> bytes:
    """Tell the team, and then return a stream as a signed file.

    What can be opened are the epochs that anything between the two dates stands in; empty: from the
    beginning, until now.

    Raises:
        Malformed: as `check_told`; nothing was sent.
        As `send`.
    """
    told = Export(FORMAT, start, end, writing.nfc(why))
    check_told(told)
    of = read_id(log)
    tell_team(session, of, told)
    feed = feed_of(session, of)
    secrets = _chosen(feed, start, end)
    data = write_bundle(_bundle(session, feed, secrets), session.keys.device_seed)
    # Nothing leaves that a reviewer would refuse.
    verify_bundle(decode_bundle(data))
    return data


def _bundle(session: Session, feed: Feed, secrets: Mapping[int, bytes]) -> Bundle:
    device, directory = signing_key(session.keys.device_seed), session.directory
    newest = max(
        entry.header.seq
        for entry in feed.entries
        if entry.header.kind == EXPORT and entry.header.device == device
    )
    entries = feed.entries[: newest + 1]
    ids = {DIRECTORY: directory.ids, feed.log: [entry.id for entry in entries]}
    return Bundle(
        description=DESCRIPTION,
        fingerprint=session.keys.fingerprint,
        exporter=session.me,
        device=device,
        time=max(session.world.clock(), entries[-1].header.time),
        directory=tuple(map(strip_directory, session.memory.entries(DIRECTORY))),
        log=feed.log,
        entries=tuple(strip_entry(encode_entry(entry), secrets) for entry in entries),
        secrets=tuple(sorted(secrets.items())),
        heads=_heads(session, ids),
    )


def _chosen(feed: Feed, start: str, end: str) -> dict[int, bytes]:
    chosen = set[int]()
    for entry in feed.entries:
        day = local_time(entry.header.time)[:DAY]
        if day[: len(start)] >= start and (not end or day[: len(end)] <= end):
            chosen.add(entry.header.epoch)
    return {epoch: feed.secrets[epoch] for epoch in sorted(chosen & feed.secrets.keys())}


def _heads(session: Session, ids: Mapping[bytes, Sequence[bytes]]) -> tuple[bytes, ...]:
    """Return the heads that vouch for what is in the bundle; a server may have none to give."""
    if not good_witnesses(session.directory):
        return ()
    try:
        served = ask(session, session.transport.heads)
    except (Unreachable, Refused):
        return ()
    good = list[bytes]()
    for raw in served:
        try:
            head = decode_head(raw)
            find_witness(head, session.directory)
            check_pin(head.sighting.head, ids.get(head.sighting.log, ()))
        except ProtocolError:
            continue
        good.append(raw)
    return tuple(good[:MAX_HEADS])


def review(data: bytes, fingerprint: bytes | None = None) -> Review:
    """Check a bundle wholly, and return what it says.

    Raises:
        NotAllowed: it is not of the practice of that fingerprint.
        ProtocolError: what is wrong first, and where.
    """
    evidence = verify_bundle(decode_bundle(data))
    if fingerprint is not None and evidence.bundle.fingerprint != fingerprint:
        raise NotAllowed("the bundle is of another practice than the one of that fingerprint")
    return _show(evidence)


def _show(evidence: Evidence) -> Review:
    bundle, directory = evidence.bundle, evidence.directory
    feed = Feed(bundle.log, Stream(bundle.log), secrets=dict(evidence.secrets))
    feed.take(bundle.entries, directory)
    feed.read()
    for entry in evidence.entries:
        if entry.header.epoch not in evidence.secrets and entry.header.seq in feed.words:
            # Left out because its epoch is shut, and not kept back.
            feed.words[entry.header.seq] = "waiting"
    viewer = Viewer(bundle.exporter, directory, {bundle.log: feed}, -1, bundle.time)
    seen = [it for it in evidence.sightings if it.log == bundle.log]
    newest = max(seen, key=lambda it: it.time, default=None)
    epochs = [entry.header.epoch for entry in evidence.entries]
    posts = tuple(show_posts(feed, sorted(feed.targets), viewer))
    return Review(
        practice=practice_name(directory),
        fingerprint=encode_base64url(bundle.fingerprint),
        log=encode_base64url(bundle.log),
        exporter=show_person(directory, bundle.exporter),
        time=bundle.time,
        child=show_child(feed, viewer),
        entries=len(evidence.entries),
        epochs=len(evidence.stream.commitments),
        opened=len(evidence.secrets),
        shut=sum(epoch not in evidence.secrets for epoch in epochs),
        missing=tuple(evidence.missing),
        gone=tuple(sorted(evidence.gone)),
        void=tuple(sorted(seq for seq, words in feed.words.items() if words == "void")),
        doubtful=tuple(post.seq for post in posts if post.doubtful),
        witnessed=newest.time if newest else 0,
        witnessed_seq=newest.head.seq if newest else -1,
        posts=posts,
    )
