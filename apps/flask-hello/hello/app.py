import os
import re
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from flask import Flask, g, request
from flask.json.provider import JSONProvider
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    RequestTimeout,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Response

from hello import NAME, VERSION
from hello.config import read_config
from hello.problems import InvalidBody, to_response

MAX_BODY_BYTES = 64 * 1024


class Echo(msgspec.Struct, forbid_unknown_fields=True):
    message: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    repeat: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1


class MsgspecProvider(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return msgspec.json.encode(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return msgspec.json.decode(s)


class HelloApp(Flask):
    json_provider_class = MsgspecProvider


def create_app() -> Flask:
    variant = read_config(os.environ).variant
    app = HelloApp(__name__, static_folder=None)
    # One more than is allowed: Werkzeug cuts a chunked body off there without a word.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1

    @app.get("/")
    def index():
        return {
            "message": "¡Hola desde Flask en Docker Multi-stage!",
            "name": NAME,
            "variant": variant,
            "version": VERSION,
        }

    @app.get("/healthz")
    def healthz():
        return {"status": "live"}

    @app.get("/readyz")
    def readyz():
        return {"status": "ready"}

    @app.post("/echo")
    def echo():
        body = read_body(Echo)
        message = body.message * body.repeat
        return {"message": message, "length": len(message)}

    @app.before_request
    def take_request_id():
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if re.fullmatch(r"[A-Za-z0-9_.:-]{1,128}", given) else str(uuid4())

    @app.after_request
    def return_request_id(response: Response):
        response.headers["X-Request-Id"] = g.request_id
        return response

    @app.errorhandler(HTTPException)
    def handle_http_exception(error: HTTPException):
        return to_response(explained(error), request.environ["RAW_URI"])

    return app


def read_body[T](schema: type[T]) -> T:
    """The request's JSON body, nothing in it converted. Raises 400, 408, 413, 415 or 422."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset != "utf-8":
        raise UnsupportedMediaType("The body must be application/json in UTF-8")
    try:
        body = request.get_data()
    except ParseException as error:
        raise BadRequest("The body is not framed as HTTP says") from error
    if len(body) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    # The server stops reading when the client is too slow, or gone.
    if len(body) < (request.content_length or 0):
        raise ClientDisconnected
    try:
        value = msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}") from error
    try:
        return msgspec.convert(value, schema)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        pointer = path.rstrip("`").replace(".", "/")
        raise InvalidBody([{"path": pointer, "message": message}]) from error


def explained(error: HTTPException) -> HTTPException:
    """Werkzeug's own descriptions are for people with a browser."""
    match error:
        case ClientDisconnected():
            return RequestTimeout("The body took too long to arrive")
        case NotFound():
            error.description = f"There is nothing at {request.path}"
        case RequestEntityTooLarge():
            error.description = f"The body is larger than {MAX_BODY_BYTES} bytes"
        case MethodNotAllowed(valid_methods=methods):
            error.description = f"{request.path} answers only {', '.join(methods or [])}"
    return error
