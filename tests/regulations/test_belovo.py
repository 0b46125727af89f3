"""The Belovo pack says what the act says: read against the requirements, not against the pack itself."""

import re
from calendar import monthrange
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gemba.kernel.periods import Quarter
from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.pack.addresses import addresses
from gemba.regulations.pack.lint import lint
from gemba.regulations.pack.plan import Deadline, PlanRow

FILE = Path(__file__).resolve().parents[2] / "regulations" / "belovo" / "2022-10-18.yaml"
ALL = ["administration", "institutions", "council"]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(FILE)


@pytest.fixture(scope="module")
def rows(pack: Pack) -> dict[str, PlanRow]:
    return {row.code: row for row in pack.plan_rows()}


@pytest.fixture(scope="module")
def deadlines(pack: Pack) -> dict[str, Deadline]:
    return {deadline.code: deadline for deadline in pack.deadlines}


def test_requisites_parent_control_and_publication(pack: Pack) -> None:
    acts = {act.code: act for act in pack.acts}
    order = acts["order_41r"]
    assert (order.kind, order.number, order.date) == ("распоряжение", "41-р", date(2022, 10, 18))
    assert order.status == "in_force"
    assert order.parent and order.parent.point == "3"
    parent = acts[order.parent.act]
    assert (parent.number, parent.date, parent.status) == ("510", date(2022, 8, 3), "parent")
    assert parent.issuer == "Правительство Кемеровской области – Кузбасса"
    assert order.approves == ["composition", "rg", "polozhenie", "plan"]
    assert order.control and order.control.clause == ["order 5"]
    assert order.control.position.endswith("по экономике, финансам, налогам и собственности")
    assert [(place.kind, place.clause) for place in order.publication] == [("site", ["order 4"])]
    assert order.entry_into_force and order.entry_into_force.rule == "not_stated"
    assert not order.has_drafter and not order.amends and not order.repeals
    assert acts["strategy_2035"].number == "2/2-н"
    assert acts["strategy_2035"].date == date(2018, 10, 25)


def test_edition(pack: Pack) -> None:
    assert (pack.municipality.code, pack.municipality.time_zone) == ("belovo", "Asia/Novokuznetsk")
    assert pack.edition.years == [2022, 2023, 2024]
    assert pack.edition.effective_on == date(2022, 10, 18)
    assert not pack.edition.is_draft and pack.edition.replaces is None
    assert FILE.stem == pack.edition.code and FILE.parent.name == pack.municipality.code


def test_every_clause_of_the_act_has_an_address(pack: Pack) -> None:
    known = addresses(pack)
    expected = [f"order {number}" for number in ["1", "2", "2.1", "2.2", "2.3", "3", "4", "5"]]
    expected += ["rg 1.1", *(f"rg 2.{n}" for n in range(1, 14)), *(f"rg 3.{n}" for n in range(1, 13))]
    expected += [f"rg 3.2({n})" for n in range(1, 5)] + [f"rg 3.5({n})" for n in range(1, 4)]
    expected += [f"rg 3.6({n})" for n in range(1, 5)] + [f"rg 3.7({n})" for n in range(1, 6)]
    expected += [f"polozhenie 1.{n}" for n in range(1, 4)]
    expected += [f"polozhenie 2.1/{n}" for n in range(1, 6)] + ["polozhenie 2.2"]
    expected += [f"polozhenie 2.3/{n}" for n in range(1, 8)]
    expected += [f"polozhenie 3.1/{n}" for n in range(1, 6)] + [f"polozhenie 3.2/{n}" for n in range(1, 5)]
    expected += ["polozhenie 4.1/1", "polozhenie 4.2.1/1", "polozhenie 4.2.3/1", "polozhenie 4.2.4/1"]
    expected += [f"polozhenie 4.2.2/{n}" for n in range(1, 4)] + ["polozhenie 4.3.1", "polozhenie 4.3.2"]
    expected += ["polozhenie 5.1", "polozhenie 5.2", "polozhenie 5.3/1", "polozhenie 5.3/2"]
    expected += [f"polozhenie 6.{n}" for n in range(1, 4)]
    expected += [f"composition {n}" for n in range(1, 24)]
    assert [ref for ref in expected if ref not in known] == []
    assert known["polozhenie 6.2"].text.endswith(
        "ежеквартально до 05 числа месяца, следующего за отчетным кварталом."
    )
    assert known["rg 3.10"].text == "Заседания рабочей группы проводятся не реже одного раза в квартал."
    assert known["polozhenie 3.2/2"].text == "организация рабочего пространства (система 5С);"
    assert known["rg 3.2(4)"].text.startswith("дает поручения и организует контроль")


