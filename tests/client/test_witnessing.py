"""A witness at work: what it signs, what it never signs again, and what it remembers."""

from dataclasses import replace

import pytest

from microblog.client import staff
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.replies import Challenge, Fetched
from microblog.client.session import World, read_id
from microblog.client.transport import Refused, Unreachable
from microblog.client.witnesses import add_witness
from microblog.client.witnessing import NotNamed, Restoring, look, open_watch
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY, decode_entry, encode_entry
from microblog.protocol.log import Head
from microblog.protocol.login import verify_login
from microblog.protocol.witness import decode_head, good_witnesses
from tests.client.practice import begin, child_of, say
from tests.lying.server import ORIGIN
from tests.vectors.practice import fresh

SEED = fresh("a witness at work")


class Doors:
    """What the server in memory answers to a witness."""

    origin = ORIGIN

    def __init__(self, server) -> None:
        self.server = server
        self.at_once = 1000
        self.is_restoring = False
        self.asked: list[dict[bytes, int]] = []

    @property
    def logs(self):
        streams = {log: kept.entries for log, kept in self.server.streams.items()}
        return {DIRECTORY: self.server.directory_entries, **streams}

    def fingerprint(self):
        return self.server.directory.fingerprint

    def restoring(self):
        return self.is_restoring

    def challenge(self):
        return Challenge(bytes(32), 7)

    def sign_in(self, sort, key, challenge, signature):
        assert sort == "witness"
        if key not in {it.key for it in good_witnesses(self.server.directory)}:
            raise Refused("signed-out", "")
        fingerprint = self.server.directory.fingerprint
        verify_login(key, fingerprint, ORIGIN, challenge.challenge, challenge.time, signature)

    def list_logs(self):
        return {log: Head(len(it) - 1, it[-1].id) for log, it in self.logs.items()}

    def headers(self, since):
        self.asked.append(dict(since))
        found = []
        for log, seq in since.items():
            entries = self.logs.get(log, [])[seq : seq + self.at_once]
            raws = [encode_entry(replace(it, body=b"", salt=b"", boxes=())) for it in entries]
            more = seq + len(entries) < len(self.logs.get(log, []))
            found += [Fetched(log, raws, more)] if raws else []
        return found

    def put_heads(self, heads):
        assert 0 < len(heads) <= 64
        for raw in heads:
            sighting = decode_head(raw).sighting
            assert self.logs[sighting.log][sighting.head.seq].id == sighting.head.id
            self.server.heads[sighting.log] = raw


@pytest.fixture
def at_work(team_of_two):
    """Return a practice that is watched, its doors for a witness, and one that has looked once."""
    practice, ann, bea, log = team_of_two
    doors, memory = Doors(practice.server), Memory(None, SEED)

    def watching(kept=memory):
        world = World(clock=practice.clock)
        return open_watch(SEED, practice.server.directory.fingerprint, doors, kept, world)

    add_witness(ann, encode_base64url(watching().key))
    assert look(watching()).signed == 2
    return practice, ann, bea, log, doors, watching


def kept_of(practice, log):
    return practice.server.streams[read_id(log)]


def test_whoever_is_not_named_signs_nothing(team_of_two):
    practice, _, _, _ = team_of_two
    world = World(clock=practice.clock)
    fingerprint = practice.server.directory.fingerprint
    with pytest.raises(NotNamed):
        look(open_watch(SEED, fingerprint, Doors(practice.server), Memory(None, SEED), world))
    assert practice.server.heads == {}


def test_what_it_signs_is_what_clients_ask_for(at_work):
    practice, ann, bea, log, _, watching = at_work
    say(ann, log, "Quieter than last week.")
    practice.clock.pass_seconds(300)
    assert look(watching()).signed == 2
    refresh(bea)
    assert child_of(bea, log).vouched == practice.clock()


def test_it_asks_for_what_is_new_only_and_goes_on_where_it_was(at_work):
    _, ann, _, log, doors, watching = at_work
    say(ann, log, "One.")
    doors.asked.clear()
    watch = watching()
    assert look(watch).troubles == look(watch).troubles == {}
    assert doors.asked == [{read_id(log): 3}]
    say(ann, log, "Two.")
    assert look(watching()).troubles == {}
    assert doors.asked[1:] == [{read_id(log): 4}]


def test_what_comes_in_pieces_is_asked_for_until_all_is_there(at_work):
    _, ann, _, log, doors, watching = at_work
    for number in range(5):
        say(ann, log, f"Post {number}.")
        staff.add_agency(ann, f"Agency {number}", "other")
    doors.at_once = 2
    assert look(watching()).troubles == {}
    assert look(watching(Memory(None, SEED))).signed == 2


