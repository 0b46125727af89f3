"""The official document of the quarter: analytical information on the programme, with figures and tables inserted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gemba.documents.kinds import DocumentKind, Field
from gemba.documents.kinds import register as register_kind
from gemba.documents.paper import Bar, Column, Paper, Picture, bar_chart
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.periods import Quarter
from gemba.organisation.access import Actor, may
from gemba.plan.models import LockedRow, PeriodText, Report, ReportingPeriod, ReportState
from gemba.plan.queries.corrections import Correction, corrections
from gemba.plan.queries.head import deviations, measures_of_row
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.plan import PlanView, plan_view
from gemba.plan.queries.population import register_on
from gemba.plan.queries.reports import participants, period_of
from gemba.plan.rules import State


def register() -> None:
    """Enter the kind of document."""
    register_kind(ANALYTICAL)
    register_kind(ANALYTICAL_YEAR)


@lru_cache(maxsize=1)
def analytical_template() -> bytes:
    """Build the standard template: text, chart, then the plan on a lying page."""
    paper = _text_pages()
    paper.table(
        [Column("№", 14, "center"), Column("Показатель", 106), Column("Цель на год", 40), Column("Факт", 30, "center"),
         Column("Состояние", 38), Column("Подробности", 40)],
        each="строка in строки",
        row=["{{ строка.номер }}", "{{ строка.показатель }}", "{{ строка.цель }}", "{{ строка.факт }}",
             "{{ строка.состояние }}", "{{ строка.подробности }}"],
        size=11,
    )  # fmt: skip
    return paper.save()


@lru_cache(maxsize=1)
def year_template() -> bytes:
    """Build the standard template of the year: the plan quarter by quarter."""
    paper = _text_pages()
    paper.table(
        [Column("№", 14, "center"), Column("Показатель", 98), Column("Цель на год", 38), Column("I кв.", 20, "center"),
         Column("II кв.", 20, "center"), Column("III кв.", 20, "center"), Column("IV кв.", 20, "center"),
         Column("Состояние", 38)],
        each="строка in строки",
        row=["{{ строка.номер }}", "{{ строка.показатель }}", "{{ строка.цель }}", "{{ строка.первый }}",
             "{{ строка.второй }}", "{{ строка.третий }}", "{{ строка.факт }}", "{{ строка.состояние }}"],
        size=11,
    )  # fmt: skip
    return paper.save()


def _text_pages() -> Paper:
    """Begin a document: the standing pages and the head of the table."""
    paper = Paper()
    paper.letterhead("{{ округ }}")
    paper.text("АНАЛИТИЧЕСКАЯ ИНФОРМАЦИЯ", align="center", bold=True, keep=True)
    paper.text("о выполнении программы {{ программа }} за {{ период }}", align="center", bold=True, after=12)
    paper.dated()
    paper.condition("for абзац in вывод")
    paper.body("{{ абзац }}")
    paper.condition("endfor")
    paper.body("Отчёты представили {{ сдали }} из {{ участников }} участников, в срок — {{ в_срок }}.")
    paper.condition("for рисунок in график")
    paper.text("Выполнение показателей с целью на год", align="center", bold=True, keep=True, before=6)
    paper.text("{{ рисунок }}", align="center", after=6)
    paper.condition("endfor")
    paper.condition("if отклонения")
    paper.heading("Отклонения и меры")
    paper.condition("endif")
    paper.condition("for одно in отклонения")
    paper.body("{{ одно }}")
    paper.condition("endfor")
    paper.condition("if корректировки")
    paper.heading("Корректировки закрытого квартала")
    paper.condition("endif")
    paper.condition("for одна in корректировки")
    paper.body("{{ одна }}")
    paper.condition("endfor")
    paper.condition("for абзац in дополнение")
    paper.body("{{ абзац }}")
    paper.condition("endfor")
    paper.body("Показатели плана приведены в приложении.", after=6)
    paper.signature("{{ должность }}", "{{ подпись }}")
    paper.executor("{{ составил }}")
    paper.new_page(landscape=True)
    paper.heading("Показатели плана за {{ период }}", before=0)
    return paper


def analytical_context(period: ReportingPeriod, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the figures of the quarter: of a locked one as they were kept, otherwise as they stand."""
    lens = _lens(period, actor.today)
    register = register_on(municipality=period.municipality, day=lens.as_of)
    view = plan_view(lens=lens, register=register)
    rows = _locked_rows(period) if period.is_locked else _rows(view)
    sent = Report.objects.filter(period=period, state__in=[ReportState.SENT, ReportState.ACCEPTED])
    firsts = list(sent.values_list("first_sent_on", flat=True))
    in_time = sum(day is not None and (period.due_on is None or day <= period.due_on) for day in firsts)
    written = text_of(period)
    return {
        "программа": _quoted(lens.edition.programme) if lens.edition else "",
        "период": Quarter(period.year, period.quarter).label,
        "вывод": _paragraphs(written.conclusion if written else "") or [_conclusion(rows, lens)],
        "дополнение": _paragraphs(written.further if written else ""),
        "сдали": format_number(len(firsts)),
        "участников": format_number(len(participants(lens=lens, register=register))),
        "в_срок": format_number(in_time),
        "график": _chart(view, rows),
        "отклонения": _deviations(view, lens),
        "корректировки": [_corrected(one) for one in corrections(lens=lens)],
        "строки": rows,
        "должность": "Ответственный за мониторинг",
        "подпись": "____________________",
    }


