"""Spreadsheets of what stands on the page of a row: the records behind its number, its organisations."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponseBase

from gemba.plan.metrics import Record
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import RowView, UnitLine
from gemba.ui import exports

MOST = 10_000

_RECORDS = [
    exports.Column("Дата", "date"),
    exports.Column("Номер или вид"),
    exports.Column("Что", "long"),
    exports.Column("Организация", "long"),
    exports.Column("Подробности", "long"),
]
_UNITS = [
    exports.Column("Организация", "long"),
    exports.Column("Факт"),
    exports.Column("Состояние"),
    exports.Column("Подробности", "long"),
]


def records_workbook(*, lens: Lens, shown: RowView, records: Iterable[Record], unit: str) -> HttpResponseBase:
    """Answer with the records behind the number, newest first."""
    return exports.workbook(
        title="Записи",
        columns=_RECORDS,
        rows=([one.on, one.number, one.title, one.organisation, one.note] for one in records),
        file_name=_name("Записи", lens, shown, unit),
    )


def units_workbook(*, lens: Lens, shown: RowView, lines: Iterable[UnitLine]) -> HttpResponseBase:
    """Answer with the organisations of the row as the page orders them."""
    return exports.workbook(
        title="Организации",
        columns=_UNITS,
        rows=([one.name, one.fact, one.verdict.state.word, one.verdict.note] for one in lines),
        file_name=_name("Организации", lens, shown, ""),
    )


def _name(what: str, lens: Lens, shown: RowView, unit: str) -> str:
    return f"{what} строки {shown.row.number}, {lens.quarter.label}, {unit or lens.municipality.name}"
