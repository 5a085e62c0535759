"""Taking a post back, and moving one to the right child."""

from dataclasses import replace

import pytest

from microblog.client import posting, team
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.posting import move_to_right_child, withdraw
from microblog.client.session import read_id
from microblog.client.transport import Unreachable
from microblog.protocol.entry import decode_entry
from microblog.protocol.errors import NotAllowed
from tests.client.practice import begin, id_of, read_posts, read_texts, say


def test_a_withdrawn_post_stays_known_and_says_by_whom_and_why(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "Wrong day.")
    seq = read_posts(ann, log)[0].seq
    withdraw(ann, log, seq, False, "it was Tuesday")
    refresh(bea)
    (item,) = read_posts(bea, log)
    assert (item.state, item.text) == ("withdrawn", "Wrong day.")
    assert (item.withdrawn.by.name, item.withdrawn.why) == ("Ann", "it was Tuesday")


def test_only_its_author_or_a_keeper_takes_a_post_back(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "Ann's.")
    refresh(bea)
    seq = read_posts(bea, log)[0].seq
    with pytest.raises(NotAllowed, match="only its author or a keeper may withdraw a post"):
        withdraw(bea, log, seq, False, "not mine")
    say(bea, log, "Bea's.")
    refresh(ann)
    withdraw(ann, log, read_posts(ann, log)[0].seq, False, "by the keeper")
    with pytest.raises(NotAllowed, match="the post is withdrawn already"):
        withdraw(ann, log, read_posts(ann, log)[0].seq, False, "again")


def test_what_is_no_post_cannot_be_taken_back(team_of_two):
    _, ann, _, log = team_of_two
    with pytest.raises(NotAllowed, match="there is no such post to withdraw"):
        withdraw(ann, log, 1, False, "the description")


def test_erased_words_are_gone_from_every_client_and_what_it_remembers(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "On the wrong child.")
    refresh(bea)
    seq = read_posts(ann, log)[0].seq
    withdraw(ann, log, seq, True, "wrong child")
    refresh(bea)
    for session in (ann, bea, practice.reopen(bea)):
        (item,) = read_posts(session, log)
        assert (item.state, item.text) == ("erased", "")
        feed = session.feeds[read_id(log)]
        assert feed.entries[seq].body == b""
        assert seq not in feed.words
        stored = decode_entry(session.memory.entries(read_id(log))[seq])
        assert (stored.body, stored.salt) == (b"", b"")


def test_erased_words_that_a_server_brings_back_are_ignored(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "On the wrong child.")
    kept = practice.server.streams[read_id(log)]
    whole, seq = kept.entries[-1], kept.entries[-1].header.seq
    withdraw(ann, log, seq, True, "wrong child")
    kept.entries[seq] = whole
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert [item.state for item in read_posts(anew, log)] == ["erased"]
    assert anew.feeds[read_id(log)].entries[seq].body == b""


def test_erased_words_served_again_beside_withheld_ones_stay_erased(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Withheld.")
    say(ann, log, "On the wrong child.")
    whole = practice.server.streams[read_id(log)].entries[-1]
    seq = whole.header.seq
    withdraw(ann, log, seq, True, "wrong child")
    entries = practice.server.streams[read_id(log)].entries
    withheld = entries[seq - 1]
    entries[seq - 1] = replace(withheld, body=b"", salt=b"")
    refresh(bea)
    entries[seq - 1], entries[seq] = withheld, whole
    refresh(bea)
    assert [item.state for item in read_posts(bea, log)] == ["erased", "shown"]
    assert bea.feeds[read_id(log)].entries[seq].body == b""


def test_words_are_erased_within_seven_days_only(team_of_two):
    practice, ann, _, log = team_of_two
    say(ann, log, "Old.")
    practice.clock.pass_seconds(8 * 24 * 3600)
    with pytest.raises(NotAllowed, match="a post can be erased within seven days only"):
        withdraw(ann, log, read_posts(ann, log)[0].seq, True, "late")


def test_a_post_is_moved_to_the_right_child_and_its_words_leave_the_wrong_one(team_of_two):
    _, ann, _, log = team_of_two
    right = begin(ann, "Tom Hale")
    say(ann, log, "For Tom.", kind="visit", outcome="seen", scale="4")
    typed = read_posts(ann, log)[0].written
    seq = read_posts(ann, log)[0].seq
    assert move_to_right_child(ann, (log, seq), right, [id_of(ann)], "wrong child").sent
    (moved,) = read_posts(ann, right)
    assert (moved.text, moved.outcome, moved.scale) == ("For Tom.", "seen", "4")
    assert moved.written == typed
    assert [item.state for item in read_posts(ann, log)] == ["erased"]


def test_moving_names_newcomers_of_the_right_child_and_does_nothing(team_of_two):
    _, ann, bea, log = team_of_two
    right = begin(ann, "Tom Hale")
    team.grant(ann, right, id_of(bea), "follower", "")
    say(ann, log, "For Tom.")
    seq = read_posts(ann, log)[0].seq
    sent = move_to_right_child(ann, (log, seq), right, [id_of(ann)], "wrong child")
    assert [person.name for person in sent.newcomers] == ["Bea"]
    assert [item.state for item in read_posts(ann, log)] == ["shown"]


def test_moving_that_broke_off_half_way_posts_nothing_twice(team_of_two, monkeypatch):
    _practice, ann, _, log = team_of_two
    right = begin(ann, "Tom Hale")
    say(ann, log, "For Tom.")
    seq = read_posts(ann, log)[0].seq
    with monkeypatch.context() as patch:
        patch.setattr(posting, "withdraw", lambda *_: (_ for _ in ()).throw(Unreachable("gone")))
        with pytest.raises(Unreachable, match="gone"):
            move_to_right_child(ann, (log, seq), right, [id_of(ann)], "wrong child")
    assert move_to_right_child(ann, (log, seq), right, [id_of(ann)], "wrong child").sent
    assert read_texts(ann, right) == ["For Tom."]


def test_what_may_not_be_moved(team_of_two):
    practice, ann, bea, log = team_of_two
    right = begin(ann, "Tom Hale")
    say(ann, log, "Mine.")
    say(ann, log, "", how="same", refers=(read_posts(ann, log)[0].id,))
    refresh(bea)
    say(bea, log, "Bea's.")
    refresh(ann)
    bare, first = read_posts(ann, log)[1:]
    for seq, message in (
        (read_posts(ann, log)[0].seq, "only the writer of a post can move it"),
        (bare.seq, "a reply without words belongs to what it answers"),
    ):
        with pytest.raises(NotAllowed, match=message):
            move_to_right_child(ann, (log, seq), right, [id_of(ann)], "")
    practice.clock.pass_seconds(8 * 24 * 3600)
    with pytest.raises(NotAllowed, match="within seven days only"):
        move_to_right_child(ann, (log, first.seq), right, [id_of(ann)], "")
