import json
import logging
import re
import time
from datetime import UTC, datetime
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hello import NAME

LEVELS = {
    "fatal": logging.CRITICAL,
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": 5,
}
_NAMES = {number: name for name, number in LEVELS.items()}

logger = logging.getLogger("hello")


class JsonFormatter(logging.Formatter):
    """One JSON object a line. A record's `fields` become members of it."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "level": _NAMES.get(record.levelno, "info"),
            "time": time.replace("+00:00", "Z"),
            "app": NAME,
            **getattr(record, "fields", {}),
            "msg": record.getMessage().strip(),
        }
        if record.exc_info:
            line["err"] = {"stack": self.formatException(record.exc_info)}
        return json.dumps(line)


def log_config(level: str) -> dict:
    """For `logging.config.dictConfig`: uvicorn calls it in each of its processes."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
        },
        "root": {"handlers": ["stdout"], "level": LEVELS[level]},
    }


class RequestLog:
    """Logs each request once it is answered, and gives its id back with the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("X-Request-Id", "")
        id = given if re.fullmatch(r"[A-Za-z0-9_.:-]{1,128}", given) else str(uuid4())
        url = url_of(scope)
        begun = time.perf_counter()
        # Of a client that is gone, none is sent.
        status = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            fields = {
                "req": {"id": id, "method": scope["method"], "url": url},
                "res": {"statusCode": status},
                "responseTime": round((time.perf_counter() - begun) * 1000, 1),
            }
            logger.log(_access_level(url, status or 499), "request completed", extra={"fields": fields})


def url_of(scope: Scope) -> str:
    """The path and query as they were sent."""
    query = scope["query_string"]
    return (scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")


def _access_level(url: str, status: int) -> int:
    if url in ("/healthz", "/readyz"):
        return logging.DEBUG if status < 400 else logging.WARNING
    return logging.ERROR if status >= 500 else logging.INFO
