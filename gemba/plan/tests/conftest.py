"""The tests of the plan count by its own journal, whatever modules have taken over in the installation."""

from collections.abc import Iterator

import pytest

from gemba.plan import indicators, metrics, reports


@pytest.fixture(autouse=True)
def _registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from gemba.proposals.metrics import register_all

    monkeypatch.setattr(metrics, "_indicators", {})
    monkeypatch.setattr(reports, "_sources", {})
    indicators.register_all()
    register_all()
    yield
