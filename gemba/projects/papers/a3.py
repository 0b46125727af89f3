"""The A3 report: the whole project on one sheet, from the background to the stability of the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from docx.shared import Mm

from gemba.documents.kinds import Field
from gemba.documents.paper import Column, Paper, Writer, on_fields
from gemba.kernel.numbers import format_date
from gemba.organisation.access import Actor
from gemba.projects.models import Project
from gemba.projects.papers import story
from gemba.projects.papers.fields import COMMON, in_force, people
from gemba.projects.queries.card import stage_views
from gemba.projects.rules.states import Status

SIZE = 10.5
# One sheet: what is more stands in the plan and in the passport, and the sheet says so.
MOST_REASONS, MOST_PROBLEMS, MOST_MEASURES, MOST_GOALS, MOST_CHARTS = 4, 5, 8, 3, 2
MAP_MM, CHART_MM, WIDE_CHART_MM = (185.0, 32.0), (94.0, 38.0), (150.0, 38.0)
# How high the four rows stand even when little is said: the sheet is a form that people also write on.
ROWS_MM = (32, 66, 62, 50)

A3 = [
    *COMMON,
    Field("команда", "Команда одной строкой", "Ёлкина О. П., Берёзкин П. О."),
    Field("состояние", "Состояние проекта", "Мониторинг результатов: в срок"),
    Field("обновлён", "День, на который составлен отчёт", "21.11.2026"),
    Field("обоснования", "Предпосылки", [{"номер": 1, "текст": "За год 1200 справок, ждут по 40 минут."}]),
    Field("основания", "Основание для открытия", "Поручение главы № 12"),
    Field("процесс", "Процесс и его границы", "Выдача справок: от заявления до справки"),
    *story.map_fields(*MAP_MM),
    story.GOALS,
    story.PROBLEMS,
    story.MEASURES,
    Field("ещё_проблем", "Сколько проблем не уместилось", "и ещё 3 — в плане мероприятий"),
    Field("ещё_мероприятий", "Сколько мероприятий не уместилось", "и ещё 3 — в плане мероприятий"),
    Field("эффекты", "Ожидаемый эффект", "Родители не ждут"),
    story.chart_field(),
    Field("эффект", "Эффект в год", "Эффект в год: 104 ч, 36 400 руб."),
    Field("эффект_подтверждён", "Подтверждён ли эффект", "подтверждён"),
    Field("выводы", "Решение о закрытии и выводы", "Повторить в других школах."),
    Field("стандарт", "Стандарт (СОП)", "СОП «Выдача справок» от 01.02.2027"),
    story.POINTS,
]


def a3_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the story of the project, cut to one sheet."""
    passport = in_force(project)
    reasons = [text for text in passport.justifications if text.strip()]
    problems, measures = story.problems(project), story.measures(project)
    results = story.results(project, size_mm=CHART_MM, alone_mm=WIDE_CHART_MM, most=MOST_CHARTS)
    standard = project.ticks.filter(code="standard.approved").first()
    return {
        **people(project, passport),
        "команда": story.short(", ".join(one.name for one in passport.team), 200),
        "состояние": state_of(project, actor),
        "обновлён": format_date(actor.today),
        "обоснования": [
            {"номер": number, "текст": story.short(text, 230)}
            for number, text in enumerate(reasons[:MOST_REASONS], start=1)
        ],
        "основания": story.short("; ".join(one.object_title or one.text for one in passport.grounds), 260),
        "процесс": story.short(f"{passport.process}: {passport.start_event} — {passport.end_event}", 260),
        **story.maps(project, width_mm=MAP_MM[0], height_mm=MAP_MM[1]),
        "цели": [
            {**one, "название": story.short(one["название"], 80)} for one in results["цели"][:MOST_GOALS]
        ],
        "графики": results["графики"],
        "проблемы": [
            {
                **one,
                "проблема": story.short(one["проблема"], 100),
                "причина": story.short(one["причина"], 100),
            }
            for one in problems[:MOST_PROBLEMS]
        ],
        "мероприятия": [
            {
                **one,
                "мероприятие": story.short(one["мероприятие"], 90),
                "результат": story.short(one["результат"], 70),
            }
            for one in measures[:MOST_MEASURES]
        ],
        "ещё_проблем": _more(len(problems) - MOST_PROBLEMS),
        "ещё_мероприятий": _more(len(measures) - MOST_MEASURES),
        "эффекты": story.short(passport.effects, 110),
        **story.effect_of(project),
        "выводы": story.short(project.closing_text, 330),
        "стандарт": story.short(standard.comment, 160) if standard else "",
        "стабильность": [
            {**one, "значения": story.short(one["значения"], 90)} for one in story.points(project)
        ],
    }


