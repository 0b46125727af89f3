"""Give every test the fixed cast of people: `def test_…(cast)`."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gemba.organisation.tests.cast import Cast


@pytest.fixture
def cast(db: None) -> "Cast":
    """Make two municipalities with one person for each role."""
    # The models can be imported only after the settings, which this plugin precedes.
    from gemba.organisation.tests.cast import build_cast

    return build_cast()


@pytest.fixture(autouse=True)
def _nothing_is_kept_from_another_test() -> None:
    """Forget sums kept in memory: a rolled back test leaves numbers of acts that the next one uses again."""
    from gemba.proposals.queries import kept

    kept.forget()
