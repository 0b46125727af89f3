"""Exact arithmetic: fractions inside, decimals at the door, rounding only where the regulation prescribes it."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

from gemba.kernel.numbers import format_number, parse_number
from gemba.regulations.pack.procedures import Interval, Rounding

LONGEST = 30
"""Digits before or after the point beyond which a number is a slip of the hand (or an attack), not an answer."""


@lru_cache(maxsize=4096)
def exact(value: Decimal | int) -> Fraction:
    """Return the number as a fraction."""
    return Fraction(value)


@lru_cache(maxsize=4096)
def decimal(value: Fraction | None) -> Decimal | None:
    """Return the number as a plain decimal: 8.5, not 8.50 or 1E+1; an endless one keeps 28 digits."""
    if value is None:
        return None
    with localcontext() as rules:
        rules.prec = 28
        found = Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(0) if not found else Decimal(f"{found.normalize():f}")


@lru_cache(maxsize=4096)
def shown(value: Fraction | Decimal | None) -> str:
    """Write the number for a Russian reader; an endless fraction is cut to four digits and marked ≈."""
    if value is None:
        return "—"
    fraction = Fraction(value)
    plain = decimal(fraction)
    assert plain is not None
    if Fraction(plain) != fraction or len(str(plain).partition(".")[2]) > 6:
        return f"≈{format_number(plain, places=4)}"
    return format_number(plain)


def read_number(given: Any) -> Fraction:
    """Read an entered number.

    :raises ValueError: in Russian, when it is not one number.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        raise ValueError("ожидается число, например 12 или 12,5")
    if isinstance(given, str):
        return Fraction(parse_number(given))
    found = Decimal(str(given)) if isinstance(given, float) else Decimal(given)
    if not found.is_finite() or found.adjusted() > LONGEST or (found and found.adjusted() < -LONGEST):
        raise ValueError(f"«{str(given)[:40]}» — не число, которое можно посчитать; введите обычное число")
    return Fraction(found)


def rounded(value: Fraction, rounding: Rounding | None) -> Fraction:
    """Round as prescribed: halves away from zero, halves to even, up to the larger or down to the smaller number."""
    if rounding is None or rounding.mode == "none":
        return value
    unit = Fraction(rounding.unit)
    steps = value / unit
    match rounding.mode:
        case "up":
            whole = ceil(steps)
        case "down":
            whole = floor(steps)
        case "half_even":
            whole = round(steps)
        case _:
            whole = floor(abs(steps) + Fraction(1, 2)) * (1 if steps >= 0 else -1)
    return whole * unit


def within(value: Fraction, interval: Interval) -> bool:
    """Tell whether the number belongs to the interval, each bound as it is stated."""
    return not (
        (interval.at_least is not None and value < interval.at_least)
        or (interval.more_than is not None and value <= interval.more_than)
        or (interval.at_most is not None and value > interval.at_most)
        or (interval.less_than is not None and value >= interval.less_than)
    )


def capped(value: Fraction, *, cap: Decimal | None, floor: Decimal | None) -> Fraction:
    """Keep the number between the floor and the cap, where they are set."""
    if cap is not None:
        value = min(value, Fraction(cap))
    if floor is not None:
        value = max(value, Fraction(floor))
    return value
