"""Points of a person for one event of one proposal."""

from decimal import ROUND_HALF_UP, Decimal


def points_of(worth: int, authors: int) -> Decimal:
    """Return the points of each of so many authors; shared equally when there are several."""
    return (Decimal(worth) / max(1, authors)).quantize(Decimal("0.1"), ROUND_HALF_UP)
