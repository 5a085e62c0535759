"""`microblogd serve`: from nothing to a post that a colleague reads, and every way it refuses to start."""

from __future__ import annotations

import time

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY, decode_entry
from tests.practice import Practice, raw


def now() -> int:
    return time.time_ns() // 1_000_000


def test_two_people_read_each_others_posts_through_a_real_server(server):
    practice = Practice(now())
    asha, ben = server.caller(), server.caller()
    assert asha.open_founding(server.founding_token()).status == 201
    asha.append_all(practice.directory)
    assert asha.sign_in(practice.asha, practice).status == 201
    invite = practice.invite("Ben")
    asha.append_all(practice.directory, since=2)
    assert ben.knock(practice.invitation_seed("Ben"), practice).status == 201
    join = practice.join("Ben", invite)
    assert ben.append(DIRECTORY, [join]).status == 201
    member = practice.admit("Cho")  # never sent
    practice.directory.entries = practice.directory.entries[:4]
    child = practice.child("Ada")
    from tests.vectors.practice import staff

    child.grant(practice.asha, staff("Ben"))
    asha.append_all(child)
    assert ben.sign_in(staff("Ben"), practice).status == 201
    post = child.post(staff("Ben"), "Thinner than before the holidays.")
    assert ben.append(child.log, [post]).status == 201
    entries, more = asha.fetch({child.log: 0})[child.log]
    assert more == 0
    assert [decode_entry(it).id for it in entries] == [it.id for it in child.entries]
    print(ben.streams(), encode_base64url(child.log))
