"""Papers of the work: the roadmap, the protocol of a defence, the act of closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gemba.documents.kinds import Field
from gemba.documents.paper import Column, Paper, on_fields
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor
from gemba.projects.models import MeasureState, Project
from gemba.projects.papers.fields import COMMON, in_force, people
from gemba.projects.queries.card import goal_views, measures_of

ROADMAP = [
    *COMMON,
    Field(
        "строки",
        "Строки плана",
        [
            {
                "номер": 1,
                "проблема": "Очередь",
                "причина": "Один работник",
                "мероприятие": "Второй стол",
                "ответственный": "Ёлкина О. П.",
                "начало": "01.12.2026",
                "срок": "15.12.2026",
                "результат": "Нет очереди",
                "ресурсы": "Стол",
                "состояние": "Запланировано",
            }
        ],
    ),
]
DEFENCE = [
    *COMMON,
    Field("перед_кем", "Перед кем защита", "План мероприятий перед заказчиком"),
    Field("проведена", "День защиты", "19.11.2026"),
    Field("место", "Где", "Кабинет 12"),
    Field("решение", "Решение", "Одобрено с замечаниями"),
    Field("кто_решил", "Кто принял решение", "Громов Виктор Андреевич, заместитель главы"),
    Field("обсуждение", "Обсуждение", "План рассмотрен."),
    Field(
        "замечания",
        "Замечания",
        [{"номер": 1, "текст": "Уточнить срок", "кто": "Лапин А. С.", "срок": "25.11.2026"}],
    ),
]
CLOSING = [
    *COMMON,
    Field("закрыт", "День закрытия", "19.02.2027"),
    Field("итог", "Итог", "Цели достигнуты"),
    Field("выводы", "Решение и выводы", "Повторить в других школах."),
    Field(
        "цели",
        "Было, план, стало",
        [{"название": "Время выдачи, мин", "было": "40", "план": "15", "стало": "14"}],
    ),
    Field("часов", "Часов в год", "104"),
    Field("рублей", "Рублей в год", "36 400"),
]


def roadmap_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the lines of the plan."""
    return {
        **people(project, in_force(project)),
        "строки": [
            {
                "номер": row.number,
                "проблема": row.problem,
                "причина": row.root_cause,
                "мероприятие": row.title,
                "ответственный": row.responsible.short_name if row.responsible else "",
                "начало": format_date(row.starts_on),
                "срок": format_date(row.due_on),
                "результат": row.expected,
                "ресурсы": row.resources,
                "состояние": row.get_state_display(),
            }
            for row in measures_of(project=project)
            if row.state != MeasureState.CANCELLED
        ],
    }


def _roadmap(paper: Paper) -> None:
    paper.text("Дорожная карта проекта «{{ проект }}»", align="center", bold=True)
    paper.text("{{ организация }}", align="center", after=8)
    widths = (9, 36, 36, 48, 30, 20, 20, 36, 24)
    titles = (
        "№",
        "Проблема",
        "Первопричина",
        "Мероприятие",
        "Ответственный",
        "Начало",
        "Срок",
        "Результат",
        "Ресурсы",
    )
    names = (
        "номер",
        "проблема",
        "причина",
        "мероприятие",
        "ответственный",
        "начало",
        "срок",
        "результат",
        "ресурсы",
    )
    scale = paper.width_mm / sum(widths)
    paper.table(
        [Column(title, width * scale) for title, width in zip(titles, widths, strict=True)],
        each="строка in строки",
        row=[f"{{{{ строка.{name} }}}}" for name in names],
        size=9,
    )
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}")


roadmap_template = on_fields(_roadmap, landscape=True, size=12, margins_mm=(20, 10, 15, 15))


