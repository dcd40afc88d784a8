"""The service as a process of its own, and clients for it that can say what no HTTP client would."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Service:
    def __init__(self, *args: str, **env: str) -> None:
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *args],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": "0", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.lines)),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors)),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, lines: list[str]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    lines.append(line)
                    self._changed.notify_all()

    def logged(self) -> Iterator[dict]:
        return map(json.loads, self.lines)

    def until_logged(self, matches) -> dict:
        """The first log line that `matches`, once it is there."""
        with self._changed:
            found = self._changed.wait_for(lambda: next(filter(matches, self.logged()), None), timeout=15)
        assert found, "".join(self.lines)
        return found

    @cached_property
    def port(self) -> int:
        line = self.until_logged(lambda line: line["msg"].startswith("Listening at"))
        return int(re.search(r":(\d+) ", line["msg"])[1])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        code = self.process.wait(timeout=15)
        for reader in self._readers:
            reader.join()
        return code

    def close(self) -> str:
        """Ends it however it is, and answers what it wrote to stderr."""
        if self.process.poll() is None:
            self.stop()
        try:
            self.exit_code()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.exit_code()
        return "".join(self.errors)

    def worker_memory(self) -> int:
        """The resident bytes of its worker, of which there must be one."""
        pid = self.process.pid
        [worker] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(Path(f"/proc/{worker}/statm").read_text().split()[1]) * resource.getpagesize()

    def ask(self, method: str, path: str, body=None, headers=None) -> "Answer":
        connection = HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def post(self, body, type="application/json") -> "Answer":
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", "/echo", data, {"Content-Type": type})


class Answer:
    def __init__(self, response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.type = response.headers.get("Content-Type")
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class RawConnection:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        self.received = b""

    def write(self, data: bytes) -> None:
        self._socket.sendall(data)

    def until(self, pattern: bytes) -> bytes:
        while not re.search(pattern, self.received):
            data = self._socket.recv(65536)
            assert data, f"closed after {self.received!r}"
            self.received += data
        return self.received

    def closed(self) -> bytes:
        """Everything received, once the server has closed the connection."""
        try:
            while data := self._socket.recv(65536):
                self.received += data
        except ConnectionResetError:
            pass
        return self.received

    def close(self) -> None:
        self._socket.close()


@contextmanager
def connected(port: int):
    connection = RawConnection(port)
    try:
        yield connection
    finally:
        connection.close()


BODY = b'{"message":"in flight","repeat":2}'
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def post_head(length: int, more: str = "") -> bytes:
    return (
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n{more}\r\n"
    ).encode()


CHUNKED_HEAD = (
    b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


def begin_post(connection: RawConnection) -> bytes:
    """Posts half of `BODY`; the server has taken the request up when this returns. Answers the other half."""
    connection.write(post_head(len(BODY), "Expect: 100-continue\r\n"))
    connection.until(rb"^HTTP/1\.1 100 Continue\r\n\r\n")
    connection.write(BODY[:10])
    return BODY[10:]
