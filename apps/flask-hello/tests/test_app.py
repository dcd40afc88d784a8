import pytest

from app import app


@pytest.fixture
def client():
    return app.test_client()


def test_index(client):
    assert client.get("/").json == {"message": "¡Hola desde Flask en Docker Multi-stage!"}


@pytest.mark.parametrize(("path", "status"), [("/healthz", "live"), ("/readyz", "ready")])
def test_probes(client, path, status):
    assert client.get(path).json == {"status": status}


def test_echo(client):
    response = client.post("/echo", json={"message": "¡Olé!", "repeat": 2})
    assert response.json == {"message": "¡Olé!¡Olé!", "length": 10}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"message": ""},
        {"message": 1},
        {"message": "a" * 201},
        {"message": "a", "repeat": 11},
        {"message": "a", "repeat": "2"},
    ],
)
def test_echo_of_an_invalid_body(client, body):
    response = client.post("/echo", json=body)
    assert (response.status_code, response.json["name"]) == (422, "Unprocessable Entity")


@pytest.mark.parametrize(
    ("path", "request_", "status"),
    [
        ("/echo", {"data": "{", "content_type": "application/json"}, 400),
        ("/echo", {"data": "a"}, 415),
        ("/echo", {"json": "a" * 70_000}, 413),
        ("/missing", {}, 404),
    ],
)
def test_errors_are_json(client, path, request_, status):
    response = client.post(path, **request_)
    assert (response.status_code, response.json["code"]) == (status, status)
