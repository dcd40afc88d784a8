import os
from typing import Annotated

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Receive, Scope, Send

from hello import NAME, VERSION
from hello.body import BodyBounds, JsonRoute
from hello.config import read_config
from hello.logs import RequestLog
from hello.problems import answer_with_problems


class About(BaseModel):
    message: str
    name: str
    variant: str
    version: str


class Status(BaseModel):
    status: str


class Echo(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    message: Annotated[str, Field(min_length=1, max_length=200)]
    repeat: Annotated[int, Field(ge=1, le=10)] = 1


class Echoed(BaseModel):
    message: str
    length: int


def create_app() -> ASGIApp:
    variant = read_config(os.environ).variant
    # The pages of documentation would load their scripts from elsewhere.
    app = FastAPI(title=NAME, version=VERSION, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.add_middleware(BodyBounds)
    answer_with_problems(app)

    @app.get("/")
    async def greet() -> About:
        message = "¡Hola desde FastAPI en Docker Multi-stage!"
        return About(message=message, name=NAME, variant=variant, version=VERSION)

    @app.get("/healthz")
    async def live() -> Status:
        return Status(status="live")

    @app.get("/readyz")
    async def ready() -> Status:
        return Status(status="ready")

    json = APIRouter(route_class=JsonRoute)

    @json.post("/echo")
    async def echo(body: Echo) -> Echoed:
        message = body.message * body.repeat
        return Echoed(message=message, length=len(message))

    app.include_router(json)
    return RequestLog(HeadAsGet(app))


class HeadAsGet:
    """Has HEAD answered as GET, of which the server leaves the body out: FastAPI's routes do not know it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
