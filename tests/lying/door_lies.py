"""Lies told at the door: to who opens a key file, and to who has an invitation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.invitation import (
    decode_fragment,
    derive_invitation_seed,
    encode_fragment,
    encode_letters,
)
from microblog.protocol.primitives import encrypt, signing_key, stretch
from microblog.protocol.vault import Keys, VaultKey, new_vault_key, reseal_vault
from tests.lying.device_lies import grown
from tests.lying.entry_lies import flipped
from tests.lying.scenario import PASSPHRASE, Scenario, Step, serve
from tests.lying.telling import record, told
from tests.vectors.practice import DirectoryLog, fresh, staff
from tests.vectors.recorded import ANN, BEA, COUNCIL, EVE, WEEK, invite_payload

if TYPE_CHECKING:
    from collections.abc import Sequence

FAY = staff("Fay")
LETTERS = encode_letters(fresh("letters")[:5])
WRONG_LETTERS = encode_letters(fresh("other letters")[:5])


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_vaults(), *_invitations()]


# Key files.


@cache
def _key() -> VaultKey:
    return new_vault_key(PASSPHRASE, bytes(16))


def _vaults() -> list[Scenario]:
    log = record()
    keys = Keys(log.directory.entries[0].id, "https://example.test", BEA.id, BEA.seed,
                BEA.box_secret, (BEA.reading_secret,))  # fmt: skip
    good = reseal_vault(keys, _key(), bytes(24))
    items = decode_array(good)

    def case(name: str, vault: bytes, error: str) -> Scenario:
        honest = serve(log.directory, log)
        return told(
            name,
            log,
            Step(honest, "open", {"outcome": error}, given={"file": vault}),
            Step(honest, "open", {"outcome": "", "person": BEA.id}, given={"file": good}),
        )

    def changed(item: int, value: Value) -> bytes:
        return encode([*items[:item], value, *items[item + 1 :]])

    return [
        case("offers a vault that one pass opens", _weak(items, 1, 64 * 1024), "WeakVault"),
        case("offers a vault that little memory opens", _weak(items, 3, 1024), "WeakVault"),
        case("offers a vault that never opens", changed(1, 2**30), "WeakVault"),
        case("offers a vault that needs more memory than there is", changed(2, 2**40),
             "WeakVault"),
        case("offers a vault with another salt", changed(3, fresh("salt", 16)), "WrongPassphrase"),
        case("offers a vault with another nonce", changed(4, fresh("nonce", 24)),
             "WrongPassphrase"),
        case("flips a bit in a key in a vault", flipped(good, 5, 100), "WrongPassphrase"),
        case("cuts keys off a vault", changed(5, _cut(items[5])), "WrongPassphrase"),
        case("offers a vault of an older version", changed(0, "msb/0/vault"), "Malformed"),
    ]  # fmt: skip


def _weak(items: Sequence[Value], passes: int, memory_kib: int) -> bytes:
    """Return the same keys under the same passphrase, stretched less: it would open."""
    salt, nonce = fresh("salt", 16), fresh("nonce", 24)
    key = stretch(PASSPHRASE.encode(), salt, passes, memory_kib)
    start: list[Value] = [items[0], passes, memory_kib, salt, nonce]
    keys: list[Value] = ["msb/1/keys", bytes(32), "https://example.test", BEA.id, BEA.seed,
                         BEA.box_secret, [BEA.reading_secret], []]  # fmt: skip
    return encode([*start, encrypt(key, nonce, encode(keys), encode(start))])


def _cut(sealed: Value) -> bytes:
    assert isinstance(sealed, bytes)
    return sealed[:-32]


# Invitations.


def _invitations() -> list[Scenario]:
    log = record()
    directory, fragment = _inviting(log.directory)
    honest = serve(directory, log)
    offered = {"outcome": "", "offered": ["Westmere", "Fay Example"]}
    given = {"fragment": fragment, "letters": LETTERS}

    def case(name: str, lie: DirectoryLog, error: str, letters: str = LETTERS) -> Scenario:
        asked = {"fragment": fragment, "letters": letters}
        return told(
            name,
            log,
            Step(serve(lie, log), "invitation", {"outcome": error, "sent": []}, given=asked),
            Step(honest, "invitation", offered, given=given),
        )

    used = grown(directory)
    used.add(FAY, "join", used.join_payload(used.entries[-1], _seed(fragment), FAY), ["phone"])
    revoked = grown(directory)
    revoked.add(ANN, "revoke", ["invite", directory.entries[-1].id, 0])
    return [
        case("has an invitation's link and guesses its letters", directory, "BadInvitation",
             WRONG_LETTERS),
        case("shows who joins a false practice", _false_practice(fragment), "BrokenChain"),
        case("shows who joins another place", log.directory, "BadInvitation"),
        case("shows who joins nothing", DirectoryLog(), "BadInvitation"),
        case("gives the place of an invitation to another", used, "BadInvitation"),
        case("offers a place that was taken back", revoked, "BadInvitation"),
    ]  # fmt: skip


@cache
def _seed(fragment: str) -> bytes:
    secret, fingerprint = decode_fragment(fragment)
    return derive_invitation_seed(secret, LETTERS, fingerprint)


def _inviting(before: DirectoryLog) -> tuple[DirectoryLog, str]:
    """Return a directory that keeps a place for Fay, and what stands after `#` in her link."""
    directory = grown(before)
    fragment = encode_fragment(fresh("link", 16), directory.entries[0].id)
    payload = invite_payload(directory, FAY, "practitioner", COUNCIL)
    key = signing_key(_seed(fragment))
    directory.add(ANN, "invite", [*payload[:4], key, b""], ["Fay Example", "nurse"])
    return directory, fragment


def _false_practice(fragment: str) -> DirectoryLog:
    """Return a practice of the server's own, which expects Fay: the key is public, after all."""
    false = DirectoryLog()
    false.add(EVE, "found", ["Westmere", EVE.id, *EVE.keys], ["Ann Example", "manager", "laptop"])
    false.add(EVE, "agency", [COUNCIL, "Westmere Council", "council"])
    key, expiry = signing_key(_seed(fragment)), false.entries[-1].header.time + WEEK
    false.add(EVE, "invite", [FAY.id, COUNCIL, "practitioner", expiry, key, b""],
              ["Fay Example", "nurse"])  # fmt: skip
    return false
