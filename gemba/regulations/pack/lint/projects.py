"""Findings about projects: stages, passport, report form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.schema import Pack

SHORT_DATE = re.compile(r"мм\.\s?гг", re.I)


def check(pack: Pack) -> Iterator[Finding]:
    """Find columns without a source, dates without a day, periods as one date, phases without gates."""
    yield from _report(pack)
    yield from _stages(pack)
    yield from _defence(pack)
    projects = pack.projects
    if projects.phases and not projects.stages:
        yield Finding(
            "no-gates",
            tuple(ref for phase in projects.phases for ref in phase.clause),
            "Этапы методики названы, но сроков, условий перехода и наблюдения после завершения нет.",
            "Условия перехода — настройка; этапы 8–10 берутся из паспорта проекта, если он утверждён.",
            ("projects", "phases"),
        )


def _report(pack: Pack) -> Iterator[Finding]:
    has_significance = any(procedure.use == "project_significance" for procedure in pack.procedures)
    for f, form in enumerate(pack.projects.report_forms):
        for c, column in enumerate(form.columns):
            place = ("projects", "report_forms", f, "columns", c)
            if column.code == "significance" and not has_significance:
                yield Finding(
                    "column-without-source",
                    tuple(column.clause),
                    f"Графа {column.number} «{column.title}» есть, а порядка оценки значимости в этом положении нет.",
                    "Укажите, по какому порядку ставится балл; источник показывается рядом с ним.",
                    place,
                    tuple(column.interpretations),
                )
            if SHORT_DATE.search(column.title):
                yield Finding(
                    "short-date",
                    tuple(column.clause),
                    f"Графа {column.number} «{column.title}» просит месяц и год без дня.",
                    "Хранится полная дата, печатается ММ.ГГ; у открытого проекта графа пуста.",
                    place,
                    tuple(column.interpretations),
                )


def _stages(pack: Pack) -> Iterator[Finding]:
    for number, stage in enumerate(pack.projects.stages):
        if stage.dates == "day" and "мониторинг" in stage.title.lower():
            yield Finding(
                "period-as-date",
                tuple(stage.clause),
                f"Этап {stage.number} «{stage.title}» длится, а в форме для него одна дата.",
                "Это дата последней проверки; промежуточные проверки записываются отдельно.",
                ("projects", "stages", number),
                tuple(stage.interpretations),
            )


def _defence(pack: Pack) -> Iterator[Finding]:
    stages = [stage for stage in pack.projects.stages if stage.code == "defence"]
    plans = [row for row in pack.plan_rows() if row.indicator == "defence_plan_approved_on"]
    if stages and plans:
        yield Finding(
            "two-meanings",
            (*stages[0].clause, *plans[0].clause),
            "«Защита» — это и этап проекта (защита плана мероприятий перед заказчиком), "
            "и годовой план защиты проектов и предложений.",
            "Это разные виды событий, они ведутся раздельно.",
            interpretations=tuple(dict.fromkeys([*stages[0].interpretations, *plans[0].interpretations])),
        )
