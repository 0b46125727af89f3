"""The 12-column report as data: its columns, reading of cells as people write them, checks, changes. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gemba.kernel.numbers import format_number, parse_number
from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Problem
from gemba.organisation.rules import name_key, tidy
from gemba.regulations.pack import Pack

Cells = Mapping[str, str]

LONGEST = 500


@dataclass(frozen=True)
class Column:
    """A column of the form."""

    number: int
    code: str
    title: str


@dataclass(frozen=True)
class Remark:
    """What is wrong with a cell; without a row it is about the whole report."""

    text: str
    row_id: int | None = None
    column: str = ""


# Where the act gives no form, the report is kept in the columns that the form of the region has, named shortly.
PLAIN = tuple(
    Column(number, code, title)
    for number, (code, title) in enumerate(
        [
            ("participant", "Участник"), ("direction", "Направление"), ("project", "Проект"),
            ("opened_year", "Год открытия"), ("passport_link", "Паспорт (ссылка)"), ("stage", "Этап"),
            ("closed_on", "Дата закрытия"), ("presentation_link", "Презентация (ссылка)"), ("leader", "Руководитель"),
            ("contacts", "Телефон, почта"), ("organisation", "Организация"), ("significance", "Значимость, балл"),
        ],
        start=1,
    )
)  # fmt: skip
REQUIRED = {
    "project": "Напишите название проекта.",
    "opened_year": "Укажите год, когда проект открыт.",
    "stage": "Укажите, на каком этапе проект.",
    "leader": "Назовите руководителя проекта.",
}
_MONTH = re.compile(r"(\d{1,2})[./\-](\d{4}|\d{2})\.?(?:\s*г\.?)?")
_DAY = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}|\d{2})(?:\s*г\.?)?")
_NAMED = re.compile(r"([а-я]{3,8})\.?[ ,]*(\d{4}|\d{2})(?:\s*г(?:\.|ода?)?)?")
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
# 2000–2099 as spreadsheets number the days.
_SERIAL = re.compile(
    r"(?:3652[6-9]|365[3-9]\d|36[6-9]\d\d|3[7-9]\d{3}|[4-6]\d{4}|7[0-2]\d{3}|730[0-4]\d)(?:\.\d+)?"
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")


def columns_of(pack: Pack | None) -> tuple[Column, ...]:
    """Return the columns of the quarterly form of the act, or the plain ones where it has none."""
    for form in pack.projects.report_forms if pack else []:
        if form.period == "quarter":
            return tuple(Column(one.number, one.code, one.title) for one in form.columns)
    return PLAIN


def title_of(pack: Pack | None, quarter: Quarter) -> str:
    """Return the title of the form with its blanks filled in."""
    for form in pack.projects.report_forms if pack else []:
        if form.period == "quarter":
            text = re.sub(r"20\d?_+", str(quarter.year), form.title)
            return re.sub(r"_+", quarter.roman, text, count=1)
    return f"Отчёт о бережливых проектах за {quarter.label}"


def project_key(title: str) -> str:
    """Return the form in which two spellings of a project's name are equal."""
    return name_key(tidy(title))[:300]


def read_month(text: str) -> date | None:
    """Read a month of closing: «мм.гг.», «мм.гггг», a full date, a date of a spreadsheet.

    :raises ValueError: in Russian, when it is none of these.
    """
    bare = text.strip().rstrip(".").strip()
    if not bare or bare in ("-", "–", "—"):
        return None
    try:
        if _SERIAL.fullmatch(bare):
            # A cell that has lost its format shows the number of the day since 1900.
            return date(1899, 12, 30) + timedelta(days=int(bare.partition(".")[0]))
        if found := _NAMED.fullmatch(bare.casefold()):
            month = next((place for place, word in enumerate(_MONTHS, 1) if found[1].startswith(word)), 0)
            return date(_year(found[2]), month, 1)
        if found := _ISO.fullmatch(bare):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY.fullmatch(bare):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if found := _MONTH.fullmatch(bare):
            return date(_year(found[2]), int(found[1]), 1)
    except ValueError:
        pass
    raise ValueError(f"«{text.strip()[:40]}» — не месяц и год. Напишите, например, 09.26.")


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def clean_cells(raw: Cells, columns: Sequence[Column]) -> tuple[dict[str, str], list[Problem]]:
    """Bring the cells of a row into their one form; what cannot be read stays as written and is named."""
    cells: dict[str, str] = {}
    problems: list[Problem] = []
    for column in columns:
        text = tidy(raw.get(column.code, ""))
        if len(text) > LONGEST:
            problems.append(Problem(f"Длиннее {LONGEST} знаков.", field=column.code, mend="Сократите текст."))
        try:
            cells[column.code] = _cleaned(column.code, text)
        except ValueError as error:
            cells[column.code] = text
            problems.append(Problem(str(error), field=column.code))
    return cells, problems


