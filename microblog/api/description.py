"""The interface's own description, OpenAPI 3.1."""

from flask import Flask, Response, current_app

from microblog.api.access import ANYONE, access
from microblog.api.reading import json_response
from microblog.api.smorest import Blueprint, Description

_NAME = "microblog-description"

routes = Blueprint("description", __name__, url_prefix="/api", description="This description")


def describe(app: Flask, version: str) -> Description:
    """Return the collector of an application; its routes are registered with it."""
    app.config["API_TITLE"] = "microblog"
    app.config["API_VERSION"] = version
    app.config["OPENAPI_VERSION"] = "3.1.0"
    collector = Description(app)
    app.extensions[_NAME] = collector
    return collector


@routes.route("/openapi.json", methods=["GET"])
@access(ANYONE)
@routes.response(200, description="OpenAPI 3.1")
def openapi() -> Response:
    """Return this description."""
    collector: Description = current_app.extensions[_NAME]
    return json_response(collector.spec.to_dict(), 200)
