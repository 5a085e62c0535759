"""A witness beside the server: what is vouched for, what is kept back, who may still read."""

from dataclasses import replace

import pytest

from microblog.client import staff, team
from microblog.client.following import refresh
from microblog.client.heads import Seen, Vouched, decode_heads, encode_heads, note_head, settle
from microblog.client.memory import Memory
from microblog.client.posting import move_to_right_child, post
from microblog.client.reading import overview
from microblog.client.session import InTrouble, read_id
from microblog.client.shown import Draft
from microblog.client.transport import Unreachable
from microblog.client.verify import verify
from microblog.client.witnesses import add_witness, end_witness
from microblog.protocol.encoding import encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import ForkedLog, Malformed, NotAllowed, RolledBack
from microblog.protocol.log import Head
from tests.client.practice import begin, child_of, id_of, read_texts, say
from tests.lying.witness import Witness

MINUTE = 60
LATE = 15 * MINUTE + 1
DAY = 24 * 60 * MINUTE


@pytest.fixture
def watched(team_of_two):
    """Return a practice whose steward has named a witness that has looked once."""
    practice, ann, bea, log = team_of_two
    witness = Witness(practice.server)
    add_witness(ann, witness.key)
    witness.look()
    refresh(ann)
    refresh(bea)
    return practice, ann, bea, log, witness


def all_the_same(session, log, text):
    on_screen = [member.person.id for member in child_of(session, log).members]
    return post(session, log, Draft(text=text), on_screen, all_the_same=True)


def hide(practice, log, count=1):
    """Have the server show less of a stream than there is, and return what to show it again."""
    kept = practice.server.streams[read_id(log)]
    held, kept.entries[-count:] = kept.entries[-count:], []
    return lambda: kept.entries.extend(held)


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


# What is kept back.


def test_a_stream_of_which_a_witness_saw_more_is_in_trouble_for_as_long_as_that_is_so(watched):
    practice, ann, bea, log, witness = watched
    say(ann, log, "Kept from Bea.")
    witness.look()
    show = hide(practice, log)
    refresh(bea)
    assert child_of(bea, log).trouble.error == "HeldBack"
    with pytest.raises(InTrouble):
        say(bea, log, "Under the old epoch.")
    practice.server.heads.clear()
    refresh(bea)
    assert child_of(bea, log).trouble.error == "HeldBack"
    again = practice.reopen(bea)
    refresh(again)
    assert child_of(again, log).trouble.error == "HeldBack"
    show()
    refresh(bea)
    assert child_of(bea, log).trouble is None
    assert read_texts(bea, log) == ["Kept from Bea."]


def test_a_removal_hidden_from_an_author_is_seen_or_keeps_their_words_back(watched):
    practice, ann, bea, log, witness = watched
    cas = practice.join("Cas")
    team.grant(ann, log, id_of(cas), "follower", "")
    refresh(bea)
    heads = dict(practice.server.heads)
    team.remove(ann, log, id_of(cas))
    witness.look()
    hide(practice, log)
    refresh(bea)
    assert child_of(bea, log).trouble.error == "HeldBack"
    # Or it hides the heads as well: then nobody vouches for it.
    other = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    practice.server.heads = heads
    refresh(other)
    assert child_of(other, log).trouble is None
    practice.clock.pass_seconds(LATE)
    assert say(other, log, "Cas would read this.").unvouched > 0


def test_another_stream_than_the_one_a_witness_saw_stays_in_trouble(watched):
    practice, ann, bea, log, witness = watched
    say(ann, log, "For Bea's eyes.")
    witness.lie(read_id(log))
    refresh(bea)
    assert child_of(bea, log).trouble.error == "ForkedLog"
    assert overview(bea).trouble is None
    with pytest.raises(InTrouble):
        say(bea, log, "To whom?")
    # Neither its silence, nor an honest word of it, takes this back; nor what comes in the stream.
    practice.server.heads.clear()
    say(ann, log, "Ann has not looked.")
    refresh(bea)
    assert child_of(bea, log).trouble.error == "ForkedLog"
    assert len(read_texts(bea, log)) == 2
    before = child_of(bea, log).vouched
    practice.clock.pass_seconds(1)
    witness.look()
    refresh(bea)
    assert child_of(bea, log).trouble.error == "ForkedLog"
    assert child_of(bea, log).vouched == before


@pytest.mark.parametrize("of", ["a stream", "the directory"])
def test_a_restart_does_not_take_back_that_a_witness_saw_another(watched, of):
    practice, _, bea, log, witness = watched
    witness.lie(read_id(log) if of == "a stream" else DIRECTORY)
    refresh(bea)
    practice.server.heads.clear()
    again = practice.reopen(bea)

    def trouble():
        return (child_of(again, log) if of == "a stream" else overview(again)).trouble

    # Before the server is asked, and after.
    assert trouble().error == "ForkedLog"
    with pytest.raises(InTrouble):
        say(again, log, "To whom?")
    refresh(again)
    assert trouble().error == "ForkedLog"


def test_a_server_that_breaks_off_is_not_rid_of_what_a_witness_saw(watched, monkeypatch):
    practice, _, bea, _, witness = watched
    witness.lie(DIRECTORY)
    monkeypatch.setattr(type(bea.transport), "streams", broken_off)
    with pytest.raises(Unreachable):
        refresh(bea)
    practice.server.heads.clear()
    assert overview(practice.reopen(bea)).trouble.error == "ForkedLog"


def broken_off(*_):
    raise Unreachable("the server did not answer")


