import pytest
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_index():
    assert client.get("/").json() == {"message": "¡Hola desde FastAPI en Docker Multi-stage!"}


@pytest.mark.parametrize(("path", "status"), [("/healthz", "live"), ("/readyz", "ready")])
def test_probes(path, status):
    assert client.get(path).json() == {"status": status}


def test_echo():
    response = client.post("/echo", json={"message": "¡Olé!", "repeat": 2})
    assert response.json() == {"message": "¡Olé!¡Olé!", "length": 10}


@pytest.mark.parametrize(
    ("content", "loc"),
    [
        ("", ["body"]),
        ("[]", ["body"]),
        ("{", ["body", 1]),
        ("{}", ["body", "message"]),
        ('{"message": ""}', ["body", "message"]),
        ('{"message": 1}', ["body", "message"]),
        (r'{"message": "\ud800"}', ["body", "message"]),
        ('{"message": "a", "repeat": 11}', ["body", "repeat"]),
        ('{"message": "a", "repeat": NaN}', ["body", "repeat"]),
    ],
)
def test_echo_of_an_invalid_body(content, loc):
    response = client.post("/echo", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["detail"]] == [loc]


def test_a_body_that_is_too_large():
    assert client.post("/echo", json="a" * 70_000).status_code == 413
