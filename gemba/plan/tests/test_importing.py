"""Spreadsheets as people send them: loaded whole, or refused with the right cell named."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.plan.importing import read_form
from gemba.plan.models import ReportRow
from gemba.plan.reporting import PLAIN
from gemba.plan.tests.test_reports import ROW, Town, town

__all__ = ["town"]
Q1 = Quarter(2026, 1)
HEAD = [
    "Участник реализации программы", "Направление", "Название проекта", "Год открытия", "Паспорт проекта (ссылка)",
    "Текущий этап проекта", "Дата закрытия (мм.гг.)", "Презентация (ссылка)", "Руководитель проекта", "Телефон, почта",
    "Организация/учреждение (сокращенное название)", "Показатель значимости проекта, балл",
]  # fmt: skip
LINE = [
    "Школа",
    "Образование",
    "Проект А",
    2026,
    "https://e.ru/p",
    "3. Анализ",
    None,
    None,
    "Лапин А. С.",
    "8 900",
    "Ш1",
    7.5,
]


def file_of(book: Workbook) -> io.BytesIO:
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def messy() -> Workbook:
    """A letterhead, a second sheet, merged cells, the row of numbers, a total, dates of every kind."""
    book = Workbook()
    book.active.title = "Титул"  # type: ignore[union-attr]
    book.active.append(["Сведения о проектах"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Лист 7 (копия)")
    sheet.append(["Отчет о реализации бережливого проекта за I квартал 2026 г."])
    sheet.merge_cells("A1:L1")
    sheet.append([])
    sheet.append(HEAD)
    sheet.append(list(range(1, 13)))
    sheet.append(LINE)
    sheet.append(
        [
            None,
            None,
            "Проект Б",
            "2025 г.",
            "",
            "9. Закрытие",
            datetime(2026, 3, 15),
            "",
            "Дубов С. Е.",
            "",
            "Ш1",
            "",
        ]
    )
    sheet.append(
        [None, None, "Проект В", 2024.0, "", "9. Закрытие", "02.26.", "", "Дубов С. Е.", "", "Ш1", "10,25"]
    )
    sheet.merge_cells("A5:A7")
    sheet.merge_cells("B5:B7")
    sheet.append(["Управление образования"])
    sheet.append(["", "", "Итого 3", "", "", "", "", "", "", "", "", 17])
    return book


def test_a_messy_file_is_read() -> None:
    found = read_form(file_of(messy()), PLAIN, Q1)
    assert (found.sheet, found.head, found.wrong, found.missing) == ("Лист 7 (копия)", 3, [], [])
    cells = [row.cells for row in found.rows]
    assert [one["project"] for one in cells] == ["Проект А", "Проект Б", "Проект В"]
    assert {one["participant"] for one in cells} == {"Школа"}
    assert [one["closed_on"] for one in cells] == ["", "2026-03-15", "2026-02-01"]
    assert [one["opened_year"] for one in cells] == ["2026", "2025", "2024"]
    assert [one["significance"] for one in cells] == ["7.5", "", "10.25"]
    assert [number for number, _ in found.skipped] == [8, 9]


def test_wrong_cells_are_named_by_their_place() -> None:
    book = messy()
    sheet = book["Лист 7 (копия)"]
    sheet["G5"], sheet["D6"], sheet["C7"] = "скоро", "прошлый", None
    found = read_form(file_of(book), PLAIN, Q1)
    places = {row.places[problem.field] for row in found.wrong for problem in row.problems}
    assert places == {"G5", "D6", "C7"}


def test_columns_in_another_order_and_fewer_of_them() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Руководитель", "Наименование проекта", "Этап", "Год открытия", "Учреждение"])
    sheet.append(["Лапин", "Проект", "3", "2026", "Ш1"])
    found = read_form(file_of(book), PLAIN, Q1)
    assert found.rows[0].cells["leader"] == "Лапин"
    assert len(found.missing) == 7


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"])
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match="не читается"):
        read_form(io.BytesIO(content), PLAIN, Q1)


def test_a_spreadsheet_of_something_else_is_refused() -> None:
    book = Workbook()
    book.active.append(["Фамилия", "Оклад"])  # type: ignore[union-attr]
    with pytest.raises(Refusal, match="нет заголовков формы"):
        read_form(file_of(book), PLAIN, Q1)


def ready_of(body: str) -> str:
    start = body.index('name="ready" value="') + len('name="ready" value="')
    return body[start : body.index('"', start)]


def test_checked_loaded_and_taken_back(town: Town) -> None:
    town.coordinator.post(town.at("row/"), ROW)
    upload = file_of(messy())
    upload.name = "отчёт.xlsx"
    response = town.coordinator.post(town.at("load/"), {"file": upload})
    assert response.status_code == 200
    assert ReportRow.objects.count() == 1
    town.coordinator.post(town.at("load/"), {"ready": ready_of(response.content.decode())})
    names = set(ReportRow.objects.values_list("cells__project", flat=True))
    assert names == {"Проект А", "Проект Б", "Проект В"}
    town.coordinator.post(town.at("unload/"), {})
    assert set(ReportRow.objects.values_list("cells__project", flat=True)) == {"Быстрая справка"}


def test_a_file_with_a_mistake_loads_nothing(town: Town) -> None:
    book = messy()
    book["Лист 7 (копия)"]["G5"] = "скоро"
    upload = file_of(book)
    upload.name = "отчёт.xlsx"
    response = town.coordinator.post(town.at("load/"), {"file": upload})
    assert response.status_code == 422
    assert "<b>G5</b>" in response.content.decode()
    assert not ReportRow.objects.exists()


def test_rows_forged_in_the_form_are_not_taken(town: Town) -> None:
    response = town.coordinator.post(town.at("load/"), {"ready": "подделка"})
    assert response.status_code == 422
    assert "устарела" in response.content.decode()
    assert date.min
