"""Spreadsheets of earlier years and loads of any size."""

import io
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from gemba.kernel.problems import Refusal
from gemba.notices.models import Notice
from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals.actions.load import Filled, bulk_fill, keep_sheet, load_sheet
from gemba.proposals.models import Author, ImportFile, Proposal, ProposalCounter
from gemba.proposals.rules.states import State
from gemba.proposals.spreadsheet import TITLES, read
from gemba.proposals.tests.factories import AT, make_proposal

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 19)
GOOD: dict[str, Any] = {
    "Номер": "17/2024", "Дата подачи": date(2024, 3, 4), "Организация": "Школа № 1", "Подразделение": "Начальная школа",
    "Автор": "Тихонова Дарья Игоревна", "Соавторы": "Ёлкина Ольга Павловна", "Что мешает": "Мел крошится о доску.",
    "Что предлагается": "Закупить доску для маркера.", "О чём": "Условия труда", "Состояние": "Внедрено",
    "Дата решения": "05.03.2024", "Дата внедрения": date(2024, 5, 6), "Часов в год": "12,5", "Рублей в год": 3000,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(AT, tick=True):
        yield


def sheet(
    *rows: dict[str, Any], titles: list[str] | None = None, above: list[str] | None = None
) -> SimpleUploadedFile:
    book = Workbook()
    page = book.active
    for line in above or []:
        page.append([line])
    names = titles or list(TITLES.values())
    page.append(names)
    for row in rows:
        page.append([row.get(name) for name in names])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("прошлые годы.xlsx", out.getvalue())


def test_from_a_file_to_proposals(cast: Cast) -> None:
    client = cast.client(Role.COORDINATOR)
    waiting = {**GOOD, "Состояние": "", "Дата внедрения": None, "Дата решения": None, "Что предлагается": "Мыть доску чаще.",
               "Дата подачи": "11.02.2025"}  # fmt: skip
    answer = client.post(
        reverse("proposals:import"), {"file": sheet(GOOD, waiting, above=["Администрация", ""])}
    )
    file = ImportFile.objects.get()
    assert answer["Location"] == reverse("proposals:import_check", args=[file.pk])
    assert not Proposal.objects.exists()
    assert "Все строки верны: 2" in client.get(answer["Location"]).content.decode()
    assert client.post(reverse("proposals:import_load", args=[file.pk])).status_code == 302
    assert client.post(reverse("proposals:import_load", args=[file.pk])).status_code == 409
    first = Proposal.objects.get(number_year=2024)
    assert (first.number_text, first.state, first.implemented_on) == (
        "2024-0001",
        State.IMPLEMENTED,
        date(2024, 5, 6),
    )
    assert first.hours_a_year == 12.5 and first.money_a_year == 3000 and first.unit == cast.school_unit
    assert Author.objects.filter(proposal=first).count() == 2
    assert "17/2024" in client.get(reverse("proposals:card", args=[first.pk])).content.decode()
    assert Proposal.objects.get(number_year=2025).state == State.REGISTERED
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("fields", "cell", "words"),
    [
        ({"Дата подачи": None}, "B2, Дата подачи", "Не заполнено"),
        ({"Дата подачи": "32.13.2024"}, "B2, Дата подачи", "Такого дня нет"),
        ({"Дата подачи": "04.03.2030"}, "B2, Дата подачи", "не наступила"),
        ({"Организация": "Школа № 99"}, "C2, Организация", "нет в реестре"),
        ({"Подразделение": "Бухгалтерия"}, "D2, Подразделение", "нет"),
        ({"Автор": "Безымянный Пётр"}, "E2, Автор", "нет в реестре"),
        ({"Что мешает": "???"}, "G2, Что мешает", "слишком мало"),
        ({"Что предлагается": "я" * 10_001}, "H2, Что предлагается", "10001"),
        ({"О чём": "Прочее"}, "I2, О чём", "категории нет"),
        ({"Состояние": "Зависло"}, "J2, Состояние", "такого состояния нет"),
        ({"Дата внедрения": None}, "L2, Дата внедрения", "нужна дата"),
        ({"Дата внедрения": date(2024, 1, 1)}, "L2, Дата внедрения", "Раньше даты подачи"),
        ({"Состояние": "Отклонено"}, "J2, Состояние", "Есть дата внедрения"),
        ({"Часов в год": "много"}, "M2, Часов в год", "не число"),
    ],
)
def test_every_mistake_is_named_by_row_and_cell(
    cast: Cast, fields: dict[str, Any], cell: str, words: str
) -> None:
    found = read(sheet({**GOOD, **fields}), municipality=cast.municipality, today=TODAY)
    assert not found.rows
    assert any(
        problem.cell == cell and words in problem.text and problem.row == 2 for problem in found.problems
    ), [(problem.cell, problem.text) for problem in found.problems]


