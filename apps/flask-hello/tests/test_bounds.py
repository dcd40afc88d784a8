import json
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest
from service import BODY, CHUNKED_HEAD, GET, Service, connected, post_head


@pytest.fixture(scope="module")
def quick():
    service = Service("--worker-class=quick.QuickWorker", "--pythonpath=tests", "--keep-alive=1")
    yield service
    assert service.close() == ""


@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\nHost:"])
def test_a_client_without_a_whole_head_is_cut(quick, data):
    with connected(quick.port) as client:
        client.write(data)
        assert client.closed() == b""


def test_a_client_without_a_whole_body_is_told(quick):
    with connected(quick.port) as client:
        client.write(post_head(len(BODY)) + BODY[:10])
        answer = client.closed()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Content-Type: application/problem+json\r\n" in answer


def test_a_client_that_drips_its_body_is_told(quick):
    with connected(quick.port) as client:
        client.write(post_head(1000) + b'{"message":"')
        with pytest.raises(OSError):
            for _ in range(100):
                client.write(b"a")
                time.sleep(0.1)
        assert client.closed().startswith(b"HTTP/1.1 408 ")


def test_a_client_with_half_a_chunk_is_told(quick):
    with connected(quick.port) as client:
        client.write(CHUNKED_HEAD + b"5\r\n{")
        assert client.closed().startswith(b"HTTP/1.1 408 ")


def test_a_client_that_takes_no_answers_is_cut(quick):
    body = json.dumps({"message": "😀" * 200, "repeat": 10}, ensure_ascii=False).encode()
    with connected(quick.port) as client, pytest.raises(OSError):
        while True:
            client.write(post_head(len(body)) + body)
    assert quick.ask("GET", "/").status == 200


def test_an_idle_connection_is_closed(quick):
    with connected(quick.port) as client:
        client.write(GET)
        assert client.closed().startswith(b"HTTP/1.1 200 ")


def test_more_slow_clients_than_threads_do_not_hold_the_service(quick):
    with ExitStack() as slow:
        for _ in range(100):
            slow.enter_context(connected(quick.port)).write(b"GET / HTTP/1.1\r\n")
        assert quick.ask("GET", "/").status == 200


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\na b: c\r\n\r\n", 400),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\na: " + b"b" * 20_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
        (post_head(2, "Content-Length: 3\r\n") + b"{}", 400),
        (post_head(2, "Transfer-Encoding: chunked\r\n") + b"0\r\n\r\n", 400),
        (post_head(2, "Expect: magic\r\n") + b"{}", 417),
        (CHUNKED_HEAD + b"zz\r\n{}\r\n0\r\n\r\n", 400),
    ],
)
def test_what_is_not_http_is_refused(service, data, status):
    with connected(service.port) as client:
        client.write(data)
        answer = client.until(rb"\r\n\r\n\{.*\}")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] == status
    assert service.ask("GET", "/").status == 200


def test_thousands_of_bad_requests_leave_nothing_behind(start):
    service = start("--workers=1")
    headers = {"Content-Type": "application/json"}
    bad = [
        ("POST", "/echo", b"{", 400),
        ("POST", "/echo", b"[]", 422),
        ("POST", "/echo", b"[" * 60_000, 400),
        ("POST", "/echo", b'"\xff"', 400),
        ("POST", "/echo", b" " * (64 * 1024 + 1), 413),
        ("GET", "/nope", None, 404),
        ("PUT", "/", None, 405),
    ]

    def ask(count):
        for number in range(count):
            method, path, body, status = bad[number % len(bad)]
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            assert response.status == status
            if status == 413:
                connection.close()

    connection = HTTPConnection("127.0.0.1", service.port, timeout=15)
    with closing(connection):
        ask(2500)
        # It may still be warming up in one round or the other; what leaks grows in each.
        growth = []
        while not growth or (growth[-1] >= 512 * 1024 and len(growth) < 5):
            before = service.worker_memory()
            ask(1250)
            growth.append(service.worker_memory() - before)
        assert growth[-1] < 512 * 1024, growth
