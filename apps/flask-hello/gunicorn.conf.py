wsgi_app = "app:app"
# Every address, IPv4 and IPv6.
bind = "[::]:5000"
workers = 2
threads = 16
# Longer than the 60 s for which proxies keep their connections, so that none sends into a closed one.
keepalive = 65
# Shorter than the 10 s after which Docker kills.
graceful_timeout = 3
# The heartbeat of a worker is a file. A disk can block it, memory cannot.
worker_tmp_dir = "/dev/shm"
# The socket would be a file in the home directory.
control_socket_disable = True
# Behind a proxy, set the variable FORWARDED_ALLOW_IPS to its addresses, so that gunicorn trusts its X-Forwarded-Proto.

logconfig_dict = {
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(levelname)s %(name)s %(message)s",
            "timestamp": True,
        }
    },
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}
    },
    "root": {"level": "INFO", "handlers": ["stdout"]},
    # In place of gunicorn's own handlers.
    "loggers": {"gunicorn.error": {"propagate": True}, "gunicorn.access": {"propagate": True}},
}