def _cleaned(code: str, text: str) -> str:
    if code == "closed_on":
        day = read_month(text)
        return day.isoformat() if day else ""
    if code == "opened_year" and text:
        found = re.fullmatch(r"(20\d{2})(?:\.0+)?(?:\s*(?:г\.?|год))?", text)
        if not found and (_DAY.fullmatch(text) or _ISO.fullmatch(text)) and (day := read_month(text)):
            return str(day.year)
        if not found:
            raise ValueError(f"«{text[:40]}» — не год. Напишите четыре цифры, например 2026.")
        return found[1]
    if code == "significance" and text:
        if text.casefold() in ("-", "–", "—", "нет", "не оценивался", "без оценки"):
            return ""
        value = parse_number(re.sub(r"\s*балл(?:а|ов)?\.?$", "", text))
        if not 0 <= value <= 1000:
            raise ValueError("Балл не похож на правду. Проверьте число.")
        return format(value.normalize(), "f") if value else "0"
    return text


def shown(code: str, text: str) -> str:
    """Write a cell as the form prints it: the month of closing as ММ.ГГ, a number with a comma."""
    if code == "closed_on" and text:
        try:
            return f"{date.fromisoformat(text):%m.%y}"
        except ValueError:
            return text
    if code == "significance" and text:
        try:
            return format_number(Decimal(text))
        except (ArithmeticError, ValueError):
            return text
    return text


def row_problems(cells: Cells, quarter: Quarter) -> list[Problem]:
    """Check one project: what is missing and what contradicts itself."""
    found = [
        Problem("Не заполнено.", field=code, mend=mend)
        for code, mend in REQUIRED.items()
        if code in cells and not cells[code]
    ]
    year = cells.get("opened_year", "")
    if year.isdigit() and int(year) > quarter.year:
        found.append(
            Problem(f"Год открытия позже отчётного: {year}.", field="opened_year", mend="Проверьте год.")
        )
    closed = cells.get("closed_on", "")
    if closed:
        try:
            day = date.fromisoformat(closed)
        except ValueError:
            return found
        if day > quarter.last:
            found.append(
                Problem(
                    "Дата закрытия позже отчётного квартала.",
                    field="closed_on",
                    mend="Оставьте пустой, пока проект открыт.",
                )
            )
        if year.isdigit() and day.year < int(year):
            found.append(Problem("Закрыт раньше, чем открыт.", field="closed_on", mend="Проверьте обе даты."))
    return found


def is_new(cells: Cells, key: str, quarter: Quarter, before: Mapping[str, Cells]) -> bool:
    """Tell whether the project was opened in this year and was not in the report before."""
    return key not in before and cells.get("opened_year", "") == str(quarter.year)


def report_problems(
    rows: Sequence[tuple[str, Cells]],
    quarter: Quarter,
    before: Mapping[str, Cells],
    *,
    is_zero: bool,
    unapproved: Container[str] = (),
) -> list[Problem]:
    """Check a report before it is sent, each problem with its row.

    `unapproved` are keys of projects that the product itself knows to have no approved passport: a link typed by
    hand does not stand for one.
    """
    if is_zero:
        return []
    if not rows:
        return [
            Problem("В отчёте нет ни одного проекта.", mend="Добавьте проект или сдайте нулевой отчёт одним нажатием.")
        ]  # fmt: skip
    found = []
    for number, (key, cells) in enumerate(rows, start=1):
        name = cells.get("project") or f"строка {number}"
        found += [
            Problem(f"{name}: {problem.text}", field=problem.field, mend=problem.mend)
            for problem in row_problems(cells, quarter)
        ]
        if not is_new(cells, key, quarter, before):
            continue
        if key in unapproved:
            found.append(
                Problem(
                    f"{name}: паспорт этого нового проекта в системе не утверждён.",
                    field="passport_link",
                    mend="Утвердите паспорт на странице проекта, затем отправьте отчёт.",
                )
            )
        elif not cells.get("passport_link"):
            found.append(
                Problem(
                    f"{name}: проект открыт в этом году, утверждённого паспорта нет.",
                    field="passport_link",
                    mend="Приложите ссылку на утверждённый паспорт.",
                )
            )
    return found


def changes(cells: Cells, before: Cells | None) -> frozenset[str]:
    """Return the columns that differ from the quarter before; of a project that was not there, none."""
    if before is None:
        return frozenset()
    return frozenset(code for code in {**cells, **before} if cells.get(code, "") != before.get(code, ""))


def doubts(rows: Mapping[str, Cells], before: Mapping[str, Cells]) -> list[str]:
    """Say what does not follow from the report before: a project that is gone, a stage that went back."""
    found = []
    for key, was in before.items():
        name = was.get("project", "")
        now = rows.get(key)
        if now is None:
            if not was.get("closed_on"):
                found.append(f"«{name}» был в прошлом отчёте и не закрыт, в этом его нет.")
            continue
        old, new = _stage_number(was), _stage_number(now)
        if old and new and new < old:
            found.append(f"«{name}»: этап вернулся с {old} на {new}.")
        if was.get("closed_on") and not now.get("closed_on"):
            found.append(f"«{name}» был закрыт, теперь снова открыт.")
    return found


def _stage_number(cells: Cells) -> int:
    found = re.match(r"\s*(\d{1,2})\b", cells.get("stage", ""))
    return int(found[1]) if found else 0
