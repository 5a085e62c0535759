"""Whether the practice is founded, and whether it is being restored."""

from marshmallow import Schema, fields

from microblog.api.access import ANYONE, access
from microblog.api.context import context
from microblog.api.smorest import Blueprint
from microblog.service.founding import is_founded
from microblog.service.restoring import is_restoring
from microblog.store.db import read

routes = Blueprint("practice", __name__, url_prefix="/api/practice", description="The practice")


class PracticeSchema(Schema):
    """What anyone may know."""

    founded = fields.Boolean(required=True)
    restoring = fields.Boolean(required=True)


@routes.route("", methods=["GET"])
@access(ANYONE)
@routes.response(200, PracticeSchema)
def practice() -> dict[str, bool]:
    """Say whether the practice is founded, and whether it is being restored."""
    return {"founded": is_founded(read()), "restoring": is_restoring(context().folder)}
