"""Geometry of the charts: pure numbers in, percent out; the macros of "ui/charts.html" draw it.

Everything is in percent of the plot, so that text keeps its size at any width and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10, pi

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale: the value, and its place from the top in percent."""

    value: Decimal
    y: float


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line; `value` is None where nothing was measured."""

    x: float
    y: float
    value: Number | None


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale with round steps from `low` to `high`."""

    low: float
    high: float
    ticks: list[Tick]

    def y(self, value: Number) -> float:
        """Give the place of a value from the top, in percent."""
        return round(100 - (float(value) - self.low) / (self.high - self.low) * 100, 3)


def scale(values: Sequence[Number | None], *, from_zero: bool = True, lines: int = 4) -> Scale:
    """Make a scale of about `lines` round steps that holds all values."""
    known = [float(value) for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        # All values alike: a scale of no height would divide by zero.
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    step = _round_step((high - low) / lines)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    bottom, top = first * step, last * step
    ticks = []
    for number in range(first, last + 1):
        value = Decimal(str(round(number * step, 10))).normalize()
        ticks.append(Tick(value, round(100 - (number * step - bottom) / (top - bottom) * 100, 3)))
    return Scale(bottom, top, ticks)


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough - 1e-12)


def places(count: int) -> list[float]:
    """Give the middles of `count` equal bands across the plot."""
    return [round((number + 0.5) / count * 100, 3) for number in range(count)] if count else []


def points(values: Sequence[Number | None], over: Scale) -> list[Point]:
    """Place the values of one line."""
    xs = places(len(values))
    return [
        Point(x, 0.0 if value is None else over.y(value), value) for x, value in zip(xs, values, strict=True)
    ]


def segments(found: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Join neighbours; a missing value leaves a gap instead of a false line."""
    return [(one, two) for one, two in pairwise(found) if one.value is not None and two.value is not None]


def last_known(found: Sequence[Point]) -> Point | None:
    """Give the last measured point, where the line's label stands."""
    return next((point for point in reversed(found) if point.value is not None), None)


def label_step(count: int) -> int:
    """Tell which labels of the axis are kept on a narrow screen: every n-th."""
    return max(1, ceil(count / 6))


def share(part: Number | None, whole: Number | None) -> float:
    """Give a share in percent, held between 0 and 100."""
    if not part or not whole or whole <= 0:
        return 0.0
    return round(min(100.0, max(0.0, float(part) / float(whole) * 100)), 3)


def ring(percent: float, radius: float) -> tuple[float, float]:
    """Give the drawn and the empty length of a ring."""
    around = 2 * pi * radius
    drawn = around * min(100.0, max(0.0, percent)) / 100
    return round(drawn, 3), round(around - drawn, 3)


def spark(values: Sequence[Number | None], *, height: float = 30, width: float = 100) -> str:
    """Write the path of a small line without axes; gaps stay gaps."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    spread = (high - low) or 1
    step = width / max(1, len(values) - 1)
    path, pen_up = [], True
    for number, value in enumerate(values):
        if value is None:
            pen_up = True
            continue
        y = height - 3 - (float(value) - low) / spread * (height - 6)
        path.append(f"{'M' if pen_up else 'L'}{number * step:.2f} {y:.2f}")
        pen_up = False
    return "".join(path)


def spread_labels(found: Sequence[tuple[str, float]], *, gap: float = 9) -> dict[str, float]:
    """Move labels at the ends of lines apart so that none covers another; places from the top in percent."""
    placed: dict[str, float] = {}
    floor_y = -gap
    for name, y in sorted(found, key=lambda pair: pair[1]):
        floor_y = max(y, floor_y + gap)
        placed[name] = floor_y
    over = floor_y - 100
    return {name: round(y - over, 3) for name, y in placed.items()} if over > 0 else placed


def biggest(values: Sequence[Number | None]) -> Number:
    """Give the greatest of what is known, 0 when nothing is."""
    return max((value for value in values if value is not None), default=0)
