"""What an effect is worth in a year."""

from decimal import ROUND_HALF_UP, Decimal

TIMES_A_YEAR = {"week": Decimal(52), "month": Decimal(12), "year": Decimal(1)}
_HUNDREDTH = Decimal("0.01")


def hours_a_year(
    *, minutes: Decimal, times: Decimal, frequency: str, people: int, work_days_a_year: int
) -> Decimal:
    """Turn minutes saved so often by so many into hours a year.

    :raises ValueError: when the frequency is unknown.
    """
    repeats = Decimal(work_days_a_year) if frequency == "day" else TIMES_A_YEAR.get(frequency)
    if repeats is None:
        raise ValueError(f"Неизвестная частота: {frequency}.")
    return (minutes * times * repeats * people / 60).quantize(_HUNDREDTH, ROUND_HALF_UP)


def worth(*, hours: Decimal, hour_rate: Decimal) -> Decimal:
    """Return what the hours of a year cost."""
    return (hours * hour_rate).quantize(_HUNDREDTH, ROUND_HALF_UP)
