"""What travels beside the logs, recorded: and what becomes of each piece when a byte is another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microblog.protocol.ask import Asker, decode_ask, seal_reason, verify_ask, write_ask
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.link import (
    Offer,
    Pins,
    Welcome,
    derive_link,
    open_consent,
    open_offer,
    open_pins,
    open_welcome,
    seal_consent,
    seal_offer,
    seal_pins,
    seal_welcome,
)
from microblog.protocol.log import Head
from microblog.protocol.primitives import box_key
from microblog.protocol.reading import Owner, open_reading, seal_reading
from microblog.protocol.vault import Keys, VaultKey, open_vault_with, reseal_vault
from microblog.protocol.witness import Sighting, decode_head, verify_head, write_head
from tests.vectors.practice import START, fresh, staff
from tests.vectors.recorded import ANN, BEA, DAN

if TYPE_CHECKING:
    from tests.vectors.practice import DirectoryLog

WIT = staff("Wit")
LETTERS = "ABCDEFGH12345678JKMN"
LOG = fresh("a stream", 16)
READING = 6


@dataclass
class Pieces:
    """The recorded pieces, by number, and what it takes to read them."""

    directory: DirectoryLog
    known: Directory

    @property
    def fingerprint(self) -> bytes:
        return self.directory.entries[0].id

    @property
    def vault_key(self) -> VaultKey:
        return VaultKey(3, 64 * 1024, bytes(16), fresh("stretched"))

    @property
    def owner(self) -> Owner:
        return Owner(self.fingerprint, BEA.id, BEA.device)

    @property
    def raw(self) -> list[bytes]:
        link, nonce = derive_link(LETTERS), fresh("nonce", 24)
        welcome = Welcome(self.fingerprint, BEA.id, 0, "Westmere", "Bea Example")
        newest = self.directory.entries[-1]
        heads = ((DIRECTORY, Head(newest.header.seq, newest.id)),)
        return [
            self._ask(),
            write_head(WIT.seed, Sighting(self.fingerprint, LOG, Head(7, bytes(32)), START)),
            seal_offer(link, nonce, Offer(BEA.device, box_key(BEA.box_secret), "phone")),
            seal_welcome(link, nonce, welcome),
            seal_consent(link, nonce, bytes(64)),
            seal_pins(link, nonce, Pins(self.fingerprint, BEA.id, newest.id, heads)),
            seal_reading(fresh("seal"), self.owner, box_key(BEA.box_secret), [BEA.reading_secret]),
            reseal_vault(self._keys(), self.vault_key, nonce),
        ]

    def _ask(self) -> bytes:
        asker = Asker(self.fingerprint, LOG, DAN.id, DAN.device, START)
        reason = seal_reason(fresh("reason"), asker, ANN.reading_key, "I am his nurse.")
        return write_ask(DAN.seed, asker, [(ANN.id, reason)])

    def _keys(self) -> Keys:
        return Keys(self.fingerprint, "https://example.test", BEA.id, BEA.seed, BEA.box_secret,
                    (BEA.reading_secret,))  # fmt: skip

    def read(self, number: int, raw: bytes) -> list[Value]:
        """Return what a piece says; raises ProtocolError where it says nothing."""
        link = derive_link(LETTERS)
        if number < 2:
            return [self._read_head(raw) if number else self._read_ask(raw)]
        openers: list[Any] = [open_offer, open_welcome, open_consent, open_pins]
        if number - 2 < len(openers):
            openers[number - 2](link, raw)
            return ["", raw]
        if number == READING:
            return list(open_reading(BEA.box_secret, raw, self.owner, [BEA.reading_key]))
        return [open_vault_with(raw, self.vault_key).device_seed, raw]

    def _read_ask(self, raw: bytes) -> bytes:
        ask = decode_ask(raw)
        verify_ask(ask, self.known, LOG)
        return ask.statement

    def _read_head(self, raw: bytes) -> bytes:
        signed = decode_head(raw)
        verify_head(signed, WIT.device, self.fingerprint)
        return signed.statement

    def to_json(self) -> dict[str, Any]:
        """Return what the twin needs beside the pieces themselves."""
        key = self.vault_key
        return {
            "log": LOG,
            "letters": LETTERS,
            "witness": WIT.device,
            "box_secret": BEA.box_secret,
            "person": BEA.id,
            "device": BEA.device,
            "reading_key": BEA.reading_key,
            "vault_key": {"passes": key.passes, "memory_kib": key.memory_kib, "salt": key.salt,
                          "key": key.key},
        }  # fmt: skip
