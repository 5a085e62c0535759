"""Destroying for good: two people and fourteen days, and then nothing of it is in any file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.shred import WAIT_MS, Reason, encode_reason
from microblog.protocol.why import encode_why
from microblog.service import audit
from microblog.store.db import read_in
from tests.api.test_restoring import give, keep, served, sound, without_words
from tests.asking import refused
from tests.databases import on_disk
from tests.vectors.practice import START, staff

if TYPE_CHECKING:
    from microblog.protocol.entry import Entry
    from tests.hosting import Host
    from tests.practice import Child

__all__ = ["keep"]

LATER = START + WAIT_MS
BODY = encode_reason(Reason("child protection", "kept long enough"))
WHY = encode_why("asked for by the court", b"")
CANARY = "CANARY A bruise on the left arm."


@pytest.fixture
def supervised(host: Host, child: Child) -> Child:
    """Return the child's stream with Cho as its supervisor, and a post of Ben's at seq 4."""
    cho = host.admit("Cho")
    child.grant(host.practice.asha, cho, "supervisor")
    host.asha.append_all(child, since=3)
    host.callers["Ben"].append(child.log, [child.post(staff("Ben"), CANARY)])
    return child


def propose(host: Host, child: Child, *seqs: int) -> Entry:
    entry = child.keep(child.then(host.practice.asha, "shred", [list(seqs), b""], BODY))
    assert host.asha.append(child.log, [entry]).status == 201
    return entry


def second(host: Host, child: Child, proposal: Entry, name: str = "Cho") -> Entry:
    """Return the entry with which someone seconds, once fourteen days have gone."""
    host.clock.now = LATER
    payload = [proposal.header.payload[0], proposal.id]
    return child.then(staff(name), "shred", payload, BODY, time=LATER)


def destroy(host: Host, child: Child, *seqs: int) -> Entry:
    proposal = propose(host, child, *seqs)
    entry = child.keep(second(host, child, proposal))
    reply = host.sign_in(staff("Cho")).append(child.log, [entry])
    assert reply.status == 201, reply.data
    return entry


def test_after_the_second_signature_nothing_of_it_is_in_any_file_of_the_server(host, supervised):
    post, why = supervised.entries[4], supervised.entries[2]
    assert post.body in on_disk(host.site)
    destroy(host, supervised, 2, 4)
    disk = on_disk(host.site)
    for gone in (post, why):
        assert gone.body not in disk
        assert gone.body[:64] not in disk
        assert gone.body[-64:] not in disk
        assert gone.salt not in disk
    assert supervised.entries[1].body in disk
    shown = served(host.sign_in(host.practice.asha), supervised.log)
    assert [it.header.seq for it in shown if not it.body] == [2, 4]
    sound(host)


def test_nothing_goes_before_the_second_signature(host, supervised):
    propose(host, supervised, 4)
    assert supervised.entries[4].body in on_disk(host.site)
    sound(host)


@pytest.mark.parametrize(("name", "says"), [
    ("Asha", "someone else must second"), ("Ben", "only a keeper may do this"),
])  # fmt: skip
def test_neither_who_proposed_nor_a_follower_destroys_it(host, supervised, name, says):
    proposal = propose(host, supervised, 4)
    entry = second(host, supervised, proposal, name)
    refused(host.sign_in(staff(name)).append(supervised.log, [entry]), 422, "not-allowed", says)
    assert supervised.entries[4].body in on_disk(host.site)


def test_a_hold_stops_it(host, supervised):
    proposal = propose(host, supervised, 4)
    hold = supervised.keep(supervised.then(staff("Cho"), "hold", [1], WHY))
    assert host.callers["Cho"].append(supervised.log, [hold]).status == 201
    entry = second(host, supervised, proposal)
    cho = host.sign_in(staff("Cho"))
    refused(cho.append(supervised.log, [entry]), 422, "not-allowed", "under a hold")
    erased = supervised.then(staff("Ben"), "withdraw", [4, 1], WHY)
    ben = host.sign_in(staff("Ben"))
    refused(ben.append(supervised.log, [erased]), 422, "not-allowed", "under a hold")
    assert supervised.entries[4].body in on_disk(host.site)
    sound(host)


def test_fourteen_days_are_counted_by_the_servers_clock_too(host, supervised):
    """Two people cannot say that they agreed a fortnight ago."""
    host.clock.now = LATER
    asha = host.sign_in(host.practice.asha)
    entry = supervised.then(host.practice.asha, "shred", [[4], b""], BODY)
    refused(asha.append(supervised.log, [entry]), 422, "wrong-time", "more than an hour behind")
    ahead = supervised.then(host.practice.asha, "shred", [[4], b""], BODY, time=LATER + 180_000)
    refused(asha.append(supervised.log, [ahead]), 422, "wrong-time", "two minutes ahead")


def test_thousands_of_entries_go_at_once(host, supervised):
    posts = [supervised.post(staff("Ben"), f"{number}") for number in range(640)]
    for first in range(0, len(posts), 64):
        reply = host.callers["Ben"].append(supervised.log, posts[first : first + 64])
        assert reply.status == 201
    destroy(host, supervised, *range(5, 645))
    disk = on_disk(host.site)
    assert not [post for post in posts if post.body[:32] in disk]
    assert supervised.entries[4].body in disk


def test_a_projection_made_anew_knows_what_was_destroyed(host, supervised):
    destroy(host, supervised, 0, 2, 4)
    host.close()
    assert read_in(host.site, audit.check).faults == []
    found = read_in(host.site, audit.projections.derive)
    # The founding is named, and loses nothing: its words are what the next epochs stand on.
    assert found.fates[supervised.log] == {2: 3, 4: 3}


def test_a_backup_from_before_gives_it_back_only_until_someone_who_knows_comes(
    keep, host, supervised
):
    post = supervised.entries[4]
    proposal = propose(host, supervised, 4)
    restored = keep()
    entry = supervised.keep(second(host, supervised, proposal))
    assert host.sign_in(staff("Cho")).append(supervised.log, [entry]).status == 201
    host = restored.restore()
    host.clock.now = LATER
    cho = host.sign_in(staff("Cho"))
    assert served(cho, supervised.log)[4].body == post.body
    assert give(cho, supervised.log, [without_words(post), proposal, entry]).status == 201
    assert served(cho, supervised.log)[4].body == b""
    # Whoever has not heard of it yet brings it back in vain, and is not asked for it.
    assert give(cho, supervised.log, [post]).status == 200
    assert post.body not in on_disk(host.site)
    lacking = cho.call("GET", "/api/streams").json["lacking"]
    assert [row for row in lacking if row["log"] == encode_base64url(supervised.log)] == []
    sound(host)


def test_the_chain_still_verifies_for_who_comes_later(host, supervised):
    destroy(host, supervised, 2, 4)
    entries = served(host.sign_in(host.practice.asha), supervised.log)
    assert [it.id for it in entries] == [it.id for it in supervised.entries]
