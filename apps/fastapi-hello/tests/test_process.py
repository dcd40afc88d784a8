import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from service import GET, ROOT, begin_post, connected


def test_it_stops_on_sigterm_and_exits_0(start):
    service = start()
    service.ask("GET", "/")
    begun = time.monotonic()
    service.stop()
    assert service.exit_code() == 0
    assert time.monotonic() - begun < 5
    assert service.close() == ""


def test_it_finishes_a_request_in_flight_and_closes_idle_connections(start):
    service = start()
    with connected(service.port) as idle, connected(service.port) as silent, connected(service.port) as busy:
        idle.write(GET)
        idle.until(rb"\r\n\r\n\{.*\}")
        rest = begin_post(busy)
        begun = time.monotonic()
        service.stop()
        assert silent.closed() == b""
        assert b"200 OK" in idle.closed()
        assert time.monotonic() - begun < 3
        busy.write(rest)
        answer = busy.closed()
    assert b"HTTP/1.1 200 OK\r\n" in answer
    assert b"in flightin flight" in answer
    assert service.exit_code() == 0
    assert time.monotonic() - begun < 5


def test_it_stops_in_time_under_clients_that_never_finish(start):
    service = start()
    with connected(service.port) as client:
        begin_post(client)
        begun = time.monotonic()
        service.stop()
        assert service.exit_code() == 0
        assert time.monotonic() - begun < 5


def test_no_request_is_dropped_when_it_stops_under_load(start):
    service = start()
    answered = []
    port = service.port

    def load():
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", port), timeout=15)
            except ConnectionError:
                return
            # One that was in the backlog, or whose first byte was on the way, is closed: its request was not begun.
            with connection, suppress(ConnectionError):
                connection.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
                answer = connection.makefile("rb").read()
                if answer.startswith(b"HTTP/1.1 200"):
                    answered.append(answer)

    clients = [threading.Thread(target=load) for _ in range(4)]
    for client in clients:
        client.start()
    time.sleep(1)
    service.stop()
    for client in clients:
        client.join()
    assert service.exit_code() == 0
    begun = [line for line in service.logged() if "req" in line]
    assert len(answered) == len(begun) > 10


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"PORT": "http"}, 'PORT is "http", it must be a port number from 0 to 65535'),
        ({"PORT": "65536"}, 'PORT is "65536", it must be a port number from 0 to 65535'),
        ({"PORT": "80 "}, 'PORT is "80 ", it must be a port number from 0 to 65535'),
        ({"HOST": "localhost"}, 'HOST is "localhost", it must be an IP address such as 127.0.0.1'),
        (
            {"LOG_LEVEL": "loud"},
            'LOG_LEVEL is "loud", it must be one of fatal, error, warn, info, debug, trace',
        ),
        ({"VARIANT": "a\nb"}, 'VARIANT is "a\\nb", it must be a word of up to 32 of a-z, 0-9 and "-"'),
    ],
)
def test_a_wrong_variable_is_named_on_one_line(start, env, message):
    service = start(**env)
    assert service.exit_code() == 2
    [line] = service.logged()
    assert (line["level"], line["msg"]) == ("fatal", message)
    assert service.close() == ""


def test_all_wrong_variables_are_named_at_once(start):
    service = start(PORT="x", LOG_LEVEL="y")
    assert service.exit_code() == 2
    [line] = service.logged()
    assert re.fullmatch(r"PORT is .*; LOG_LEVEL is .*", line["msg"])


def test_a_taken_port_is_named_at_once(start):
    first = start()
    second = start(PORT=str(first.port))
    assert second.exit_code() == 1
    [*_, line] = second.logged()
    assert line["level"] == "fatal"
    assert line["msg"].startswith("Cannot listen: ")
    assert line["msg"].endswith("Set PORT and HOST to an address that is free here")
    assert second.close() == ""


def test_an_ipv6_address(start):
    service = start(HOST="::1")
    with socket.create_connection(("::1", service.port), timeout=15) as client:
        client.sendall(GET)
        assert client.recv(100).startswith(b"HTTP/1.1 200")


def check_health(port: int) -> int:
    return subprocess.run(
        [sys.executable, ROOT / "health.py"], env={"PORT": str(port)}, stderr=subprocess.PIPE, check=False
    ).returncode


def test_the_health_check(service):
    assert check_health(service.port) == 0


@pytest.mark.parametrize("answer", [b"HTTP/1.1 503 Service Unavailable\r\n\r\n", b"", None])
def test_the_health_check_of_something_else(answer):
    """`None` is a service that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        clients = []

        def serve():
            client, _ = server.accept()
            clients.append(client)
            client.recv(1000)
            if answer is not None:
                client.sendall(answer)
                client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        assert check_health(server.getsockname()[1]) == 1
        thread.join()
        for client in clients:
            client.close()


def test_the_health_check_of_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert check_health(port) == 1
