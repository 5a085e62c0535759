"""Appending to logs, fetching from them, and the boxes beside them."""

from typing import Any

from flask import Response
from marshmallow import Schema, validate

from microblog.api.access import SIGNED_IN, access, signed_in
from microblog.api.answers import NOT_FOUND, STALE_HEAD, VERDICT, refuses
from microblog.api.context import context, write
from microblog.api.fields import MAX_UINT, Bytes, Digits, Flag, SeqByLog, pattern_of, uint
from microblog.api.reading import (
    CBOR,
    JSON,
    MAX_JSON_BYTES,
    cbor_response,
    json_response,
    read_body,
    takes,
)
from microblog.api.smorest import Blueprint
from microblog.service import boxes, founding, logs, newest, restoring, wire
from microblog.service.sessions import DEVICE, FOUNDING
from microblog.store.db import read

routes = Blueprint("logs", __name__, url_prefix="/api/logs", description="Logs and boxes")

_BINARY = {CBOR: {"schema": {"type": "string", "format": "binary"}}}
SENT = {"required": True, "content": _BINARY}
LOG = [{"in": "path", "name": "log", "required": True,
         "description": "the log's id: 16 bytes as base64url without padding",
         "schema": {"type": "string", "pattern": pattern_of(16)}}]  # fmt: skip


def read_by_log(value: Any) -> dict[bytes, int] | None:
    """Return a seq by log, or None: something is wrong, and the schema says what."""
    found = SeqByLog.read(value)
    return found if found is not None and len(found) <= logs.MAX_LOGS else None


def by_log(**options: Any) -> SeqByLog:
    """Return a field for a seq by log."""
    few = validate.Length(max=logs.MAX_LOGS, error=f"more than {logs.MAX_LOGS} logs")
    return SeqByLog(keys=Bytes(16), values=uint(), validate=few, **options)


class FetchSchema(Schema):
    """The first seq wanted, by log; the last, where not all is; lean: posts without words."""

    since = by_log(required=True)
    until = by_log(load_default=dict)
    lean = Flag(load_default=False)

    def load(self, data: Any, **options: Any) -> Any:
        """Return what is asked; where nothing is wrong and nothing special, in one walk."""
        if data.keys() == {"since"} and (since := read_by_log(data["since"])) is not None:
            return {"since": since, "until": {}, "lean": False}
        return super().load(data, **options)


class AppendedSchema(Schema):
    """The last of the entries that were sent."""

    seq = uint(required=True)
    id = Bytes(32, required=True)


class EpochSchema(Schema):
    """Which epoch's boxes."""

    epoch = Digits(
        required=True,
        metadata={
            "type": "integer",
            "minimum": 0,
            "maximum": MAX_UINT,
            "description": "the epoch's number",
        },
    )


@routes.route("/fetch", methods=["POST"])
@access(*SIGNED_IN)
@takes(JSON, MAX_JSON_BYTES)
@routes.arguments(FetchSchema())
@routes.doc(responses={"200": {"description": "[[log, [entry, …], more], …]", "content": _BINARY}})
def fetch(found: dict[str, Any]) -> Response:
    """Return what is new in each log, of those that are mine."""
    rows = logs.fetch(read(), signed_in(), found["since"], found["until"], lean=found["lean"])
    return cbor_response(wire.encode_logs(rows))


@routes.route("/<log>/entries", methods=["POST"], parameters=LOG)
@access(*SIGNED_IN)
@refuses(NOT_FOUND, STALE_HEAD, "restoring", "not-allowed", *VERDICT)
@takes(CBOR, wire.MAX_ENTRIES_REQUEST_BYTES)
@routes.doc(requestBody=SENT)
@routes.response(201, AppendedSchema)
@routes.alt_response(200, schema=AppendedSchema, description="exactly these were stored before")
def append(log: str) -> Response:
    """Append up to 64 entries to a log, all of them or none."""
    here, who, now = context(), signed_in(), context().now()
    log_id = wire.decode_bytes(log, 16, "log")
    entries = wire.decode_entries(read_body())
    restoring.check_open(here.marks)
    logs.check_sender(who, log_id, entries)
    logs.look_ahead(read, who, log_id, entries)
    done = write(lambda session: logs.append(session, here.directories, who, log_id, entries, now))
    newest.note(log_id, entries)
    if who.sort == FOUNDING:
        founding.forget_token(here.marks)
    body = {"seq": done.seq, "id": wire.encode_bytes(done.id)}
    return json_response(body, 201 if done.fresh else 200)


@routes.route("/<log>/boxes", methods=["GET"], parameters=LOG)
@access(DEVICE)
@refuses(NOT_FOUND)
@routes.arguments(EpochSchema, location="query")
@routes.doc(responses={"200": {"description": "[[person, box], …]", "content": _BINARY}})
def read_boxes(found: dict[str, int], log: str) -> Response:
    """Return all boxes that are stored of an epoch."""
    log_id = wire.decode_bytes(log, 16, "log")
    rows = boxes.read_boxes(read(), signed_in(), log_id, found["epoch"])
    return cbor_response(wire.encode_boxes(rows))


@routes.route("/<log>/boxes", methods=["PUT"], parameters=LOG)
@access(DEVICE)
@refuses(NOT_FOUND, "wrong-epoch", "wrong-list")
@takes(CBOR, wire.MAX_BOXES_REQUEST_BYTES)
@routes.doc(requestBody=SENT)
@routes.response(204)
def put_boxes(log: str) -> Response:
    """Replace boxes of the newest epoch."""
    who, log_id = signed_in(), wire.decode_bytes(log, 16, "log")
    epoch, rows = wire.decode_boxes(read_body())
    write(lambda session: boxes.put_boxes(session, who, log_id, epoch, rows))
    return Response(status=204)