def state_of(project: Project, actor: Actor) -> str:
    """Say where the project stands, in words and with the colour's word."""
    if project.status != Status.ACTIVE:
        said = project.place.title
        return f"{said}, закрыт {format_date(project.closed_on)}" if project.closed_on else said
    current = next((one for one in stage_views(project=project, today=actor.today) if one.is_current), None)
    return story.stage_line(str(current.stage), current.colour) if current else project.place.title


def _more(count: int) -> str:
    return f"и ещё {count} — в плане мероприятий" if count > 0 else ""


def _write(paper: Paper) -> None:
    width = paper.width_mm
    head = paper.grid([width * 0.6, width * 0.4], count=1, has_edges=False)
    left = paper.inside(head.rows[0].cells[0], size=12)
    left.text("Отчёт А3: «{{ проект }}»", bold=True, size=18)
    left.text("{{ организация }}", after=4)
    right = paper.inside(head.rows[0].cells[1], size=SIZE)
    right.text("Заказчик: {{ заказчик }}, {{ заказчик_должность }}")
    right.text("Руководитель: {{ руководитель }}. Команда: {{ команда }}")
    right.text("**{{ состояние }}**. На {{ обновлён }}", after=4)
    half = width / 2
    sheet = paper.grid([half, half], count=8)
    for row, (one, two) in enumerate(
        (
            (("1. Предпосылки", _background), ("5. Целевое состояние", _target)),
            (("2. Текущее состояние", _current), ("6. План мероприятий", _plan)),
            (("3. Цель", _goal), ("7. Результаты и эффект", _results)),
            (("4. Коренные причины", _causes), ("8. Стандарт, стабильность, выводы", _stability)),
        )
    ):
        for column, (title, write) in enumerate((one, two)):
            name, body = sheet.rows[row * 2].cells[column], sheet.rows[row * 2 + 1].cells[column]
            sheet.rows[row * 2 + 1].height = Mm(ROWS_MM[row])
            paper.shade(name)
            paper.inside(name, size=12).text(title, bold=True, keep=True)
            write(paper.inside(body, size=SIZE), half - 4.5)


def _background(place: Writer, room: float) -> None:
    place.condition("for строка in обоснования")
    place.text("{{ строка.номер }}. {{ строка.текст }}", after=2)
    place.condition("endfor")
    place.text("Основание: {{ основания }}", after=2)


def _current(place: Writer, room: float) -> None:
    place.text("{{ процесс }}", after=2)
    place.text(
        "{% for строка in цели %}{{ строка.название }}: **{{ строка.было }}**"
        "{% if not loop.last %}; {% endif %}{% endfor %}",
        after=2,
    )
    place.condition("for рисунок in карта_текущая")
    place.text("{{ рисунок }}", align="center", after=2)
    place.condition("endfor")
    place.condition("if файлы_текущей")
    place.text("Карта текущего состояния: {{ файлы_текущей }}", after=2)
    place.condition("endif")
    place.condition("for строка in проблемы")
    place.text("{{ строка.номер }}. {{ строка.проблема }}", after=1)
    place.condition("endfor")
    place.text("{{ ещё_проблем }}", italic=True)


