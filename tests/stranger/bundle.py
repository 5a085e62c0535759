"""Section 12: whether a bundle is to be believed, and what it opens."""

from nacl import bindings
from nacl.exceptions import CryptoError

from tests.stranger.basics import (
    Wrong,
    array,
    decode,
    decode_entry,
    encode,
    is_bare,
    kdf,
    must,
    number,
    octets,
    signed,
    text,
    words_fit,
)
from tests.stranger.directory import Directory
from tests.stranger.stream import Stream


def verify(data):
    """Return what a bundle shows, as [exporter, entries, missing seqs, gone seqs, texts of posts].

    Raises:
        Wrong: what is wrong first.
    """
    payload, signature = array(decode(data), 2, 2)
    items = array(decode(octets(payload)))
    if items and isinstance(items[0], str):
        must(items[0] == "msb/1/bundle", "TooNew")
    must(len(items) == 11 and items[0] == "msb/1/bundle", "Malformed")
    _, description, fingerprint, exporter, device, time, people, log, entries, secrets, heads = (
        items
    )
    text(description, 0, 4096)
    for value, size in ((fingerprint, 32), (exporter, 16), (device, 32), (log, 16)):
        octets(value, size)
    number(time)
    octets(signature, 64)
    list(map(octets, [*array(people, 1), *array(entries, 1), *array(heads, 0, 64)]))
    opened = read_secrets(secrets)
    directory = read_directory(people, fingerprint)
    directory.check_device(device, exporter, len(people) - 1, time)
    stream, kept = read_stream(entries, log, directory)
    newest = kept[-1]
    told = (newest.kind, newest.author, newest.device)
    must(told == ("+export", exporter, device), "NotAllowed")
    for epoch, secret in opened.items():
        must(epoch < len(stream.commitments), "NotAuthentic")
        must(kdf(secret, "msb/1/epoch", log, epoch) == stream.commitments[epoch], "NotAuthentic")
    missing = check_words(kept, opened, stream.gone)
    for raw in heads:
        check_head(raw, directory, {bytes(16): directory.ids, log: stream.ids})
    signed(device, "msb/1/bundle", payload, signature)
    posts = [read_post(it, opened) for it in kept if it.kind == "post" and it.body]
    return [exporter, len(kept), missing, sorted(stream.gone), posts]


def read_secrets(rows):
    read = [array(row, 2, 2) for row in array(rows)]
    for epoch, secret in read:
        number(epoch)
        octets(secret, 32)
    must([row[0] for row in read] == sorted({row[0] for row in read}), "WrongList")
    return dict(read)


def read_directory(people, fingerprint):
    directory = Directory(fingerprint)
    for raw in people:
        entry = decode_entry(raw)
        must(not entry.boxes and (entry.kind != "profile" or is_bare(entry)), "Malformed")
        if not is_bare(entry):
            words_fit(entry)
        directory.take(entry)
    return directory


def read_stream(entries, log, directory):
    stream, kept = Stream(log, directory), []
    for raw in entries:
        entry = decode_entry(raw)
        must(not entry.boxes, "Malformed")
        stream.take(entry)
        kept.append(entry)
    return stream, kept


def check_words(kept, opened, gone):
    missing = []
    for entry in kept:
        carried = entry.epoch in opened and entry.kind not in ("found", "epoch")
        carried = carried and entry.seq not in gone
        if not is_bare(entry):
            must(carried, "Malformed")
            words_fit(entry)
        elif carried:
            missing.append(entry.seq)
    return missing


def check_head(raw, directory, logs):
    must(len(raw) <= 256, "Malformed")
    statement, signature = array(decode(raw), 2, 2)
    items = array(decode(octets(statement)))
    if items and isinstance(items[0], str):
        must(items[0] == "msb/1/head", "TooNew")
    must(len(items) == 6 and items[0] == "msb/1/head", "Malformed")
    _, practice, log, seq, name, time = items
    for value, size in ((practice, 32), (log, 16), (name, 32), (signature, 64)):
        octets(value, size)
    number(seq)
    number(time)
    must(log in logs, "WrongLog")
    must(not any(directory.witnesses.values()) or practice == directory.fingerprint,
         "ForkedDirectory")  # fmt: skip
    directory.check_head(statement, signature)
    must(seq < len(logs[log]) and logs[log][seq] == name, "RolledBack")


def read_post(entry, opened):
    """Return the text of a post; None where it cannot be read by anybody."""
    key = kdf(opened[entry.epoch], "msb/1/body", entry.log, entry.epoch, entry.salt)
    items = decode(entry.raw)
    core = encode(["msb/1/core", *items[1:12], items[13]])
    nonce, sealed = entry.body[:24], entry.body[24:]
    try:
        must(len(sealed) == 2048 + 16, "Unreadable")
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, core, nonce, key)
        plain = padded.rstrip(b"\0")
        must(plain.endswith(b"\x80"), "Unreadable")
        said = array(decode(plain[:-1]), 18)
        return text(said[1], 0, 280)
    except (CryptoError, Wrong):
        return None
