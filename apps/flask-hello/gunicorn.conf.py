import logging
import os
import socket
import sys

from hello.config import ConfigError, read_config
from hello.logs import configure_logging

try:
    _config = read_config(os.environ)
except ConfigError as error:
    configure_logging("info")
    logging.getLogger("gunicorn.error").critical(error)
    sys.exit(2)

_host = f"[{_config.host}]" if ":" in _config.host else _config.host
bind = f"{_host}:{_config.port}"
wsgi_app = "hello.app:create_app()"
logger_class = "hello.logs.GunicornLogger"
loglevel = _config.log_level

worker_class = "hello.worker.BoundedWorker"
# One answers while the other is replaced; for more load, run more containers.
workers = 2
threads = 16
# Of one worker. Further ones wait in the kernel's backlog.
worker_connections = 256
backlog = 256
# Longer than the 60 s of nginx's upstream connections: the proxy closes first and never sends into a closed socket.
keepalive = 65
# Well below the 5 s within which a container is expected to stop: what is left after it is killed.
graceful_timeout = 3
# It would be a file in the home directory.
control_socket_disable = True


def on_starting(server):
    """Gunicorn tries an address that is taken for five seconds, and does not say what to do."""
    for address in server.cfg.address:
        try:
            socket.create_server(address, family=_family(address[0])).close()
        except OSError as error:
            server.log.critical("Cannot listen: %s. Set PORT and HOST to an address that is free here", error)
            sys.exit(1)


def _family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET
