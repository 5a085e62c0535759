"""The vault on the disk: what another device of the same person brought is in it afterwards."""

from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.rekeying import rekey
from microblog.client.sealing import open_keys
from microblog.client.session import World
from microblog.client.transport import HttpTransport
from microblog.client.vault import Vault
from tests.cli.terminals import PASSPHRASE


def test_a_reading_key_that_another_device_brought_is_kept_in_the_vault(office):
    ann, world = office.found(), World()
    vault = Vault(ann.home)
    keys = open_keys(vault.load(), PASSPHRASE, world)
    transport = HttpTransport(keys.origin)
    session = open_session(keys, transport, Memory(None, keys.device_seed), world)
    refresh(session)
    rekey(session)
    transport.close()
    before = vault.load()
    ann.did("children")
    kept = open_keys(vault.load(), PASSPHRASE, world)
    assert kept.reading_secrets == session.keys.reading_secrets
    assert len(kept.reading_secrets) == 2
    assert vault.load() != before
    kept_before = vault.load()
    ann.did("children")
    assert vault.load() == kept_before