def test_nothing_is_loaded_until_all_is_right_or_the_good_ones_are_accepted(cast: Cast) -> None:
    coordinator = cast.actor(Role.COORDINATOR)
    other = {**GOOD, "Что предлагается": "Мыть доску чаще."}
    found = read(sheet(GOOD, {**other, "Автор": "Нет Такого"}), municipality=cast.municipality, today=TODAY)
    kept = keep_sheet(actor=coordinator, sheet=found, name="x.xlsx", at=AT)
    with pytest.raises(Refusal, match="ошибки"):
        load_sheet(actor=coordinator, file_id=kept.pk, at=AT)
    assert not Proposal.objects.exists()
    page = (
        cast.client(Role.COORDINATOR).get(reverse("proposals:import_check", args=[kept.pk])).content.decode()
    )
    assert "E3, Автор" in page and "Загрузить верные: 1" in page
    assert load_sheet(actor=coordinator, file_id=kept.pk, at=AT, only_good=True).loaded == 1
    for role in (Role.EMPLOYEE, Role.UNIT_HEAD):
        with pytest.raises(PermissionDenied):
            load_sheet(actor=cast.actor(role), file_id=kept.pk, at=AT)


def test_a_row_of_another_organisation_is_not_the_coordinators(cast: Cast) -> None:
    coordinator = cast.actor(Role.COORDINATOR)
    foreign = {**GOOD, "Организация": "Детский сад «Родничок»", "Подразделение": None}
    found = read(sheet(GOOD, foreign), municipality=cast.municipality, today=TODAY)
    kept = keep_sheet(actor=coordinator, sheet=found, name="x.xlsx", at=AT)
    with pytest.raises(PermissionDenied):
        load_sheet(actor=coordinator, file_id=kept.pk, at=AT)
    assert not Proposal.objects.exists()


def test_a_repeated_row_is_named(cast: Cast) -> None:
    found = read(sheet(GOOD, GOOD), municipality=cast.municipality, today=TODAY)
    assert len(found.rows) == 1 and "Повторяет строку 2" in found.problems[0].text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken"), "не читается"),
        (SimpleUploadedFile("x.xlsx", b""), "не читается"),
        (sheet(titles=["Один", "Два"]), "нет строки с названиями"),
        (sheet(), "нет ни одной строки"),
    ],
)
def test_a_file_that_is_no_such_sheet(cast: Cast, file: SimpleUploadedFile, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read(file, municipality=cast.municipality, today=TODAY)
    refused = cast.client(Role.MONITOR).post(
        reverse("proposals:import"), {"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.4")}
    )
    assert refused.status_code == 422


def test_the_sample_can_be_filled_and_loaded(cast: Cast) -> None:
    answer = cast.client(Role.MONITOR).get(reverse("proposals:import_sample"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    page = book.worksheets[0]
    titles = [cell.value for cell in page[4]]
    assert titles == list(TITLES.values())
    page.append([GOOD.get(str(title)) for title in titles])
    out = io.BytesIO()
    book.save(out)
    found = read(SimpleUploadedFile("x.xlsx", out.getvalue()), municipality=cast.municipality, today=TODAY)
    assert len(found.rows) == 1 and not found.problems


def test_a_bulk_load_counts_numbers_and_words_as_single_acts_do(cast: Cast) -> None:
    make_proposal(cast)
    system = system_actor(cast.municipality)
    rows = [
        Filled(
            organisation_id=cast.school.pk, problem=f"Мешает вещь номер {n}", solution=f"Убрать вещь {n} на склад",
            submitted_on=date(2026, 10, 1 + n % 28), state=State.IMPLEMENTED if n % 2 else State.REGISTERED,
            implemented_on=date(2026, 11, 2) if n % 2 else None, decided_on=date(2026, 11, 1) if n % 2 else None,
            author_id=cast.people[Role.EMPLOYEE].pk,
        )
        for n in range(50)
    ]  # fmt: skip
    assert bulk_fill(municipality=cast.municipality, rows=rows, actor=system, at=AT) == 50
    assert sorted(Proposal.objects.values_list("number", flat=True)) == list(range(1, 52))
    assert make_proposal(cast).number == 52
    counted = {
        (row.month_on.month, row.what): row.count for row in ProposalCounter.objects.all() if row.count
    }
    assert counted == {
        (11, "registered"): 2,
        (10, "registered"): 25,
        (10, "implemented"): 25,
        (11, "done"): 25,
    }
    row = Proposal.objects.filter(state=State.REGISTERED).order_by("pk")[1]
    assert row.term_on and row.answer_by and row.words and row.likeness and row.authors.count() == 1


def test_what_is_shown_leaves_as_a_spreadsheet(cast: Cast) -> None:
    made = make_proposal(cast, problem="=1+1 опасная формула", solution="Повесить щиток с ключами")
    make_proposal(cast, problem="Забор облез и ржавеет", solution="Покрасить забор у школы")
    client = cast.client(Role.UNIT_HEAD)
    answer = client.get(reverse("proposals:export", args=["xlsx"]), {"view": "all", "q": "ключей"})
    page = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = list(page.iter_rows(min_row=3, values_only=True))
    assert [row[0] for row in rows] == [made.number_text]
    assert rows[0][6] == "=1+1 опасная формула" and page["G3"].data_type == "s"