def test_working_group_has_twenty_three_seats(pack: Pack) -> None:
    group = next(body for body in pack.bodies if body.code == "working_group")
    assert Counter(seat.role for seat in group.seats) == {
        "chair": 1,
        "deputy": 2,
        "secretary": 1,
        "member": 19,
    }
    assert [seat.number for seat in group.seats] == list(range(1, 24))
    acting = [seat for seat in group.seats if seat.is_acting]
    assert [seat.position for seat in acting] == [
        "и.о. начальника Управления образования Администрации Беловского городского округа"
    ]
    assert len({seat.position for seat in group.seats}) == 23
    assert [duty.clause for duty in group.functions] == [[f"rg 2.{n}"] for n in range(1, 14)]


def test_duties_by_role(pack: Pack) -> None:
    group = next(body for body in pack.bodies if body.code == "working_group")

    def clauses(of: str, kind: str) -> list[str]:
        return [ref for duty in group.duties if (duty.of, duty.kind) == (of, kind) for ref in duty.clause]

    assert clauses("chair", "power") == [f"rg 3.2({n})" for n in range(1, 5)] + ["rg 3.9"]
    assert clauses("deputy", "power") == ["rg 3.3"]
    assert clauses("member", "right") == ["rg 3.4", "rg 3.5(1)", "rg 3.5(2)", "rg 3.5(3)"]
    assert clauses("member", "duty") == [f"rg 3.6({n})" for n in range(1, 5)]
    assert clauses("secretary", "duty") == [f"rg 3.7({n})" for n in range(1, 6)] + ["rg 3.12"]


def test_meetings_leave_the_silent_rules_empty(pack: Pack) -> None:
    meetings = next(body for body in pack.bodies if body.code == "working_group").meetings
    assert meetings
    assert meetings.forms == ["in_person", "absentee"]
    assert meetings.minutes_signed_by == ["chair"]
    silent = (meetings.quorum, meetings.majority, meetings.casting_vote, meetings.absentee_term_days)
    assert silent == (None, None, None, None)
    assert {"i-29", "i-30"} <= set(meetings.interpretations)


TARGETS = {
    "1.1": ("постоянно", "постоянно", "постоянно"),
    "1.2a": ("До 01.12.2022", "До 01.12.2023", "До 01.06.2024"),
    "1.2b": ("До 20.11.2022", "", ""),
    "1.3": ("Не менее 2 в год", "Не менее 3 в год", "Не менее 4 в год"),
    "1.4": ("Не менее 1 проекта в год", "Не менее 2 проектов в год", "Не менее 2 проектов в год"),
    "1.5": ("15%", "30%", "40%"),
    "2.1": ("Не менее 2 чел", "Не менее 3 чел", "Не менее 4 чел"),
    "2.2": ("Постоянно не менее 1 чел", "Постоянно не менее 2 чел.", "Постоянно не менее 3 чел."),
    "2.3": ("постоянно", "постоянно", "постоянно"),
    "2.4": ("по мере необходимости", "по мере необходимости", "по мере необходимости"),
    "2.5": ("постоянно", "постоянно", "постоянно"),
    "3.1": ("0", "1", "1"),
    "3.2": ("4", "4", "4"),
    "3.3": ("0", "1", "1"),
    "3.4": ("", "1", "1"),
}


def test_fifteen_rows_with_every_cell_as_written(rows: dict[str, PlanRow]) -> None:
    written = {
        code: tuple(row.targets[year].as_written for year in (2022, 2023, 2024)) for code, row in rows.items()
    }
    assert written == TARGETS
    assert [row.number for row in rows.values()] == [code.rstrip("ab") for code in TARGETS]


VALUES = {
    "1.3": ("at_least", [2, 3, 4]),
    "1.4": ("at_least", [1, 2, 2]),
    "1.5": ("number", [15, 30, 40]),
    "2.1": ("at_least", [2, 3, 4]),
    "2.2": ("ongoing_at_least", [1, 2, 3]),
}


@pytest.mark.parametrize(("code", "kind", "values"), [(code, *rest) for code, rest in VALUES.items()])
def test_numeric_targets(rows: dict[str, PlanRow], code: str, kind: str, values: list[int]) -> None:
    targets = rows[code].targets
    assert [target.kind for target in targets.values()] == [kind] * 3
    assert [getattr(target, "value", None) for target in targets.values()] == [
        Decimal(value) for value in values
    ]


