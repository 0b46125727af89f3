"""Spreadsheets: nothing in them runs, numbers stay numbers, files open."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.ui.exports import Column, csv, safe_text, workbook

COLUMNS = [
    Column("Название"),
    Column("Балл", "number"),
    Column("Подано", "date"),
    Column("Изменено", "datetime"),
]
MOMENT = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
DANGEROUS = ["=1+1", "+7 900", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://evil")']


def sheet_of(rows, columns=COLUMNS, **more):
    response = workbook(
        title="Лист: [1]", columns=columns, rows=rows, file_name="Отчёт за III квартал", **more
    )
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def text_of(rows, columns=COLUMNS):
    response = csv(columns=columns, rows=rows, file_name="Отчёт")
    return b"".join(response.streaming_content).decode("utf-8")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    cell = sheet_of([(text, 1, None, None)])["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert text_of([(text, 1, None, None)]).splitlines()[1][:1] in {"'", '"'}


@given(st.text())
def test_csv_text_never_begins_like_a_formula(text):
    assert not safe_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe_text(text).endswith(text)


def test_a_heading_is_no_formula_either():
    assert sheet_of([], [Column("=1+1")])["A1"].data_type == "s"


def test_numbers_and_dates_are_real_in_xlsx():
    sheet = sheet_of([("Имя", Decimal("-2.5"), date(2026, 11, 21), MOMENT)])
    assert (sheet["B2"].value, sheet["B2"].data_type) == (-2.5, "n")
    assert sheet["C2"].value.date() == date(2026, 11, 21)
    assert sheet["C2"].number_format == "DD.MM.YYYY"
    assert sheet["D2"].value.hour != 3, "the moment is written in local time"


def test_xlsx_looks_finished():
    sheet = sheet_of([("Имя", 1, None, None)] * 3, above=["Промышленновский округ", "=данные"])
    assert sheet.freeze_panes == "A4"
    assert sheet["A3"].font.b
    assert sheet["A2"].data_type == "s"
    assert sheet.auto_filter.ref == "A3:D6"
    assert sheet.column_dimensions["A"].width > 20


def test_csv_opens_in_russian_excel():
    text = text_of([("Имя; с точкой", Decimal("2.50"), date(2026, 11, 21), MOMENT)])
    assert text.startswith("\ufeffНазвание;Балл;Подано;Изменено\r\n")
    line = text.split("\r\n")[1]
    assert line.startswith('"Имя; с точкой";2,50;21.11.2026;21.11.2026 ')


def test_a_character_that_xml_forbids_does_not_break_the_file():
    assert sheet_of([("до\x00после\x0b", 1, None, None)])["A2"].value == "допосле"


@given(st.text(alphabet=st.characters()), st.sampled_from(["text", "long"]))
def test_any_text_comes_back_from_xlsx_as_it_was(text, kind):
    value = sheet_of([("начало", None), (text, 7)], [Column("Текст", kind), Column("Число", "number")])[
        "A3"
    ].value
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    assert (value or "").replace("\r\n", "\n") == kept.replace("\r\n", "\n")


def test_a_text_longer_than_a_cell_is_cut_and_the_file_opens():
    assert len(sheet_of([("щ" * 40_000, 1, None, None)])["A2"].value) == 32_767


def test_what_is_no_number_and_no_date_is_a_word():
    row = sheet_of([(True, float("nan"), None, "")] * 2)[2]
    assert [cell.value for cell in row] == ["да", "nan", None, None]


def test_the_sheet_prints_on_the_width_of_the_paper():
    assert sheet_of([("Имя", 1, None, None)]).sheet_properties.pageSetUpPr.fitToPage


def test_the_file_has_a_russian_name():
    response = workbook(title="x", columns=COLUMNS, rows=[], file_name="Отчёт")
    assert "filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.xlsx" in response["Content-Disposition"]


def test_a_long_csv_comes_in_many_parts():
    row = ("Единая форма заявки на ремонт", Decimal("12.5"), date(2026, 11, 21), MOMENT.replace(tzinfo=None))
    parts = [len(part) for part in csv(columns=COLUMNS, rows=(row for _ in range(20_000)), file_name="x")]
    assert sum(parts) > 1_000_000
    assert max(parts) < 200_000
