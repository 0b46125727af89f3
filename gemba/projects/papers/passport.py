"""The passport on paper: приложение № 1 on one sheet that lies, four blocks and «УТВЕРЖДАЮ»."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from docx.shared import Mm

from gemba.documents.kinds import Field
from gemba.documents.paper import Column, Paper, on_fields
from gemba.kernel.numbers import MONTHS, format_date, format_number
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.projects.models import Project
from gemba.projects.papers.fields import COMMON, SMALL, in_force, people
from gemba.projects.queries.card import approved_of
from gemba.projects.queries.settings import acts_on
from gemba.projects.rules.stages import Days, StageKind

# What the form has where nothing is filled in yet.
NO_DAY = "«___» _________ ______ г."
CAPTION = 7.0

PASSPORT = [
    *COMMON,
    Field("название_формы", "Название формы", "Паспорт бережливого проекта"),
    Field("утверждён", "День согласования или место для даты", "21.11.2026"),
    Field("процесс", "Процесс", "Выдача справок"),
    Field("начало", "Событие, с которого процесс начинается", "родитель подал заявление"),
    Field("окончание", "Событие, которым процесс заканчивается", "справка выдана"),
    Field("команда", "Команда одной строкой", "Ёлкина О. П., Берёзкин П. О."),
    Field("приказ", "Приказ о команде", "приказ от 20.11.2026 № 41"),
    Field("основания", "Основания для открытия", [{"текст": "Поручение главы", "объект": "поручение № 12"}]),
    Field("обоснования", "Обоснования", [{"номер": 1, "текст": "За год 1200 справок, ждут по 40 минут."}]),
    Field("цели", "Цели", [{"название": "Время выдачи, мин", "сейчас": "40", "нужно": "15"}]),
    Field("эффекты", "Эффекты", "Родители не ждут"),
    Field(
        "этапы",
        "Этапы и сроки: цифрами и как в приложении № 1",
        [
            {
                "номер": 1,
                "название": "Согласование паспорта",
                "срок": "24.11.2026",
                "срок_прописью": "«24» ноября 2026 г.",
            }
        ],
    ),
]


def passport_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what the passport in force says; before the first approval, what is being written."""
    passport, edition = in_force(project), approved_of(project)
    acts = acts_on(municipality_id=project.municipality_id, day=actor.today)
    days = passport.days()
    approved_on = (
        timezone.localtime(edition.decided_at, project.municipality.zone).date()
        if edition and edition.decided_at
        else None
    )
    return {
        **people(project, passport),
        "название_формы": acts.passport_title,
        "утверждён": format_date(approved_on) if approved_on else NO_DAY,
        "процесс": passport.process,
        "начало": passport.start_event,
        "окончание": passport.end_event,
        "команда": ", ".join(one.name for one in passport.team),
        "приказ": passport.team_order,
        "основания": [{"текст": one.text, "объект": one.object_title} for one in passport.grounds],
        "обоснования": [
            {"номер": n, "текст": text} for n, text in enumerate(passport.justifications, start=1)
        ],
        "цели": [
            {
                "название": f"{goal.title}, {goal.unit}" if goal.unit else goal.title,
                "сейчас": format_number(goal.values[0]),
                "нужно": format_number(goal.values[1]),
            }
            for goal in passport.goals
        ],
        "эффекты": passport.effects,
        "этапы": [
            {
                "номер": kind.number,
                "название": kind.title,
                "срок": _in_figures(kind, days.get(kind.number)),
                "срок_прописью": _as_in_the_form(kind, days.get(kind.number)),
            }
            for kind in acts.stages
        ],
    }


def _in_figures(kind: StageKind, days: Days | None) -> str:
    if days is None or days.end is None:
        return ""
    if kind.is_period:
        return f"с {format_date(days.start)} по {format_date(days.end)}"
    return format_date(days.end)


def _as_in_the_form(kind: StageKind, days: Days | None) -> str:
    """Write the days as the form does: «24» ноября 2026 г., a period in brackets."""
    first, last = (days.start, days.end) if days else (None, None)
    if kind.is_period:
        return f"(с\u00a0{_quoted(first)} по\u00a0{_quoted(last)})"
    return _quoted(last) if kind.number == 1 else f"({_quoted(last)})"


