"""Which practice this is, and whether it is founded, or being restored."""

from marshmallow import Schema, fields

from microblog.api.access import ANYONE, access
from microblog.api.context import context
from microblog.api.fields import Bytes
from microblog.api.smorest import Blueprint
from microblog.service.founding import find_fingerprint
from microblog.service.restoring import is_restoring
from microblog.store.db import read

routes = Blueprint("practice", __name__, url_prefix="/api/practice", description="The practice")


class PracticeSchema(Schema):
    """What anyone may know."""

    founded = fields.Boolean(required=True)
    restoring = fields.Boolean(required=True)
    #: Whoever types a recovery sheet has it from here; it is proven by what only the sheet holds.
    fingerprint = Bytes(32, required=True, allow_none=True)
    #: Whether round-ups, and nudges, come by mail.
    mails = fields.Boolean(required=True)
    #: Which build of the browser's end is served: a page of another one is out of date.
    client = fields.String(required=True)


@routes.route("", methods=["GET"])
@access(ANYONE)
@routes.response(200, PracticeSchema)
def practice() -> dict[str, object]:
    """Say which practice this is, and whether it is founded, or being restored."""
    fingerprint = find_fingerprint(read())
    return {
        "founded": fingerprint is not None,
        "restoring": is_restoring(context().marks),
        "fingerprint": fingerprint,
        "mails": context().mails,
        "client": context().client(),
    }
