import json
import logging
import sys
from datetime import UTC, datetime

from gunicorn import glogging

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


class JsonFormatter(logging.Formatter):
    """One JSON object a line. A record's `fields` become members of it."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "level": _NAMES.get(record.levelno, "info"),
            "time": time.replace("+00:00", "Z"),
            "app": NAME,
            **getattr(record, "fields", {}),
            "msg": record.getMessage(),
        }
        if record.exc_info:
            line["err"] = {"stack": self.formatException(record.exc_info)}
        return json.dumps(line)


def configure_logging(level: str) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=LEVELS[level], force=True)


class GunicornLogger(glogging.Logger):
    """Gunicorn's own log and its access log, through the root logger."""

    def setup(self, cfg):
        self.cfg = cfg
        configure_logging(cfg.loglevel)
        for log in (self.error_log, self.access_log):
            log.propagate = True

    def access(self, resp, req, environ, request_time):
        url = environ["RAW_URI"]
        status = int(resp.status.split()[0])
        headers = {name.lower(): value for name, value in resp.headers}
        fields = {
            "req": {
                "id": headers.get("x-request-id"),
                "method": environ["REQUEST_METHOD"],
                "url": url,
            },
            "res": {"statusCode": status},
            "responseTime": round(request_time.total_seconds() * 1000, 1),
        }
        self.access_log.log(_access_level(url, status), "request completed", extra={"fields": fields})


def _access_level(url: str, status: int) -> int:
    if url in ("/healthz", "/readyz"):
        return logging.DEBUG if status < 400 else logging.WARNING
    return logging.ERROR if status >= 500 else logging.INFO
