"""The layout of the two sheets, the same for the template, the export and the import."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gemba.organisation.models import OrganisationKind

# As many rows as carry drop-downs and text format; more may be typed below.
PREPARED_ROWS = 5000
CLEAR = "-"


@dataclass(frozen=True)
class Column:
    """A column of a sheet: how it is called, what to write there, an example."""

    key: str
    title: str
    how: str
    example: str = ""
    is_required: bool = False
    kind: str = "text"  # text, date, choice, yes
    choices: tuple[str, ...] = ()
    # Other titles people give to the same column.
    aliases: tuple[str, ...] = ()
    width: int = 18


@dataclass(frozen=True)
class Layout:
    """A sheet: its title and columns."""

    subject: str
    title: str
    columns: tuple[Column, ...]
    # Who the rows are, for sentences: «организация», «сотрудник».
    notes: tuple[str, ...]

    def column(self, key: str) -> Column:
        """Return the column with this key."""
        return next(column for column in self.columns if column.key == key)


COMMON_NOTES = (
    "Заполняйте первый лист. Столбцы можно переставлять, лишние столбцы и строки над заголовком не мешают.",
    "Строку узнают по коду. Нет кода — реестр ищет по ИНН и названию, а новой записи даст код сам.",
    "Пустая ячейка ничего не меняет. Чтобы стереть прежнее значение, поставьте «-».",
    "Даты: 21.11.2026. Формулы не переносятся, берётся их значение.",
    "Сначала файл проверяется: до вашего согласия ничего не загружается.",
)

ORGANISATIONS = Layout(
    "organisations",
    "Организации",
    (
        Column("code", "Код", "По нему запись узнают. Пусто — код даст реестр.", "00004", width=12),
        Column(
            "kind", "Вид", "Выберите из списка.", "Учреждение", True, "choice", tuple(OrganisationKind.labels),
            width=30,
        ),
        Column(
            "name", "Полное название", "Как в уставе или положении.", "МБОУ «Средняя школа № 1»", True,
            aliases=("Название", "Наименование", "Полное наименование"), width=60,
        ),
        Column(
            "short_name", "Короткое название", "Для списков и отчётов.", "Школа № 1",
            aliases=("Краткое название", "Сокращённое наименование"), width=30,
        ),
        Column(
            "parent", "Код вышестоящей", "Код организации, которой подчинена; можно из этого же файла.", "00003",
            aliases=("Кому подчинена", "Вышестоящая организация"), width=18,
        ),
        Column("direction", "Направление", "Из справочника округа; нового не появится.", "Образование",
               aliases=("Сфера", "Отрасль"), width=22),
        Column("inn", "ИНН", "10 цифр; у подразделений без ИНН оставьте пустым.", "", width=14),
        Column("starts_on", "Создана", "Дата создания, если известна.", "01.09.1998", kind="date", width=13),
        Column("ends_on", "Закрыта", "Последний день; только у закрытых.", "", kind="date", width=13),
        Column("closing_ground", "Основание закрытия", "Акт: вид, дата, номер.", "", width=30),
        Column("successor", "Код правопреемника", "У присоединённых.", "", width=18),
        Column(
            "participation", "Участие в программе",
            "Каждый период с новой строки ячейки (Alt+Enter): 01.01.2024 – 31.12.2024 (основание). Без второй даты "
            "— участвует сейчас.",
            "01.01.2024 –", width=34,
        ),
        Column(
            "headcount", "Численность", "Каждая дата с новой строки: 01.01.2024: 62.", "01.01.2024: 62", width=24
        ),
        Column(
            "units", "Подразделения", "Каждое с новой строки; вложенное через «>»: Начальная школа > Продлёнка.",
            "Начальная школа", width=40,
        ),
    ),
    COMMON_NOTES,
)  # fmt: skip

PEOPLE = Layout(
    "people",
    "Сотрудники",
    (
        Column("code", "Код", "Табельный номер или свой код. Пусто — код даст реестр.", "",
               aliases=("Табельный номер",), width=12),
        Column("family_name", "Фамилия", "", "Полевая", True),
        Column("given_name", "Имя", "", "Анна", True),
        Column("patronymic", "Отчество", "Если есть.", "Львовна"),
        Column("phone", "Телефон", "Рабочий.", "", width=20),
        Column("email", "Почта", "Рабочая.", "", aliases=("Электронная почта", "E-mail", "Email"), width=26),
        Column("organisation", "Код организации", "Код из листа организаций.", "00004",
               aliases=("Организация",), width=18),
        Column("unit", "Подразделение", "Название из карточки организации; вложенное через «>».", "", width=30),
        Column("title", "Должность", "Без «и.о.»: для этого есть свой столбец.", "Учитель", width=40),
        Column("is_acting", "и.о.", "да, если исполняет обязанности.", "", kind="yes", choices=("да", "нет"), width=8),
        Column("is_head", "Руководитель", "да, если руководит организацией или этим подразделением.", "",
               kind="yes", choices=("да", "нет"), width=14),
        Column("starts_on", "Работает с", "Дата назначения.", "01.09.2020", kind="date", width=13),
        Column("ends_on", "Работает по", "Последний день; пусто — работает.", "", kind="date", width=13),
    ),
    (
        *COMMON_NOTES,
        "Если у человека несколько должностей, повторите его строку с тем же кодом.",
    ),
)  # fmt: skip

LAYOUTS = {layout.subject: layout for layout in (ORGANISATIONS, PEOPLE)}


def write(
    *, layout: Layout, rows: Iterable[Sequence[Any]], references: dict[str, Sequence[str]], stream: IO[bytes]
) -> None:
    """Write the sheet with drop-downs, instructions and the given rows; an empty one is the template."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(layout.title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(layout.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    lists = _validations(layout, references)
    for validation in lists:
        sheet.data_validations.append(validation)
    sheet.append([_head(sheet, column) for column in layout.columns])
    written = 0
    for row in rows:
        sheet.append([_cell(sheet, value, column) for value, column in zip(row, layout.columns, strict=True)])
        written += 1
    if not written:
        _append_blank(sheet, layout)
    _write_help(book, layout)
    _write_references(book, references)
    book.save(stream)


