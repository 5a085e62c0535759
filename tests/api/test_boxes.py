"""Boxes: who may have them, who may replace them, and which."""

from __future__ import annotations

from tests.asking import refused
from tests.vectors.practice import staff


def test_boxes_come_up_with_their_entries_and_any_follower_replaces_them(host, child):
    asha, ben = host.practice.asha, staff("Ben")
    stored = [list(row) for row in sorted(child.boxes(0, [asha, ben]))]
    assert host.callers["Ben"].boxes(child.log, 0).cbor == stored
    reply = host.callers["Ben"].put_boxes(child.log, 0, [(asha.id, bytes(100))])
    assert reply.status == 204
    assert dict(map(tuple, host.asha.boxes(child.log, 0).cbor))[asha.id] == bytes(100)


def test_boxes_of_another_epoch_or_for_others_are_refused(host, child):
    ben, cho = staff("Ben"), staff("Cho")
    refused(host.callers["Ben"].put_boxes(child.log, 1, child.boxes(0, [ben])),
            422, "wrong-epoch", "newest epoch")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, child.boxes(0, [cho])),
            422, "wrong-list", "not listed")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, child.boxes(0, [ben, ben])),
            400, "malformed", "not sorted")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, [(ben.id, bytes(47))]),
            400, "malformed", "number of bytes")  # fmt: skip
    refused(host.callers["Ben"].put_boxes(child.log, 0, []), 400, "malformed", "boxes")


def test_a_removed_follower_has_the_boxes_of_their_time_only(host, child):
    asha, ben = host.practice.asha, staff("Ben")
    child.remove(asha, ben)
    host.asha.append_all(child, since=3)
    assert host.callers["Ben"].boxes(child.log, 0).status == 200
    assert host.callers["Ben"].boxes(child.log, 1).code == "not-found"
    assert host.callers["Ben"].put_boxes(child.log, 1, child.boxes(1, [asha])).code == "not-found"
    assert host.asha.boxes(child.log, 2).code == "not-found"
