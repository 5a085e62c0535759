"""The vault's file: its owner's only, and whole or not there."""

import os
import stat
from dataclasses import replace

import pytest

from microblog.client.sealing import open_keys, seal_keys
from microblog.client.session import World
from microblog.client.vault import MAX_VAULT_BYTES, Vault, read_file, write_file
from microblog.protocol.errors import Malformed, WrongPassphrase
from microblog.protocol.log import Head
from microblog.protocol.vault import (
    Keys,
    new_vault_key,
    open_vault,
    open_vault_with,
    reseal_vault,
    seal_vault,
    stretch_vault_key,
)

KEYS = Keys(
    bytes(32), "https://x.example", bytes(16), bytes([1]) * 32, bytes([2]) * 32,
    (bytes([3]) * 32,), ((bytes(16), Head(4, bytes(32))),),
)  # fmt: skip
PASSPHRASE = "correct horse battery"


def test_a_vault_is_there_until_it_is_forgotten(tmp_path):
    vault = Vault(tmp_path / "home")
    assert vault.load() is None
    vault.store(b"sealed")
    vault.store(b"sealed anew")
    assert vault.load() == b"sealed anew"
    vault.forget()
    vault.forget()
    assert vault.load() is None


def test_only_its_owner_can_read_it(tmp_path):
    Vault(tmp_path / "home").store(b"sealed")
    assert stat.S_IMODE((tmp_path / "home" / "vault").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_vault_that_cannot_be_written_leaves_the_one_before(tmp_path, monkeypatch):
    vault = Vault(tmp_path)
    vault.store(b"before")

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left on device"):
        vault.store(b"after")
    assert vault.load() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


def test_a_file_that_is_far_too_long_is_no_vault(tmp_path):
    write_file(tmp_path / "long", bytes(MAX_VAULT_BYTES + 1))
    with pytest.raises(Malformed, match="too long to be a vault"):
        read_file(tmp_path / "long")


def test_keys_come_back_with_the_passphrase_and_with_no_other():
    told = []
    world = World(progress=lambda *far: told.append(far))
    sealed = seal_keys(KEYS, PASSPHRASE, world)
    assert open_keys(sealed, PASSPHRASE, world) == KEYS
    assert told == [("unlock", 0, 1), ("unlock", 1, 1)] * 2
    with pytest.raises(WrongPassphrase, match="the passphrase does not open the vault"):
        open_keys(sealed, PASSPHRASE + "x", world)


def test_keys_are_not_sealed_under_a_short_passphrase():
    with pytest.raises(Malformed, match="a passphrase has at least 12 characters"):
        seal_keys(KEYS, "eleven char", World())


def test_a_vault_is_sealed_anew_without_the_passphrase():
    vault_key = new_vault_key(PASSPHRASE, bytes(16))
    first = reseal_vault(KEYS, vault_key, bytes(24))
    assert first == seal_vault(KEYS, PASSPHRASE, bytes(16), bytes(24))
    assert stretch_vault_key(first, PASSPHRASE) == vault_key
    pins = ((bytes(16), Head(7, bytes(32))),)
    second = reseal_vault(replace(KEYS, pins=pins), vault_key, bytes([1]) * 24)
    assert open_vault(second, PASSPHRASE).pins == pins
    assert open_vault_with(second, vault_key).pins == pins
    with pytest.raises(WrongPassphrase, match="does not open"):
        open_vault_with(second, new_vault_key("another passphrase", bytes(16)))
