"""Geometry of a Gantt chart: rows to places on a sheet, and the critical path. Pure, so that it prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import format_date

ROW = 26
LABEL = 250
WIDTH = 900
# More bars than this on one sheet nobody reads; the page says so and offers filters.
MOST = 500
MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
DAY = timedelta(days=1)
FIVE_DAYS = WorkCalendar()


@dataclass(slots=True)
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
    after: tuple[str, ...] = ()
    is_critical: bool = False
    # Where a moved bar is sent; a bar without it stays. What has begun keeps its beginning.
    move_url: str = ""
    # The days as they are kept, sent back with the move.
    seen: str = ""
    has_begun: bool = False


@dataclass(slots=True)
class Placed:
    """A bar on the sheet; a bar without days has no width."""

    bar: Bar
    y: int
    x: float = 0
    width: float = 0
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
class Arrow:
    """The line from what comes before to what waits for it."""

    path: str
    top: float
    bottom: float
    is_critical: bool


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
    arrows: list[Arrow] = field(default_factory=list)
    today_x: float | None = None
    # So that the page can turn a drag into days.
    day_width: float = 0
    width: int = LABEL + WIDTH
    left_out: int = 0


def lay_out(bars: Sequence[Bar], *, today: date, width: int = WIDTH) -> Chart:
    """Place the bars on the sheet between the first and the last of their days."""
    shown = bars[:MOST]
    chart = Chart(width=LABEL + width, left_out=max(0, len(bars) - MOST))
    days = [day for bar in shown for day in (bar.start, bar.end, bar.base_start, bar.base_end) if day]
    if not days:
        chart.rows = [Placed(bar, ROW * place) for place, bar in enumerate(shown)]
        return chart
    first, last = min(days) - DAY * 3, max(days) + DAY * 4
    zero, step = first.toordinal(), width / max(1, (last - first).days)

    def x(day: date) -> float:
        return round(LABEL + (day.toordinal() - zero) * step, 1)

    for place, bar in enumerate(shown):
        row = Placed(bar, ROW * place)
        chart.rows.append(row)
        start, end = bar.start or bar.end, bar.end or bar.start
        if start is None or end is None:
            continue
        row.x, row.width = x(start), _width(start, end, step)
        if bar.base_start and bar.base_end:
            row.base_x, row.base_width = x(bar.base_start), _width(bar.base_start, bar.base_end, step)
    chart.day_width = round(step, 4)
    chart.ticks = _ticks(first, last, x)
    chart.today_x = x(today) if first <= today <= last else None
    if any(bar.after for bar in shown):
        chart.arrows = list(_arrows(chart.rows))
    return chart


def _width(start: date, end: date, step: float) -> float:
    return max(3.0, round((end.toordinal() - start.toordinal() + 1) * step, 1))


def _arrows(rows: Sequence[Placed]) -> Iterator[Arrow]:
    by_key = {row.bar.key: row for row in rows}
    for row in rows:
        for key in row.bar.after:
            before = by_key.get(key)
            if before is not None and before.width and row.width:
                top, bottom = sorted((before.y, row.y))
                is_critical = before.bar.is_critical and row.bar.is_critical
                yield Arrow(_arrow(before, row), top, bottom + ROW, is_critical)


def _arrow(before: Placed, after: Placed) -> str:
    x1, y1 = before.x + before.width, before.middle
    x2, y2 = after.x, after.middle
    turn = max(x1 + 6, x2 - 8) if x2 > x1 + 10 else x1 + 6
    if x2 > x1 + 10:
        return f"M{x1:.1f} {y1:.1f}H{turn:.1f}V{y2:.1f}H{x2:.1f}"
    between = y2 - ROW / 2 if y2 > y1 else y2 + ROW / 2
    return f"M{x1:.1f} {y1:.1f}H{turn:.1f}V{between:.1f}H{x2 - 8:.1f}V{y2:.1f}H{x2:.1f}"


def _ticks(first: date, last: date, place: Callable[[date], float]) -> list[Tick]:
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


def mark_critical(bars: Sequence[Bar], calendar: WorkCalendar = FIVE_DAYS) -> None:
    """Mark the rows whose delay moves the end of everything: the longest chain of those that wait for each other.

    A row without predecessors and followers is critical only when it ends last. Days off are no slack.
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
        slack = calendar.working_days_between(bar.end, latest_end(bar.key, frozenset()))
        bar.is_critical = not bar.is_done and slack <= 0


def calendar_words(calendar: WorkCalendar, bars: Sequence[Bar], today: date) -> tuple[str, str]:
    """Return the days off and the working weekends around the bars, so that the page counts as the server does."""
    days = [day for bar in bars if bar.move_url for day in (bar.start, bar.end) if day]
    if not days:
        return "", ""
    # A bar is dragged years ahead, but never long before it stands or before today.
    first, last = min([*days, today]) - DAY * 100, max([*days, today]) + DAY * 800

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
