"""The health check: exits 0 when the service answers, else 1. It imports no HTTP client, so that it starts fast."""

import os
import socket
import sys

port = int(os.environ.get("PORT") or 8000)
try:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        status_line = connection.makefile("rb").readline()
except OSError as error:
    sys.exit(f"GET /healthz: {error}")
sys.exit(0 if b" 200 " in status_line else 1)
