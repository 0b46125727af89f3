"""Projects: kinds, grounds, stages, the passport, the report form, phases of the methodology."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gemba.regulations.pack.base import Code, Refs, Strict, Text
from gemba.regulations.pack.bodies import Named


class ProjectKind(Strict):
    """Вид проекта или процесса."""

    code: Code
    axis: Literal["scale", "aim", "process", "object", "subject"]
    """По чему различаются: размах участия, цель, процесс, объект."""
    name: Text
    definition: Text | None = None
    clause: Refs


class Ground(Strict):
    """Основание для открытия проекта."""

    code: Code
    text: Text
    links_to: Literal[
        "indicator",
        "kpi",
        "programme",
        "assignment",
        "employee_feedback",
        "citizen_appeals",
        "earlier_project",
        "replication",
        "diagnostics",
        "plan_proposal",
        "strategy",
    ]
    """К чему привязывается основание в программе."""
    clause: Refs


class Stage(Strict):
    """Этап проекта."""

    number: Annotated[int, Field(ge=1)]
    code: Code
    title: Text
    dates: Literal["day", "period"]
    """В форме одна дата или «с … по …»."""
    clause: Refs
    interpretations: list[Code] = []


class PassportField(Strict):
    """Поле паспорта."""

    code: Code
    title: Text
    kind: Literal[
        "line", "text", "person", "people", "list", "table", "boundaries", "signature", "organisation"
    ]
    columns: list[Text] = []
    """Заголовки граф, если поле — таблица."""
    hint: Text | None = None
    clause: Refs


class PassportBlock(Strict):
    """Блок паспорта."""

    number: Annotated[int, Field(ge=0)]
    title: Text
    fields: list[PassportField] = []
    shows_stages: bool = False
    """В этом блоке стоят сроки этапов."""


class Passport(Strict):
    """Форма паспорта проекта."""

    title: Text
    document: Code
    blocks: Annotated[list[PassportBlock], Field(min_length=1)]
    approved_by: Text | None = None
    clause: Refs
    interpretations: list[Code] = []


class ReportColumn(Strict):
    """Графа отчёта."""

    number: Annotated[int, Field(ge=1)]
    code: Code
    title: Text
    clause: Refs
    interpretations: list[Code] = []


class ReportForm(Strict):
    """Форма отчёта."""

    code: Code
    title: Text
    document: Code
    period: Literal["month", "quarter", "half_year", "year"]
    columns: Annotated[list[ReportColumn], Field(min_length=1)]
    clause: Refs


class Phase(Strict):
    """Фаза методологии и её инструменты."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    tools: list[Text] = []
    clause: Refs


class Tool(Strict):
    """Инструмент бережливого управления."""

    code: Code
    name: Text
    definition: Text | None = None
    is_permanent: bool = False
    """Применяется на постоянной основе в каждой организации."""
    clause: Refs
    interpretations: list[Code] = []


class Projects(Strict):
    """Всё о проектах."""

    kinds: list[ProjectKind] = []
    grounds: list[Ground] = []
    stages: list[Stage] = []
    passport: Passport | None = None
    report_forms: list[ReportForm] = []
    phases: list[Phase] = []
    requirements: list[Named] = []
    """Прочие правила о проектах: портфель, приложение паспорта к отчёту, качественный показатель."""


class Training(Strict):
    """Обучение: виды, формы, правила."""

    kinds: list[Named] = []
    formats: list[Named] = []
    rules: list[Named] = []


class Diagnostics(Strict):
    """Диагностика корпоративной культуры."""

    methods: list[Named] = []
    outcomes: list[Named] = []
    rules: list[Named] = []


class Provision(Strict):
    """Положение, у которого есть смысл для людей, но нет вычислимого правила."""

    code: Code
    topic: Literal[
        "programme",
        "scope",
        "aim",
        "principle",
        "value",
        "task",
        "client",
        "relevance",
        "introduction_stage",
        "yearly_measure",
        "final_measure",
        "popularisation",
        "motivation",
        "contest",
        "replication",
        "reference_site",
        "satisfaction",
        "feedback",
        "support",
        "monitoring",
        "administration",
        "publication",
        "methodical_base",
        "assessment",
        "proposal",
        "protection",
        "other",
    ]
    title: Text | None = None
    text: Text
    clause: Refs
    interpretations: list[Code] = []


class Term(Strict):
    """Термин глоссария, слово в слово."""

    number: Annotated[int, Field(ge=1)]
    term: Text
    definition: Text
    also: list[Text] = []
    """Другие названия и сокращения, по которым термин узнаётся в тексте: «ППУ»."""
    clause: Refs