def defence_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the last defence."""
    row = project.defences.order_by("-held_on", "-pk").first()
    remarks = list(row.remarks.select_related("responsible").order_by("pk")) if row else []
    return {
        **people(project, in_force(project)),
        "перед_кем": row.get_kind_display() if row else "",
        "проведена": format_date(row.held_on) if row else "",
        "место": row.place if row else "",
        "решение": row.get_decision_display() if row else "",
        "кто_решил": row.decided_by if row else "",
        "обсуждение": row.text if row else "",
        "замечания": [
            {
                "номер": n,
                "текст": one.text,
                "кто": str(one.responsible or ""),
                "срок": format_date(one.due_on),
            }
            for n, one in enumerate(remarks, start=1)
        ],
    }


def defence_hindrances(project: Project) -> Sequence[Problem]:
    """Name why there is nothing to protocol."""
    if not project.defences.exists():
        return [Problem("Защиты ещё не было.", mend="Внесите решение защиты.")]
    return []


def _defence(paper: Paper) -> None:
    paper.letterhead("{{ организация }}")
    paper.text("ПРОТОКОЛ", align="center", bold=True)
    paper.text("защиты проекта «{{ проект }}»", align="center", bold=True, after=8)
    paper.dated()
    paper.body("Вид защиты: {{ перед_кем }}. Дата: {{ проведена }}. Место: {{ место }}.")
    paper.body("Руководитель проекта: {{ руководитель }}.")
    paper.body("Рассмотрели: {{ обсуждение }}")
    paper.body("Решили: {{ решение }}. Решение принял: {{ кто_решил }}.", after=6)
    paper.condition("if замечания")
    width = paper.width_mm
    paper.table(
        [
            Column("№", width * 0.08),
            Column("Замечание", width * 0.5),
            Column("Ответственный", width * 0.25),
            Column("Срок", width * 0.17),
        ],
        each="строка in замечания",
        row=["{{ строка.номер }}", "{{ строка.текст }}", "{{ строка.кто }}", "{{ строка.срок }}"],
    )
    paper.condition("endif")
    paper.signature("{{ заказчик_должность }}", "{{ подпись_заказчика }}")


defence_template = on_fields(_defence)


def closing_context(project: Project, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the decision and the results: was, plan, became."""
    return {
        **people(project, in_force(project)),
        "закрыт": format_date(project.closed_on),
        "итог": project.get_outcome_display(),
        "выводы": project.closing_text,
        "цели": [
            {
                "название": f"{one.goal.title}, {one.goal.unit}",
                "было": format_number(one.goal.baseline),
                "план": format_number(one.goal.target),
                "стало": format_number(one.goal.final),
            }
            for one in goal_views(project=project)
        ],
        "часов": format_number(project.hours_a_year, 0),
        "рублей": format_number(project.money_a_year, 0),
    }


def closing_hindrances(project: Project) -> Sequence[Problem]:
    """Name why there is nothing to close by."""
    if project.closed_on is None:
        return [Problem("Проект ещё не закрыт.", mend="Закрытие принимает заказчик.")]
    return []


def _closing(paper: Paper) -> None:
    paper.letterhead("{{ организация }}")
    paper.text("АКТ", align="center", bold=True)
    paper.text("закрытия проекта «{{ проект }}»", align="center", bold=True, after=8)
    paper.dated()
    paper.body("Проект закрыт {{ закрыт }}. Итог: {{ итог }}.")
    paper.body("{{ выводы }}", after=6)
    width = paper.width_mm
    paper.table(
        [
            Column("Цель", width * 0.49),
            *(Column(word, width * 0.17, "center") for word in ("Было", "План", "Стало")),
        ],
        each="строка in цели",
        row=["{{ строка.название }}", "{{ строка.было }}", "{{ строка.план }}", "{{ строка.стало }}"],
    )
    paper.body("Эффект в год: {{ часов }} часов, {{ рублей }} рублей.")
    paper.signature("Руководитель проекта", "{{ подпись_руководителя }}")
    paper.signature("{{ заказчик_должность }}", "{{ подпись_заказчика }}", before=14)


closing_template = on_fields(_closing)
