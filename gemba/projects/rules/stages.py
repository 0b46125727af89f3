"""Stages and their days: the list, days proposed and moved on working days, order, colour. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import counted, format_date
from gemba.kernel.problems import Problem, Severity

WORKING_DAYS = ("рабочий день", "рабочих дня", "рабочих дней")


@dataclass(frozen=True)
class StageKind:
    """A line of the list of stages: its number, code, words, and whether it has one day or a period."""

    number: int
    code: str
    title: str
    is_period: bool
    clause: str = ""


# The form of the passport in the region; for a municipality whose act names no stages, and the pages say so.
# After the closing: its term is not a part of the project's.
MONITORING = "stability_monitoring"
DEFENCE, CLOSING = "defence", "closing"
DEFAULT_STAGES = tuple(
    StageKind(number, code, title, is_period)
    for number, (code, title, is_period) in enumerate(
        [
            ("passport_approval", "Согласование паспорта проекта", False),
            ("current_mapping", "Картирование текущего состояния", True),
            ("problem_analysis", "Анализ проблем и потерь", True),
            ("target_mapping", "Составление карты целевого состояния", True),
            ("action_plan", "Разработка плана мероприятий", True),
            ("defence", "Защита плана мероприятий перед заказчиком", True),
            ("implementation", "Внедрение улучшений", True),
            ("result_monitoring", "Мониторинг результатов", True),
            ("closing", "Закрытие проекта", False),
            ("stability_monitoring", "Мониторинг стабильности достигнутых результатов", False),
        ],
        start=1,
    )
)
# Usual lengths in working days: a template, not a rule (lifecycle, 3.1). Stability: the first control point.
LENGTHS: Mapping[str, int] = {
    "passport_approval": 7,
    "current_mapping": 15,
    "problem_analysis": 7,
    "target_mapping": 7,
    "action_plan": 5,
    "defence": 1,
    "implementation": 40,
    "result_monitoring": 30,
    "closing": 1,
    "stability_monitoring": 63,
}


@dataclass(frozen=True)
class Days:
    """The days of one stage; of a stage with one day both are equal."""

    number: int
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Colour:
    """How a stage stands: tone, words and the reason in words."""

    tone: str
    title: str
    note: str = ""

    @property
    def is_red(self) -> bool:
        """Tell whether a reason of delay is obligatory."""
        return self.tone == "bad"


def seen_of(start: date | None, end: date | None) -> str:
    """Write down the days a person had before him, so that a move of days that others have moved is noticed."""
    return "/".join(day.isoformat() if day else "" for day in (start, end))


def propose_days(
    *, kinds: Sequence[StageKind], first: date, calendar: WorkCalendar, lengths: Mapping[str, int] = LENGTHS
) -> list[Days]:
    """Propose days from the template: each stage on working days, right after the one before."""
    found: list[Days] = []
    day = calendar.next_working(first)
    for kind in kinds:
        length = max(1, lengths.get(kind.code, 5))
        end = calendar.add_working_days(day, length - 1)
        found.append(Days(kind.number, day if kind.is_period else end, end))
        day = calendar.add_working_days(end, 1)
    return found


def move_following(*, days: Sequence[Days], number: int, end: date, calendar: WorkCalendar) -> list[Days]:
    """Move a stage's end and shift the following stages by as many working days, keeping their lengths."""
    moved = next((one for one in days if one.number == number), None)
    if moved is None or moved.end is None or moved.start is None:
        return list(days)
    by = calendar.working_days_between(calendar.previous_working(moved.end), end)
    found = []
    for one in days:
        if one.number == number:
            start = end if one.start == one.end else min(moved.start, end)
            found.append(Days(number, start, end))
        elif one.number > number and one.start and one.end:
            length = calendar.working_days_between(calendar.next_working(one.start), one.end)
            start = calendar.add_working_days(calendar.next_working(one.start), by)
            found.append(Days(one.number, start, calendar.add_working_days(start, max(0, length))))
        else:
            found.append(one)
    return found


