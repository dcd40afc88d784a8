import pytest
from service import Service


@pytest.fixture(scope="session")
def service():
    """The service that tests share which do not stop it."""
    service = Service(VARIANT="prod")
    yield service
    assert service.close() == ""


@pytest.fixture
def start():
    """Starts a service of the test's own."""
    services = []

    def start(*args: str, **env: str) -> Service:
        services.append(Service(*args, **env))
        return services[-1]

    yield start
    for service in services:
        service.close()
