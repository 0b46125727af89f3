"""The pack of Promyshlennovsky: both editions say what the act says, and nothing the act does not say."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from gemba.kernel.calendar import WorkCalendar
from gemba.regulations.deadlines import dates_between
from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.pack.addresses import addresses
from gemba.regulations.pack.consistency import walk

FOLDER = Path(__file__).parents[2] / "regulations" / "promyshlennovsky"
FIRST, SECOND = "2025-07-16", "2025-12-02"
BOTH = pytest.mark.parametrize("code", [FIRST, SECOND])

ALL = "Органы местного самоуправления и подведомственные им организации"
SECTOR_AND_ALL = (
    "Сектор экономического развития, органы местного самоуправления и подведомственные им организации"
)
QUARTERLY = "ежеквартально, до 10 числа следующего месяца"
# Row: unit, target of each year as written, executors, indicator.
PLAN = {
    "1.1": ("единиц", "не менее 1", ALL, "projects_closed_quality"),
    "1.2": ("единиц", "не менее 1", ALL, "replications_count"),
    "2.1": (
        "единиц",
        "не менее 3",
        "Сектор экономического развития администрации Промышленновского муниципального округа (далее – "
        "сектор экономического развития), АНО «Центр компетенций Кузбасса» (далее – АНО «ЦКК»), "
        "подведомственные организации органа местного самоуправления",
        "people_trained",
    ),
    "2.2": (
        "единиц",
        "по мере необходимости",
        "АНО «ЦКК», сектор экономического развития, органы местного самоуправления и подведомственные "
        "им организации",
        "round_tables_held",
    ),
    "2.3": (
        "единиц",
        "по мере необходимости",
        "АНО «ЦКК», сектор экономичекского развития",
        "consultations_given",
    ),
    "3.1": ("единиц", "не менее 1", SECTOR_AND_ALL, "contests_held"),
    "3.2": (None, "не позднее 25 декабря", SECTOR_AND_ALL, "project_plan_prepared_on"),
    "3.3": (None, "не позднее 1 марта", SECTOR_AND_ALL, "defence_plan_approved_on"),
    "3.4": (None, QUARTERLY, SECTOR_AND_ALL, "quarterly_reports_on_time"),
}
COLUMNS = [
    "Участник реализации программы",
    "Направление",
    "Название проекта",
    "Год открытия",
    "Паспорт проекта (ссылка)",
    "Текущий этап проекта",
    "Дата закрытия (мм.гг.)",
    "Презентация (ссылка)",
    "Руководитель проекта",
    "Телефон, почта",
    "Организация/учреждение (сокращенное название)",
    "Показатель значимости проекта, балл",
]
# Criterion: kind, coefficient, points of its rows.
CHECKLIST = {
    "1": ("levels", "1", [0, 1, 2, 3]),
    "2": ("levels", "0.3", [0, 1, 2, 3]),
    "3": ("max_row", None, [0, 1, 2, 3]),
    "4": ("max_row", "0.5", [0, 2, 3]),
    "5": ("levels", "0.9", [0, 1, 2, 3]),
    "6": ("max_row", "0.5", [0, 1, 2]),
    "7": ("max_row", "0.6", [0, 1, 2, 3]),
    "8": ("max_row", "0.4", [0, 1, 2, 3, 4]),
}


@cache
def pack(code: str) -> Pack:
    return load_pack(FOLDER / f"{code}.yaml")


def on(day: date) -> Pack:
    """Return the edition in force on the day."""
    editions = sorted((pack(FIRST), pack(SECOND)), key=lambda item: item.edition.effective_on)
    return [item for item in editions if item.edition.effective_on <= day][-1]


# --- editions and acts -------------------------------------------------------------------------------------


def test_the_plan_appears_on_the_day_the_amendment_is_signed() -> None:
    assert on(date(2025, 7, 16)).plan_rows() == []
    assert on(date(2025, 12, 1)).plan_rows() == []
    assert len(on(date(2025, 12, 2)).plan_rows()) == 9


def test_the_first_edition_says_why_it_has_no_plan() -> None:
    first = pack(FIRST)
    assert first.plan is not None
    assert "в источнике не приведён" in (first.plan.absent or "")
    absent = {document.code for document in first.documents if document.absent}
    assert absent == {"decree", "polozhenie", "plan"}
    assert {document.code for document in pack(SECOND).documents if document.absent} == {
        "decree",
        "polozhenie",
    }


def test_no_absent_document_has_a_clause_of_its_own() -> None:
    for code in (FIRST, SECOND):
        for document in pack(code).documents:
            if document.absent:
                inside = [ref for ref in addresses(pack(code)) if ref.startswith(f"{document.code} ")]
                assert inside == []


def test_the_amendment_restates_the_plan_and_nothing_else() -> None:
    second = pack(SECOND)
    act = next(act for act in second.acts if act.code == "p-1134")
    assert (act.number, act.date) == ("1134-П", date(2025, 12, 2))
    assert [(item.act, item.clause) for item in act.amends] == [("p-688", ["amendment 1.1"])]
    assert act.entry_into_force is not None
    assert act.entry_into_force.rule == "on_signing"
    assert act.control is not None
    assert act.control.position == "заместитель главы Промышленновского муниципального округа"
    assert [place.kind for place in act.publication] == ["bulletin", "site"]
    assert act.has_drafter
    assert second.edition.replaces == FIRST
    assert second.edition.effective_on == act.date
    first = pack(FIRST)
    for part in ("bodies", "procedures", "glossary"):
        assert getattr(first, part) == getattr(second, part)
    for part in ("passport", "report_forms"):
        assert getattr(first.projects, part) == getattr(second.projects, part)
    shared = {"passport", "report", "rating", "checklist", "composition"}
    kept = [[d for d in item.documents if d.code in shared] for item in (first, second)]
    assert kept[0] == kept[1]
    assert len(kept[0]) == len(shared)


@BOTH
def test_decree_688_and_its_municipality(code: str) -> None:
    held = pack(code)
    decree = next(act for act in held.acts if act.code == "p-688")
    assert (decree.number, decree.date) == ("688-П", date(2025, 7, 16))
    assert (held.municipality.code, held.municipality.time_zone) == ("promyshlennovsky", "Asia/Novokuznetsk")
    assert held.edition.years == [2025, 2026, 2027]


# --- plan ---------------------------------------------------------------------------------------------------


def test_every_row_of_the_plan_stands_as_printed() -> None:
    rows = pack(SECOND).plan_rows()
    assert [row.number for row in rows] == list(PLAN)
    for row in rows:
        unit, written, executors, indicator = PLAN[row.number]
        assert row.unit == unit
        assert {year: target.as_written for year, target in row.targets.items()} == dict.fromkeys(
            (2025, 2026, 2027), written
        )
        assert row.executors_as_written == executors
        assert row.indicator == indicator


def test_targets_are_read_as_they_are_written() -> None:
    for row in pack(SECOND).plan_rows():
        for target in row.targets.values():
            at_least = re.fullmatch(r"не менее (\d+)", target.as_written)
            if at_least:
                assert (target.kind, target.value) == ("at_least", Decimal(at_least[1]))
            elif target.as_written == "по мере необходимости":
                assert target.kind == "as_needed"
            elif target.as_written == QUARTERLY:
                assert (target.kind, target.times, target.deadline) == ("periodic", 4, "quarterly_report")
            else:
                days = {"не позднее 25 декабря": (12, 25), "не позднее 1 марта": (3, 1)}
                assert target.kind == "by_day_of_year"
                assert (target.month, target.day) == days[target.as_written]


def test_the_plan_has_three_sections_of_two_three_and_four_rows() -> None:
    plan = pack(SECOND).plan
    assert plan is not None
    assert [len(section.rows) for section in plan.sections] == [2, 3, 4]
    assert len(plan.columns) == 7


def test_executors_are_kinds_or_named() -> None:
    executors = {executor.code: executor for executor in pack(SECOND).executors}
    assert executors["ano_ckk"].is_external
    assert executors["sector"].kinds == []
    assert set(executors["subordinates"].kinds) == {"institution", "organisation"}
    assert not any(executor.is_by_agreement for executor in executors.values())
    assert {row.number: row.executors for row in pack(SECOND).plan_rows()}["2.1"] == [
        "sector",
        "ano_ckk",
        "subordinates",
    ]


# --- deadlines ----------------------------------------------------------------------------------------------


def test_every_deadline_of_2026() -> None:
    found = dates_between(pack(SECOND), date(2026, 1, 1), date(2026, 12, 31), WorkCalendar())
    assert [(item.due_on, item.code) for item in found] == [
        (date(2026, 1, 10), "quarterly_report"),
        (date(2026, 3, 1), "defence_plan"),
        (date(2026, 4, 10), "quarterly_report"),
        (date(2026, 7, 10), "quarterly_report"),
        (date(2026, 10, 10), "quarterly_report"),
        (date(2026, 12, 1), "checklist"),
        (date(2026, 12, 25), "project_plan"),
    ]


def test_the_first_edition_knows_only_the_checklist() -> None:
    found = dates_between(pack(FIRST), date(2025, 7, 16), date(2025, 12, 31), WorkCalendar())
    assert [(item.due_on, item.code) for item in found] == [(date(2025, 12, 1), "checklist")]


def test_the_contest_is_yearly_without_a_day() -> None:
    contest = next(deadline for deadline in pack(SECOND).deadlines if deadline.subject == "contest")
    assert (contest.rule.kind, contest.rule.times, contest.rule.per) == ("times", 1, "year")


# --- commission, projects, checklist ------------------------------------------------------------------------


@BOTH
def test_the_commission_has_thirteen_seats_without_names(code: str) -> None:
    (commission,) = pack(code).bodies
    assert commission.kind == "commission"
    assert Counter(seat.role for seat in commission.seats) == {
        "chair": 1,
        "deputy": 1,
        "secretary": 1,
        "member": 10,
    }
    assert [seat.number for seat in commission.seats] == list(range(1, 14))
    assert [seat.number for seat in commission.seats if seat.is_acting] == [4, 9, 10, 13]
    for seat in commission.seats:
        assert seat.is_acting == seat.position.startswith("и.о.")


@BOTH
def test_the_report_has_exactly_twelve_columns_in_order(code: str) -> None:
    (form,) = pack(code).projects.report_forms
    assert form.period == "quarter"
    assert [column.title for column in form.columns] == COLUMNS
    assert [column.number for column in form.columns] == list(range(1, 13))
    assert form.columns[-1].interpretations == ["i-21"]


@BOTH
def test_ten_stages_three_of_them_with_one_date(code: str) -> None:
    stages = pack(code).projects.stages
    assert [stage.number for stage in stages] == list(range(1, 11))
    assert [stage.number for stage in stages if stage.dates == "day"] == [1, 9, 10]


@BOTH
def test_the_passport_has_the_fields_of_the_form(code: str) -> None:
    passport = pack(code).projects.passport
    assert passport is not None
    titles = [block.title for block in passport.blocks if block.number]
    assert titles == ["Общие данные", "Обоснование", "Цели и эффекты", "Сроки"]
    assert [field.title for field in passport.blocks[1].fields] == [
        "Заказчик",
        "Процесс",
        "Границы процесса",
        "Руководитель бережливого проекта",
        "Команда бережливого проекта",
    ]
    assert [block.number for block in passport.blocks if block.shows_stages] == [4]
    goals = next(field for block in passport.blocks for field in block.fields if field.kind == "table")
    assert goals.columns == [
        "Наименование цели, единицы измерения",
        "Текущий показатель",
        "Целевой показатель",
    ]


@BOTH
def test_the_checklist_has_its_coefficients_and_one_is_missing(code: str) -> None:
    (checklist,) = pack(code).procedures
    found = {
        criterion.code: (
            criterion.kind,
            None if criterion.coefficient.fixed is None else str(criterion.coefficient.fixed),
            [int(row.points.fixed) for row in criterion.rows],
        )
        for criterion in checklist.criteria
    }
    assert found == CHECKLIST
    third = next(criterion for criterion in checklist.criteria if criterion.code == "3")
    assert "i-18" in third.interpretations
    assert checklist.bands == []
    assert checklist.outcomes == []


@BOTH
def test_no_significance_procedure_is_borrowed(code: str) -> None:
    assert all(procedure.use != "project_significance" for procedure in pack(code).procedures)


@BOTH
def test_every_task_of_the_rating_is_kept(code: str) -> None:
    tasks = [item for item in pack(code).provisions if item.topic == "task"]
    assert [item.clause for item in tasks] == [[f"rating 2/{number}"] for number in range(1, 7)]
    assert pack(code).glossary == []


# --- readings and privacy -----------------------------------------------------------------------------------


def test_unclear_places_are_read_as_the_domain_decided() -> None:
    numbers = {
        code: {item.number: item for item in pack(code).interpretations if item.number}
        for code in (FIRST, SECOND)
    }
    of_appendices = {3, 4, 18, 19, 20, 21, 22, 23, 27, 31, 34, 35}
    assert set(numbers[FIRST]) == of_appendices
    assert set(numbers[SECOND]) == of_appendices | {10, 12, 24, 25, 26}
    for found in numbers.values():
        assert {number for number, item in found.items() if item.status == "open"} == {18, 35}


def test_what_the_municipality_has_yet_to_decide() -> None:
    assert [item.code for item in pack(SECOND).interpretations if item.status == "open"] == [
        "i-effective-688",
        "i-region-act",
        "i-35",
        "i-past-dates",
        "i-trained-whom",
        "i-quality",
        "i-project-plan",
        "i-defence-approver",
        "i-18",
        "checklist-groups",
        "i-commission-rules",
    ]


@BOTH
def test_every_reading_is_met_where_it_acts(code: str) -> None:
    used = {
        name
        for place, part in walk(pack(code))
        if place
        for name in getattr(part, "interpretations", None) or []
    }
    assert {item.code for item in pack(code).interpretations} == used


@BOTH
def test_nobody_is_named_and_no_phone_is_kept(code: str) -> None:
    text = (FOLDER / f"{code}.yaml").read_text(encoding="utf-8")
    assert re.findall(r"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+", text) == []
    assert re.findall(r"[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вна|вич)\b", text) == []
    assert re.findall(r"\S+@\S+\.\w+", text) == []
    assert re.findall(r"[Тт]ел\.\s*\d", text) == []


# --- through the doors --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_loaded_editions_answer_by_day() -> None:
    from gemba.organisation.access import system_actor
    from gemba.organisation.tests.factories import make_municipality
    from gemba.regulations.actions import load_edition
    from gemba.regulations.queries import deadlines, pack_on

    municipality = make_municipality("Промышленновский округ", code="promyshlennovsky")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for code in (FIRST, SECOND):
        source = (FOLDER / f"{code}.yaml").read_bytes()
        load_edition(
            actor=system_actor(municipality),
            municipality=municipality,
            source=source,
            name=f"{code}.yaml",
            at=at,
        )

    def rows(day: date) -> int:
        held = pack_on(municipality_id=municipality.pk, day=day)
        return len(held.plan_rows()) if held else -1

    assert rows(date(2025, 7, 15)) == -1
    assert rows(date(2025, 12, 1)) == 0
    assert rows(date(2025, 12, 2)) == 9
    found = deadlines(municipality_id=municipality.pk, first=date(2025, 7, 16), last=date(2026, 1, 31))
    assert [(item.due_on, item.code) for item in found] == [
        (date(2025, 12, 1), "checklist"),
        (date(2025, 12, 25), "project_plan"),
        (date(2026, 1, 10), "quarterly_report"),
    ]
