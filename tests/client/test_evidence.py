"""A stream taken out in one file: the team is told, and a changed file is refused."""

from dataclasses import replace

import pytest

from microblog.client import staff, team
from microblog.client.evidence import export_bundle, review
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.posting import withdraw
from microblog.client.session import read_id
from microblog.client.when import local_time
from microblog.client.witnesses import add_witness
from microblog.protocol.bundle import decode_bundle
from microblog.protocol.encoding import encode
from microblog.protocol.entry import decode_entry, encode_entry
from microblog.protocol.errors import Malformed, NotAllowed, ProtocolError
from tests.client.practice import begin, child_of, id_of, read_posts, say
from tests.lying.witness import Witness

DAY = 24 * 60 * 60


def take(session, log, start="", end="", why="for the review"):
    return export_bundle(session, log, start, end, why)


def test_a_bundle_is_what_was_written_and_by_whom(team_of_two):
    _, ann, bea, log = team_of_two
    say(ann, log, "Quieter than last week.", kind="observation")
    say(bea, log, "I see this too.")
    found = review(take(bea, log), bea.keys.fingerprint)
    assert (found.practice, found.child.name) == ("Northam", "Rosie Turner")
    assert [(post.text, post.author.name) for post in found.posts] == [
        ("Quieter than last week.", "Ann"),
        ("I see this too.", "Bea"),
    ]
    assert (found.exporter.name, found.opened, found.epochs, found.shut) == ("Bea", 1, 1, 0)
    assert (found.missing, found.gone, found.void) == ((), (), ())
    assert (found.witnessed, found.witnessed_seq) == (0, -1)


def test_the_team_sees_who_took_what_out_and_why(team_of_two):
    practice, ann, bea, log = team_of_two
    take(bea, log, "2026-01", "2026-12-31", "for the review of Rosie")
    refresh(ann)
    for session in (ann, bea, practice.reopen(ann)):
        (told,) = child_of(session, log).exports
        assert (told.by.name, told.format, told.why) == ("Bea", "bundle", "for the review of Rosie")
        assert (told.start, told.end) == ("2026-01", "2026-12-31")
    practice.clock.pass_seconds(60)
    take(ann, log)
    assert [told.by.name for told in child_of(ann, log).exports] == ["Ann", "Bea"]


def test_nothing_is_taken_out_that_the_team_was_not_told_of(team_of_two):
    practice, ann, _, log = team_of_two
    before = len(ann.feeds[read_id(log)].entries)
    for start, end, why in (("soon", "", ""), ("2026-02", "2026-01", ""), ("", "", "a" * 121)):
        with pytest.raises(Malformed):
            take(ann, log, start, end, why)
    assert len(ann.feeds[read_id(log)].entries) == before
    assert child_of(practice.reopen(ann), log).exports == ()


def test_who_is_not_on_the_team_takes_nothing_out(team_of_two):
    _, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    with pytest.raises(NotAllowed):
        take(bea, log)


def test_only_the_epochs_of_the_dates_are_opened(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "The first day.")
    practice.clock.pass_seconds(3 * DAY)
    team.remove(ann, log, id_of(bea))
    say(ann, log, "The fourth day.")
    late = _day(practice.clock.now)
    found = review(take(ann, log, late))
    assert (found.opened, found.epochs) == (1, 2)
    assert [(post.text, post.state) for post in found.posts] == [
        ("", "waiting"),
        ("The fourth day.", "shown"),
    ]
    early = _day(practice.clock.now - 3 * DAY * 1000)
    data = take(ann, log, early, early)
    found = review(data)
    assert [post.text for post in found.posts] == ["The first day.", ""]
    assert (found.opened, found.shut) == (1, 4)
    # What an epoch's history would open is not in it, nor is anything sealed under another.
    bundle = decode_bundle(data).bundle
    carried = [entry.header.epoch for entry in map(decode_entry, bundle.entries) if entry.body]
    assert set(carried) == {0}
    assert [number for number, _ in bundle.secrets] == [0]


def _day(time_ms):
    return local_time(time_ms)[:10]


def test_no_phone_no_box_and_no_erased_word_is_in_it(team_of_two):
    _, ann, bea, log = team_of_two
    staff.set_profile(bea, "01632 960777", "bea@example.test")
    refresh(ann)
    assert ann.directory.persons[read_id(id_of(bea))].phone == "01632 960777"
    say(ann, log, "On the wrong child.")
    seq = read_posts(ann, log)[0].seq
    withdraw(ann, log, seq, True, "wrong child")
    data = take(ann, log)
    assert b"960777" not in data
    assert b"bea@example" not in data
    found = review(data)
    assert (found.gone, found.missing) == ((seq,), ())
    bundle = decode_bundle(data).bundle
    assert not any(decode_entry(raw).boxes for raw in (*bundle.directory, *bundle.entries))
    assert [post.state for post in found.posts] == ["erased"]


def test_a_server_that_serves_boxes_and_false_names_spoils_no_bundle(team_of_two, monkeypatch):
    practice, ann, _, log = team_of_two
    serve = practice.server.serve_directory

    def lie() -> list[bytes]:
        first, *rest = map(decode_entry, serve())
        box = ((bytes(16), bytes(48)),)
        return [encode_entry(replace(first, body=encode(["Eve", "", ""]), boxes=box)),
                *(encode_entry(replace(entry, boxes=box)) for entry in rest)]  # fmt: skip

    monkeypatch.setattr(practice.server, "serve_directory", lie)
    anew = practice.reopen(ann, Memory(None, ann.keys.device_seed))
    refresh(anew)
    found = review(take(anew, log))
    assert (found.exporter.id, found.exporter.name) == (id_of(ann), "Ann")
    assert b"Eve" not in take(anew, log)


def test_any_byte_changed_is_refused(team_of_two):
    """A small bundle, every byte of it, each changed in two ways; and every length it can have."""
    practice, ann, _, _ = team_of_two
    log = begin(ann, "Tom")
    refresh(ann)
    data = take(ann, log)
    review(data)
    step = max(1, len(data) // 400)
    for at in range(0, len(data), step):
        _refused(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    _refused(data + b"\0")
    _refused(data[:-1])
    assert practice.clock.now


def _refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        review(data)


def test_another_practice_is_refused(team_of_two):
    _, ann, _, log = team_of_two
    with pytest.raises(NotAllowed, match="another practice"):
        review(take(ann, log), bytes(32))


def test_heads_that_vouch_for_it_go_with_it_and_no_others(team_of_two):
    practice, ann, bea, log = team_of_two
    witness = Witness(practice.server)
    add_witness(ann, witness.key)
    witness.look()
    refresh(bea)
    newest = bea.feeds[read_id(log)].next_seq - 1
    found = review(take(bea, log))
    assert (found.witnessed, found.witnessed_seq) == (practice.clock.now, newest)
    Witness(practice.server, "nobody named").look()
    assert review(take(bea, log)).witnessed == 0


def test_words_that_its_maker_did_not_have_are_named(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Withheld.")
    kept = practice.server.streams[read_id(log)]
    kept.entries[-1] = replace(kept.entries[-1], body=b"", salt=b"")
    seq = kept.entries[-1].header.seq
    found = review(take(bea, log))
    assert (found.missing, found.gone) == ((seq,), ())
    assert [post.state for post in found.posts] == ["withheld"]
