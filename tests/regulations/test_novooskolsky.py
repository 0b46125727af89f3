"""The Novooskolsky regulation of 2025: the facts of the act, counted and quoted apart from the pack."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.pack.addresses import addresses
from gemba.regulations.pack.consistency import walk
from gemba.regulations.pack.lint import lint

FILE = Path(__file__).parents[2] / "regulations" / "novooskolsky" / "2025.yaml"

TERMS = """
Анкетирование; Бережливое управление; Бережливый проект; Внешний клиент; Внутренний клиент; Внутриведомственный
процесс; Гемба; Гипотеза; Глубинное интервью; Диагностика корпоративной культуры; Доска визуализации; Доска задач;
Жизненная ситуация; Инсайт; Инструмент организации рабочего пространства (5С); Инструменты бережливого управления;
Инструменты генерации и приоритизации идей/проектных решений; Инструменты клиентоцентричного подхода; Инструменты
поиска первопричин проблем; Инструменты ранжирования проблем; Интервьюирование; Инфоцентр; Кабинетные исследования;
Карта пути клиента (карта клиентского пути); Карта системы; Карта текущего состояния процесса; Карта целевого
состояния процесса; Картирование процесса; Карточка проекта; Клиент; Клиентоцентричность; Клиентоцентричный подход;
Клиентоцентричный проект; Клиентский опыт; Клиентский путь; Команда лидеров; Команда по изменениям; Корпоративная
рефлексия; Корпоративное обучение; Куратор; Межведомственный процесс; Меморандум; Метод наблюдения; Метод проживания
собственного опыта; Миссия; Образец технологий; Описание бизнес-процесса; Потеря; Прототипирование; Процесс; Реестр
процессов; Режим бесшовности; Сбор обратной связи; Сегментация; Сервис; Совещание в формате ежедневных 15-минутных
встреч у доски задач; Стандарт (стандартизированная операционная процедура (СОП); Стандартизация процессов;
Стратегическая сессия; Точка взаимодействия; Тренинг; Управленческая технология, основанная на принципах и ценностях
бережливого управления и клиентоцентричного подхода; Услуга; Фабрика процессов; Фокус-группа; Функция; Хронометраж;
Ценность; Центр компетенций; Цифровой сервис
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(FILE)


def _body(pack: Pack, code: str):
    return next(body for body in pack.bodies if body.code == code)


def _deadline(pack: Pack, code: str):
    return next(deadline for deadline in pack.deadlines if deadline.code == code)


def _topic(pack: Pack, topic: str) -> list[str]:
    return [provision.code for provision in pack.provisions if provision.topic == topic]


def _places_by_clause(pack: Pack) -> list[tuple[tuple[str | int, ...], str]]:
    return [(place, ref) for place, part in walk(pack) for ref in getattr(part, "clause", None) or []]


def test_edition_is_a_draft_without_requisites_and_says_why(pack: Pack) -> None:
    act = next(act for act in pack.acts if act.code == "decree")
    assert (act.number, act.date, act.status) == (None, None, "draft")
    assert pack.edition.is_draft
    assert pack.edition.effective_on == date(2025, 1, 1)
    assert pack.edition.years == [2025, 2026, 2027]
    open_codes = {item.code for item in pack.interpretations if item.status == "open"}
    assert {"requisites", "effective_on", "years"} <= set(pack.edition.interpretations) & open_codes
    assert pack.municipality.code == FILE.parent.name == "novooskolsky"
    assert pack.municipality.time_zone == "Europe/Moscow"


def test_what_the_act_does_not_have_is_not_invented(pack: Pack) -> None:
    assert pack.plan is None
    assert pack.plan_rows() == []
    assert pack.procedures == []
    assert pack.projects.stages == []
    assert pack.projects.report_forms == []
    assert not any(body.seats or body.meetings for body in pack.bodies)
    assert not any(body.kind in {"working_group", "commission"} for body in pack.bodies)
    absent = [document.code for document in pack.documents if document.absent]
    assert absent == ["decree"]
    decree = next(act for act in pack.acts if act.code == "decree")
    assert decree.parent is None and not decree.repeals and not decree.amends and decree.control is None
    assert {rule.rule.kind for rule in pack.deadlines} == {
        "at_least_times",
        "daily",
        "regularly",
        "on_event",
    }, "the act names no day and no month"


def test_six_sections_in_order_and_the_second_is_the_glossary(pack: Pack) -> None:
    document = next(document for document in pack.documents if document.code == "polozhenie")
    assert [section.number for section in document.sections] == ["1", "2", "3", "4", "5", "6"]
    assert [section.number for section in document.sections if section.shows == "glossary"] == ["2"]
    numbered = {
        ref.split(" ")[1] for ref in addresses(pack) if ref.startswith("polozhenie ") and "/" not in ref
    }
    expected = {str(number) for number in range(1, 7)}
    expected |= {"1.1", "1.2"} | {f"3.{n}" for n in range(1, 7)} | {f"3.6.{n}" for n in range(1, 11)}
    expected |= {"4.1", "4.2"} | {f"4.2.{n}" for n in range(1, 5)}
    expected |= {f"5.{n}" for n in range(1, 6)} | {f"5.2.{n}" for n in range(1, 13)}
    expected |= {"5.3.1", "5.3.2"} | {f"5.4.{n}" for n in range(1, 6)} | {f"5.5.{n}" for n in range(1, 6)}
    expected |= {"6.1", "6.2", "6.3", "6.2.1", "6.2.2"}
    assert numbered == expected


def test_glossary_has_the_seventy_terms_in_the_order_of_the_act(pack: Pack) -> None:
    expected = [" ".join(term.split()) for term in TERMS.split(";")]
    assert len(expected) == 70
    assert [term.term for term in pack.glossary] == expected
    assert [term.number for term in pack.glossary] == list(range(1, 71))
    assert [term.clause for term in pack.glossary] == [[f"polozhenie 2/{n}"] for n in range(1, 71)]
    assert all(term.definition.endswith(".") for term in pack.glossary)
    by_name = {term.term: term.definition for term in pack.glossary}
    assert by_name["Потеря"] == (
        "любое действие, при осуществлении которого потребляются ресурсы, но не создаются ценности для клиента."
    )
    assert by_name["Образец технологий"].startswith("это орган власти, учреждение или организация")
    assert by_name["Функция"].endswith("осуществляемая без запроса заявителя.")


def test_authorised_body_has_four_powers_and_is_not_named(pack: Pack) -> None:
    body = _body(pack, "authorised_body")
    assert [duty.clause for duty in body.functions] == [[f"polozhenie 4.1/{n}"] for n in range(1, 5)]
    assert "authorised_body_not_named" in body.interpretations


def test_curator_is_chosen_by_the_kind_of_organisation(pack: Pack) -> None:
    curator = _body(pack, "curator")
    assert len(curator.functions) == 4
    by_kind = {kind: line.positions for line in curator.eligibility for kind in line.kinds}
    assert set(by_kind) == {"omsu", "structural_unit", "institution", "organisation"}
    assert "заместителей главы администрации" in by_kind["omsu"]
    assert by_kind["structural_unit"] == "начальник управления"
    assert by_kind["institution"] == by_kind["organisation"] == "руководитель учреждения или организации"


def test_leaders_team_change_team_and_competence_centre(pack: Pack) -> None:
    team = _body(pack, "leaders_team")
    assert [line.kinds for line in team.eligibility] == [["omsu"], ["institution", "organisation"]]
    assert "руководители структурных подразделений" in team.eligibility[0].positions
    assert _body(pack, "change_team").is_temporary
    assert [body.code for body in pack.bodies if body.is_temporary] == ["change_team"]
    centre = _body(pack, "competence_centre")
    assert [duty.clause for duty in centre.functions] == [[f"polozhenie 4.2.4/4/{n}"] for n in range(1, 7)]
    assert "создание образцов технологий" in [duty.text for duty in centre.functions]


def test_nine_permanent_tools_in_the_order_of_the_act(pack: Pack) -> None:
    assert [tool.name for tool in pack.tools] == [
        "Доска визуализации",
        "Инструмент организации рабочего пространства (5С)",
        "Доска задач (совещания в формате ежедневных 15-минутных встреч у доски задач)",
        "Инфоцентр",
        "Реестр процессов",
        "Картирование",
        "Описание бизнес-процесса",
        "Стандартизация",
        "Сбор обратной связи",
    ]
    assert all(tool.is_permanent for tool in pack.tools)
    assert [tool.clause[0] for tool in pack.tools] == [f"polozhenie 5.5.2/{n}" for n in range(1, 10)]
    known = addresses(pack)
    for tool in pack.tools:
        assert tool.definition == known[tool.clause[1]].text, tool.code


def test_eight_grounds_each_leads_somewhere(pack: Pack) -> None:
    grounds = pack.projects.grounds
    assert [ground.clause for ground in grounds] == [[f"polozhenie 5.5.3/{n}"] for n in range(1, 9)]
    assert [ground.links_to for ground in grounds] == [
        "strategy",
        "kpi",
        "programme",
        "assignment",
        "employee_feedback",
        "citizen_appeals",
        "earlier_project",
        "replication",
    ]
    for name in (
        "«Государство для людей»",
        "«Производительность труда»",
        "Национальной социальной инициативы",
    ):
        assert name in grounds[2].text


def test_seven_phases_with_their_methods(pack: Pack) -> None:
    phases = pack.projects.phases
    assert [phase.clause for phase in phases] == [[f"polozhenie 5.5.4/{n}"] for n in range(1, 8)]
    assert [len(phase.tools) for phase in phases] == [6, 5, 3, 4, 2, 0, 1]
    known = addresses(pack)
    for phase in phases[:5]:
        text = known[phase.clause[0]].text
        assert text.lower().startswith(phase.title.lower())
        assert all(tool in text for tool in phase.tools)


def test_kinds_of_projects_processes_and_objects(pack: Pack) -> None:
    kinds = {(kind.axis, kind.name) for kind in pack.projects.kinds}
    assert kinds == {
        ("aim", "Бережливый проект"),
        ("aim", "Клиентоцентричный проект"),
        ("process", "Внутриведомственный процесс"),
        ("process", "Межведомственный процесс"),
        ("object", "Процесс"),
        ("object", "Жизненная ситуация"),
    }
    portfolio = next(rule for rule in pack.projects.requirements if rule.code == "portfolio")
    assert "портфели проектов" in (portfolio.text or "")


def test_project_card_has_the_five_parts_of_its_definition(pack: Pack) -> None:
    card = pack.projects.passport
    assert card is not None
    fields = [field.code for block in card.blocks for field in block.fields]
    assert fields == ["justification", "boundaries", "team", "targets", "calendar"]
    assert card.interpretations == ["card_form"]


def test_deadlines_as_written(pack: Pack) -> None:
    culture = _deadline(pack, "culture_diagnostics")
    assert (culture.rule.times, culture.rule.per, culture.rule.every) == (1, "year", 3)
    assert culture.as_written.endswith("не реже одного раза в три года")
    board = _deadline(pack, "task_board_meeting")
    assert (board.rule.kind, board.rule.minutes) == ("daily", 15)
    regular = {deadline.subject for deadline in pack.deadlines if deadline.rule.kind == "regularly"}
    assert {
        "corporate_training",
        "process_audit",
        "client_feedback",
        "monitoring",
        "tools_administration",
        "permanent_tools",
        "standardisation",
    } == regular
    assert all("regular_terms" in d.interpretations for d in pack.deadlines if d.rule.kind == "regularly")


def test_extra_diagnostics_strictly_above_thirty_percent_or_a_new_head(pack: Pack) -> None:
    triggers = {trigger.code: trigger for trigger in pack.triggers}
    condition = triggers["staff_renewed"].condition
    assert condition is not None
    assert (condition.operator, condition.value, condition.unit) == ("more_than", Decimal(30), "процентов")
    assert triggers["head_appointed"].condition is None
    asked = {
        deadline.rule.trigger
        for deadline in pack.deadlines
        if deadline.subject == "culture_diagnostics" and deadline.rule.kind == "on_event"
    }
    assert asked == {"introduction_begins", "staff_renewed", "head_appointed"}
    recommended = {deadline.rule.trigger for deadline in pack.deadlines if deadline.is_recommended}
    assert recommended == {"staff_renewed", "head_appointed"}, "«может являться» obliges nobody"


def test_diagnostics_methods_and_outcomes(pack: Pack) -> None:
    assert [method.name for method in pack.diagnostics.methods] == [
        "Анкетирование",
        "Интервьюирование",
        "Фокус-группа",
    ]
    assert [outcome.code for outcome in pack.diagnostics.outcomes] == [
        "report",
        "memorandum",
        "mission",
        "reflection_session",
        "administration_mission",
    ]


def test_training_formats(pack: Pack) -> None:
    assert [form.name for form in pack.training.formats] == [
        "Тренинг",
        "Семинар",
        "Стратегическая сессия",
        "Фабрика процессов",
        "Индивидуальная консультация",
        "Практическое обучение на рабочем месте",
    ]
    assert {"external_consultants", "seminar_feedback"} <= {rule.code for rule in pack.training.rules}


def test_principles_values_aims_clients_and_introduction_stages(pack: Pack) -> None:
    principles = [item for item in pack.provisions if item.topic == "principle"]
    assert [item.clause for item in principles] == [[f"polozhenie 3.6.{n}"] for n in range(1, 11)]
    assert principles[7].title == "Вытягивание"
    values = [item for item in pack.provisions if item.topic == "value" and "polozhenie 3.5" in item.clause]
    assert len(values) == 3
    aims = [item for item in pack.provisions if item.topic == "aim" and "polozhenie 3.1" in item.clause]
    assert len(aims) == 6
    statuses = [
        item for item in pack.provisions if item.topic == "client" and "polozhenie 3.2" in item.clause
    ]
    assert len(statuses) == 3
    assert len(_topic(pack, "introduction_stage")) == 5
    assert len(_topic(pack, "methodical_base")) == 4
    assert len(_topic(pack, "administration")) == 3
    assert len(_topic(pack, "monitoring")) == 1
    assert len(_topic(pack, "support")) == 2


def test_quoted_rules_are_quoted_word_for_word(pack: Pack) -> None:
    known = addresses(pack)

    def squeezed(text: str) -> str:
        return re.sub(r"\s+", "", text)

    whole = "".join(squeezed(address.text) for address in known.values())
    quoted = [(duty.text, body.code) for body in pack.bodies for duty in [*body.functions, *body.duties]]
    quoted += [(deadline.as_written, deadline.code) for deadline in pack.deadlines]
    quoted += [(ground.text, ground.code) for ground in pack.projects.grounds]
    quoted += [(kind.definition or "", kind.code) for kind in pack.projects.kinds]
    quoted += [(line, item.code) for item in pack.provisions for line in item.text.split("\n")]
    named = [
        *pack.diagnostics.methods,
        *pack.diagnostics.outcomes,
        *pack.training.kinds,
        *pack.training.rules,
    ]
    quoted += [(item.text or "", item.code) for item in named]
    assert len(quoted) > 100
    assert [code for text, code in quoted if squeezed(text) not in whole] == []


def test_the_misprints_of_the_act_are_kept_and_noted(pack: Pack) -> None:
    known = addresses(pack)
    for ref, word in (
        ("polozhenie 3.1/2", "муниципального круга"),
        ("polozhenie 4.2.4", "Бегородской"),
        ("polozhenie 6.2.1", "Белродской"),
        ("polozhenie 5.5.2/2", "(5C)"),
    ):
        assert word in known[ref].text
    noted = {ref for note in pack.notes for ref in note.clause or []}
    assert {"polozhenie 3.1/2", "polozhenie 4.2.4", "polozhenie 6.2.1"} <= noted


def test_contradictions_that_touch_this_act_are_read(pack: Pack) -> None:
    numbered = {item.number: item for item in pack.interpretations if item.number}
    assert set(numbered) == {3, 4, 25, 27, 28, 32, 33}
    assert {item.status for item in numbered.values()} == {"settled"}
    assert "организация и направление" in numbered[27].reading
    assert "закрыт с успехом" in numbered[25].reading


def test_every_interpretation_is_referred_to_or_stands_alone_by_its_clause(pack: Pack) -> None:
    used = {
        code
        for _, part in walk(pack)
        for code in getattr(part, "interpretations", [])
        if isinstance(code, str)
    }
    # These are about the act as a whole or about the glossary: no single rule carries them.
    alone = {item.code for item in pack.interpretations} - used
    assert alone == {"no_plan", "i-33"}


def test_every_clause_of_the_act_that_rules_something_is_used(pack: Pack) -> None:
    """A paragraph with no rule, provision or interpretation of its own would be lost for the product."""
    used = {ref for place, ref in _places_by_clause(pack) if place[0] not in {"glossary", "notes"}}
    sections = {f"polozhenie {number}" for number in range(1, 7)}
    introductory = {"polozhenie 3.6"}
    inside_principles = re.compile(r"polozhenie 3\.6\.\d+/\d+")
    terms = re.compile(r"polozhenie 2/\d+")
    unused = [
        ref
        for ref in addresses(pack)
        if ref not in used | sections | introductory
        and ref != "polozhenie"
        and not inside_principles.fullmatch(ref)
        and not terms.fullmatch(ref)
    ]
    assert unused == []


def test_no_person_phone_or_mail(pack: Pack) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert not re.search(r"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\.", text)
    assert "@" not in text
    assert not re.search(r"\d[\d\s()-]{8,}\d", re.sub(r"\d{4}-\d{2}-\d{2}", "", text))
    assert "person-named" not in {finding.code for finding in lint(pack)}


def test_linter_finds_what_is_missing_and_what_the_municipality_decides(pack: Pack) -> None:
    findings = lint(pack)
    codes = {finding.code for finding in findings}
    assert {"absent-text", "no-requisites", "no-gates", "open-question"} <= codes
    opened = [item for item in pack.interpretations if item.status == "open"]
    assert sum(1 for finding in findings if finding.code == "open-question") == len(opened)
    assert not codes & {"two-deadlines", "inclusive-not-said", "month-not-named"}