def as_file(
    *, layout: Layout, rows: Iterable[Sequence[Any]], references: dict[str, Sequence[str]]
) -> IO[bytes]:
    """Write the sheet into a temporary file and return it open at its beginning."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write(layout=layout, rows=rows, references=references, stream=stream)
    stream.seek(0)
    return stream


def _append_blank(sheet: Any, layout: Layout) -> None:
    # Text format keeps leading zeros of codes and ИНН that people type.
    for _ in range(200):
        sheet.append([_cell(sheet, "", column, is_blank=True) for column in layout.columns])


def _cell(sheet: Any, value: Any, column: Column, *, is_blank: bool = False) -> Any:
    if isinstance(value, date):
        cell: Any = WriteOnlyCell(sheet, datetime.combine(value, time.min))
        cell.number_format = "DD.MM.YYYY"
        return cell
    if isinstance(value, bool):
        value = "да" if value else ""
    if value in (None, "") and not is_blank:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value or "")) or None)
    if column.kind != "date":
        cell.number_format = "@"
    if cell.value is not None:
        # A text that begins like a formula stays a text.
        cell.data_type = "s"
        if "\n" in str(value):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif column.kind == "date":
        cell.number_format = "DD.MM.YYYY"
    return cell


def _head(sheet: Any, column: Column) -> Any:
    cell = WriteOnlyCell(sheet, f"{column.title} *" if column.is_required else column.title)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DCE6F5" if column.is_required else "EEF1F6")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _validations(layout: Layout, references: dict[str, Sequence[str]]) -> list[DataValidation]:
    found = []
    for number, column in enumerate(layout.columns, 1):
        letter = get_column_letter(number)
        if column.choices:
            formula = '"' + ",".join(column.choices) + '"'
        elif references.get(column.key):
            place = get_column_letter(list(references).index(column.key) + 1)
            formula = f"Справочники!${place}$2:${place}${len(references[column.key]) + 1}"
        else:
            continue
        validation = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
        validation.add(f"{letter}2:{letter}{PREPARED_ROWS + 1}")
        found.append(validation)
    return found


def _write_help(book: Workbook, layout: Layout) -> None:
    sheet = book.create_sheet("Как заполнять")
    for letter, width in (("A", 26), ("B", 16), ("C", 90), ("D", 36)):
        sheet.column_dimensions[letter].width = width
    for note in layout.notes:
        sheet.append([note])
    sheet.append([])
    sheet.append([_bold(sheet, text) for text in ("Столбец", "Обязателен", "Что писать", "Пример")])
    for column in layout.columns:
        choices = f"Одно из: {', '.join(column.choices)}." if column.choices else ""
        sheet.append(
            [
                column.title,
                "да" if column.is_required else "",
                f"{column.how} {choices}".strip(),
                column.example,
            ]
        )


def _write_references(book: Workbook, references: dict[str, Sequence[str]]) -> None:
    if not references:
        return
    sheet = book.create_sheet("Справочники")
    titles = {column.key: column.title for layout in LAYOUTS.values() for column in layout.columns}
    sheet.append([_bold(sheet, titles.get(key, key)) for key in references])
    for number in range(max(map(len, references.values()), default=0)):
        line = []
        for values in references.values():
            cell = WriteOnlyCell(sheet, values[number] if number < len(values) else None)
            if cell.value is not None:
                cell.data_type = "s"
            line.append(cell)
        sheet.append(line)


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell
