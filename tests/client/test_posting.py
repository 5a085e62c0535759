"""Posting: who must be on the screen, what is sent again, what is never sent."""

from dataclasses import replace

import pytest

from microblog.client import staff, team, writing
from microblog.client.directory import refresh_directory
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.messages import Change
from microblog.client.posting import post
from microblog.client.reading import mark_team_seen, overview, team_not_seen
from microblog.client.session import NotFollowed, Waiting, read_id
from microblog.client.shown import Draft
from microblog.client.transport import Refused, StaleHead, Unreachable
from microblog.protocol.entry import decode_entry
from microblog.protocol.errors import Malformed, NotAllowed
from microblog.protocol.log import Head
from tests.client.practice import child_of, id_of, read_posts, read_texts, say
from tests.lying.server import Connection


def leave(steward, person):
    shown = next(row for row in overview(steward).people if row.id == person)
    staff.change_person(
        steward,
        Change(
            person=person, name=shown.name, job=shown.job, agency=shown.agency_id,
            role=shown.role, left=True,
        ),
    )  # fmt: skip


def beat(monkeypatch, session, first):
    """Let somebody else be first, once."""
    append, sent = session.transport.append, []

    def beaten(log, entries):
        sent.append([decode_entry(raw) for raw in entries])
        if len(sent) == 1:
            first()
        return append(log, entries)

    monkeypatch.setattr(session.transport, "append", beaten)
    return sent


def test_someone_added_between_typing_and_sending_is_named_and_nothing_is_sent(team_of_two):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    on_screen = [member.person.id for member in child_of(bea, log).members]
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    sent = post(bea, log, Draft(text="Only for two."), on_screen)
    assert not sent.sent
    assert [person.name for person in sent.newcomers] == ["Cas"]
    refresh(cas)
    assert read_texts(cas, log) == []
    assert post(bea, log, Draft(text="For three."), [*on_screen, id_of(cas)]).sent


