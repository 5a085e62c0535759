"""flask-smorest, with the types that it lacks and with strict reading of arguments."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import flask
import flask_smorest  # type: ignore[import-untyped]
from marshmallow import Schema
from marshmallow.fields import String

from microblog.api.reading import StrictParser

View = TypeVar("View", bound=Callable[..., Any])

if TYPE_CHECKING:

    class _Blueprint(flask.Blueprint):
        """The part of flask-smorest's that is used here."""

        def __init__(self, name: str, file: str, *, url_prefix: str, description: str) -> None: ...

        def route(self, rule: str, **options: Any) -> Callable[[View], View]: ...

        def arguments(
            self, schema: type[Schema] | Schema, *, location: str = "json"
        ) -> Callable[[View], View]: ...

        def response(
            self,
            status: int,
            schema: type[Schema] | None = None,
            *,
            description: str = "",
            headers: Mapping[str, Any] | None = None,
        ) -> Callable[[View], View]: ...

        def alt_response(
            self, status: int, *, schema: type[Schema] | None, description: str
        ) -> Callable[[View], View]: ...

        def doc(self, **described: Mapping[str, Any]) -> Callable[[View], View]: ...

    class _Spec:
        def to_dict(self) -> dict[str, Any]: ...

    class _Api:
        spec: _Spec

        def __init__(self, app: flask.Flask) -> None: ...

        def register_blueprint(self, blueprint: _Blueprint) -> None: ...

else:
    _Blueprint = flask_smorest.Blueprint
    _Api = flask_smorest.Api


class Blueprint(_Blueprint):
    """A blueprint that reads its arguments strictly and describes its routes."""

    ARGUMENTS_PARSER = StrictParser()


class ErrorSchema(Schema):
    """What every refusal looks like."""

    code = String(required=True)
    detail = String(required=True)


class Description(_Api):
    """The collector of routes; errors are answered elsewhere, with Allow on a 405."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Leave errors alone."""
