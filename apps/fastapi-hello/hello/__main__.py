"""`python -m hello` serves until SIGTERM or SIGINT; with `--reload` it starts again when the sources change."""

import os
import signal
import socket
import sys
from logging.config import dictConfig
from typing import NoReturn

import uvicorn
from uvicorn.supervisors import ChangeReload

from hello.config import ConfigError, read_config
from hello.logs import log_config, logger
from hello.protocol import BoundedProtocol


def main() -> None:
    try:
        config = read_config(os.environ)
    except ConfigError as error:
        dictConfig(log_config("info"))
        fail(2, str(error))
    dictConfig(log_config(config.log_level))
    # Uvicorn raises the signal that stopped it once more when it is done.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))

    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        listener = socket.create_server((config.host, config.port), family=family, backlog=256)
    except OSError as error:
        fail(1, f"Cannot listen: {error}. Set PORT and HOST to an address that is free here")
    listener.set_inheritable(True)
    logger.info("listening", extra={"fields": {"port": listener.getsockname()[1]}})

    settings = uvicorn.Config(
        "hello.app:create_app",
        factory=True,
        http=BoundedProtocol,
        h11_max_incomplete_event_size=16 * 1024,
        ws="none",
        lifespan="off",
        log_config=log_config(config.log_level),
        access_log=False,
        server_header=False,
        limit_concurrency=512,
        # Longer than the 60 s of nginx's upstream connections: the proxy closes first and never sends into a closed
        # socket.
        timeout_keep_alive=65,
        # Well below the 5 s within which a container is expected to stop: what is left is cancelled then.
        timeout_graceful_shutdown=3,
        reload="--reload" in sys.argv,
    )
    server = uvicorn.Server(settings)
    if settings.should_reload:
        ChangeReload(settings, target=server.run, sockets=[listener]).run()
    else:
        server.run(sockets=[listener])


def fail(code: int, message: str) -> NoReturn:
    logger.critical(message)
    sys.exit(code)


if __name__ == "__main__":
    main()
