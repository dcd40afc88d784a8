import asyncio
from email.message import EmailMessage
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
BODY_TIMEOUT = 10


class BodyBounds:
    """Refuses a body that is too large, or takes too long to arrive, when it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = int(Headers(scope=scope).get("Content-Length", 0))
        deadline = asyncio.get_running_loop().time() + BODY_TIMEOUT
        received = 0
        whole = False

        async def receive_within_bounds() -> Message:
            nonlocal received, whole
            if whole:
                return await receive()
            # Before anything is read: a client that waits for 100 Continue need not send it.
            if length <= MAX_BODY_BYTES:
                try:
                    async with asyncio.timeout_at(deadline):
                        message = await receive()
                except TimeoutError:
                    raise HTTPException(408, "The body took too long to arrive") from None
                received += len(message.get("body", b""))
                whole = not message.get("more_body", False)
            if max(length, received) > MAX_BODY_BYTES:
                raise HTTPException(413, f"The body is larger than {MAX_BODY_BYTES} bytes")
            return message

        await self.app(scope, receive_within_bounds, send)


class JsonRequest(Request):
    async def json(self) -> Any:
        # The standard library's parser takes NaN, UTF-16 and halves of surrogate pairs, too.
        try:
            return from_json(await self.body(), allow_inf_nan=False)
        except ValueError as error:
            raise HTTPException(400, f"The body is not JSON: {error}") from error


class JsonRoute(APIRoute):
    """Takes nothing but JSON. FastAPI takes any `+json`, and no body for one without fields."""

    def get_route_handler(self):
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            header = EmailMessage()
            header["Content-Type"] = request.headers.get("Content-Type", "")
            charset = header.get_content_charset("utf-8")
            if header.get_content_type() != "application/json" or charset != "utf-8":
                raise HTTPException(415, "The body must be application/json in UTF-8")
            request = JsonRequest(request.scope, request.receive)
            if not await request.body():
                raise HTTPException(400, "The body is empty")
            return await handle(request)

        return handle_json
