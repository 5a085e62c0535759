"""A witness beside the server: what is vouched for, what is kept back, who may still read."""

from dataclasses import replace

import pytest

from microblog.client import staff, team
from microblog.client.following import refresh
from microblog.client.heads import Seen, Vouched, decode_heads, encode_heads, note_head, settle
from microblog.client.memory import Memory
from microblog.client.posting import move_to_right_child
from microblog.client.reading import overview
from microblog.client.session import read_id
from microblog.client.verify import verify
from microblog.client.witnesses import add_witness, end_witness
from microblog.protocol.encoding import encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import ForkedLog, Malformed, NotAllowed
from microblog.protocol.log import Head
from tests.client.practice import begin, child_of, id_of, read_texts, say
from tests.client.watching import DAY, LATE, all_the_same, hide
from tests.lying.witness import Witness

# No witness.


def test_without_a_witness_it_is_said_and_nothing_is_checked(team_of_two):
    practice, ann, _, log = team_of_two
    practice.clock.pass_seconds(400 * DAY)
    assert overview(ann).witness.state == "none"
    assert not overview(ann).witness.named
    assert overview(ann).witnesses == ()
    assert say(ann, log, "Nobody vouches, and nobody is to.").sent
    assert child_of(ann, log).vouched == 0


def test_heads_of_a_key_that_nobody_named_are_nothing(watched):
    practice, ann, _, log, _ = watched
    before = child_of(ann, log).vouched
    practice.clock.pass_seconds(LATE)
    Witness(practice.server, "an impostor").look()
    refresh(ann)
    assert child_of(ann, log).vouched == before
    assert overview(ann).witness.state == "late"
    practice.server.heads = {DIRECTORY: b"\x00", read_id(log): encode([b"", b""])}
    refresh(ann)
    assert overview(ann).trouble is None


# How new its word is.


def test_the_word_of_a_witness_ages(watched):
    practice, ann, _, log, witness = watched
    assert overview(ann).witness.state == "good"
    assert overview(ann).witness.newest == child_of(ann, log).vouched == practice.clock()
    for seconds, state in ((LATE, "late"), (DAY, "old")):
        practice.clock.pass_seconds(seconds)
        refresh(ann)
        assert overview(ann).witness.state == state
    witness.look()
    refresh(ann)
    assert overview(ann).witness.state == "good"
    assert overview(ann).witness.newest == practice.clock()


def test_a_witness_that_has_never_looked_is_missing(team_of_two):
    practice, ann, _, log = team_of_two
    add_witness(ann, Witness(practice.server).key)
    refresh(ann)
    assert overview(ann).witness.state == "missing"
    assert say(ann, log, "It was named a moment ago.").sent
    practice.clock.pass_seconds(LATE)
    assert say(ann, log, "It should have looked by now.").unvouched > 0


def test_what_witnesses_said_is_remembered(watched):
    practice, ann, _, log, _ = watched
    again = practice.reopen(ann)
    assert child_of(again, log).vouched == child_of(ann, log).vouched > 0
    assert overview(again).witness == overview(ann).witness


def test_a_time_far_ahead_does_not_seem_new_for_ever(watched):
    practice, ann, _, log, witness = watched
    before = child_of(ann, log).vouched
    witness.look(practice.clock() + 1000 * DAY)
    refresh(ann)
    assert child_of(ann, log).vouched == before


def test_the_word_of_a_witness_that_was_ended_ages_no_more_and_is_taken_no_more(watched):
    practice, ann, bea, log, witness = watched
    end_witness(ann, witness.key)
    practice.clock.pass_seconds(LATE)
    witness.look()
    refresh(bea)
    assert overview(bea).witness.state == "none"
    assert [(it.key, it.ended) for it in overview(bea).witnesses] == [(witness.key, True)]
    assert child_of(bea, log).vouched < practice.clock()
    assert say(bea, log, "Nobody is to vouch any more.").sent


def test_checking_everything_again_checks_heads_too(watched):
    practice, ann, _, log, _ = watched
    hide(practice, log)
    verified = verify(replace(ann, memory=Memory(None, ann.keys.device_seed)))
    assert verified.streams[0].trouble is not None


# Who may name one.


def test_only_a_steward_names_a_witness_and_only_by_a_key(watched):
    _, ann, bea, _, witness = watched
    with pytest.raises(NotAllowed):
        add_witness(bea, Witness(ann.transport.server, "another").key)
    with pytest.raises(Malformed, match="key of a witness"):
        add_witness(ann, witness.key[:-4])


# Posting.


@pytest.mark.parametrize("withheld", ["both", "the directory's", "the stream's"])
def test_a_post_waits_while_nobody_vouches_for_the_directory_or_the_stream(watched, withheld):
    practice, ann, _, log, witness = watched
    since = practice.clock()
    practice.clock.pass_seconds(LATE)
    witness.look()
    heads = dict(practice.server.heads)
    gone = {"both": {*heads}, "the directory's": {DIRECTORY}, "the stream's": {read_id(log)}}
    practice.server.heads = {it: heads[it] for it in heads.keys() - gone[withheld]}
    sent = say(ann, log, "Not yet.")
    assert (sent.sent, sent.newcomers, sent.unvouched) == (False, (), since)
    practice.server.heads = heads
    assert say(ann, log, "Now.").sent
    assert read_texts(ann, log) == ["Now."]


