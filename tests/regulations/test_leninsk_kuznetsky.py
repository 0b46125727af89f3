"""The Leninsk-Kuznetsky pack says what decree 969 says: read against the requirements, not against the pack."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from gemba.kernel.calendar import WorkCalendar
from gemba.regulations.deadlines import DeadlineDate, cadences, dates_between
from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.pack.acts import Clause
from gemba.regulations.pack.addresses import addresses
from gemba.regulations.pack.consistency import walk
from gemba.regulations.pack.lint import lint
from gemba.regulations.pack.plan import Deadline, PlanRow
from gemba.regulations.pack.procedures import Procedure

FILE = Path(__file__).resolve().parents[2] / "regulations" / "leninsk-kuznetsky" / "2022-09-30.yaml"
NEW_YEAR = [date(year, 1, day) for year in (2023, 2024, 2025) for day in range(1, 9)]
OFFICE = (
    "управление экономического развития территории администрации Ленинск-Кузнецкого муниципального округа"
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(FILE)


@pytest.fixture(scope="module")
def rows(pack: Pack) -> dict[str, PlanRow]:
    return {row.code: row for row in pack.plan_rows()}


@pytest.fixture(scope="module")
def deadlines(pack: Pack) -> dict[str, Deadline]:
    return {deadline.code: deadline for deadline in pack.deadlines}


@pytest.fixture(scope="module")
def significance(pack: Pack) -> Procedure:
    (procedure,) = pack.procedures
    return procedure


def _dates(pack: Pack, first: date, last: date) -> list[DeadlineDate]:
    return dates_between(pack, first, last, WorkCalendar(days_off=NEW_YEAR))


def _strings(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, BaseModel):
        return [text for name in type(part).model_fields for text in _strings(getattr(part, name))]
    if isinstance(part, dict):
        return [text for value in part.values() for text in _strings(value)]
    if isinstance(part, list | tuple):
        return [text for value in part for text in _strings(value)]
    return []


# --- acts ---------------------------------------------------------------------------------------------------


def test_requisites_and_parent(pack: Pack) -> None:
    acts = {act.code: act for act in pack.acts}
    decree = acts["decree_969"]
    assert (decree.kind, decree.number, decree.date) == ("постановление", "969", date(2022, 9, 30))
    assert decree.status == "in_force"
    assert decree.approves == ["polozhenie", "plan"]
    assert decree.parent and decree.parent.point == "3"
    parent = acts[decree.parent.act]
    assert (parent.kind, parent.number, parent.date) == ("постановление", "510", date(2022, 8, 3))
    assert parent.issuer == "Правительство Кемеровской области – Кузбасса"
    assert parent.status == "parent"
    assert decree.signed_by == "Глава Ленинск-Кузнецкого муниципального округа"
    assert not decree.has_drafter and not decree.amends


def test_repeals_the_commission_and_its_amendment(pack: Pack) -> None:
    acts = {act.code: act for act in pack.acts}
    repealed = [
        (acts[item.act].number, acts[item.act].date, item.clause) for item in acts["decree_969"].repeals
    ]
    assert repealed == [
        ("1040", date(2019, 8, 8), ["decree 3.1"]),
        ("1318", date(2020, 11, 26), ["decree 3.2"]),
    ]
    assert {acts[item.act].status for item in acts["decree_969"].repeals} == {"repealed"}
    amending = next(act for act in pack.acts if act.number == "1318")
    assert [acts[item.act].number for item in amending.amends] == ["1040"]


def test_force_control_and_publication(pack: Pack) -> None:
    decree = pack.acts[0]
    assert decree.entry_into_force and decree.entry_into_force.rule == "after_promulgation"
    assert decree.entry_into_force.clause == ["decree 6"]
    assert decree.control and decree.control.clause == ["decree 5"]
    assert (
        decree.control.position == "заместитель главы Ленинск-Кузнецкого муниципального округа по экономике"
    )
    stands = [place.place for place in decree.publication if place.kind == "stand"]
    assert [place.kind for place in decree.publication].count("site") == 1
    settlements = ["Григорченкова", "Демьяновка", "Драченино", "Красное", "Подгорное", "Чкаловский"]
    settlements += ["Чусовитино", "Шабаново"]
    assert len(stands) == len(settlements) == 8
    assert all(name in stand for name, stand in zip(settlements, stands, strict=True))
    whole = addresses(pack)["decree 4"].text
    assert all(stand.split(", ", 2)[-1].split(": ")[-1] in whole for stand in stands)


def test_edition(pack: Pack) -> None:
    assert (pack.municipality.code, pack.municipality.time_zone) == ("leninsk-kuznetsky", "Asia/Novokuznetsk")
    assert (FILE.stem, FILE.parent.name) == (pack.edition.code, pack.municipality.code)
    assert pack.edition.years == [2022, 2023, 2024]
    assert pack.edition.effective_on == date(2022, 9, 30)
    assert not pack.edition.is_draft and pack.edition.replaces is None


# --- the text -----------------------------------------------------------------------------------------------


def test_every_clause_of_the_act_has_an_address(pack: Pack) -> None:
    known = addresses(pack)
    expected = [f"decree {n}" for n in ("1", "2", "3", "3.1", "3.2", "4", "5", "6")]
    clauses = {"1": 2, "3": 4, "4": 3, "5": 3, "6": 3, "7": 2}
    expected += [f"polozhenie {section}.{n}" for section, last in clauses.items() for n in range(1, last + 1)]
    listed = {"3.2": 5, "3.4": 7, "4.2": 4, "4.3": 5, "5.2": 4, "5.3": 2}
    expected += [f"polozhenie {clause}({n})" for clause, last in listed.items() for n in range(1, last + 1)]
    expected += [f"polozhenie 5.2.{n}" for n in range(1, 5)]
    expected += ["polozhenie 5.2.2/1", "polozhenie 5.2.2/2", "polozhenie 6.2/1", "polozhenie 6.2/2"]
    expected += ["polozhenie 6.3/1", "polozhenie 4.3/6", "polozhenie 3.4/1", "polozhenie 3.4/2"]
    expected += [f"polozhenie 2/1/{n}" for n in range(1, 20)]
    expected += [f"passport 4.{n}" for n in range(1, 11)]
    expected += [f"significance 2.{n}" for n in range(1, 4)] + [f"significance 4.{n}" for n in range(1, 7)]
    expected += [f"significance 5.{n}" for n in range(1, 4)] + [f"significance 6.{n}" for n in range(1, 8)]
    assert [ref for ref in expected if ref not in known] == []


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("decree 6", "Постановление вступает в силу после его официального обнародования."),
        ("polozhenie 1.2", "реализацию бережливых проектов, их защита, внедрение и тиражирование."),
        ("polozhenie 4.3/6", "Данный перечень не является исчерпывающим"),
        (
            "polozhenie 5.2.4",
            "комитетом по развитию региональных систем Администрации Правительства Кузбасса",
        ),
        ("polozhenie 6.1", "вводятся оценка значимости бережливых проектов"),
        ("polozhenie 6.2", "Срок предоставления отчета ежеквартально до 01 числа."),
        ("polozhenie 6.3", "до 20 ноября текущего года самостоятельно."),
        ("polozhenie 6.3/1", "Проведение самооценки носит рекомендательный характер."),
        ("polozhenie 7.2", "Внедрение бережливых технологий не требует больших капиталовложений"),
        ("significance 5.2", "если выдержаны несколько показателей, то они не суммируются по критерию"),
        ("significance 5.3/2", "5 - 9,5 балла - региональный бережливый проект"),
    ],
)
def test_the_text_keeps_the_words_of_the_act(pack: Pack, ref: str, words: str) -> None:
    assert words in addresses(pack)[ref].text


def test_documents_and_what_they_show(pack: Pack) -> None:
    shown = {document.code: document.shows for document in pack.documents}
    assert shown == {
        "decree": None,
        "polozhenie": None,
        "passport": "passport",
        "significance": None,
        "plan": "plan",
    }
    sections = [
        (document.code, section.number, section.shows)
        for document in pack.documents
        for section in document.sections
        if section.shows
    ]
    assert sections == [("polozhenie", "2", "glossary"), ("significance", "6", "procedure:significance")]
    regulation = next(document for document in pack.documents if document.code == "polozhenie")
    assert [section.number for section in regulation.sections] == ["1", "2", "3", "4", "5", "6", "7"]


def test_no_person_phone_or_mail_is_named(pack: Pack) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert re.search(r"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.", text) is None
    assert re.search(r"[\w.+-]+@[\w-]+\.\w+", text) is None
    assert re.search(r"(\+7|\b8)[\s(-]*\d{3,5}[\s)-]*\d", text) is None
    assert "(Ф.И.О.)" in addresses(pack)["decree 5"].text
    assert "person-named" not in {finding.code for finding in lint(pack)}


def test_no_debris_is_left_in_texts(pack: Pack) -> None:
    def texts(clauses: list[Clause]) -> list[str]:
        return [text for clause in clauses for text in [clause.text or "", *texts(clause.items)]]

    found = [
        text
        for document in pack.documents
        for section in document.sections
        for text in texts(section.clauses)
        if re.search(r"\s{2}|\n|\t|__| ,|\( | \)|^[-\d]+[).] ", text)
    ]
    assert found == []


# --- the plan -----------------------------------------------------------------------------------------------

ROWS = [
    # number, unit, targets of 2022, 2023, 2024, indicator, scope
    ("1.1", "единиц", "1", "не менее 2", "не менее 2", "projects_closed", "per_unit"),
    ("1.2", "единиц", "не менее 1", "не менее 2", "не менее 2", "proposals_implemented", "per_unit"),
    (
        "1.3",
        "процентов",
        "не менее 40",
        "не менее 55",
        "не менее 70",
        "orgs_with_projects_share",
        "municipality",
    ),
    ("1.4", "процентов", "15", "35", "60", "institutions_with_proposals_share", "municipality"),
    ("1.5", "процентов", "15", "30", "40", "replicated_projects_share", "municipality"),
    ("2.1", "человек", "не менее 1", "не менее 2", "не менее 3", "people_trained", "per_unit"),
    ("2.2", "единиц", "1", "2", "2", "people_trained_factory", "per_unit"),
    ("3.1", "единиц", "1", "не менее 2", "не менее 3", "samples_confirmed", "municipality"),
    ("3.2", "единиц", "0", "1", "1", "satisfaction_measurements", "per_unit"),
    ("3.3", "единиц", "не менее 2", "не менее 3", "не менее 4", "contests_held", "municipality"),
]


@pytest.mark.parametrize(
    ("number", "unit", "y2022", "y2023", "y2024", "indicator", "scope"), ROWS, ids=[row[0] for row in ROWS]
)
def test_plan_row(
    rows: dict[str, PlanRow],
    number: str,
    unit: str,
    y2022: str,
    y2023: str,
    y2024: str,
    indicator: str,
    scope: str,
) -> None:
    row = rows[number]
    assert (row.number, row.unit, row.indicator, row.scope) == (number, unit, indicator, scope)
    assert row.clause == [f"plan {number}"]
    written = {2022: y2022, 2023: y2023, 2024: y2024}
    assert {year: target.as_written for year, target in row.targets.items()} == written
    for year, words in written.items():
        target = row.targets[year]
        if words == "0":
            assert target.kind == "zero"
            continue
        assert target.kind == ("at_least" if words.startswith("не менее") else "number")
        assert target.value == Decimal(words.removeprefix("не менее "))
        assert ("i-14" in target.interpretations) == (target.kind == "number")


def test_plan_has_ten_rows_in_three_sections(pack: Pack) -> None:
    assert pack.plan
    assert [(section.number, len(section.rows)) for section in pack.plan.sections] == [
        ("1", 5),
        ("2", 2),
        ("3", 3),
    ]
    assert [row.number for row in pack.plan_rows()] == [row[0] for row in ROWS]
    assert len(pack.plan.columns) == 7
    assert pack.plan.columns[-1] == "Ответственный исполнитель"


def test_every_row_is_executed_by_agreement(pack: Pack, rows: dict[str, PlanRow]) -> None:
    executors = {executor.code: executor for executor in pack.executors}
    for number, row in rows.items():
        (code,) = row.executors
        assert executors[code].kinds == ["structural_unit", "institution"]
        assert executors[code].is_by_agreement
        assert row.executors_as_written.endswith("(по согласованию)"), number
    assert (
        "(далее – Структурные подразделения и муниципальные учреждения)" in rows["1.1"].executors_as_written
    )
    short = {row.executors_as_written for number, row in rows.items() if number != "1.1"}
    assert short == {"Структурные подразделения и муниципальные учреждения (по согласованию)"}


def test_the_two_shares_have_two_denominators(rows: dict[str, PlanRow]) -> None:
    assert "подведомственных организаций" in rows["1.3"].title
    assert rows["1.3"].population == ["institution", "organisation"]
    assert "подведомственных учреждений" in rows["1.4"].title
    assert rows["1.4"].population == ["institution"]
    assert "i-11" in rows["1.3"].interpretations and "i-11" in rows["1.4"].interpretations


# --- deadlines ----------------------------------------------------------------------------------------------


def test_report_is_due_on_the_first_day_after_the_quarter(pack: Pack, deadlines: dict[str, Deadline]) -> None:
    assert deadlines["quarterly_report"].as_written == "ежеквартально до 01 числа"
    assert deadlines["quarterly_report"].to == OFFICE
    found = [
        item for item in _dates(pack, date(2022, 10, 1), date(2024, 1, 31)) if item.code == "quarterly_report"
    ]
    assert [item.due_on for item in found] == [
        date(2022, 10, 1),
        date(2023, 1, 1),
        date(2023, 4, 1),
        date(2023, 7, 1),
        date(2023, 10, 1),
        date(2024, 1, 1),
    ]
    fourth = found[1]
    assert "2022" in fourth.period_label and fourth.falls_on_day_off
    assert fourth.clause == ("polozhenie 6.2",)
    assert max(fourth.remind_on) < date(2023, 1, 1), "the reminder comes before the New Year days off"


def test_self_assessment_dates_are_recommended(pack: Pack) -> None:
    found = [
        (item.due_on, item.code, item.is_recommended)
        for item in _dates(pack, date(2023, 11, 1), date(2023, 12, 31))
    ]
    assert found == [
        (date(2023, 11, 20), "self_assessment", True),
        (date(2023, 12, 1), "self_assessment_result", True),
    ]


def test_periodicities_without_a_day(pack: Pack, deadlines: dict[str, Deadline]) -> None:
    without_day = {item.code for item in cadences(pack)}
    assert without_day == set(deadlines) - {"quarterly_report", "self_assessment", "self_assessment_result"}
    for code in ("culture_diagnostics", "corporate_training", "popularisation", "methodical_support"):
        assert deadlines[code].rule.kind == "regularly"
        assert deadlines[code].clause[0] == "polozhenie 5.2"
    for code, clause in (
        ("monitoring", "polozhenie 5.3(1)"),
        ("analytical_report", "polozhenie 5.3(1)"),
        ("plan_monitoring", "polozhenie 5.3(2)"),
    ):
        rule = deadlines[code].rule
        assert rule.kind == "times" and (rule.times, rule.per) == (1, "year")
        assert clause in deadlines[code].clause
    survey = deadlines["satisfaction_survey"].rule
    assert survey.kind == "times" and survey.from_year == 2023


def test_passport_goes_with_the_report_when_a_project_opens(
    pack: Pack, deadlines: dict[str, Deadline]
) -> None:
    rule = deadlines["project_passport"].rule
    assert rule.kind == "on_event" and rule.trigger == "project_opened"
    trigger = next(trigger for trigger in pack.triggers if trigger.code == "project_opened")
    assert trigger.clause == ["polozhenie 6.2/1"] and "совместно с отчетом" in trigger.action


def test_conventions_where_the_act_is_silent(pack: Pack) -> None:
    assert pack.conventions.is_due_day_included and pack.conventions.day_off == "keep"
    assert pack.conventions.interpretations == ["i-03", "i-04"]


# --- bodies and projects ------------------------------------------------------------------------------------


def test_bodies(pack: Pack) -> None:
    assert [body.code for body in pack.bodies] == [
        "authorised_body",
        "competence_centre",
        "methodical_support",
    ]
    office, centre, support = pack.bodies
    assert office.name.casefold() == OFFICE.casefold()
    assert [function.clause for function in office.functions] == [
        ["polozhenie 6.2"],
        ["polozhenie 6.2/1"],
        ["polozhenie 6.3/1"],
        ["significance 4.6"],
    ]
    assert "Центр компетенций Кузбасса" in centre.name
    assert "комитет по развитию региональных систем" in support.name and len(support.functions) == 4
    assert not any(body.seats or body.meetings for body in pack.bodies), "the act creates no commission"


def test_project_kinds_and_ground(pack: Pack) -> None:
    kinds = {kind.name: kind for kind in pack.projects.kinds}
    assert set(kinds) == {
        "Бережливый проект",
        "Внутренний проект",
        "Межведомственный проект",
        "Межорганизационный проект",
    }
    assert "разных сфер деятельности" in (kinds["Межведомственный проект"].definition or "")
    assert [(ground.links_to, ground.clause) for ground in pack.projects.grounds] == [
        ("diagnostics", ["polozhenie 5.2.1"])
    ]
    assert pack.projects.report_forms == [], "the act requires a report and gives no form"


def test_ten_stages(pack: Pack) -> None:
    stages = [(stage.number, stage.code, stage.dates) for stage in pack.projects.stages]
    assert stages == [
        (1, "passport_approval", "day"),
        (2, "current_mapping", "period"),
        (3, "problem_analysis", "period"),
        (4, "target_mapping", "period"),
        (5, "action_plan", "period"),
        (6, "defence", "period"),
        (7, "implementation", "period"),
        (8, "result_monitoring", "period"),
        (9, "closing", "day"),
        (10, "stability_monitoring", "day"),
    ]
    assert pack.projects.stages[5].title == "Защита плана мероприятий перед заказчиком"


def test_passport_form(pack: Pack) -> None:
    passport = pack.projects.passport
    assert passport
    assert [block.title for block in passport.blocks[1:]] == [
        "Общие данные",
        "Обоснование",
        "Цели и эффекты",
        "Сроки",
    ]
    assert [field.title for field in passport.blocks[1].fields] == [
        "Заказчик",
        "Процесс",
        "Границы процесса",
        "Руководитель бережливого проекта",
        "Команда бережливого проекта",
    ]
    goals = passport.blocks[3].fields[0]
    assert goals.columns == [
        "Наименование цели, единицы измерения",
        "Текущий показатель",
        "Целевой показатель",
    ]
    assert [block.number for block in passport.blocks if block.shows_stages] == [4]
    assert passport.blocks[0].fields[2].title == "УТВЕРЖДАЮ"


# --- significance -------------------------------------------------------------------------------------------

WEIGHTS = {
    "1": ["1", "1", "1", "1", "1", "0"],
    "2": ["1", "1", "1", "1", "0"],
    "3": ["2", "1", "0"],
    "4": ["2", "1"],
    "5": ["1", "0"],
    "6": ["1.5", "1", "0.5"],
    "7": ["1.5", "1", "0.5"],
}


def test_seven_criteria_with_their_weights(significance: Procedure) -> None:
    found = {
        criterion.code: [row.points.fixed for row in criterion.rows]
        for criterion in significance.criteria
        if criterion.kind == "max_row"
    }
    assert found == {code: [Decimal(weight) for weight in weights] for code, weights in WEIGHTS.items()}
    declared = [criterion.declared_maximum for criterion in significance.criteria]
    assert declared == [max(Decimal(weight) for weight in weights) for weights in WEIGHTS.values()]
    assert significance.total.declared_maximum == sum(declared) == Decimal(10)
    for number, criterion in enumerate(significance.criteria, 1):
        assert criterion.clause[0] == f"significance 6.{number}"


def test_every_combination_gets_the_status_of_the_domain(significance: Procedure) -> None:
    (cutoff,) = significance.cutoffs
    assert cutoff.criteria == ["1", "2"] and cutoff.interpretations == ["i-15"]
    assert cutoff.text and cutoff.text.startswith("Отсекающие критерии")

    def status(points: dict[str, Decimal]) -> str:
        if any(points[code] <= (cutoff.at_most or 0) for code in cutoff.criteria or []):
            return cutoff.outcome
        total = sum(points.values(), Decimal(0))
        found = [
            band.outcome
            for band in significance.bands
            if band.at_least is not None
            and band.at_most is not None
            and band.at_least <= total <= band.at_most
        ]
        assert len(found) == 1, f"{total} belongs to {found}"
        return found[0]

    choices = [
        sorted({row.points.fixed for row in criterion.rows if row.points.fixed is not None})
        for criterion in significance.criteria
        if criterion.kind == "max_row"
    ]
    counted = Counter(
        status({str(number): points for number, points in enumerate(combination, 1)})
        for combination in product(*choices)
    )
    assert counted == {"not_lean": 324, "municipal": 3, "regional": 104, "federal": 1}


def test_who_assesses_and_who_agrees(significance: Procedure) -> None:
    conduct = significance.conduct
    assert significance.use == "project_significance"
    assert conduct and conduct.subject == "project" and conduct.agreed_with == "authorised_body"
    assert conduct.trained_assessor and conduct.trained_assessor.clause == ["significance 4.2"]
    assert conduct.agreement and conduct.agreement.clause == ["significance 4.6"]
    assert [statement.clause for statement in conduct.tasks] == [[f"significance 2.{n}"] for n in (1, 2, 3)]
    assert len(significance.examples) == 12


# --- content ------------------------------------------------------------------------------------------------


def test_glossary_is_whole(pack: Pack) -> None:
    assert [term.term for term in pack.glossary] == [
        "бережливое производство",
        "бережливое управление",
        "бережливый проект",
        "внутренний проект",
        "диагностика корпоративной культуры",
        "доска визуализации",
        "доска задач",
        "канбан",
        "картирование процесса",
        "межведомственный проект",
        "межорганизационный проект",
        "муниципальная услуга",
        "потеря",
        "поток создания ценности",
        "предложение по улучшению",
        "процесс",
        "система 5С",
        "стандартизованная работа",
        "ценность",
    ]
    assert [term.number for term in pack.glossary] == list(range(1, 20))
    terms = {term.term: term for term in pack.glossary}
    assert "ППУ" in terms["предложение по улучшению"].also
    assert terms["ценность"].definition.endswith(
        "(действие, создающее ценность, - действие, формирующее потребительские свойства продукции)"
    )
    assert "снабжения материалами" in terms["канбан"].definition


def test_tools_listed_and_defined(pack: Pack) -> None:
    listed = [
        tool.name for tool in pack.tools if any(ref.startswith("polozhenie 4.3(") for ref in tool.clause)
    ]
    assert listed == [
        "Стандартизация работы",
        "Организация рабочего пространства (система 5С)",
        "Картирование процессов",
        "Визуализация",
        "Канбан",
    ]
    assert {tool.code for tool in pack.tools} - {"visual_board", "task_board"} == {
        "standardisation",
        "five_s",
        "process_mapping",
        "visualisation",
        "kanban",
    }


def test_principles_values_tasks(pack: Pack) -> None:
    topics = Counter(provision.topic for provision in pack.provisions)
    assert topics["principle"] == 5
    assert topics["task"] == 7 + 1, "seven common tasks and the right to set one's own"
    assert topics["value"] == 4 + 1, "four values and the main one"
    assert topics["yearly_measure"] == 4 + 1, "four blocks of the year and the cycle itself"
    assert topics["relevance"] == 2
    assert topics["final_measure"] == 2
    texts = addresses(pack)
    for provision in pack.provisions:
        if provision.topic in {"principle", "task", "value", "relevance", "final_measure"}:
            assert provision.text.rstrip(";") == texts[provision.clause[0]].text.rstrip(";")


def test_training_and_diagnostics(pack: Pack) -> None:
    assert [kind.code for kind in pack.training.kinds] == ["external", "internal"]
    assert {"mentoring", "single_event", "process_factory"} <= {item.code for item in pack.training.formats}
    assert pack.diagnostics.methods == [], "the act names no methods"
    assert [outcome.clause for outcome in pack.diagnostics.outcomes] == [["polozhenie 5.2.1"]]


# --- readings -----------------------------------------------------------------------------------------------


def test_readings_of_chapter_eight(pack: Pack) -> None:
    numbered = {item.number: item for item in pack.interpretations if item.number is not None}
    assert set(numbered) == {2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 23, 24, 25, 26, 27, 31, 32, 33, 34}
    assert {number for number, item in numbered.items() if item.status == "open"} == {13}
    assert all(item.code == f"i-{number:02}" for number, item in numbered.items())


def test_every_reading_is_used_by_a_rule(pack: Pack) -> None:
    used = {
        code
        for _, part in walk(pack)
        for code in getattr(part, "interpretations", None) or []
        if isinstance(code, str)
    }
    assert {item.code for item in pack.interpretations} - used == set()


def test_linter_finds_the_known_places_and_each_has_its_reading(pack: Pack) -> None:
    found = {finding.code: finding for finding in lint(pack)}
    expected = {
        "month-not-named": "i-02",
        "inclusive-not-said": "i-03",
        "day-off": "i-04",
        "scope-not-said": "i-10",
        "two-populations": "i-11",
        "unit-not-fitting": "i-12",
        "odd-count": "i-13",
        "bare-target": "i-14",
        "period-as-date": "i-23",
        "deadline-without-form": "i-31",
    }
    for code, reading in expected.items():
        assert reading in found[code].interpretations, code
    assert {"repeated-number", "target-missing", "target-empty", "two-deadlines", "absent-text"}.isdisjoint(
        found
    )
    assert "no-requisites" not in found


def test_no_text_is_left_as_a_placeholder(pack: Pack) -> None:
    assert [text for text in _strings(pack) if re.search(r"TODO|XXX|\?\?\?", text)] == []
