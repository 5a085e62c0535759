"""Boxes: followers have those of their time on the list, and replace any of the newest epoch."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from microblog.protocol.entry import DIRECTORY, decode_header
from microblog.protocol.errors import WrongEpoch, WrongList
from microblog.service.errors import NotFound, refuse
from microblog.service.sessions import Who, check_stays
from microblog.service.streams import load_stream
from microblog.store import boxes, followers, logs
from microblog.store.followers import Reach
from microblog.store.locks import BY_DIRECTORY, hold, of_log


def read_boxes(session: Session, who: Who, log: bytes, epoch: int) -> list[tuple[bytes, bytes]]:
    """Return the boxes of an epoch; someone removed has those of the epochs before that.

    Raises:
        NotFound: the stream is not theirs, or has no such epoch.
    """
    reach = next(iter(followers.read_reaches_among(session, who.person, [log])), None)
    if reach is None or log == DIRECTORY or epoch > _last_epoch(session, reach):
        raise NotFound
    return boxes.read_boxes(session, log, epoch)


def put_boxes(
    session: Session, who: Who, log: bytes, epoch: int, rows: Sequence[tuple[bytes, bytes]]
) -> None:
    """Set boxes of the newest epoch, in the writer's transaction.

    Raises:
        NotFound: the stream is not theirs.
        Refused: it is another epoch, or a box is for someone not listed.
    """
    hold(session, BY_DIRECTORY, of_log(log))
    check_stays(session, who)
    head = logs.read_head(session, log)
    if head is None or log == DIRECTORY:
        raise NotFound
    stream = load_stream(head)
    if who.person not in stream.roles:
        raise NotFound
    if epoch != stream.epoch:
        raise refuse(WrongEpoch("not the newest epoch"), "epoch")
    if any(person not in stream.roles for person, _ in rows):
        raise refuse(WrongList("a box is for someone who is not listed"), "boxes")
    boxes.put_boxes(session, log, epoch, rows)


def _last_epoch(session: Session, reach: Reach) -> int:
    row = logs.read_entries(session, reach.log, reach.last_seq, reach.last_seq, 1)[0]
    number = decode_header(row.header).epoch
    # The entry that removed someone begins an epoch that is not theirs.
    return number if reach.until_seq is None else number - 1
