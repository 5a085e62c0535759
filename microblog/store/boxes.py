"""Boxes, by log, epoch and person."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.store.tables import boxes
from microblog.store.upsert import put


def read_boxes(session: Session, log: bytes, epoch: int) -> list[tuple[bytes, bytes]]:
    """Return the boxes of an epoch, by person."""
    rows = session.execute(
        select(boxes.c.person, boxes.c.box)
        .where(boxes.c.log == log, boxes.c.epoch == epoch)
        .order_by(boxes.c.person)
    )
    return [(row.person, row.box) for row in rows]


def read_places(session: Session, log: bytes) -> list[tuple[int, bytes]]:
    """Return for which epochs and persons a log has boxes."""
    rows = session.execute(select(boxes.c.epoch, boxes.c.person).where(boxes.c.log == log))
    return [(row.epoch, row.person) for row in rows]


def put_boxes(
    session: Session, log: bytes, epoch: int, rows: Sequence[tuple[bytes, bytes]]
) -> None:
    """Add boxes, each in place of the one that its person had."""
    values = [{"log": log, "epoch": epoch, "person": person, "box": box} for person, box in rows]
    put(session, boxes, values, ("log", "epoch", "person"), ("box",))
