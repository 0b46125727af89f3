"""Spreadsheets of the plan as the act prints its forms: the columns of the act in their order, then the product's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from gemba.kernel.numbers import format_date
from gemba.kernel.periods import Quarter
from gemba.plan.models import LockedRow, ReportingPeriod
from gemba.plan.printed import Field, Line, Section, printed_form
from gemba.plan.queries.corrections import Correction
from gemba.plan.queries.plan import PlanView, RowView
from gemba.plan.reporting import Cells, shown
from gemba.plan.reporting import Column as ReportColumn
from gemba.plan.rules import State
from gemba.regulations.queries import clause_title

SOURCES = {"records": "по записям", "journal": "по журналу событий", "hand": "внесено вручную"}
NUMBER = "#,##0.####"


def plan_workbook(
    *, view: PlanView, unit: str = "", corrected: Mapping[str, Correction] | None = None
) -> HttpResponseBase:
    """Answer with the plan information of the quarter; `corrected` adds the corrections of the last locked one."""
    lens, pack = view.lens, view.lens.pack
    assert pack is not None and pack.plan is not None
    years = sorted(pack.edition.years)
    has_unit = len(pack.plan.columns) != len(years) + 3
    titles = pack.plan.columns or [
        "№", "Наименование показателя", *(["Единица измерения"] if has_unit else []),
        *(f"Целевое значение на {year} год" for year in years), "Ответственный исполнитель",
    ]  # fmt: skip
    widths = [6, 46, *([12] if has_unit else []), *[13] * len(years), 30]
    aligns = ["center", "left", *(["center"] if has_unit else []), *["center"] * len(years), "left"]
    fields = [Field(title, width, align) for title, width, align in zip(titles, widths, aligns, strict=True)]
    fields += [
        Field(f"Факт за {lens.quarter.label}", 15, "center"),
        Field("Число", 11, "right", NUMBER),
        Field("Исполнение, %", 13, "right", "0.0"),
        Field("Прогноз на год", 11, "right", NUMBER),
        Field("Подробности", 26),
        Field("Состояние", 16, "center"),
        Field("Источник", 18),
        Field("Пункт", 18),
    ]
    if corrected:
        fields.append(Field(f"Корректировка за {next(iter(corrected.values())).label}", 28))
    name = unit or lens.municipality.name
    return printed_form(
        sheet_title="План мероприятий",
        file_name=f"План мероприятий, {lens.quarter.label}, {name}",
        title=pack.plan.title,
        under=[
            f"{name}. {lens.quarter.label}, данные на {format_date(lens.as_of)}",
            f"Прошло {int(view.year_passed * 100)} % года. Редакция действует с "
            f"{format_date(lens.edition.effective_on if lens.edition else None)}",
        ],
        fields=fields,
        lines=_lines(view, years, has_unit, corrected or {}),
    )


def _lines(
    view: PlanView, years: list[int], has_unit: bool, corrected: Mapping[str, Correction]
) -> Iterator[Line]:
    for section in view.sections:
        yield Section(f"{section.number}. {section.title}")
        for row in section.rows:
            cells = _line(view, row, years, has_unit)
            if corrected:
                found = corrected.get(row.row.code)
                cells.append(". ".join(part for part in (found.words, found.reason) if part) if found else "")
            yield cells


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
    value, execution = seen.own.value, seen.verdict.execution
    forecast = seen.verdict.forecast if seen.own.grows and view.year_passed < 1 else None
    return [
        *cells,
        row.executors_as_written,
        seen.fact,
        round(value, 4) if value is not None else None,
        round(execution, 1) if execution is not None else None,
        round(forecast, 1) if forecast is not None else None,
        seen.note,
        seen.state.word,
        SOURCES[seen.source],
        "; ".join(clause_title(edition, ref) for ref in row.clause),
    ]


@dataclass(frozen=True)
class Absent:
    """Who is in the consolidated report without a row of projects."""

    zero: Sequence[str] = ()
    missing: Sequence[str] = ()

    @property
    def lines(self) -> list[str]:
        """Return them as the lines under the table."""
        found = (
            (f"Проектов нет (нулевой отчёт), {len(self.zero)}: ", self.zero),
            (f"Отчёт не представлен или не принят, {len(self.missing)}: ", self.missing),
        )
        return [f"{title}{'; '.join(names)}." for title, names in found if names]


_FORM_WIDTHS = {
    "participant": 24, "direction": 16, "project": 34, "opened_year": 10, "passport_link": 22, "stage": 22,
    "closed_on": 11, "presentation_link": 22, "leader": 24, "contacts": 24, "organisation": 20, "significance": 13,
}  # fmt: skip


def consolidated_workbook(
    *,
    title: str,
    columns: Sequence[ReportColumn],
    rows: Sequence[Cells],
    quarter: Quarter,
    name: str,
    absent: Absent,
    site: str = "",
) -> HttpResponse:
    """Answer with the consolidated report as the form prints it; addresses of the product are made whole by `site`."""
    centred = ("opened_year", "closed_on", "significance")
    return printed_form(
        sheet_title="Отчёт",
        file_name=f"Отчёт о бережливых проектах, {quarter.label}, {name}",
        title=title,
        under=[name],
        fields=[
            Field(
                one.title,
                _FORM_WIDTHS.get(one.code, 18),
                "center" if one.code in centred else "left",
                "0.###",
            )
            for one in columns
        ],
        lines=([_cell(one.code, cells.get(one.code, ""), site) for one in columns] for cells in rows),
        numbers=[one.number for one in columns],
        below=absent.lines,
    )


def _cell(code: str, text: str, site: str) -> Any:
    if code == "significance" and text:
        try:
            return Decimal(text)
        except ArithmeticError:
            return text
    if site and text.startswith("/"):
        return site.rstrip("/") + text
    return shown(code, text)


def locked_workbook(
    *, period: ReportingPeriod, kept: Sequence[LockedRow], since: Mapping[str, Correction], name: str
) -> HttpResponse:
    """Answer with the snapshot of a locked quarter and what has changed in it since."""
    label = Quarter(period.year, period.quarter).label
    fields = [
        Field("№", 6, "center"), Field("Показатель", 60), Field("Цель на год", 18, "center"),
        Field("Факт на закрытие", 16, "center"), Field("Состояние", 18, "center"), Field("Подробности", 34),
        Field("Записей", 10, "right"), Field("Стало позже", 34),
    ]  # fmt: skip
    return printed_form(
        sheet_title="Закрытый квартал",
        file_name=f"План мероприятий на закрытие, {label}, {name}",
        title=f"Показатели плана за {label} на день закрытия",
        under=[f"{name}. Закрыл(а) {period.locked_by} {format_date(period.locked_on)}. Снимок не меняется."],
        fields=fields,
        lines=[
            [
                row.number, row.title, row.target, row.fact, State(row.state).word, row.note, len(row.records),
                ". ".join(part for part in (since[row.code].words, since[row.code].reason) if part)
                if row.code in since
                else "",
            ]
            for row in kept
        ],
    )  # fmt: skip


__all__ = ["Absent", "consolidated_workbook", "locked_workbook", "plan_workbook"]
