"""Files as organisations really send them, new and old: read whole, or refused with the right cell named."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.plan.importing import ReadFile, read_form
from gemba.plan.models import ReportRow
from gemba.plan.reporting import PLAIN, read_month
from gemba.plan.tests.test_importing import HEAD, LINE, ready_of
from gemba.plan.tests.test_reports import Town, town

__all__ = ["town"]
Q1 = Quarter(2026, 1)


@dataclass
class Made:
    """A sheet to be written in either format; rows and columns count from 1."""

    rows: list[list[Any]]
    title: str = "Лист1"
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    is_hidden: bool = False


def new(*sheets: Made) -> io.BytesIO:
    book = Workbook()
    del book[book.sheetnames[0]]
    for made in sheets:
        sheet = book.create_sheet(made.title)
        for row in made.rows:
            sheet.append(row)
        for first, last, left, right in made.merged:
            sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)
        for number in made.hidden:
            sheet.row_dimensions[number].hidden = True
        if made.is_hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def old(*sheets: Made) -> io.BytesIO:
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for made in sheets:
        sheet = book.add_sheet(made.title, cell_overwrite_ok=True)
        for number, row in enumerate(made.rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)
        for first, last, left, right in made.merged:
            corner = made.rows[first - 1][left - 1]
            sheet.write_merge(first - 1, last - 1, left - 1, right - 1, corner)
        for number in made.hidden:
            sheet.row(number - 1).hidden = True
        if made.is_hidden:
            sheet.visibility = 1
    return saved(book)


def saved(book: Any) -> io.BytesIO:
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


Maker = Callable[..., io.BytesIO]
both = pytest.mark.parametrize("make", [new, old], ids=["xlsx", "xls"])


def read(stream: io.BytesIO) -> ReadFile:
    return read_form(stream, PLAIN, Q1)


def line(**changes: Any) -> list[Any]:
    row = list(LINE)
    for letter, value in changes.items():
        row[ord(letter) - ord("A")] = value
    return row


@both
def test_letterhead_merged_cells_total_and_dates_of_every_kind(make: Maker) -> None:
    rows = [
        ["Отчет о реализации бережливого проекта за I квартал 2026 г.", *[None] * 11],
        [],
        HEAD,
        [*range(1, 13)],
        line(C="Проект А"),
        [None, None, "Проект Б", "2025 г.", "", "9", datetime(2026, 3, 15), "", "Дубов С. Е.", "", "Ш1", ""],
        [None, None, "Проект В", 2024.0, "", "9", "02.26.", "", "Дубов С. Е.", "", "Ш1", "10,25"],
        HEAD,
        line(A="Школа 2", C="Проект Г", D=2024, G="февраль 2026 года"),
        ["Управление образования", *[None] * 11],
        ["", "", "Итого 4", "", "", "", "", "", "", "", "", 17],
    ]
    found = read(make(Made(rows, "I кв. 2026", merged=[(1, 1, 1, 12), (5, 7, 1, 1), (5, 7, 2, 2)])))
    assert (found.sheet, found.head, found.wrong, found.missing) == ("I кв. 2026", 3, [], [])
    cells = [row.cells for row in found.rows]
    assert [one["project"] for one in cells] == ["Проект А", "Проект Б", "Проект В", "Проект Г"]
    assert [one["participant"] for one in cells] == ["Школа", "Школа", "Школа", "Школа 2"]
    assert [one["closed_on"] for one in cells] == ["", "2026-03-15", "2026-02-01", "2026-02-01"]
    assert [one["significance"] for one in cells] == ["7.5", "", "10.25", "7.5"]
    assert [number for number, _ in found.skipped] == [10, 11]


@both
def test_two_rows_of_headings(make: Maker) -> None:
    above = [
        "Участник",
        "Направление",
        "Проект",
        None,
        None,
        None,
        None,
        None,
        "Руководитель",
        None,
        "Организация",
        "Балл",
    ]
    below = [None, None, "Название", "Год открытия", "Паспорт", "Этап", "Дата закрытия (мм.гг.)", "Презентация", "Ф. И. О.",
             "Телефон", None, None]  # fmt: skip
    merged = [(1, 2, 1, 1), (1, 2, 2, 2), (1, 1, 3, 8), (1, 1, 9, 10), (1, 2, 11, 11), (1, 2, 12, 12)]
    found = read(make(Made([above, below, [*range(1, 13)], line(G="03.26")], merged=merged)))
    assert (found.missing, found.wrong) == ([], [])
    [row] = found.rows
    assert row.cells["project"] == "Проект А"
    assert row.cells["leader"] == "Лапин А. С."
    assert (row.cells["contacts"], row.cells["closed_on"]) == ("8 900", "2026-03-01")


@both
def test_hidden_rows_are_read_and_told_and_a_hidden_sheet_is_not_the_form(make: Maker) -> None:
    last_year = Made([HEAD, line(C="Старый")], "2025", is_hidden=True)
    now = Made([HEAD, line(C="Видный"), line(C="Скрытый")], "Свод", hidden=[3])
    found = read(make(last_year, now))
    assert (found.sheet, found.hidden, found.others) == ("Свод", [3], ["2025"])
    assert [row.cells["project"] for row in found.rows] == ["Видный", "Скрытый"]


@both
@pytest.mark.parametrize(
    ("letter", "value", "says"),
    [
        ("G", "скоро", "не месяц и год"),
        ("G", "13.26", "не месяц и год"),
        ("G", "05.26", "позже отчётного квартала"),
        ("D", "давно", "не год"),
        ("D", 2031, "позже отчётного"),
        ("L", "много", ""),
        ("I", None, "Не заполнено"),
        ("F", "#Н/Д", "Ошибка формулы"),
        ("C", "х" * 600, "Длиннее"),
    ],
)
def test_the_wrong_cell_is_named(make: Maker, letter: str, value: Any, says: str) -> None:
    found = read(make(Made([HEAD, line(C="Первый", D=2024), line(**{"C": "Второй", letter: value})])))
    named = [(row.places[one.field], str(one)) for row in found.wrong for one in row.problems]
    assert [place for place, _ in named] == [f"{letter}3"]
    assert says in named[0][1]


def test_a_formula_without_a_value_is_named() -> None:
    stream = new(Made([HEAD, line(D="=YEAR(TODAY())")]))
    found = read(stream)
    assert [row.places[one.field] for row in found.wrong for one in row.problems] == ["D2"]
    assert "Формула" in str(found.wrong[0].problems[0])


@both
def test_many_columns_more_than_the_form(make: Maker) -> None:
    found = read(make(Made([["№ п/п", *HEAD, "Примечание"], [1, *LINE, "смотри папку"]])))
    assert found.rows[0].cells["project"] == "Проект А"
    assert found.rows[0].places["project"] == "D2"
    assert found.missing == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "веб-страница"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "паролем"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000, "не читается"),
        (old(Made([HEAD, LINE])).getvalue()[:1500], "не читается"),
        (new(Made([HEAD, LINE])).getvalue()[:900], "не читается"),
    ],
    ids=["page", "password", "container", "half old", "half new"],
)
def test_what_cannot_be_opened_says_why(content: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        read(io.BytesIO(content))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("сентябрь 2026", date(2026, 9, 1)), ("сент. 26 г.", date(2026, 9, 1)), ("Мая 2026 года", date(2026, 5, 1)),
        ("май 26", date(2026, 5, 1)), ("март, 2026", date(2026, 3, 1)), ("46096", date(2026, 3, 15)), ("9.26", date(2026, 9, 1)),
    ],
)  # fmt: skip
def test_months_in_words_and_numbers_of_days(text: str, day: date) -> None:
    assert read_month(text) == day


@pytest.mark.parametrize("text", ["скоро 2026", "кварт 26", "2026", "99999"])
def test_other_words_are_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="не месяц и год"):
        read_month(text)


def test_an_old_file_is_checked_loaded_and_taken_back(town: Town) -> None:
    upload = old(Made([HEAD, line(C="Из старого файла"), line(C="Ещё один")]))
    upload.name = "отчёт.xls"
    response = town.coordinator.post(town.at("load/"), {"file": upload})
    assert response.status_code == 200, response.content.decode()
    assert not ReportRow.objects.exists()
    town.coordinator.post(town.at("load/"), {"ready": ready_of(response.content.decode())})
    assert set(ReportRow.objects.values_list("cells__project", flat=True)) == {"Из старого файла", "Ещё один"}
    town.coordinator.post(town.at("unload/"), {})
    assert not ReportRow.objects.exists()


def test_words_behind_which_an_address_stands_give_the_address() -> None:
    from openpyxl import load_workbook

    book = load_workbook(
        new(Made([HEAD, line(E="паспорт", H='=HYPERLINK("https://e.ru/slides";"слайды")'), line(C="Б")]))
    )
    sheet: Any = book.active
    sheet["E2"].hyperlink = "https://e.ru/passport"
    sheet["E3"].hyperlink = "file:///C:/паспорт.docx"
    sheet["E3"].value = "на диске"
    first, second = [row.cells for row in read(saved(book)).rows]
    assert (first["passport_link"], first["presentation_link"]) == (
        "https://e.ru/passport",
        "https://e.ru/slides",
    )
    assert second["passport_link"] == "на диске"


@both
def test_short_headings_a_year_as_a_date_and_points_in_words(make: Maker) -> None:
    head = ["Участник", "Направление", "Проект", "Год", "Паспорт", "Этап", "Закрыт", "Презентация", "Руководитель",
            "Телефон", "Организация", "Балл"]  # fmt: skip
    rows = [head, line(D=date(2026, 2, 1), L="7,5 баллов"), line(C="Б", D="01.02.2026", L="нет", G="март 26")]
    found = read(make(Made(rows)))
    assert (found.missing, found.wrong) == ([], [])
    assert [row.cells["opened_year"] for row in found.rows] == ["2026", "2026"]
    assert [row.cells["significance"] for row in found.rows] == ["7.5", ""]


@both
def test_one_project_twice_is_named_by_its_cell(make: Maker) -> None:
    found = read(make(Made([HEAD, line(), line(C="Проект Б"), line(C="проект  А")])))
    [wrong] = found.wrong
    assert [(wrong.places[one.field], one.text) for one in wrong.problems] == [
        ("C4", "Этот проект уже есть в строке 2.")
    ]


@both
def test_of_two_sheets_that_of_the_quarter_is_read(make: Maker) -> None:
    sheets = [
        Made([HEAD, line(C=name)], title)
        for title, name in (("4 кв. 2025", "Старый"), ("I кв 2026", "Новый"))
    ]
    found = read(make(*sheets))
    assert (found.sheet, found.others, found.other_quarter) == ("I кв 2026", ["4 кв. 2025"], "")
    title = ["Отчет о реализации бережливого проекта за IV квартал 2025 г.", *[None] * 11]
    assert read(make(Made([title, HEAD, line()]))).other_quarter == "IV квартал 2025 года"


def test_the_file_of_another_organisation_is_noticed(town: Town) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = new(Made([HEAD, line(A="Школа № 2", K="Школа № 1")]))
    page = town.coordinator.post(town.at("load/"), {"file": SimpleUploadedFile("отчёт.xlsx", file.read())})
    body = page.content.decode()
    assert "В файле другая организация: A2 «Школа № 2»" in body
    assert "«Школа № 1»;" not in body
