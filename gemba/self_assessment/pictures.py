"""Geometry of the radar and the values of the pictures: pure numbers, drawn by the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

CENTRE, RADIUS = 160.0, 110.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A spoke of the radar: its end and where its name stands."""

    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """A radar: rings, spokes, one outline a series."""

    rings: list[str]
    axes: list[Axis]
    outlines: list[tuple[str, str, list[tuple[float, float]]]]


def radar(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Radar | None:
    """Place shares (0…1) on spokes; fewer than three spokes make no figure."""
    count = len(names)
    if count < 3:
        return None
    axes = []
    for number, name in enumerate(names):
        x, y = _at(number, count, 1.0)
        label_x, label_y = _at(number, count, 1.16)
        anchor = "middle" if abs(label_x - CENTRE) < 12 else ("start" if label_x > CENTRE else "end")
        axes.append(Axis(name, x, y, label_x, label_y, anchor))
    rings = [_path([_at(number, count, part) for number in range(count)]) for part in (0.25, 0.5, 0.75, 1.0)]
    outlines = []
    for title, values in series:
        places = [_at(number, count, min(1.0, max(0.0, value or 0.0))) for number, value in enumerate(values)]
        outlines.append((title, _path(places), places))
    return Radar(rings, axes, outlines)


def _at(number: int, count: int, part: float) -> tuple[float, float]:
    angle = -pi / 2 + 2 * pi * number / count
    return round(CENTRE + RADIUS * part * cos(angle), 2), round(CENTRE + RADIUS * part * sin(angle), 2)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def share(points: Sequence[Any]) -> float | None:
    """Return which part of the possible a criterion has: (points, weighted, maximum, title) as they were fixed."""
    own, weighted, most = (None if each is None else float(each) for each in points[:3])
    value = weighted if weighted is not None else own
    if value is None or weighted is None or not most:
        return None
    return max(0.0, min(1.0, value / most))


def state_of(part: float | None) -> str:
    """Return the colour word of a share."""
    if part is None:
        return "neutral"
    return "good" if part >= 0.75 else "info" if part >= 0.5 else "warn" if part > 0 else "bad"


def word_of(part: float | None) -> str:
    """Return the words beside the colour."""
    if part is None:
        return "без коэффициента"
    return f"{round(part * 100)} %"
