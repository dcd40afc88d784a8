import json
from typing import Any

from werkzeug.exceptions import HTTPException, UnprocessableEntity
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response

PROBLEM_TYPE = "application/problem+json"


class InvalidBody(UnprocessableEntity):
    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("The body does not keep its schema")
        self.errors = errors


def problem_body(status: int, detail: str | None, instance: str | None = None, **members: Any) -> bytes:
    """RFC 9457. The type is `about:blank`, so the title is the phrase of the status."""
    problem = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES[status],
        "status": status,
        "detail": detail,
        "instance": instance,
        **members,
    }
    known = {name: value for name, value in problem.items() if value is not None}
    return json.dumps(known, ensure_ascii=False).encode()


def to_response(error: HTTPException, instance: str) -> Response:
    # With the headers that belong to the error, such as Allow.
    response = error.get_response()
    members = {"errors": error.errors} if isinstance(error, InvalidBody) else {}
    response.data = problem_body(response.status_code, error.description, instance, **members)
    response.content_type = PROBLEM_TYPE
    return response
