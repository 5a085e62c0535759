"""What a server shows, against what a witness saw of it: kept back, or another log."""

from dataclasses import replace

import pytest

from microblog.client import staff, team
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.reading import overview
from microblog.client.session import InTrouble, read_id
from microblog.client.transport import Unreachable
from microblog.client.witnesses import add_witness, end_witness
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import Malformed, NotAllowed, RolledBack
from microblog.protocol.log import Head
from tests.client.practice import begin, child_of, id_of, read_texts, say
from tests.client.watching import LATE, hide
from tests.lying.witness import Witness


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
