"""The official document of the quarter: analytical information on the programme, with figures and tables inserted."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gemba.documents.kinds import DocumentKind, Field
from gemba.documents.kinds import register as register_kind
from gemba.documents.paper import Column, Paper
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.periods import Quarter
from gemba.organisation.access import Actor, may
from gemba.plan.models import LockedRow, Report, ReportingPeriod, ReportState
from gemba.plan.queries.head import deviations, measures_of_row
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.plan import PlanView, plan_view
from gemba.plan.queries.population import register_on
from gemba.plan.queries.reports import participants
from gemba.plan.rules import State


def register() -> None:
    """Enter the kind of document."""
    register_kind(ANALYTICAL)


@lru_cache(maxsize=1)
def analytical_template() -> bytes:
    """Build the standard template: text, then the plan on a lying page."""
    paper = Paper()
    paper.letterhead("{{ округ }}")
    paper.text("АНАЛИТИЧЕСКАЯ ИНФОРМАЦИЯ", align="center", bold=True, keep=True)
    paper.text("о выполнении программы {{ программа }} за {{ период }}", align="center", bold=True, after=12)
    paper.dated()
    paper.body("{{ вывод }}")
    paper.body("Отчёты представили {{ сдали }} из {{ участников }} участников, в срок — {{ в_срок }}.")
    paper.condition("if отклонения")
    paper.heading("Отклонения и меры")
    paper.condition("endif")
    paper.condition("for одно in отклонения")
    paper.body("{{ одно }}")
    paper.condition("endfor")
    paper.body("Показатели плана приведены в приложении.", after=6)
    paper.signature("{{ должность }}", "{{ подпись }}")
    paper.executor("{{ составил }}")
    paper.new_page(landscape=True)
    paper.heading("Показатели плана за {{ период }}", before=0)
    paper.table(
        [Column("№", 14, "center"), Column("Показатель", 106), Column("Цель на год", 40), Column("Факт", 30, "center"),
         Column("Состояние", 38), Column("Подробности", 40)],
        each="строка in строки",
        row=["{{ строка.номер }}", "{{ строка.показатель }}", "{{ строка.цель }}", "{{ строка.факт }}",
             "{{ строка.состояние }}", "{{ строка.подробности }}"],
        size=11,
    )  # fmt: skip
    return paper.save()


def analytical_context(period: ReportingPeriod, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the figures of the quarter: of a locked one as they were kept, otherwise as they stand."""
    lens = _lens(period, actor.today)
    register = register_on(municipality=period.municipality, day=lens.as_of)
    view = plan_view(lens=lens, register=register)
    rows = _locked_rows(period) if period.is_locked else _rows(view)
    sent = Report.objects.filter(period=period, state__in=[ReportState.SENT, ReportState.ACCEPTED])
    firsts = list(sent.values_list("first_sent_on", flat=True))
    in_time = sum(day is not None and (period.due_on is None or day <= period.due_on) for day in firsts)
    return {
        "программа": _quoted(lens.edition.programme) if lens.edition else "",
        "период": Quarter(period.year, period.quarter).label,
        "вывод": _conclusion(rows, lens),
        "сдали": format_number(len(firsts)),
        "участников": format_number(len(participants(lens=lens, register=register))),
        "в_срок": format_number(in_time),
        "отклонения": _deviations(view, lens),
        "строки": rows,
        "должность": "Ответственный за мониторинг",
        "подпись": "____________________",
    }


def _quoted(name: str) -> str:
    return name if "«" in name else f"«{name}»"


def _lens(period: ReportingPeriod, today: date) -> Lens:
    lens = look(municipality=period.municipality, today=today, year=period.year, quarter=period.quarter)
    assert lens is not None
    return lens


def _rows(view: PlanView) -> list[dict[str, str]]:
    return [
        {
            "номер": row.row.number,
            "показатель": row.row.title,
            "цель": (row.target.as_written if row.target else "") or "—",
            "факт": row.fact,
            "состояние": row.state.word,
            "подробности": row.note,
        }
        for row in view.rows
    ]


def _locked_rows(period: ReportingPeriod) -> list[dict[str, str]]:
    return [
        {
            "номер": row.number,
            "показатель": row.title,
            "цель": row.target or "—",
            "факт": row.fact,
            "состояние": State(row.state).word,
            "подробности": row.note,
        }
        for row in LockedRow.objects.filter(period=period).order_by("ordinal")
    ]


def _conclusion(rows: list[dict[str, str]], lens: Lens) -> str:
    if not rows:
        return "План мероприятий с целевыми значениями положением не определён."
    counted: dict[str, int] = {}
    for row in rows:
        counted[row["состояние"]] = counted.get(row["состояние"], 0) + 1
    parts = ", ".join(f"«{word.lower()}» — {count}" for word, count in counted.items())
    return (
        f"На {format_date(lens.as_of)} из {len(rows)} показателей плана: {parts}. "
        "Значения приведены нарастающим итогом с начала года."
    )


def _deviations(view: PlanView, lens: Lens) -> list[str]:
    found = []
    for row in deviations(view.rows):
        target = row.target.as_written if row.target else ""
        text = f"{row.row.number}. {row.row.title}: {row.fact} при цели «{target}»."
        measures = measures_of_row(
            municipality_id=lens.municipality.pk,
            row=row.row.code,
            indicator=row.row.indicator,
            year=lens.year,
        )
        if measures:
            one = measures[0]
            text += (
                f" Причина: {one.cause}. Мера: {one.text}, {one.responsible}, до {format_date(one.due_on)}."
            )
        found.append(text)
    return found


def _may_issue(actor: Actor, period: Any) -> bool:
    return may(actor, "plan.collect") and (actor.is_system or period.municipality_id == actor.municipality_id)


ANALYTICAL = DocumentKind(
    code="plan.analytical",
    title="Аналитическая информация",
    fields=[
        Field("программа", "Название программы в кавычках", "«Бережливый округ»"),
        Field("период", "За какой квартал", "III квартал 2026 года"),
        Field("вывод", "Что показал квартал", "На 30.09.2026 из 9 показателей плана: «выполнено» — 5."),
        Field("сдали", "Сколько участников сдали отчёт", "12"),
        Field("участников", "Сколько участников всего", "14"),
        Field("в_срок", "Сколько сдали в срок", "11"),
        Field("отклонения", "Отклонения с причинами и мерами", ["1.1. Проекты: 0 при цели «не менее 1»."]),
        Field(
            "строки", "Показатели плана",
            [{"номер": "1.1", "показатель": "Реализация проектов", "цель": "не менее 1", "факт": "0",
              "состояние": "Отстаёт", "подробности": "достигли 0 из 14"}],
        ),
        Field("должность", "Должность подписавшего", "Главный специалист"),
        Field("подпись", "Имя подписавшего", "Н.Ю. Зимина"),
    ],
    default_template=analytical_template,
    context=analytical_context,
    subject_model="plan.ReportingPeriod",
    act="plan.collect",
    title_of=lambda period: f"Аналитическая информация за {Quarter(period.year, period.quarter).label}",
    may_issue=_may_issue,
)  # fmt: skip
