import selectors
import socket
import time
from contextlib import suppress
from functools import partial

from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.http import HTTP_STATUS_CODES

from hello.problems import PROBLEM_TYPE, problem_body

_REFUSALS = {
    LimitRequestLine: (414, "The request line is too long"),
    LimitRequestHeaders: (431, "The headers are too large"),
    ExpectationFailed: (417, "Only 100-continue can be expected"),
    UnsupportedTransferCoding: (501, "The transfer coding is not known"),
}


class BoundedWorker(ThreadWorker):
    """A threaded worker in which no client can hold a thread for as long as it likes."""

    # Seconds for a request to arrive, and as much again for its answer to be taken.
    request_timeout = 10

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._begun = {}

    # All but `handle_error` run on the main thread only.

    def enqueue_req(self, conn):
        now = time.monotonic()
        if conn.initialized or conn.data_ready:
            self._begun[conn] = now
            super().enqueue_req(conn)
        else:
            # Gunicorn would have a thread wait for the first byte.
            conn.timeout = now + self.request_timeout
            self.pending_conns.append(conn)
            readable = partial(self.on_pending_socket_readable, conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def finish_request(self, conn, fs):
        self._begun.pop(conn, None)
        super().finish_request(conn, fs)

    def murder_keepalived(self, force=False):
        # Gunicorn keeps them for two seconds more, which the requests in flight may need.
        super().murder_keepalived(force or not self.alive)

    def murder_pending(self):
        now = time.monotonic()
        if not self.alive:
            for conn in self.pending_conns:
                conn.timeout = now
        super().murder_pending()
        for conn, begun in self._begun.items():
            if now - begun > 2 * self.request_timeout:
                _shut(conn.sock, socket.SHUT_RDWR)
            elif now - begun > self.request_timeout:
                # The thread that waits for more sees the end, and can still answer.
                _shut(conn.sock, socket.SHUT_RD)

    def handle_error(self, req, client, addr, exc):
        """Answers what is not HTTP with a problem instead of a page."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        status, detail = _REFUSALS.get(type(exc), (400, "The request is not HTTP"))
        self.log.info("%s: %s", detail, exc)
        body = problem_body(status, detail)
        head = (
            f"HTTP/1.1 {status} {HTTP_STATUS_CODES[status]}\r\n"
            "Connection: close\r\n"
            f"Content-Type: {PROBLEM_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode() + body)
        except OSError as error:
            self.log.debug("The client is gone: %s", error)


def _shut(sock, how):
    # It may be closed already.
    with suppress(OSError):
        sock.shutdown(how)
