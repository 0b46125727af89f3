"""Spreadsheets of the plan: the columns of the act in their order, then what the product adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase

from gemba.kernel.numbers import format_date
from gemba.kernel.periods import Quarter
from gemba.plan.queries.plan import PlanView, RowView
from gemba.plan.reporting import Cells, shown
from gemba.plan.reporting import Column as ReportColumn
from gemba.regulations.queries import clause_title
from gemba.ui import exports
from gemba.ui.exports import Column

SOURCES = {"records": "по записям", "journal": "по журналу событий", "hand": "внесено вручную"}


def plan_workbook(*, view: PlanView, unit: str = "") -> HttpResponseBase:
    """Answer with the plan information of the quarter."""
    lens, pack = view.lens, view.lens.pack
    assert pack is not None and pack.plan is not None
    years = sorted(pack.edition.years)
    has_unit = len(pack.plan.columns) != len(years) + 3
    titles = pack.plan.columns or [
        "№", "Наименование показателя", *(["Единица измерения"] if has_unit else []),
        *(f"Целевое значение на {year} год" for year in years), "Ответственный исполнитель",
    ]  # fmt: skip
    kinds = ["text", "long", *(["text"] if has_unit else []), *["text"] * len(years), "long"]
    widths = [7, 60, *([14] if has_unit else []), *[16] * len(years), 40]
    columns = [
        Column(title, kind, width) for title, kind, width in zip(titles, kinds, widths, strict=True)
    ] + [
        Column(f"Факт за {lens.quarter.label}", "text", 18),
        Column("Число", "number", 12),
        Column("Исполнение, %", "number", 14),
        Column("Подробности", "long", 34),
        Column("Состояние", "text", 20),
        Column("Источник", "text", 20),
        Column("Пункт", "text", 22),
    ]
    name = unit or lens.municipality.name
    above = [
        f"{pack.plan.title}",
        f"{name}. {lens.quarter.label}, данные на {format_date(lens.as_of)}",
        f"Прошло {int(view.year_passed * 100)} % года. Редакция действует с "
        f"{format_date(lens.edition.effective_on if lens.edition else None)}",
    ]
    return exports.workbook(
        title="План мероприятий",
        columns=columns,
        rows=_lines(view, years, has_unit),
        file_name=f"План мероприятий, {lens.quarter.label}, {name}",
        above=above,
    )


def _lines(view: PlanView, years: list[int], has_unit: bool) -> Iterator[list[Any]]:
    width = 3 + int(has_unit) + len(years) + 7
    for section in view.sections:
        yield [section.number, section.title, *[None] * (width - 2)]
        for row in section.rows:
            yield _line(view, row, years, has_unit)


def _line(view: PlanView, seen: RowView, years: list[int], has_unit: bool) -> list[Any]:
    edition = view.lens.edition
    assert edition is not None
    row = seen.row
    cells: list[Any] = [row.number, row.title]
    if has_unit:
        cells.append(row.unit or "")
    for year in years:
        target = row.targets.get(year)
        cells.append(target.as_written if target else "")
    value = seen.own.value
    execution = seen.verdict.execution
    return [
        *cells,
        row.executors_as_written,
        seen.fact,
        round(value, 4) if value is not None else None,
        round(execution, 1) if execution is not None else None,
        seen.note,
        seen.state.word,
        SOURCES[seen.source],
        "; ".join(clause_title(edition, ref) for ref in row.clause),
    ]


def consolidated_workbook(
    *, title: str, columns: Sequence[ReportColumn], rows: Sequence[Cells], quarter: Quarter, name: str
) -> HttpResponseBase:
    """Answer with the consolidated report in the columns of the form."""
    kinds = {"opened_year": "text", "significance": "number", "project": "long", "participant": "long"}
    return exports.workbook(
        title="Отчёт",
        columns=[
            Column(one.title, kinds.get(one.code, "text"), None if one.code in kinds else 18) for one in columns
        ],
        rows=([_cell(one.code, cells.get(one.code, "")) for one in columns] for cells in rows),
        file_name=f"Отчёт о бережливых проектах, {quarter.label}, {name}",
        above=[title, name],
    )  # fmt: skip


def _cell(code: str, text: str) -> Any:
    if code == "significance" and text:
        try:
            return Decimal(text)
        except ArithmeticError:
            return text
    return shown(code, text)