@pytest.mark.parametrize("ahead", [0, 1, 1000])
@pytest.mark.parametrize("of", ["a stream", "the directory"])
def test_a_witness_that_lies_is_ended_and_everything_goes_on(watched, of, ahead):
    practice, ann, bea, log, witness = watched
    witness.lie(read_id(log) if of == "a stream" else DIRECTORY, ahead)
    for each in (ann, bea):
        refresh(each)
        shown = child_of(each, log) if of == "a stream" else overview(each)
        assert shown.trouble.error == ("HeldBack" if ahead else "ForkedLog")
        assert [it.accuses for it in overview(each).witnesses] == [True]
    ann, bea = practice.reopen(ann), practice.reopen(bea)
    end_witness(ann, witness.key)
    # For the steward at once, for everyone else as soon as they look.
    assert (overview(ann).trouble, child_of(ann, log).trouble) == (None, None)
    assert [it.accuses for it in overview(ann).witnesses] == [False]
    refresh(bea)
    assert (overview(bea).trouble, child_of(bea, log).trouble) == (None, None)
    assert say(bea, log, "It goes on.").sent
    assert say(ann, log, "For all.").sent
    again = practice.reopen(bea)
    assert (overview(again).trouble, child_of(again, log).trouble) == (None, None)
    refresh(again)
    assert read_texts(again, log) == ["For all.", "It goes on."]


@pytest.mark.parametrize("ahead", [0, 1])
def test_nothing_but_the_end_of_the_witness_that_says_so_is_sent_meanwhile(watched, ahead):
    practice, ann, _, log, witness = watched
    other = Witness(practice.server, "another")
    add_witness(ann, other.key)
    witness.lie(DIRECTORY, ahead)
    count = len(practice.server.directory_entries)
    refresh(ann)
    for act in (
        lambda: end_witness(ann, other.key),
        lambda: add_witness(ann, Witness(practice.server, "a third").key),
        lambda: staff.add_agency(ann, "Housing", "housing"),
        lambda: begin(ann, "Sam Reed"),
        lambda: say(ann, log, "To whom?"),
    ):
        with pytest.raises(InTrouble):
            act()
    assert len(practice.server.directory_entries) == count
    end_witness(ann, witness.key)
    assert len(practice.server.directory_entries) == count + 1
    assert overview(ann).trouble is None


def test_with_the_end_of_one_the_word_of_another_witness_still_stands(watched):
    """What a server gains by having a steward end an honest witness: nothing, if there are two."""
    practice, ann, bea, log, witness = watched
    other = Witness(practice.server, "another")
    add_witness(ann, other.key)
    for each in (witness, other):
        each.lie(DIRECTORY)
        refresh(bea)
    refresh(ann)
    end_witness(ann, other.key)
    refresh(bea)
    assert overview(bea).trouble.error == "ForkedLog"
    with pytest.raises(InTrouble):
        say(bea, log, "To whom?")


def test_only_a_steward_ends_a_witness_even_one_that_lies(watched):
    _, _, bea, _, witness = watched
    witness.lie(DIRECTORY)
    refresh(bea)
    with pytest.raises(NotAllowed):
        end_witness(bea, witness.key)
    assert overview(bea).trouble.error == "ForkedLog"


def test_no_smaller_trouble_of_a_stream_takes_the_place_of_another_log(watched):
    _, _, bea, log, witness = watched
    witness.lie(read_id(log))
    refresh(bea)
    feed = bea.feeds[read_id(log)]
    feed.settle()
    feed.stop(Malformed("an entry that is none"))
    assert feed.trouble.error == "ForkedLog"
    feed.stop(RolledBack("what was seen is gone"))
    feed.rejoin()
    assert feed.trouble.error == "RolledBack"


def test_a_log_that_went_back_is_not_healed_with_a_witness(watched):
    practice, ann, bea, log, witness = watched
    say(ann, log, "Seen, and taken away.")
    refresh(bea)
    witness.lie(read_id(log))
    refresh(bea)
    hide(practice, log)
    kept = practice.server.streams[read_id(log)]
    kept.stream = replace(kept.stream, head=Head(len(kept.entries) - 1, bytes(32)))
    end_witness(ann, witness.key)
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_a_directory_of_which_a_witness_saw_more_is_in_trouble(watched):
    practice, ann, bea, log, witness = watched
    staff.add_agency(ann, "Housing", "housing")
    witness.look()
    held = practice.server.directory_entries.pop()
    refresh(bea)
    assert overview(bea).trouble.error == "HeldBack"
    with pytest.raises(InTrouble):
        say(bea, log, "On the strength of an old directory.")
    practice.server.directory_entries.append(held)
    refresh(bea)
    assert overview(bea).trouble is None
    assert say(bea, log, "All is there.").sent


def test_a_client_at_its_very_first_look_is_shown_all_there_is(watched):
    practice, ann, bea, log, witness = watched
    say(ann, log, "Kept from a new device.")
    witness.look()
    hide(practice, log)
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert child_of(anew, log).trouble.error == "HeldBack"


def test_whoever_was_taken_off_is_told_of_nothing_newer(watched, monkeypatch):
    practice, ann, bea, log, witness = watched
    team.remove(ann, log, id_of(bea))
    say(ann, log, "Not for Bea.")
    witness.look()
    # Even if the server were to hand them the heads of what they followed.
    heads = list(practice.server.heads.values())
    monkeypatch.setattr("tests.lying.server.serve_heads", lambda *_: heads)
    refresh(bea)
    assert child_of(bea, log).trouble is None
    assert child_of(bea, log).removed is not None


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
