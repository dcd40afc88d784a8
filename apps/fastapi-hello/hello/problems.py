import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from hello.logs import url_of

PROBLEM_TYPE = "application/problem+json"


def problem_body(status: int, detail: str, instance: str | None = None, **members: Any) -> bytes:
    """RFC 9457. The type is `about:blank`, so the title is the phrase of the status."""
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        **members,
    }
    known = {name: value for name, value in problem.items() if value is not None}
    return json.dumps(known, ensure_ascii=False).encode()


def answer_with_problems(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def handle_http_exception(request: Request, error: HTTPException) -> Response:
        return _answer(request, error.status_code, _explained(request, error), error.headers)

    @app.exception_handler(RequestValidationError)
    async def handle_invalid(request: Request, error: RequestValidationError) -> Response:
        errors = [{"path": _pointer(each["loc"][1:]), "message": each["msg"]} for each in error.errors()[:50]]
        return _answer(request, 422, "The body does not keep its schema", errors=errors)

    @app.exception_handler(Exception)
    async def handle_bug(request: Request, error: Exception) -> Response:
        # Starlette raises it again, and uvicorn logs it.
        return _answer(request, 500, "Something went wrong here")


def _answer(request: Request, status: int, detail: str, headers: Any = None, **members: Any) -> Response:
    body = problem_body(status, detail, url_of(request.scope), **members)
    return Response(body, status, headers, media_type=PROBLEM_TYPE)


def _explained(request: Request, error: HTTPException) -> str:
    """Starlette's own details say no more than the status."""
    path = request.url.path
    match error.status_code:
        case 404:
            return f"There is nothing at {path}"
        case 405:
            return f"{path} answers only {error.headers['Allow']}"
    return error.detail


def _pointer(location: tuple[str | int, ...]) -> str:
    """The JSON Pointer, RFC 6901, of a place in the body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
