import asyncio
import json

import pytest

from hello.app import create_app


def test_the_greeting(service):
    answer = service.ask("GET", "/")
    assert answer.status == 200
    assert answer.type == "application/json"
    assert "¡Hola".encode() in answer.body
    assert answer.json() == {
        "message": "¡Hola desde FastAPI en Docker Multi-stage!",
        "name": "fastapi-hello",
        "variant": "prod",
        "version": "0.1.0",
    }


def test_head(service):
    answer = service.ask("HEAD", "/")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(("path", "status"), [("/healthz", "live"), ("/readyz", "ready")])
def test_the_probes(service, path, status):
    answer = service.ask("GET", path)
    assert (answer.status, answer.json()) == (200, {"status": status})


@pytest.mark.parametrize(
    ("body", "message", "length"),
    [
        ({"message": "a"}, "a", 1),
        ({"message": "¡Olé!", "repeat": 2}, "¡Olé!¡Olé!", 10),
        ({"message": "😀" * 200, "repeat": 10}, "😀" * 2000, 2000),
        ({"message": "<&\0\u2028"}, "<&\0\u2028", 4),
    ],
)
def test_an_echo(service, body, message, length):
    answer = service.post(body)
    assert (answer.status, answer.json()) == (200, {"message": message, "length": length})


def test_a_media_type_with_a_charset(service):
    assert service.post({"message": "a"}, "Application/JSON; charset=UTF-8").status == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (1, ""),
        (None, ""),
        ([], ""),
        ({}, "/message"),
        ({"message": "a", "~/": 1}, "/~0~1"),
        ({"message": None}, "/message"),
        ({"message": 1}, "/message"),
        ({"message": ""}, "/message"),
        ({"message": "a" * 201}, "/message"),
        ({"message": "a", "repeat": 0}, "/repeat"),
        ({"message": "a", "repeat": 11}, "/repeat"),
        ({"message": "a", "repeat": 10**30}, "/repeat"),
        ({"message": "a", "repeat": 2.0}, "/repeat"),
        ({"message": "a", "repeat": "2"}, "/repeat"),
        ({"message": "a", "repeat": True}, "/repeat"),
        ({"message": "a", "repeat": None}, "/repeat"),
    ],
)
def test_a_body_that_does_not_keep_the_schema(service, body, path):
    problem = expect_problem(service.post(body), 422)
    [error] = problem["errors"]
    assert error["path"] == path
    assert error["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"message":"a"} more',
        b"NaN",
        b'{"message":"\xff"}',
        b'{"message":"\\ud800"}',
        '{"message":"a"}'.encode("utf-16"),
        b"[" * 60_000,
        b'{"message":' * 5000,
        b"9" * 5000,
    ],
)
def test_a_body_that_is_not_json(service, body):
    expect_problem(service.post(body), 400)


@pytest.mark.parametrize("type", ["text/plain", "application/jsonp", "", "application/json; charset=latin1"])
def test_another_media_type(service, type):
    expect_problem(service.post({"message": "a"}, type), 415)


def test_no_media_type(service):
    expect_problem(service.ask("POST", "/echo", b"{}"), 415)


def test_the_largest_body(service):
    body = b'{"message":"a"}'
    assert service.post(body.ljust(64 * 1024)).status == 200
    expect_problem(service.post(body.ljust(64 * 1024 + 1)), 413)


def test_an_oversize_body_in_chunks(service):
    answer = service.ask("POST", "/echo", iter([b" " * 1024] * 65), {"Content-Type": "application/json"})
    expect_problem(answer, 413)


@pytest.mark.parametrize("path", ["/nope", "/healthz/", "/%C2%A1", "/..%2f..%2fetc/passwd", "/echo?x=1/"])
def test_an_unknown_path(service, path):
    status = 405 if path.startswith("/echo") else 404
    problem = expect_problem(service.ask("GET", path), status)
    assert problem["instance"] == path


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/", {"GET"}),
        ("DELETE", "/healthz", {"GET"}),
        ("GET", "/echo", {"POST"}),
    ],
)
def test_a_wrong_method(service, method, path, allow):
    answer = service.ask(method, path)
    expect_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == allow


def test_a_bug_tells_nothing_but_that():
    app = create_app()
    app.app.app.add_api_route("/bug", lambda: 1 / 0)
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/bug",
        "raw_path": b"/bug",
        "query_string": b"",
        "headers": [],
    }
    with pytest.raises(ZeroDivisionError):
        asyncio.run(app(scope, None, send))
    start, body = sent
    assert start["status"] == 500
    assert (b"content-type", b"application/problem+json") in start["headers"]
    assert b"division" not in body["body"]


def expect_problem(answer, status) -> dict:
    """Holds an answer against RFC 9457 and answers its body."""
    problem = json.loads(answer.body)
    assert (answer.status, answer.type) == (status, "application/problem+json"), problem
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith("/")
    assert answer.headers["X-Request-Id"]
    return problem
