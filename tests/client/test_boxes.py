"""Boxes: any follower makes a missing or wrong one again, for a list that can be trusted."""

from dataclasses import replace

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.session import read_id
from microblog.client.transport import Refused
from tests.client.practice import (
    child_of,
    id_of,
    say,
)


def test_a_missing_box_is_put_back_by_any_follower(team_of_two):
    practice, ann, bea, log = team_of_two
    boxes = practice.server.streams[read_id(log)].boxes[0]
    right = boxes.pop(read_id(id_of(bea)))
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert child_of(anew, log).waiting
    practice.clock.pass_seconds(24 * 60 * 60)
    refresh(ann)
    assert boxes[read_id(id_of(bea))] == right
    refresh(anew)
    assert not child_of(anew, log).waiting


def test_a_wrong_box_is_replaced_as_soon_as_the_list_changes(team_of_two):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    refresh(ann)
    boxes = practice.server.streams[read_id(log)].boxes[0]
    right = dict(boxes)
    boxes[read_id(id_of(bea))] = bytes(200)
    refresh(ann)
    assert boxes[read_id(id_of(bea))] == bytes(200)  # nothing changed: not asked for again
    team.grant(ann, log, id_of(cas), "follower", "")
    refresh(ann)
    boxes = practice.server.streams[read_id(log)].boxes[0]
    assert boxes[read_id(id_of(bea))] == right[read_id(id_of(bea))]


def test_boxes_that_are_refused_are_tried_again_at_the_next_refresh(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    boxes = practice.server.streams[read_id(log)].boxes[0]
    right = boxes.pop(read_id(id_of(bea)))

    def refuse(*_):
        raise Refused("wrong-epoch", "epoch")

    with monkeypatch.context() as patch:
        patch.setattr(practice.server, "take_boxes", refuse)
        refresh(ann)
    assert read_id(id_of(bea)) not in boxes
    refresh(ann)
    assert boxes[read_id(id_of(bea))] == right


def test_boxes_that_are_not_served_are_as_good_as_missing(team_of_two, monkeypatch):
    practice, _, bea, log = team_of_two

    def refuse(*_):
        raise Refused("not-found", "")

    monkeypatch.setattr(practice.server, "serve_boxes", refuse)
    anew = practice.reopen(bea, Memory(None, bea.keys.device_seed))
    refresh(anew)
    assert child_of(anew, log).waiting


def test_no_box_is_made_for_a_list_that_cannot_be_trusted(team_of_two):
    practice, ann, bea, log = team_of_two
    cas = practice.join("Cas")
    refresh(ann)
    team.grant(ann, log, id_of(cas), "follower", "")
    say(ann, log, "Altered.")
    kept = practice.server.streams[read_id(log)]
    kept.entries[-1] = replace(kept.entries[-1], signature=bytes(64))
    kept.boxes[0].pop(cas.me)
    refresh(bea)
    assert child_of(bea, log).trouble.error == "NotAuthentic"
    assert cas.me not in kept.boxes[0]
