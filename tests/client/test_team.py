"""The team around a child: history for who comes, nothing for who went."""

import pytest

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.messages import NewChild
from microblog.client.session import read_id
from microblog.protocol.entry import open_body
from microblog.protocol.errors import Malformed, NotAllowed, Unreadable, WrongList
from tests.client.practice import begin, child_of, id_of, read_texts, say


def test_a_child_begins_with_its_founder_as_keeper_and_only_reader(practice):
    ann = practice.found()
    log = team.begin_child(
        ann, NewChild(name="Rosie", known_as=("Ro",), birth=("due", "2026-12"), school="St Mark's")
    )
    child = child_of(ann, log)
    assert (child.sort, child.name, child.known_as) == ("child", "Rosie", ("Ro",))
    assert (child.birth, child.school) == (("due", "2026-12"), "St Mark's")
    assert [(m.person.name, m.role, m.by.name) for m in child.members] == [("Ann", "keeper", "Ann")]
    assert (child.keeper, child.my_role, child.agencies) == (True, "keeper", 1)


@pytest.mark.parametrize(
    ("child", "message"),
    [
        (NewChild(name=""), "name is not text of the right length"),
        (NewChild(name="x" * 121), "name is not text of the right length"),
        (NewChild(name="x", birth=("born", "March")), "birth is not a date"),
        (NewChild(name="x", sort="family"), "sort is not a known word"),
        (NewChild(name="x", known_as=("y",) * 9), "known as is not an array"),
    ],
)
def test_a_child_that_cannot_be_described_is_not_begun(practice, child, message):
    ann = practice.found()
    with pytest.raises(Malformed, match=message):
        team.begin_child(ann, child)
    assert practice.server.streams == {}


def test_a_new_follower_reads_everything_from_the_beginning(team_of_two):
    practice, ann, _bea, log = team_of_two
    cas, dan = practice.join("Cas"), practice.join("Dan")
    say(ann, log, "First epoch.")
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    team.remove(ann, log, id_of(cas))
    say(ann, log, "Second epoch.")
    team.grant(ann, log, id_of(dan), "supervisor", "his manager")
    refresh(dan)
    assert read_texts(dan, log) == ["Second epoch.", "First epoch."]
    member = child_of(dan, log).members[-1]
    assert (member.person.name, member.role, member.why) == ("Dan", "supervisor", "his manager")
    assert member.by.name == "Ann"


def test_a_removed_follower_opens_nothing_posted_later_with_all_that_the_server_has(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    refresh(bea)
    team.remove(ann, log, id_of(bea))
    say(ann, log, "After.")
    refresh(bea)
    assert read_texts(bea, log) == ["Before."]
    assert child_of(bea, log).removed.by.name == "Ann"
    assert child_of(bea, log).my_role == ""
    kept = practice.server.streams[read_id(log)]
    secrets = dict(bea.feeds[read_id(log)].secrets)
    for epoch, boxes in kept.boxes.items():
        for box in boxes.values():
            feed = bea.feeds[read_id(log)]
            if epoch <= feed.stream.epoch:
                feed.open_box(epoch, box, bea.me, bea.keys.reading_secrets)
    assert bea.feeds[read_id(log)].secrets == secrets
    for secret in secrets.values():
        with pytest.raises(Unreadable, match="void"):
            open_body(kept.entries[-1], secret)


def test_who_was_removed_reads_on_a_new_device_what_they_could_before(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Before.")
    cas = practice.join("Cas")
    team.grant(ann, log, id_of(cas), "follower", "school")
    team.remove(ann, log, id_of(cas))
    say(ann, log, "Between.")
    team.remove(ann, log, id_of(bea))
    say(ann, log, "After.")
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert read_texts(anew) == ["Between.", "Before."]
    assert child_of(anew, log).name == child_of(ann, log).name
    assert child_of(anew, log).removed.by.name == "Ann"


def test_who_was_removed_and_let_in_again_reads_the_time_between(team_of_two):
    _, ann, bea, log = team_of_two
    team.remove(ann, log, id_of(bea))
    say(ann, log, "Between.")
    refresh(bea)
    team.grant(ann, log, id_of(bea), "follower", "back on duty")
    refresh(bea)
    assert read_texts(bea, log) == ["Between."]
    assert child_of(bea, log).removed is None
    assert child_of(bea, log).members[-1].why == "back on duty"


def test_a_role_is_changed_without_forgetting_who_let_them_in(team_of_two):
    practice, ann, bea, log = team_of_two
    since = child_of(ann, log).members[-1].since
    practice.clock.pass_seconds(60)
    team.grant(ann, log, id_of(bea), "keeper", "second keeper")
    member = child_of(ann, log).members[-1]
    assert (member.role, member.since, member.why) == ("keeper", since, "health visitor")


def test_only_a_keeper_adds_and_removes(team_of_two):
    practice, _, bea, log = team_of_two
    cas = practice.join("Cas")
    with pytest.raises(NotAllowed, match="only a keeper may do this"):
        team.grant(bea, log, id_of(cas), "follower", "")
    with pytest.raises(NotAllowed, match="only a keeper may remove someone"):
        team.remove(bea, log, id_of(practice.sessions["Ann"]))


def test_who_is_not_here_is_neither_added_nor_removed(team_of_two):
    practice, ann, _, log = team_of_two
    cas = practice.join("Cas")
    with pytest.raises(NotAllowed, match="nobody by that id works here"):
        team.grant(ann, log, "AAAAAAAAAAAAAAAAAAAAAQ", "follower", "")
    with pytest.raises(NotAllowed, match="nobody by that id is on the team"):
        team.remove(ann, log, id_of(cas))


def test_nobody_takes_themselves_off(team_of_two):
    _, ann, bea, log = team_of_two
    team.grant(ann, log, id_of(bea), "keeper", "")
    with pytest.raises(WrongList, match="an epoch's list holds its signer"):
        team.remove(ann, log, id_of(ann))


def test_boxes_go_to_exactly_those_on_the_list(team_of_two):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    team.remove(ann, log, id_of(bea))
    boxes = practice.server.streams[read_id(log)].boxes[1]
    assert boxes.keys() == {ann.me, cas.me}


def test_a_key_file_on_another_machine_reads_what_its_person_may(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Everything.")
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert read_texts(anew, log) == ["Everything."]


def test_two_children_may_share_a_name(practice):
    ann = practice.found()
    logs = {begin(ann, "Rosie"), begin(ann, "Rosie")}
    assert len(logs) == 2