def day_problems(
    kinds: Sequence[StageKind], days: Mapping[int, Days], calendar: WorkCalendar | None = None
) -> list[Problem]:
    """Check the order of the days: missing and backward ones refuse, overlaps and days off warn."""
    found: list[Problem] = []
    before: tuple[StageKind, Days] | None = None
    for kind in kinds:
        one = days.get(kind.number, Days(kind.number, None, None))
        where = f"Этап {kind.number} «{kind.title}»"
        if one.start is None or one.end is None:
            found.append(Problem(f"{where}: нет срока.", field=f"end_{kind.number}", mend="Укажите дату."))
            continue
        if one.end < one.start:
            found.append(
                Problem(
                    f"{where}: окончание раньше начала.", field=f"end_{kind.number}", mend="Поменяйте даты."
                )
            )
        if before is not None and before[1].start and before[1].end:
            if one.start < before[1].start or one.end < before[1].end:
                found.append(
                    Problem(
                        f"{where} стоит раньше этапа {before[0].number}: {format_date(one.start)} — "
                        f"{format_date(one.end)}.",
                        field=f"start_{kind.number}" if kind.is_period else f"end_{kind.number}",
                        mend="Этапы идут по порядку: начало и окончание не раньше, чем у предыдущего.",
                    )
                )
            elif one.start < before[1].end:
                found.append(
                    Problem(
                        f"{where} начинается до окончания этапа {before[0].number}.",
                        mend="Так можно, если работа действительно идёт одновременно.",
                        severity=Severity.WARNING,
                    )
                )
        if calendar is not None and not calendar.is_working(one.end):
            found.append(Problem(f"{where}: {format_date(one.end)} — выходной.", severity=Severity.WARNING))
        before = (kind, one)
    return found


def colour_of(
    *,
    plan_end: date | None,
    forecast_end: date | None,
    actual_end: date | None,
    today: date,
    calendar: WorkCalendar,
    yellow_days: int = 5,
    is_begun: bool = True,
) -> Colour:
    """Tell how a stage stands by its days: red past the planned end, yellow near it or when forecast later."""
    if actual_end is not None:
        if plan_end and actual_end > plan_end:
            late = calendar.working_days_between(plan_end, actual_end)
            return Colour("neutral", "Завершён позже", f"на {counted(late, *WORKING_DAYS)}")
        return Colour("good", "Завершён в срок")
    if plan_end is None:
        return Colour("neutral", "Нет срока")
    if today > plan_end:
        late = calendar.working_days_between(plan_end, today)
        return Colour("bad", "Просрочен", f"на {counted(late, *WORKING_DAYS)}" if late else "")
    if forecast_end and forecast_end > plan_end:
        return Colour("warn", "Ожидается позже", f"прогноз {format_date(forecast_end)}")
    left = calendar.working_days_between(today, plan_end)
    if is_begun and left <= yellow_days:
        return Colour(
            "warn", "Срок близко", f"осталось {counted(left, *WORKING_DAYS)}" if left else "сегодня"
        )
    return Colour("good", "В срок") if is_begun else Colour("neutral", "Впереди")


@dataclass(frozen=True)
class ProjectRules:
    """What a municipality decides for itself about projects; where its act is silent."""

    yellow_days: int = 5
    measurements_needed: int = 3
    # Of the gap between before and target: how far a control value may fall back.
    tolerance_percent: int = 10
    stability_months: tuple[int, ...] = (3, 6, 12)
    is_partial_counted: bool = False
    approval_days: int = 5
    weekly_days: int = 7
    lengths: tuple[tuple[str, int], ...] = ()

    def length_of(self) -> dict[str, int]:
        """Return the usual lengths of the stages with the municipality's own."""
        return {**LENGTHS, **dict(self.lengths)}

    def changed(self, **values: object) -> ProjectRules:
        """Return the settings with some changed."""
        return replace(self, **values)  # type: ignore[arg-type]


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise ValueError(f"{day} + {months}")


def is_stable(*, before: float, target: float, value: float, tolerance_percent: int) -> bool:
    """Tell whether a control value is not worse than the target by more than the share of the gap."""
    slack = abs(target - before) * tolerance_percent / 100
    return value <= target + slack if target < before else value >= target - slack


def week_of(day: date) -> date:
    """Return the Monday of the week."""
    return day - timedelta(days=day.weekday())