def test_kinds_of_the_other_targets(rows: dict[str, PlanRow]) -> None:
    kinds = {
        code: [target.kind for target in row.targets.values()]
        for code, row in rows.items()
        if code not in VALUES
    }
    assert kinds == {
        "1.1": ["ongoing"] * 3,
        "1.2a": ["by_date"] * 3,
        "1.2b": ["by_date", "empty", "empty"],
        "2.3": ["ongoing"] * 3,
        "2.4": ["as_needed"] * 3,
        "2.5": ["ongoing"] * 3,
        "3.1": ["zero", "number", "number"],
        "3.2": ["periodic"] * 3,
        "3.3": ["zero", "number", "number"],
        "3.4": ["empty", "number", "number"],
    }
    third = rows["1.2a"].targets[2024]
    assert third.kind == "by_date" and third.date == date(2024, 6, 1) and "i-06" in third.interpretations
    assert [t.times for t in rows["3.2"].targets.values() if t.kind == "periodic"] == [4, 4, 4]


def test_executors_indicators_and_scope(rows: dict[str, PlanRow]) -> None:
    whole = ("1.1", "1.2a", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.5", "3.3")
    assert {code for code, row in rows.items() if row.executors == ALL} == set(whole)
    assert all(set(rows[code].population) == {"omsu", "structural_unit", "institution"} for code in whole)
    assert rows["1.2b"].executors == rows["3.1"].executors == ["education_department", "social_committee"]
    assert rows["2.4"].executors == ["competence_centre_kuzbass", "economic_department", "methodical_centre"]
    assert rows["3.2"].executors == ["economic_department"]
    assert rows["3.4"].executors == ["administration_whole"]
    assert rows["3.1"].executors_as_written.split() == ["УО", "КСЗН"]
    assert {code: row.indicator for code, row in rows.items()} == {
        "1.1": "culture_selfdiagnosis_done",
        "1.2a": "project_proposals_submitted_on_time",
        "1.2b": "significance_assessed_on_time",
        "1.3": "proposals_implemented",
        "1.4": "projects_closed",
        "1.5": "replicated_projects_share",
        "2.1": "people_trained",
        "2.2": "internal_trainers",
        "2.3": "events_attended",
        "2.4": "consultations_given",
        "2.5": "popularisation_events",
        "3.1": "samples_confirmed",
        "3.2": "analytical_reports",
        "3.3": "satisfaction_measurements",
        "3.4": "contests_held",
    }
    per_unit = {code for code, row in rows.items() if row.scope == "per_unit"}
    assert {"1.3", "1.4", "2.1", "2.2", "3.3"} <= per_unit
    assert {code for code, row in rows.items() if row.scope == "municipality"} == {"2.4", "3.1", "3.2", "3.4"}
    assert rows["1.5"].scope == "both"
    units = {code: row.unit for code, row in rows.items() if row.unit}
    assert units == {"1.3": "в год", "1.4": "проекта в год", "1.5": "%", "2.1": "чел", "2.2": "чел"}


def _after_quarter(deadline: Deadline, year: int) -> list[date]:
    """Compute the dates of a rule after each quarter of the year, apart from the product."""
    rule = deadline.rule
    assert rule.kind == "after_period" and rule.period == "quarter"
    found = []
    for number in range(1, 5):
        end = Quarter(year, number).last
        month = end.month + rule.month
        year_due, month = (end.year + 1, month - 12) if month > 12 else (end.year, month)
        assert rule.day <= monthrange(year_due, month)[1]
        found.append(date(year_due, month, rule.day))
    return found


def test_plan_information_is_due_on_the_fifth_and_reminded_on_the_third(
    deadlines: dict[str, Deadline],
) -> None:
    legal, reminder = deadlines["plan_information"], deadlines["plan_information_reminder"]
    assert (legal.level, legal.clause) == ("legal", ["polozhenie 6.2"])
    assert (reminder.level, reminder.clause) == ("reminder", ["order 3"])
    assert legal.subject == reminder.subject
    assert _after_quarter(legal, 2023) == [
        date(2023, 4, 5),
        date(2023, 7, 5),
        date(2023, 10, 5),
        date(2024, 1, 5),
    ]
    assert _after_quarter(reminder, 2022)[-1] == date(2023, 1, 3)
    assert "i-01" in legal.interpretations and "i-01" in reminder.interpretations
    assert "competence_centre_kuzbass" not in legal.who


def test_fixed_dates(deadlines: dict[str, Deadline]) -> None:
    proposals, significance = deadlines["project_proposals"].rule, deadlines["significance_assessment"].rule
    assert proposals.kind == "dates"
    assert proposals.dates == [date(2022, 12, 1), date(2023, 12, 1), date(2024, 6, 1)]
    assert significance.kind == "dates" and significance.dates == [date(2022, 11, 20)]


def test_periodicities(deadlines: dict[str, Deadline]) -> None:
    meeting, report = deadlines["body_meeting"].rule, deadlines["analytical_report"].rule
    assert meeting.kind == "at_least_times" and (meeting.times, meeting.per) == (1, "quarter")
    assert report.kind == "times" and (report.times, report.per) == (1, "quarter")
    for code in ("satisfaction_survey", "contest"):
        rule = deadlines[code].rule
        assert rule.kind == "times" and (rule.times, rule.per, rule.from_year) == (1, "year", 2023)
    assert deadlines["culture_diagnostics"].rule.kind == "regularly"
    assert len(deadlines) == 13


def test_legal_deadlines_have_distinct_subjects(deadlines: dict[str, Deadline]) -> None:
    legal = [deadline.subject for deadline in deadlines.values() if deadline.level == "legal"]
    assert len(legal) == len(set(legal))


def test_chapter_eight_is_settled_or_left_open_as_there(pack: Pack) -> None:
    numbered = {reading.number: reading for reading in pack.interpretations if reading.number}
    assert set(numbered) == {1, 3, 4, 5, 6, 7, 8, 9, 10, 14, 25, 26, 27, 29, 30, 31, 32, 33, 34}
    assert {number for number, reading in numbered.items() if reading.status == "open"} == {6, 9}
    assert all(f"i-{number:02}" == reading.code for number, reading in numbered.items())


def test_every_interpretation_is_used_by_a_rule(pack: Pack) -> None:
    text = FILE.read_text(encoding="utf-8")
    unused = [
        reading.code
        for reading in pack.interpretations
        if not re.search(rf"interpretations: \[[^\]]*\b{reading.code}\b", text)
    ]
    assert unused == []


def test_significance_procedure_is_not_copied_but_read(pack: Pack) -> None:
    assert pack.procedures == []
    reading = next(reading for reading in pack.interpretations if reading.code == "u-significance")
    assert set(reading.clause) == {"rg 2.6", "polozhenie 4.3.2", "plan 1.2b"}
    assert pack.projects.passport is None and not pack.projects.stages and not pack.projects.report_forms


def test_principles_tasks_values_tools(pack: Pack) -> None:
    topics = Counter(provision.topic for provision in pack.provisions)
    assert topics["principle"] == 5
    assert topics["value"] == 5
    assert topics["task"] == 1 + 7
    assert topics["yearly_measure"] == 4
    assert topics["final_measure"] == 2
    assert [tool.code for tool in pack.tools] == [
        "standardisation",
        "five_s",
        "process_mapping",
        "visualisation",
    ]
    assert [kind.code for kind in pack.training.kinds] == ["external", "internal"]
    assert {"mentoring", "single_event"} <= {form.code for form in pack.training.formats}
    assert {kind.code for kind in pack.projects.kinds} == {"interdepartmental", "intersectoral"}


def test_abbreviations_of_the_act_are_explained(pack: Pack) -> None:
    assert {term.term for term in pack.glossary} == {
        "ОМС",
        "ППУ",
        "Самодиагностика корпоративной культуры",
        "УО",
        "КСЗН",
        "УЭР",
        "ИМЦ",
    }


def test_nobody_is_named() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert "(Ф.И.О.)" in text
    assert not re.search(r"[А-Я]\.\s?[А-Я]\.\s?[А-Я][а-я]+", text)
    assert not re.search(r"[А-Я][а-я]+\s[А-Я]\.\s?[А-Я]\.", text)
    assert not re.search(r"[А-Я][а-я]+(ович|евич|ьич|овна|евна|ична)(а|у|ем|ой)?\b", text)
    assert not re.search(r"\S+@\S+\.\w+|\+?[78][\s(-]*\d{3,5}[\s)-]|\b\d-\d{2}-\d{2}\b", text)


def test_the_linter_finds_the_contradictions_of_the_act(pack: Pack) -> None:
    found = {finding.code: finding for finding in lint(pack)}
    assert {"repeated-number", "two-deadlines", "date-breaks-pattern", "target-empty", "bare-target"} <= set(
        found
    )
    assert {"rule-not-set", "only-chair-signs", "inclusive-not-said", "day-off", "open-question"} <= set(
        found
    )
    assert "i-01" in found["two-deadlines"].interpretations
    assert "i-06" in found["date-breaks-pattern"].interpretations