def year_context(period: ReportingPeriod, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the figures of the year that ends with the quarter: facts on the last day of each quarter."""
    said = analytical_context(period, actor, at)
    names = ("первый", "второй", "третий")
    facts = [_facts_of(period, number, actor.today) for number in (1, 2, 3)]
    rows = [
        {**row, **{name: known.get(row["номер"], "—") for name, known in zip(names, facts, strict=True)}}
        for row in said["строки"]
    ]
    return {**said, "период": f"{period.year} год", "строки": rows}


def _facts_of(period: ReportingPeriod, quarter: int, today: date) -> dict[str, str]:
    """Return the facts of an earlier quarter by the number of the row: of a locked one as they were kept."""
    earlier = period_of(municipality_id=period.municipality_id, quarter=Quarter(period.year, quarter))
    if earlier is not None and earlier.is_locked:
        return {row["номер"]: row["факт"] for row in _locked_rows(earlier)}
    lens = look(municipality=period.municipality, today=today, year=period.year, quarter=quarter)
    if lens is None:
        return {}
    register = register_on(municipality=period.municipality, day=lens.as_of)
    return {row["номер"]: row["факт"] for row in _rows(plan_view(lens=lens, register=register))}


def text_of(period: ReportingPeriod) -> PeriodText | None:
    """Return the words a person has written for the quarter."""
    return PeriodText.objects.filter(period=period).first()


def computed_conclusion(period: ReportingPeriod, actor: Actor) -> str:
    """Return the conclusion as the data say it."""
    lens = _lens(period, actor.today)
    if period.is_locked:
        return _conclusion(_locked_rows(period), lens)
    register = register_on(municipality=period.municipality, day=lens.as_of)
    return _conclusion(_rows(plan_view(lens=lens, register=register)), lens)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _chart(view: PlanView, rows: list[dict[str, str]]) -> list[Picture]:
    """Draw how far the rows with a target in numbers have come; what changed after the lock is not drawn as kept."""
    kept = {row["номер"]: row for row in rows}
    bars = [
        Bar(
            f"{row.row.number}. {row.row.title}", row.verdict.execution, kept[row.row.number]["состояние"],
            row.state.tone in ("good", "info"),
        )
        for row in view.rows
        if row.verdict.execution is not None and kept.get(row.row.number, {}).get("факт") == row.fact
    ]  # fmt: skip
    return [bar_chart(bars)] if bars else []


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


def _corrected(one: Correction) -> str:
    reason = f" {one.reason}." if one.reason else ""
    return f"{one.number}. {one.title}, {one.label}: {one.words}.{reason}"


def _may_issue(actor: Actor, period: Any) -> bool:
    return may(actor, "plan.collect") and (actor.is_system or period.municipality_id == actor.municipality_id)


_SAMPLE = [
    Bar("1.1. Реализация проектов", Decimal(120), "Выполнено"), Bar("2.1. Обучение", Decimal(45), "Отстаёт", False),
]  # fmt: skip

ANALYTICAL = DocumentKind(
    code="plan.analytical",
    title="Аналитическая информация",
    fields=[
        Field("программа", "Название программы в кавычках", "«Бережливый округ»"),
        Field("период", "За какой квартал", "III квартал 2026 года"),
        Field("вывод", "Что показал квартал, по абзацам", ["На 30.09.2026 из 9 показателей плана: «выполнено» — 5."]),
        Field("дополнение", "Что дописал составитель, по абзацам", ["Лучшую практику переняли три школы."]),
        Field("график", "График выполнения показателей", [bar_chart(_SAMPLE)]),
        Field("сдали", "Сколько участников сдали отчёт", "12"),
        Field("участников", "Сколько участников всего", "14"),
        Field("в_срок", "Сколько сдали в срок", "11"),
        Field(
            "корректировки", "Что изменилось в закрытом квартале, по строкам",
            ["1.1. Проекты, II кв. 2026: было 1, стало 0 (−1). Исключено: Очередь (Школа № 1)."],
        ),
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

ANALYTICAL_YEAR = replace(
    ANALYTICAL,
    code="plan.analytical_year",
    title="Аналитическая информация за год",
    fields=[
        *(field for field in ANALYTICAL.fields if field.name not in ("период", "строки")),
        Field("период", "За какой год", "2026 год"),
        Field(
            "строки", "Показатели плана по кварталам",
            [{"номер": "1.1", "показатель": "Реализация проектов", "цель": "не менее 1", "первый": "0", "второй": "1",
              "третий": "1", "факт": "2", "состояние": "Выполнено"}],
        ),
    ],
    default_template=year_template,
    context=year_context,
    title_of=lambda period: f"Аналитическая информация за {period.year} год",
)  # fmt: skip