def _quoted(day: date | None) -> str:
    if day is None:
        return NO_DAY
    return f"«{day.day:02}»\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}\u00a0г."


def passport_hindrances(project: Project) -> Sequence[Problem]:
    """Name why a passport may not go out."""
    if not project.edition_number:
        return [Problem("Паспорт ещё не согласован заказчиком.", mend="Отправьте его на согласование.")]
    return []


def write_passport(paper: Paper) -> None:
    """Write the form onto a sheet that lies."""
    width = paper.width_mm
    head = paper.grid([width * 0.62, width * 0.03, width * 0.35], count=1, has_edges=False)
    left = paper.inside(head.rows[0].cells[0], size=11)
    left.text("{{ название_формы }}", align="center", bold=True, size=14, after=4)
    left.text("__{{ организация }}__", align="center")
    left.text("(полное наименование организации)", align="center", size=CAPTION, after=3)
    left.text("__{{ проект }}__", align="center", bold=True)
    left.text("(название {{ вид_проекта }} проекта)", align="center", size=CAPTION, after=6)
    stamp = paper.inside(head.rows[0].cells[2], size=11)
    stamp.text("УТВЕРЖДАЮ", align="center", bold=True, after=2)
    stamp.text("__{{ заказчик }}, {{ заказчик_должность }}__", align="center")
    stamp.text(
        "(Ф.И.О., должность руководителя заказчика {{ вид_проекта }} проекта)",
        align="center",
        size=CAPTION,
        after=6,
    )
    stamp.text("______________   __{{ подпись_заказчика }}__", align="center")
    stamp.text("(подпись)                         (Ф.И.О.)", align="center", size=CAPTION, after=2)
    stamp.text("{{ утверждён }}", align="center", after=6)
    half = width / 2
    blocks = paper.grid([half, half], count=2)
    for row, height in zip(blocks.rows, (50, 78), strict=True):
        row.height = Mm(height)
    cells = [cell for row in blocks.rows for cell in row.cells]
    first = paper.inside(cells[0], size=SMALL)
    first.text("Общие данные:", bold=True, after=2)
    for word, name in (
        ("Заказчик", "{{ заказчик }}"),
        ("Процесс", "{{ процесс }}"),
        ("Границы процесса", "{{ начало }} — {{ окончание }}"),
        ("Руководитель {{ вид_проекта }} проекта", "{{ руководитель }}"),
        ("Команда {{ вид_проекта }} проекта", "{{ команда }}{% if приказ %} ({{ приказ }}){% endif %}"),
    ):
        first.text(f"{word}: __{name}__", after=2)
    second = paper.inside(cells[1], size=SMALL)
    second.text("Обоснование:", bold=True, after=2)
    second.condition("for строка in обоснования")
    second.text("{{ строка.номер }}. {{ строка.текст }}", after=2)
    second.condition("endfor")
    third = paper.inside(cells[2], size=SMALL)
    third.text("Цели и эффекты:", bold=True, after=2)
    room = half - 4.5
    third.table(
        [
            Column("Наименование цели, единицы измерения", room * 0.56),
            Column("Текущий показатель", room * 0.22, "center"),
            Column("Целевой показатель", room * 0.22, "center"),
        ],
        each="строка in цели",
        row=["{{ строка.название }}", "{{ строка.сейчас }}", "{{ строка.нужно }}"],
        size=SMALL - 1,
    )
    third.text("Эффекты: __{{ эффекты }}__", after=2)
    fourth = paper.inside(cells[3], size=SMALL)
    fourth.text("Сроки:", bold=True, after=2)
    fourth.condition("for этап in этапы")
    fourth.text("{{ этап.номер }}. {{ этап.название }} {{ этап.срок_прописью }}", after=1)
    fourth.condition("endfor")


passport_template = on_fields(
    write_passport, landscape=True, size=12, margins_mm=(15, 10, 10, 8), has_page_numbers=False
)
