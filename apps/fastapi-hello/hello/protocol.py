import socket
import sys

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from hello.problems import PROBLEM_TYPE, problem_body


class BoundedProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 in which no client can hold a connection for as long as it likes."""

    # Seconds for the head of a request, and for what is left of a body once it is answered.
    head_timeout = 10
    # Seconds for a client that does not take its answer.
    write_timeout = 30

    _timer = None

    def connection_made(self, transport):
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        # asyncio leaves it out where the listener was not made for TCP by number: each answer would wait 40 ms.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = int(self.write_timeout * 1000)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
        if len(self.connections) >= self.limit_concurrency:
            # Uvicorn would wait for the request, and not say it as a problem.
            self.refuse(503, "Too many connections are open already")
        else:
            self._start_timer()

    def connection_lost(self, exc):
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data):
        if self._timer is None:
            self._start_timer()
        super().data_received(data)

    def on_response_complete(self):
        self._stop_timer()
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY or self.conn.trailing_data[0]:
            self._start_timer()

    def _start_timer(self):
        self._timer = self.loop.call_later(self.head_timeout, self._time_out)

    def _stop_timer(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self):
        self._timer = None
        if self.conn.their_state is h11.IDLE:
            self.refuse(408, "The request took too long to arrive")
        elif self.cycle.response_complete:
            self.transport.abort()

    def send_400_response(self, msg):
        self.refuse(getattr(sys.exception(), "error_status_hint", 400), "The request is not HTTP")

    def refuse(self, status, detail):
        """Answers a request that never got as far as the application, and closes the connection."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = problem_body(status, detail)
            headers = [
                ("Content-Type", PROBLEM_TYPE),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
            ]
            head = h11.Response(status_code=status, headers=headers)
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event))
        self.transport.close()
