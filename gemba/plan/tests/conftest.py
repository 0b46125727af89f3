"""The journal's indicators stand in the registry whatever a test has put there."""

from collections.abc import Iterator

import pytest

from gemba.plan import metrics


@pytest.fixture(autouse=True)
def _registry() -> Iterator[None]:
    kept = dict(metrics._indicators)
    yield
    metrics._indicators.clear()
    metrics._indicators.update(kept)
