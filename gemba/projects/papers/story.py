"""What a project tells on one sheet and on a stand: maps, problems, measures, results with their chart, stability."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from gemba.documents.kinds import Field
from gemba.documents.paper import Picture, Series, fitted, line_chart
from gemba.kernel.numbers import format_date, format_number
from gemba.projects.documents import read_picture
from gemba.projects.models import Evidence, MeasureState, Project
from gemba.projects.queries.card import goal_views, measures_of
from gemba.projects.rules.stages import Colour

CURRENT, TARGET = "maps.current", "maps.target"
_SAMPLE = Series(
    [(date(2026, 12, 1), Decimal(40)), (date(2027, 1, 15), Decimal(21)), (date(2027, 2, 19), Decimal(14))],
    Decimal(40),
    Decimal(15),
    "мин",
)

GOALS = Field(
    "цели",
    "Цели: было, план, стало",
    [{"название": "Время выдачи, мин", "было": "40", "план": "15", "стало": "14", "итог": "достигнута"}],
)
PROBLEMS = Field(
    "проблемы", "Проблемы и первопричины", [{"номер": 1, "проблема": "Очередь", "причина": "Один работник"}]
)
MEASURES = Field(
    "мероприятия",
    "План мероприятий",
    [
        {
            "номер": 1,
            "мероприятие": "Второй стол",
            "ответственный": "Ёлкина О. П.",
            "срок": "15.12.2026",
            "результат": "Нет очереди",
            "состояние": "Выполнено",
        }
    ],
)
POINTS = Field(
    "стабильность",
    "Контрольные точки после закрытия",
    [{"точка": "через 3 мес.", "срок": "19.05.2027", "итог": "держится", "значения": "Время выдачи: 14 мин"}],
)


def chart_field() -> Field:
    """Return the field of charts with a drawn sample."""
    return Field(
        "графики",
        "Графики показателей",
        [{"название": "Время выдачи, мин", "рисунок": line_chart(_SAMPLE, width_mm=88, height_mm=42)}],
    )


def map_fields(width_mm: float, height_mm: float) -> list[Field]:
    """Return the fields of the two maps: their pictures, and the names of attached files."""
    blank = line_chart(Series([]), width_mm=width_mm / 3, height_mm=height_mm / 3)
    return [
        Field("карта_текущая", "Рисунки карты текущего состояния", [blank]),
        Field("карта_целевая", "Рисунки карты целевого состояния", [blank]),
        Field("файлы_текущей", "Файлы карты текущего состояния", "Карта.pdf"),
        Field("файлы_целевой", "Файлы карты целевого состояния", "Карта.pdf"),
    ]


def maps(project: Project, *, width_mm: float, height_mm: float, most: int = 1) -> dict[str, Any]:
    """Return the maps attached as evidence: drawings as pictures, other files by name."""
    made: dict[str, Any] = {}
    rows = list(project.evidence.filter(is_current=True, code__in=(CURRENT, TARGET)).order_by("-pk"))
    for code, pictures, files in (
        (CURRENT, "карта_текущая", "файлы_текущей"),
        (TARGET, "карта_целевая", "файлы_целевой"),
    ):
        own = [row for row in rows if row.code == code]
        shown = pictures_of(own, width_mm=width_mm, height_mm=height_mm, most=most)
        made[pictures] = shown
        made[files] = "" if shown else "; ".join(row.title for row in own)
    return made


def pictures_of(rows: list[Evidence], *, width_mm: float, height_mm: float, most: int) -> list[Picture]:
    """Return files that are pictures, made fit; those that cannot be read are left out."""
    found: list[Picture] = []
    for row in rows:
        if len(found) < most and (content := read_picture(row)):
            picture = fitted(content, width_mm=width_mm, height_mm=height_mm)
            if picture is not None:
                found.append(picture)
    return found


def results(
    project: Project, *, size_mm: tuple[float, float], alone_mm: tuple[float, float], most: int
) -> dict[str, Any]:
    """Return was, plan, became of every goal, and charts of the first that were measured."""
    views = goal_views(project=project)
    drawn = [(view, view.measurements) for view in views]
    drawn = [(view, rows) for view, rows in drawn if rows][:most]
    width, height = alone_mm if len(drawn) == 1 else size_mm
    charts = [
        {
            "название": f"{view.goal.title}, {view.goal.unit}",
            "рисунок": line_chart(
                Series(
                    [(row.measured_on, row.value) for row in rows],
                    view.goal.baseline,
                    view.goal.target,
                    f"{short(view.goal.title, 40)}, {view.goal.unit}",
                ),
                width_mm=width,
                height_mm=height,
            ),
        }
        for view, rows in drawn
    ]
    lines = [
        {
            "название": f"{view.goal.title}, {view.goal.unit}",
            "было": format_number(view.goal.baseline),
            "план": format_number(view.goal.target),
            "стало": "ещё не измерено" if view.last is None else format_number(view.last),
            "итог": ""
            if view.is_reached is None
            else "достигнута"
            if view.is_reached
            else f"{view.percent} %",
        }
        for view in views
    ]
    return {"цели": lines, "графики": charts}


def problems(project: Project) -> list[dict[str, Any]]:
    """Return each problem of the plan once, with its root cause."""
    seen: dict[tuple[str, str], None] = {}
    for row in measures_of(project=project):
        if row.state != MeasureState.CANCELLED and (row.problem or row.root_cause):
            seen.setdefault((row.problem.strip(), row.root_cause.strip()))
    return [
        {"номер": number, "проблема": problem, "причина": cause}
        for number, (problem, cause) in enumerate(seen, start=1)
    ]


def measures(project: Project) -> list[dict[str, Any]]:
    """Return the lines of the plan that were not cancelled."""
    return [
        {
            "номер": row.number,
            "мероприятие": row.title,
            "ответственный": row.responsible.short_name if row.responsible else "",
            "срок": format_date(row.due_on) if row.due_on else "",
            "результат": row.expected,
            "состояние": f"Выполнено {format_date(row.done_on)}"
            if row.state == MeasureState.DONE and row.done_on
            else row.get_state_display(),
            "было": row.was,
            "стало": row.became,
        }
        for row in measures_of(project=project)
        if row.state != MeasureState.CANCELLED
    ]


def effect_of(project: Project) -> dict[str, Any]:
    """Return the effect a year and whether somebody has confirmed it."""
    rows = list(project.effects.order_by("pk"))
    counted = [row for row in rows if not row.counted_in]
    satisfaction = [
        f"удовлетворённость: было {format_number(row.before)} %, стало {format_number(row.after)} %"
        for row in rows
        if row.before is not None and row.after is not None
    ]
    parts = []
    if project.hours_a_year:
        parts.append(f"{format_number(project.hours_a_year, 0)} ч")
    if project.money_a_year:
        parts.append(f"{format_number(project.money_a_year, 0)} руб.")
    said = ("Эффект в год: " + ", ".join(parts)) if parts else ""
    said = "; ".join(part for part in (said, *satisfaction) if part)
    is_sure = bool(counted) and all(row.is_verified for row in counted)
    return {
        "эффект": said or "Эффект ещё не посчитан",
        "эффект_подтверждён": "подтверждён" if is_sure else "не подтверждён" if said else "",
    }


def points(project: Project) -> list[dict[str, Any]]:
    """Return the control points."""
    words = {True: "результат держится", False: "результат ухудшился", None: "ещё не проверялась"}
    return [
        {
            "точка": str(point),
            "срок": format_date(point.checked_on or point.due_on),
            "итог": words[point.is_stable],
            "значения": "; ".join(
                f"{one.get('goal', '')}: {format_number(Decimal(one.get('value', '0')))} {one.get('unit', '')}".strip()
                for one in point.values
            ),
        }
        for point in project.points.order_by("months")
    ]


def short(text: str, most: int) -> str:
    """Cut a text at a word, so that one sheet stays one sheet."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def stage_line(title: str, colour: Colour | None) -> str:
    """Name the current stage and how it goes."""
    if colour is None:
        return title
    return f"{title}: {colour.title.lower()}" + (f", {colour.note}" if colour.note else "")
