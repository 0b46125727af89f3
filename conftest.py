"""Rules of every test: nothing leaves the machine, pure rules are tried alike at home and in CI."""

import socket
import sys
from typing import Any

import pytest
from django.test import SimpleTestCase
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.cast"]

settings.register_profile(
    "gemba",
    # Two cores shared by many processes make single examples slow now and then; slowness is not wrongness.
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("gemba")


def pytest_configure() -> None:
    """Let every look of a browser wait as long as a person would: two cores serve it and the server at once."""
    try:
        from playwright.sync_api import expect
    except ImportError:
        return
    expect.set_options(timeout=20_000)


# `installation` runs the command of the product on a database of its own.
ASKS_A_DATABASE = {"db", "transactional_db", "live_server", "installation"}


def _asks_a_database(item: pytest.Item) -> bool:
    # Hypothesis' own cases are Django's: they open a transaction for each example.
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    asked = ASKS_A_DATABASE & set(getattr(item, "fixturenames", ()))
    return is_case or bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser by where it stands, and what asks a database, so that each command finds its own."""
    for item in items:
        if _asks_a_database(item):
            item.add_marker("database")
        if item.path.name == "test_browser.py" or "journeys" in item.path.parts:
            item.add_marker("browser")
        if "load" in item.path.parts:
            item.add_marker("bench")


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Any:
    """Each test has another database: what a process has counted of the last one is forgotten."""
    yield
    for name in (
        "gemba.plan.queries.glance",
        "gemba.plan.queries.corrections",
        "gemba.proposals.queries.kept",
    ):
        if module := sys.modules.get(name):
            module.forget()


# Every way of naming this machine that a test server may use.
LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}  # noqa: S104


@pytest.fixture(autouse=True, scope="session")
def _no_request_leaves_the_machine() -> Any:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()
