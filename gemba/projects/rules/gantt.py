"""Geometry of a Gantt chart: rows to places on a sheet, and the critical path. Pure, so that it prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import format_date

ROW = 26
HEAD = 34
LABEL = 250
WIDTH = 900
# More bars than this on one sheet nobody reads; the page says so and offers filters.
MOST = 500
MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
DAY = timedelta(days=1)


@dataclass
class Bar:
    """A row of the chart: what, when by now, when by the baseline, after which rows."""

    key: str
    title: str
    start: date | None
    end: date | None
    base_start: date | None = None
    base_end: date | None = None
    is_milestone: bool = False
    is_done: bool = False
    is_group: bool = False
    tone: str = "info"
    word: str = ""
    url: str = ""
    edit_url: str = ""
    after: Sequence[str] = ()
    is_critical: bool = False
    # Where a moved bar is sent; a bar without it stays. What has begun keeps its beginning.
    move_url: str = ""
    has_begun: bool = False


@dataclass(frozen=True)
class Placed:
    """A bar on the sheet."""

    bar: Bar
    y: float
    x: float
    width: float
    base_x: float = 0
    base_width: float = 0

    @property
    def middle(self) -> float:
        """Return the height at which arrows come in."""
        return self.y + ROW / 2

    @property
    def words(self) -> str:
        """Return what the bar says to one who does not see it."""
        bar = self.bar
        days = [format_date(day) for day in dict.fromkeys((bar.start, bar.end)) if day]
        critical = "На критическом пути." if bar.is_critical else ""
        return f"{bar.title}: {' — '.join(days) or 'без срока'}. {bar.word}. {critical}".strip()

    @property
    def diamond(self) -> str:
        """Return the points of a milestone."""
        x, y = self.x + self.width / 2, self.middle
        return f"{x:.1f},{y - 7:.1f} {x + 7:.1f},{y:.1f} {x:.1f},{y + 7:.1f} {x - 7:.1f},{y:.1f}"


@dataclass(frozen=True)
class Tick:
    """A month or week on the axis."""

    x: float
    title: str
    is_year: bool = False


@dataclass
class Chart:
    """The whole sheet."""

    rows: list[Placed] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    arrows: list[tuple[str, bool]] = field(default_factory=list)
    today_x: float | None = None
    # So that the page can turn a drag into days.
    day_width: float = 0
    width: int = LABEL + WIDTH
    height: int = HEAD
    left_out: int = 0


def lay_out(bars: Sequence[Bar], *, today: date, width: int = WIDTH) -> Chart:
    """Place the bars on the sheet between the first and the last of their days."""
    shown = list(bars[:MOST])
    days = [day for bar in shown for day in (bar.start, bar.end, bar.base_start, bar.base_end) if day]
    chart = Chart(width=LABEL + width, left_out=max(0, len(bars) - MOST))
    chart.height = HEAD + ROW * len(shown) + 8
    if not days:
        chart.rows = [Placed(bar, HEAD + ROW * place, 0, 0) for place, bar in enumerate(shown)]
        return chart
    first, last = min(days) - DAY * 3, max(days) + DAY * 4
    span = max(1, (last - first).days)

    def x(day: date) -> float:
        return round(LABEL + (day - first).days / span * width, 1)

    for place, bar in enumerate(shown):
        y = float(HEAD + ROW * place)
        start, end = bar.start or bar.end, bar.end or bar.start
        if start is None or end is None:
            chart.rows.append(Placed(bar, y, 0, 0))
            continue
        base = (0.0, 0.0)
        if bar.base_start and bar.base_end:
            base = (x(bar.base_start), max(3.0, x(bar.base_end + DAY) - x(bar.base_start)))
        chart.rows.append(Placed(bar, y, x(start), max(3.0, round(x(end + DAY) - x(start), 1)), *base))
    chart.day_width = round(width / span, 4)
    chart.ticks = _ticks(first, last, x)
    chart.today_x = x(today) if first <= today <= last else None
    by_key = {row.bar.key: row for row in chart.rows}
    for row in chart.rows:
        for key in row.bar.after:
            before = by_key.get(key)
            if before is not None and before.width and row.width:
                chart.arrows.append((_arrow(before, row), before.bar.is_critical and row.bar.is_critical))
    return chart


def _arrow(before: Placed, after: Placed) -> str:
    x1, y1 = before.x + before.width, before.middle
    x2, y2 = after.x, after.middle
    turn = max(x1 + 6, x2 - 8) if x2 > x1 + 10 else x1 + 6
    if x2 > x1 + 10:
        return f"M{x1:.1f} {y1:.1f}H{turn:.1f}V{y2:.1f}H{x2:.1f}"
    between = y2 - ROW / 2 if y2 > y1 else y2 + ROW / 2
    return f"M{x1:.1f} {y1:.1f}H{turn:.1f}V{between:.1f}H{x2 - 8:.1f}V{y2:.1f}H{x2:.1f}"


def _ticks(first: date, last: date, x: object) -> list[Tick]:
    place = x  # a function of a day
    assert callable(place)
    found = []
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = 1 if months <= 14 else 3 if months <= 40 else 12
    if months <= 2:
        day = first + timedelta(days=(7 - first.weekday()) % 7)
        while day <= last:
            found.append(Tick(place(day), f"{day:%d.%m}"))
            day += timedelta(days=7)
        return found
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        day = date(year, month, 1)
        if day >= first and (month - 1) % step == 0:
            is_year = month == 1
            found.append(Tick(place(day), str(year) if is_year else MONTHS[month - 1], is_year))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def mark_critical(bars: Sequence[Bar]) -> None:
    """Mark the rows whose delay moves the end of everything: the longest chain of those that wait for each other.

    A row without predecessors and followers is critical only when it ends last.
    """
    by_key = {bar.key: bar for bar in bars if bar.start and bar.end}
    followers: dict[str, list[str]] = {}
    for bar in by_key.values():
        for key in bar.after:
            if key in by_key:
                followers.setdefault(key, []).append(bar.key)
    if not by_key:
        return
    finish = max(bar.end for bar in by_key.values() if bar.end)
    latest: dict[str, date] = {}

    def latest_end(key: str, path: frozenset[str]) -> date:
        if key in latest:
            return latest[key]
        ends = []
        for other in followers.get(key, []):
            bar = by_key[other]
            if other in path or bar.start is None or bar.end is None:
                continue
            ends.append(latest_end(other, path | {key}) - (bar.end - bar.start) - DAY)
        latest[key] = min(ends, default=finish)
        return latest[key]

    for bar in sorted(by_key.values(), key=lambda one: (one.end, one.start), reverse=True):
        assert bar.end is not None
        # A weekend between two working days is no slack.
        bar.is_critical = not bar.is_done and (latest_end(bar.key, frozenset()) - bar.end).days <= 2


def calendar_words(calendar: WorkCalendar, bars: Sequence[Bar]) -> tuple[str, str]:
    """Return the days off and the working weekends around the bars, so that the page counts as the server does."""
    days = [day for bar in bars for day in (bar.start, bar.end) if day]
    if not days:
        return "", ""
    first, last = min(days) - DAY * 400, max(days) + DAY * 800

    def written(found: Iterable[date]) -> str:
        return " ".join(day.isoformat() for day in sorted(found) if first <= day <= last)

    return written(calendar.days_off), written(calendar.working_weekends)


def legend_of(bars: Sequence[Bar]) -> list[tuple[str, str]]:
    """Return the tones that the chart shows with their words, each once, the worst first."""
    words = {
        "bad": "просрочено",
        "warn": "срок близко или ожидается позже",
        "info": "в работе",
        "good": "в срок или завершено",
        "neutral": "впереди или завершено позже",
    }
    shown = {bar.tone for bar in bars if bar.start or bar.end}
    return [(tone, title) for tone, title in words.items() if tone in shown]