def test_someone_added_while_the_server_answers_is_named_too(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    refresh(ann)
    sent = beat(monkeypatch, bea, lambda: team.grant(ann, log, id_of(cas), "follower", ""))
    result = say(bea, log, "Only for two.")
    assert [person.name for person in result.newcomers] == ["Cas"]
    assert len(sent) == 1


def test_nothing_of_a_refused_attempt_is_used_again(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    sent = beat(monkeypatch, bea, lambda: say(ann, log, "I was first."))
    assert say(bea, log, "Second.").sent
    (first,), (second,) = sent
    assert first.salt != second.salt
    assert first.body[:24] != second.body[:24]
    assert read_texts(bea, log) == ["Second.", "I was first."]


def test_a_refused_attempt_that_was_kept_all_the_same_is_not_sent_twice(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    append = Connection.append
    answers = [StaleHead("someone was first", None)]

    def keep_and_refuse(self, to, entries):
        head = append(self, to, entries)
        if answers:
            answers.pop()
            raise StaleHead("someone was first", head)
        return head

    monkeypatch.setattr(Connection, "append", keep_and_refuse)
    assert say(bea, log, "Once.").sent
    refresh(ann)
    assert read_texts(ann, log) == ["Once."]


def test_a_server_that_always_says_stale_is_given_up(team_of_two, monkeypatch):
    _, ann, _, log = team_of_two

    def refuse(log, entries):
        head = ann.feeds[log].stream.head
        raise StaleHead("someone was first", Head(head.seq + 1, bytes(32)))

    monkeypatch.setattr(ann.transport, "append", refuse)
    with pytest.raises(StaleHead, match="someone was first"):
        say(ann, log, "Never.")


def test_a_head_that_is_older_than_mine_is_a_roll_back(team_of_two, monkeypatch):
    _, ann, _, log = team_of_two

    def refuse(log, entries):
        raise StaleHead("someone was first", Head(0, bytes(32)))

    monkeypatch.setattr(ann.transport, "append", refuse)
    with pytest.raises(Exception, match="RolledBack"):
        say(ann, log, "Never.")
    assert child_of(ann, log).trouble.error == "RolledBack"


def test_an_answer_that_is_lost_doubles_nothing(team_of_two, monkeypatch):
    _, ann, bea, log = team_of_two
    append, lost = ann.transport.append, []

    def lose_the_answer(to, entries):
        head = append(to, entries)
        if not lost:
            lost.append(head)
            raise Unreachable("the server cannot be reached")
        return head

    monkeypatch.setattr(ann.transport, "append", lose_the_answer)
    assert say(ann, log, "Once.").sent
    refresh(bea)
    assert read_texts(bea, log) == ["Once."]


def test_a_server_out_of_reach_is_told(team_of_two):
    practice, ann, _, log = team_of_two
    practice.server.down = True
    with pytest.raises(Unreachable, match="the server cannot be reached"):
        say(ann, log, "Not now.")


def test_after_a_loss_the_next_entry_is_a_new_epoch_without_them(team_of_two):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    say(ann, log, "Before.")
    refresh(bea)
    leave(ann, id_of(cas))
    refresh_directory(bea)
    assert [person.name for person in child_of(bea, log).leaving] == ["Cas"]
    assert [member.person.name for member in child_of(bea, log).members] == ["Ann", "Bea"]
    assert say(bea, log, "After.").sent
    kinds = [e.header.kind for e in practice.server.streams[read_id(log)].entries]
    assert kinds[-2:] == ["epoch", "post"]
    refresh(ann)
    assert read_texts(ann, log) == ["After.", "Before."]
    assert child_of(ann, log).leaving == ()


def test_a_void_bundle_is_not_posted_under(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    monkeypatch.setattr(writing, "encode_history", lambda secrets: b"\x80")
    cas = practice.join("Cas")
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    team.remove(ann, log, id_of(cas))
    monkeypatch.undo()
    refresh(bea)
    assert read_texts(bea, log) == ["Before."]
    assert say(bea, log, "After.").sent
    entries = practice.server.streams[read_id(log)].entries
    assert [e.header.kind for e in entries][-2:] == ["epoch", "post"]
    assert entries[-1].header.epoch == 2
    anew = practice.reopen(ann, Memory(None, ann.keys.device_seed))
    refresh(anew)
    assert read_texts(anew, log) == ["After.", "Before."]


def test_who_lacks_a_secret_of_a_void_bundle_posts_on_and_is_not_shut_out(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    with monkeypatch.context() as patch:
        patch.setattr(writing, "encode_history", lambda secrets: b"\x80")
        refresh(ann)
        team.remove(ann, log, id_of(bea))
        team.grant(ann, log, id_of(cas), "follower", "")
    refresh(cas)
    assert say(cas, log, "All the same.").sent
    kinds = [e.header.kind for e in practice.server.streams[read_id(log)].entries]
    assert kinds[-1] == "post"
    assert kinds.count("epoch") == 2


def test_a_clock_that_goes_back_does_not_make_times_go_back(team_of_two):
    practice, ann, _, log = team_of_two
    say(ann, log, "First.")
    ann.world = replace(ann.world, clock=lambda: practice.clock.now - 3600_000)
    say(ann, log, "Second.")
    second, first = read_posts(ann, log)
    assert second.time == first.time


def test_the_time_of_typing_is_inside_the_post(team_of_two):
    practice, ann, _, log = team_of_two
    say(ann, log, "Now.")
    assert read_posts(ann, log)[0].written == practice.clock.now


def test_text_is_put_in_nfc_by_its_writer(team_of_two):
    _, ann, _, log = team_of_two
    say(ann, log, "Zoe\u0308 smiled.")
    assert read_texts(ann, log) == ["Zo\u00eb smiled."]


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ({"text": "x" * 281}, "text is not text of the right length"),
        ({"text": ""}, "text is empty"),
        ({"text": "x", "kind": "rumour"}, "kind, sure, side, how or outcome is not a known word"),
        ({"text": "x", "scale": "11"}, "scale is not a known word"),
        ({"text": "x", "happened": "yesterday"}, "happened is not a date"),
        ({"text": "x", "review": "2026"}, "review is not a whole date"),
        (
            {"text": "x", "source": "s" * 61, "reason": "r" * 60},
            "source, original author and reason are too long together",
        ),
        ({"text": "x", "refers": ("AA",)}, "refers does not have the right number of bytes"),
    ],
)
def test_what_cannot_be_said_is_refused_before_the_server_is_asked(team_of_two, marks, message):
    _, ann, _, log = team_of_two
    ann.transport.calls.clear()
    with pytest.raises(Malformed, match=message):
        post(ann, log, Draft(**marks), [])
    assert ann.transport.calls == []


def test_who_was_taken_off_the_team_cannot_post(team_of_two):
    _, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    with pytest.raises(NotAllowed, match="you are not on this team"):
        say(bea, log, "Not heard.")


def test_who_has_no_key_yet_cannot_post(team_of_two):
    practice, _, bea, log = team_of_two
    practice.server.streams[read_id(log)].boxes[0].clear()
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    with pytest.raises(Waiting, match="nobody has handed this device the key"):
        say(anew, log, "Not yet.")


def test_a_stream_that_is_not_followed_cannot_be_posted_to(team_of_two):
    _, ann, _, _ = team_of_two
    with pytest.raises(NotFollowed, match="no stream of that id"):
        post(ann, "AAAAAAAAAAAAAAAAAAAAAQ", Draft(text="x"), [])


def test_a_clock_far_ahead_is_refused_by_the_server(team_of_two):
    practice, ann, _, log = team_of_two
    ann.world = replace(ann.world, clock=lambda: practice.clock.now + 10 * 60 * 1000)
    with pytest.raises(Refused, match="wrong-time"):
        say(ann, log, "Too early.")


def test_a_team_is_new_until_it_was_looked_at(team_of_two):
    practice, ann, bea, log = team_of_two
    assert [person.name for person in team_not_seen(bea, log)] == ["Ann"]
    mark_team_seen(bea, log)
    assert team_not_seen(bea, log) == ()
    cas = practice.join("Cas")
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    refresh(bea)
    again = practice.reopen(bea)
    assert [person.name for person in team_not_seen(again, log)] == ["Cas"]
    mark_team_seen(again, log, [id_of(cas)])
    assert team_not_seen(again, log) == ()


@pytest.mark.parametrize("sort", ["invitation", "founding", ""])
def test_a_session_of_the_wrong_sort_heals_by_itself(team_of_two, sort):
    _, ann, bea, log = team_of_two
    ann.transport.sort = sort
    assert say(ann, log, "Said all the same.").sent
    assert ann.transport.sort == "device"
    bea.transport.sort = sort
    refresh(bea)
    assert read_texts(bea, log) == ["Said all the same."]


def test_what_a_device_may_not_do_either_is_refused_after_one_more_sign_in(
    team_of_two, monkeypatch
):
    _, ann, _, _ = team_of_two

    def refuse():
        raise Refused("not-allowed", "")

    monkeypatch.setattr(ann.transport, "streams", refuse)
    before = ann.transport.calls.count("sign_in")
    with pytest.raises(Refused, match="not-allowed"):
        refresh(ann)
    assert ann.transport.calls.count("sign_in") == before + 1
