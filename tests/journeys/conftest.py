"""What every journey stands on: one installation for all, a browser, people who enter it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from tests.journeys.house import House, opened  # noqa: E402
from tests.journeys.visitor import Visitor  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
# For writing journeys: an installation that runs already, as `folder@address`.
RUNNING = os.environ.get("JOURNEYS_HOUSE", "")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Serve an installation with the demo's invented people."""
    if RUNNING:
        folder, _, url = RUNNING.partition("@")
        yield House(url, Path(folder))
        return
    with opened(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium once."""
    with playwright.sync_playwright() as machine:
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        started = machine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Any, house: House) -> Iterator[Callable[..., Visitor]]:
    """Let people in: `visitor(width=360, java_script_enabled=False)`; at the end nothing may have gone wrong."""
    came: list[Visitor] = []

    def come(**more: Any) -> Visitor:
        one = Visitor(browser, house.url, **more)
        came.append(one)
        return one

    yield come
    assert [trouble for one in came for trouble in one.left()] == []
