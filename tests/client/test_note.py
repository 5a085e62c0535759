"""The note of my own: what is read is carried, and no note makes a post look read that was not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from microblog.client.devices import devices, devices_of, revoke_device
from microblog.client.following import refresh
from microblog.client.marks import mark_read, mark_seen, mark_unread
from microblog.client.memory import Note, decode_note, encode_note
from microblog.client.note import carry, leave
from microblog.client.place import load_place
from microblog.client.reading import overview
from microblog.client.session import read_id
from microblog.client.transport import Unreachable
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.note import (
    VISIT_GAP_MS,
    Marks,
    OwnNote,
    Reader,
    merge_notes,
    open_note,
    read_number,
    seal_note,
)
from tests.client.practice import child_of, device_of, id_of, read_posts, say
from tests.client.test_devices import by_letters, paper, recover
from tests.client.test_linking import link

TEXTS = ("One.", "Two.", "Three.", "Four.")


@pytest.fixture
def told(team_of_two):
    """Return a practice, Bea's two devices, the log, and the seqs of Ann's four posts."""
    practice, ann, bea, log = team_of_two
    other = link(practice, bea)
    for text in TEXTS:
        say(ann, log, text)
    for session in (bea, other):
        refresh(session)
        carry(session)
    return practice, bea, other, log, [post.seq for post in reversed(read_posts(bea, log))]


def tell(*sessions):
    for session in sessions:
        carry(session, now=True)


def unread(session, log):
    found = [post.text for post in reversed(read_posts(session, log)) if post.unread]
    assert child_of(session, log).unread == len(found)
    return " ".join(found)


def test_what_one_device_has_read_the_other_has_read_and_all_can_be_taken_back(told):
    practice, bea, other, log, (one, two, three, four) = told
    mark_read(bea, log, three)
    tell(bea, other)
    assert unread(other, log) == "Four."
    # A clock that is a year ahead does not outlast what is said after it.
    year = 365 * 24 * 60 * 60
    practice.clock.pass_seconds(year)
    mark_unread(other, log, two)
    tell(other)
    practice.clock.pass_seconds(-year)
    tell(bea)
    assert unread(bea, log) == "Two. Four."
    mark_read(bea, log, four)
    assert unread(bea, log) == "Two."
    mark_read(bea, log, two, "alone")
    tell(bea, other)
    assert unread(other, log) == ""
    mark_unread(other, log, three, onwards=True)
    tell(other, bea)
    assert unread(bea, log) == "Three. Four."
    mark_unread(bea, log, one)
    mark_read(bea, log, four, "all")
    tell(bea, other)
    assert unread(other, log) == ""


def test_what_was_printed_is_read_as_far_as_nothing_stands_before_it(told):
    _, bea, _, log, (one, two, _, four) = told
    mark_seen(bea, log, [two, four])
    assert unread(bea, log) == "One. Two. Three. Four."
    mark_seen(bea, log, [one, two, four])
    assert unread(bea, log) == "Three. Four."
    mark_unread(bea, log, one)
    mark_seen(bea, log, [one])
    assert unread(bea, log) == "One. Three. Four."


def test_a_post_that_is_not_there_yet_is_never_read(told):
    practice, bea, other, log, seqs = told
    ann = practice.sessions["Ann"]
    mark_read(bea, log, 2**31)
    say(ann, log, "Later.")
    refresh(bea)
    assert unread(bea, log) == "Later."
    # Nor does the other device, which has seen it already, hear that it was.
    refresh(other)
    tell(bea, other)
    assert unread(other, log) == "Later."
    assert seqs[-1] < read_posts(other, log)[0].seq


def test_without_an_answer_all_is_kept_here_and_told_later(told):
    practice, bea, other, log, (one, *_) = told
    practice.server.down = True
    mark_read(bea, log, one)
    with pytest.raises(Unreachable):
        tell(bea)
    again = practice.reopen(bea)
    assert unread(again, log) == "Two. Three. Four."
    practice.server.down = False
    refresh(again)
    carry(again)
    tell(other)
    assert unread(other, log) == "Two. Three. Four."
    mark_unread(again, log, one)
    leave(again)
    tell(other)
    assert unread(other, log) == "One. Two. Three. Four."


def test_the_server_is_asked_once_a_minute_and_told_only_what_is_new(told, monkeypatch):
    practice, bea, _, log, (one, *_) = told
    asked: list[str] = []
    honest = bea.transport.own_note, bea.transport.put_own_note
    monkeypatch.setattr(bea.transport, "own_note", lambda: asked.append("get") or honest[0]())
    put = lambda *note: asked.append("put") or honest[1](*note)  # noqa: E731
    monkeypatch.setattr(bea.transport, "put_own_note", put)
    practice.clock.pass_seconds(70)
    for _ in range(10):
        carry(bea)
        practice.clock.pass_seconds(5)
    assert asked == ["get"]
    mark_read(bea, log, one)
    practice.clock.pass_seconds(60)
    carry(bea)
    assert asked == ["get", "get", "put"]
    # That somebody is here is told more rarely, for it changes all the time.
    for _ in range(30):
        practice.clock.pass_seconds(60)
        carry(bea)
    assert asked.count("put") == 4


def test_when_i_was_last_here_is_the_end_of_the_visit_before_on_any_device(told):
    practice, bea, other, *_ = told
    assert overview(bea).last_here == 0
    tell(bea)
    end = practice.clock.now
    practice.clock.now += 9 * VISIT_GAP_MS
    tell(other)
    assert overview(other).last_here == end
    practice.clock.now += VISIT_GAP_MS
    tell(bea)
    practice.clock.now += VISIT_GAP_MS
    tell(other, bea)
    assert overview(bea).last_here == overview(other).last_here == end
    assert load_place(bea.memory).visits == bea.place.visits


def test_a_note_kept_before_there_were_marks_is_still_read():
    note = Note(read=7, seen=(bytes(16),))
    older = decode_array(encode_note(replace(note, again=3, singles=((1, 2, 1),))))[:7]
    assert decode_note(encode(list(older))) == note
    newer = replace(note, again=3, singles=((1, 2, 1),))
    assert decode_note(encode_note(newer)) == newer


# Lies.


def sealed(session, rows, secret=None, number=0, visits=()):
    """Return a note as somebody who has this key would make it."""
    reader = Reader(session.keys.fingerprint, session.me, number)
    note = OwnNote(visits, tuple(rows))
    return seal_note(secret or session.keys.reading_secrets[number], reader, note, bytes(24))


def serve(practice, session, data, number=99):
    practice.server.notes[session.me] = (number, data)


def marks_at(session, log, seq, again=0):
    return Marks(again, seq + 1, session.feeds[read_id(log)].entries[seq].id[:16])


def test_what_is_no_note_of_mine_changes_nothing_and_is_replaced(told):
    practice, bea, _, log, (one, two, *_) = told
    ann = practice.sessions["Ann"]
    mark_read(bea, log, one)
    mark_read(ann, log, two)
    tell(bea, ann)
    mine, hers = (practice.server.notes[it.me][1] for it in (bea, ann))
    for data in (b"", b"\xff", mine[:-1], hers, encode(["msb/2/note", 0, mine]),
                 encode(["msb/1/note", 7, mine])):  # fmt: skip
        serve(practice, bea, data)
        tell(bea)
        assert unread(bea, log) == "Two. Three. Four."
        number, kept = practice.server.notes[bea.me]
        assert (number, read_number(kept)) == (100, 0)


def test_an_old_note_takes_nothing_back(told):
    practice, bea, _, log, (one, _, _, four) = told
    mark_read(bea, log, one)
    tell(bea)
    old = practice.server.notes[bea.me]
    mark_read(bea, log, four)
    tell(bea)
    practice.server.notes[bea.me] = old
    tell(bea)
    assert unread(bea, log) == ""
    assert practice.server.notes[bea.me] != old


def test_read_is_only_what_stands_here_as_that_very_entry(told):
    practice, bea, _, log, (_, two, _, four) = told
    stream, entry = read_id(log), b"another entry 16"
    for read in (four + 1, four + 2, 2**52):
        serve(practice, bea, sealed(bea, [(stream, Marks(0, read, entry))]))
        tell(bea)
        assert unread(bea, log) == "One. Two. Three. Four."
    say(practice.sessions["Ann"], log, "More.")
    refresh(bea)
    tell(bea)
    assert unread(bea, log) == "One. Two. Three. Four. More."
    serve(practice, bea, sealed(bea, [(stream, marks_at(bea, log, two))]))
    tell(bea)
    assert unread(bea, log) == "Three. Four. More."


def test_who_has_a_lost_device_makes_nothing_look_read_that_was_written_after(told):
    practice, bea, stolen, log, (_, two, _, four) = told
    ann = practice.sessions["Ann"]
    mark_read(bea, log, two)
    tell(bea)
    revoke_device(bea, row_of(bea, stolen).key, 0)
    refresh(bea)
    refresh(ann)
    say(ann, log, "After it was lost.")
    refresh(bea)
    assert len(bea.keys.reading_secrets) == 2
    newest = read_posts(bea, log)[0].seq
    # The thief has the old key, and the server's help.
    data = sealed(bea, [(read_id(log), marks_at(bea, log, newest))], number=0)
    serve(practice, bea, data)
    tell(bea)
    assert unread(bea, log) == "After it was lost."
    assert read_number(practice.server.notes[bea.me][1]) == 1
    # What was read before is so with the very same note: it is mine as well as theirs.
    assert child_of(bea, log).unread == 1
    assert four < newest


def test_while_my_key_is_stale_nothing_is_sealed_with_it(told):
    practice, bea, stolen, log, (one, *_) = told
    ann = practice.sessions["Ann"]
    before = practice.server.notes[bea.me]
    revoke_device(ann, row_of(ann, stolen, id_of(bea)).key, 0)
    bea.directory, _ = bea.directory.extend(practice.server.directory_entries[len(
        bea.directory.ids):])  # fmt: skip
    assert bea.directory.is_stale(bea.me)
    mark_read(bea, log, one)
    tell(bea)
    assert practice.server.notes[bea.me] == before
    refresh(bea)
    tell(bea)
    assert read_number(practice.server.notes[bea.me][1]) == 1


def test_who_is_back_with_a_sheet_finds_read_what_was(told):
    practice, bea, other, log, (_, two, *_) = told
    sheet = paper(bea)
    mark_read(bea, log, two)
    tell(bea)
    found = by_letters(practice, sheet)
    back = recover(practice, found, *(row.key for row in found.shown.devices))
    refresh(back)
    carry(back)
    assert unread(back, log) == "Three. Four."
    assert other.me == back.me


def test_a_note_says_nothing_of_a_stream_that_is_not_here_and_hands_it_on(told):
    practice, bea, _, log, (one, *_) = told
    stranger, marks = bytes(range(16)), Marks(5, 1, bytes(16), ((0, 9, 1),))
    serve(practice, bea, sealed(bea, [(stranger, marks)]))
    mark_read(bea, log, one)
    tell(bea)
    assert stranger not in bea.notes
    reader = Reader(bea.keys.fingerprint, bea.me, 0)
    kept = open_note(bea.keys.reading_secrets[0], reader, practice.server.notes[bea.me][1])
    assert dict(kept.rows)[stranger] == marks
    assert DIRECTORY not in dict(kept.rows)


def row_of(session, device, person=""):
    rows = devices_of(session, person) if person else devices(session)
    return next(row for row in rows if row.key == encode_base64url(device_of(device)))


# Merging.


def some_note(chance: random.Random) -> OwnNote:
    def marks() -> Marks:
        read = chance.randrange(4)
        singles = {chance.randrange(5): (chance.randrange(3), chance.randrange(2)) for _ in "abc"}
        entry = bytes([chance.randrange(2)]) * 16 if read else b""
        said = tuple((seq, *single) for seq, single in sorted(singles.items()))
        return Marks(chance.randrange(2), read, entry, said)

    logs = sorted({bytes([chance.randrange(3)]) * 16 for _ in range(3)})
    start = chance.randrange(9) * VISIT_GAP_MS
    visits = ((start, start + chance.randrange(3) * VISIT_GAP_MS),)
    return OwnNote(visits, tuple((log, marks()) for log in logs))


def test_notes_merge_to_the_same_in_any_order_and_however_often():
    chance = random.Random(7)
    for _ in range(2000):
        a, b, c = (some_note(chance) for _ in range(3))
        assert merge_notes(a, a) == a
        assert merge_notes(a, b) == merge_notes(b, a)
        assert merge_notes(merge_notes(a, b), c) == merge_notes(a, merge_notes(b, c))
        assert merge_notes(merge_notes(a, b), b) == merge_notes(a, b)