def test_a_log_that_went_back_is_never_signed_again(at_work):
    practice, ann, _, log, _, watching = at_work
    say(ann, log, "The newest.")
    look(watching())
    before = dict(practice.server.heads)
    held = kept_of(practice, log).entries.pop()
    practice.clock.pass_seconds(300)
    seen = look(watching())
    assert (seen.logs, seen.signed) == (2, 1)
    assert seen.troubles[read_id(log)].error == "RolledBack"
    assert practice.server.heads[read_id(log)] == before[read_id(log)]
    assert practice.server.heads[DIRECTORY] != before[DIRECTORY]
    kept_of(practice, log).entries.append(held)
    assert look(watching()).troubles[read_id(log)].error == "RolledBack"


def test_a_log_that_is_another_or_is_gone_is_never_signed_again(at_work):
    practice, ann, _, log, _, watching = at_work
    entries = kept_of(practice, log).entries
    honest = entries[-1]
    entries[-1] = replace(honest, id=bytes(32))
    assert look(watching()).troubles[read_id(log)].error == "RolledBack"
    entries[-1] = honest
    other = read_id(begin(ann, "Sam Reed"))
    assert other not in look(watching()).troubles
    held = practice.server.streams.pop(other)
    assert look(watching()).troubles[other].error == "RolledBack"
    practice.server.streams[other] = held
    assert look(watching()).troubles[other].error == "RolledBack"


def test_with_a_directory_that_went_back_nothing_is_signed(at_work):
    practice, ann, _, _, _, watching = at_work
    staff.add_agency(ann, "Housing", "housing")
    look(watching())
    before = dict(practice.server.heads)
    practice.server.directory_entries.pop()
    practice.clock.pass_seconds(300)
    seen = look(watching())
    assert (seen.signed, seen.troubles[DIRECTORY].error) == (0, "RolledBack")
    assert practice.server.heads == before


def test_an_entry_that_does_not_verify_is_not_signed_until_a_good_one_stands_there(at_work):
    practice, ann, _, log, _, watching = at_work
    say(ann, log, "Signed by Ann.")
    entries = kept_of(practice, log).entries
    honest = entries[-1]
    raw = bytearray(encode_entry(honest))
    at = bytes(raw).index(honest.signature)
    raw[at] ^= 1
    entries[-1] = decode_entry(bytes(raw))
    seen = look(watching())
    assert (seen.signed, seen.troubles[read_id(log)].error) == (1, "NotAuthentic")
    entries[-1] = honest
    assert look(watching()).troubles == {}


def test_what_is_listed_and_not_given_is_not_signed(at_work, monkeypatch):
    _, ann, _, log, doors, watching = at_work
    say(ann, log, "Listed.")
    with monkeypatch.context() as patch:
        patch.setattr(doors, "headers", lambda _: [])
        assert look(watching()).troubles[read_id(log)].error == "HeldBack"
        staff.add_agency(ann, "Housing", "housing")
        seen = look(watching())
        assert (seen.signed, seen.troubles[DIRECTORY].error) == (0, "HeldBack")
    assert look(watching()).troubles == {}


def test_an_entry_that_has_seen_more_of_the_directory_waits_for_it(at_work, monkeypatch):
    _, ann, _, log, doors, watching = at_work
    listed = doors.list_logs()
    staff.add_agency(ann, "Housing", "housing")
    say(ann, log, "With a newer directory.")
    newer = {**doors.list_logs(), DIRECTORY: listed[DIRECTORY]}
    with monkeypatch.context() as patch:
        patch.setattr(doors, "list_logs", lambda: newer)
        assert look(watching()).troubles == {}


def test_while_the_server_is_being_put_back_nothing_is_judged(at_work):
    practice, _, _, log, doors, watching = at_work
    doors.is_restoring = True
    held = kept_of(practice, log).entries.pop()
    with pytest.raises(Restoring):
        look(watching())
    kept_of(practice, log).entries.append(held)
    doors.is_restoring = False
    assert look(watching()).troubles == {}


def test_how_far_a_log_has_come_is_written_down_before_it_is_signed(at_work, monkeypatch):
    practice, ann, _, log, doors, watching = at_work
    say(ann, log, "Seen, not signed.")

    def cut(_heads):
        raise Unreachable("cut")

    with monkeypatch.context() as patch:
        patch.setattr(doors, "put_heads", cut)
        with pytest.raises(Unreachable):
            look(watching())
    kept_of(practice, log).entries.pop()
    assert look(watching()).troubles[read_id(log)].error == "RolledBack"