def test_whether_it_may_be_sent_all_the_same_is_for_the_practice_to_say(watched):
    practice, ann, bea, log, _ = watched
    practice.clock.pass_seconds(LATE)
    assert overview(ann).may_send_unvouched
    assert all_the_same(ann, log, "All the same.").sent
    staff.set_rules(ann, {"send-unvouched": 0})
    refresh(bea)
    assert not overview(bea).may_send_unvouched
    assert all_the_same(bea, log, "Not here.").unvouched > 0
    staff.set_policy(ann, "Northam", ())
    refresh(bea)
    assert not overview(bea).may_send_unvouched
    assert read_texts(bea, log) == ["All the same."]


def test_a_post_is_moved_to_the_right_child_on_the_same_terms(watched):
    practice, ann, _, log, witness = watched
    say(ann, log, "On the wrong child.")
    right = begin(ann, "Sam Reed")
    witness.look()
    refresh(ann)
    practice.clock.pass_seconds(LATE)
    seen = [id_of(ann)]
    place = (log, practice.server.streams[read_id(log)].stream.head.seq)
    assert move_to_right_child(ann, place, right, seen, "wrong child").unvouched > 0
    assert read_texts(ann, log) == ["On the wrong child."]
    assert move_to_right_child(ann, place, right, seen, "wrong child", all_the_same=True).sent


def test_a_stream_that_was_just_begun_has_time_to_be_seen(watched):
    practice, ann, _, _, witness = watched
    practice.clock.pass_seconds(LATE)
    witness.look()
    heads = dict(practice.server.heads)
    log = begin(ann, "Sam Reed")
    refresh(ann)
    assert say(ann, log, "At once.").sent
    practice.clock.pass_seconds(LATE)
    witness.look()
    practice.server.heads = {it: practice.server.heads[it] for it in heads}
    assert say(ann, log, "It should have been seen by now.").unvouched > 0


# Who may still read.


def test_a_removal_is_done_once_a_witness_has_seen_it(watched):
    practice, ann, bea, log, witness = watched
    team.remove(ann, log, id_of(bea))
    removed = practice.clock()
    (row,) = child_of(ann, log).may_still_read
    assert (row.person.name, row.since, row.alarm) == ("Bea", removed, False)
    practice.clock.pass_seconds(LATE)
    refresh(ann)
    (row,) = child_of(ann, log).may_still_read
    assert row.alarm
    witness.look()
    refresh(ann)
    assert child_of(ann, log).may_still_read == ()
    end_witness(ann, witness.key)
    add_witness(ann, Witness(practice.server, "further off").key)
    refresh(ann)
    assert child_of(ann, log).may_still_read == ()


def test_a_head_from_before_a_removal_does_not_show_it_as_done(watched):
    practice, ann, bea, log, _ = watched
    heads = dict(practice.server.heads)
    team.remove(ann, log, id_of(bea))
    practice.server.heads = heads
    refresh(ann)
    assert len(child_of(ann, log).may_still_read) == 1


def test_without_a_witness_nothing_is_said_of_who_may_still_read(team_of_two):
    practice, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    practice.clock.pass_seconds(LATE)
    assert child_of(ann, log).may_still_read == ()


# What is kept of it.


def test_what_witnesses_said_comes_back_as_it_was_written():
    seen = Seen(bytes(32), Head(7, b"\x01" * 32), 5)
    heads = {bytes(16): Vouched(3, 6, (seen,), (seen,)), b"\x01" * 16: Vouched()}
    assert decode_heads(encode_heads(heads)) == heads
    for data in (None, b"", encode([]), encode([[[bytes(16), 1, 1]]]), encode([7])):
        assert decode_heads(data) == {}


def test_of_each_witness_the_furthest_head_is_kept():
    first, further = Seen(b"a" * 32, Head(7, bytes(32)), 5), Seen(b"a" * 32, Head(8, bytes(32)), 4)
    other = Seen(b"b" * 32, Head(2, bytes(32)), 5)
    known = note_head(note_head(note_head(Vouched(), first), other), further)
    assert known.ahead == (other, further)
    assert note_head(known, first) == known


def test_what_a_witness_has_seen_otherwise_stands_whatever_else_it_says():
    a, b, mine = b"a" * 32, b"b" * 32, [bytes(32)] * 10
    other = Seen(a, Head(7, b"\x01" * 32), 5)

    def look(vouched, *seen, good=(a, b)):
        for it in seen:
            vouched = note_head(vouched, it)
        return settle(vouched, lambda seq: mine[seq] if seq < len(mine) else None, good)

    known, wrong = look(Vouched(), other)
    assert (known, wrong.__class__) == (Vouched(against=(other,)), ForkedLog)
    agreeing, of_another = Seen(a, Head(8, bytes(32)), 6), Seen(b, Head(9, bytes(32)), 7)
    second = Seen(a, Head(9, b"\x01" * 32), 8)
    known, wrong = look(known, agreeing, of_another)
    assert (known, wrong.__class__) == (Vouched(7, 9, (), (other,)), ForkedLog)
    known, _ = look(known, second)
    assert known.against == (other,)
    known, wrong = look(known, good=(b,))
    assert (known, wrong) == (Vouched(7, 9), None)
