import re

import pytest
from service import connected


def test_a_request_is_logged(service):
    answer = service.ask("GET", "/nope?a=b", headers={"X-Request-Id": "abc-1.2:3_4"})
    assert answer.headers["X-Request-Id"] == "abc-1.2:3_4"
    line = service.until_logged(lambda line: line.get("req", {}).get("id") == "abc-1.2:3_4")
    assert line["level"] == "info"
    assert line["app"] == "fastapi-hello"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    assert line["req"] == {"id": "abc-1.2:3_4", "method": "GET", "url": "/nope?a=b"}
    assert line["res"] == {"statusCode": 404}
    assert line["responseTime"] >= 0
    assert line["msg"] == "request completed"


@pytest.mark.parametrize("given", ["", "a b", '"}', "a" * 129, "é"])
def test_a_request_id_that_is_not_plain_is_replaced(service, given):
    answer = service.ask("GET", "/", headers={"X-Request-Id": given.encode()})
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])


def test_probes_are_not_logged(start):
    service = start()
    for path in ("/healthz", "/readyz", "/"):
        service.ask("GET", path)
    service.until_logged(lambda line: "req" in line)
    assert [line["req"]["url"] for line in service.logged() if "req" in line] == ["/"]


def test_probes_are_logged_at_debug(start):
    service = start(LOG_LEVEL="debug")
    service.ask("GET", "/healthz")
    line = service.until_logged(lambda line: "req" in line)
    assert (line["level"], line["req"]["url"]) == ("debug", "/healthz")


def test_nothing_but_json_objects_is_on_stdout(service):
    with connected(service.port) as client:
        client.write(b"not HTTP \xff\x00\r\n\r\n")
        client.closed()
    assert all(isinstance(line, dict) for line in service.logged())