def _goal(place: Writer, room: float) -> None:
    place.table(
        [
            Column("Показатель, единица", room * 0.6),
            Column("Было", room * 0.2, "center"),
            Column("Цель", room * 0.2, "center"),
        ],
        each="строка in цели",
        row=["{{ строка.название }}", "{{ строка.было }}", "{{ строка.план }}"],
        size=SIZE - 0.5,
    )


def _causes(place: Writer, room: float) -> None:
    place.condition("if проблемы")
    place.table(
        [Column("Проблема", room * 0.5), Column("Коренная причина", room * 0.5)],
        each="строка in проблемы",
        row=["{{ строка.номер }}. {{ строка.проблема }}", "{{ строка.причина }}"],
        size=SIZE - 1,
    )
    place.condition("else")
    place.text("Проблемы и первопричины появятся с планом мероприятий.", italic=True)
    place.condition("endif")


def _target(place: Writer, room: float) -> None:
    place.text("{{ эффекты }}", after=2)
    place.condition("for рисунок in карта_целевая")
    place.text("{{ рисунок }}", align="center", after=2)
    place.condition("endfor")
    place.condition("if файлы_целевой")
    place.text("Карта целевого состояния: {{ файлы_целевой }}", after=2)
    place.condition("endif")


def _plan(place: Writer, room: float) -> None:
    place.condition("if мероприятия")
    place.table(
        [
            Column("№", room * 0.05, "center"),
            Column("Мероприятие", room * 0.44),
            Column("Ответственный", room * 0.18),
            Column("Срок", room * 0.13, "center"),
            Column("Состояние", room * 0.2),
        ],
        each="строка in мероприятия",
        row=[
            "{{ строка.номер }}",
            "{{ строка.мероприятие }}",
            "{{ строка.ответственный }}",
            "{{ строка.срок }}",
            "{{ строка.состояние }}",
        ],
        size=SIZE - 1,
    )
    place.text("{{ ещё_мероприятий }}", italic=True)
    place.condition("else")
    place.text("План ещё не составлен.", italic=True)
    place.condition("endif")


def _results(place: Writer, room: float) -> None:
    place.table(
        [
            Column("Показатель", room * 0.44),
            *(Column(word, room * 0.13, "center") for word in ("Было", "План", "Стало")),
            Column("Итог", room * 0.17, "center"),
        ],
        each="строка in цели",
        row=[f"{{{{ строка.{name} }}}}" for name in ("название", "было", "план", "стало", "итог")],
        size=SIZE - 0.5,
    )
    place.condition("if графики")
    place.text("{% for график in графики %}{{ график.рисунок }} {% endfor %}", before=2)
    place.condition("endif")
    place.text("{{ эффект }}{% if эффект_подтверждён %} ({{ эффект_подтверждён }}){% endif %}", bold=True)


def _stability(place: Writer, room: float) -> None:
    place.condition("if стандарт")
    place.text("Стандарт: {{ стандарт }}", after=2)
    place.condition("endif")
    place.condition("if выводы")
    place.text("{{ выводы }}", after=2)
    place.condition("endif")
    place.condition("if стабильность")
    place.table(
        [
            Column("Контрольная точка", room * 0.22),
            Column("Дата", room * 0.15, "center"),
            Column("Итог", room * 0.25),
            Column("Значения", room * 0.38),
        ],
        each="строка in стабильность",
        row=[f"{{{{ строка.{name} }}}}" for name in ("точка", "срок", "итог", "значения")],
        size=SIZE - 1,
    )
    place.condition("else")
    place.text("Стабильность проверяют после закрытия проекта.", italic=True)
    place.condition("endif")


a3_template = on_fields(
    _write, sheet="A3", landscape=True, size=11, margins_mm=(12, 12, 10, 8), has_page_numbers=False
)
