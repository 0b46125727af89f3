"""Bodies and those who take part: working group, commission, curator, executors of the plan."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gemba.regulations.pack.base import Code, Refs, Strict, Text

OrganisationKind = Literal["omsu", "structural_unit", "institution", "organisation"]
BodyRole = Literal["chair", "deputy", "secretary", "member"]


class Named(Strict):
    """Правило с именем и пунктом: инструмент, формат, метод, итог."""

    code: Code
    name: Text
    text: Text | None = None
    clause: Refs
    interpretations: list[Code] = []


class Seat(Strict):
    """Место в составе: роль и должность, без имени."""

    number: Annotated[int, Field(ge=1)]
    role: BodyRole
    position: Text
    is_acting: bool = False
    """В акте сказано «и.о.»."""
    clause: Refs


class Duty(Strict):
    """Право, обязанность или полномочие."""

    of: Literal["chair", "deputy", "secretary", "member", "body"]
    kind: Literal["power", "right", "duty"]
    text: Text
    clause: Refs


class Meetings(Strict):
    """Как орган заседает. Пустое поле — положением не определено."""

    forms: list[Literal["in_person", "absentee"]] = []
    led_by: Text | None = None
    minutes_signed_by: list[BodyRole] = []
    copies_to: Text | None = None
    quorum: Text | None = None
    majority: Text | None = None
    casting_vote: bool | None = None
    absentee_term_days: int | None = None
    clause: Refs
    interpretations: list[Code] = []


class Eligibility(Strict):
    """Кто может занимать место, по виду организации."""

    organisations: Text
    kinds: list[OrganisationKind] = []
    positions: Text
    clause: Refs


class Body(Strict):
    """Орган: рабочая группа, комиссия, команда лидеров, куратор и другие."""

    code: Code
    kind: Literal[
        "working_group",
        "commission",
        "leaders_team",
        "curator",
        "authorised_body",
        "competence_centre",
        "change_team",
        "support",
        "council",
        "jury",
        "project_office",
        "other",
    ]
    name: Text
    clause: Refs
    purpose: Text | None = None
    is_temporary: bool = False
    created_by: Text | None = None
    """Каким актом создаётся."""
    functions: list[Duty] = []
    duties: list[Duty] = []
    seats: list[Seat] = []
    eligibility: list[Eligibility] = []
    meetings: Meetings | None = None
    interpretations: list[Code] = []


class Executor(Strict):
    """Исполнитель строк плана: вид организаций или названная организация."""

    code: Code
    name: Text
    """Как написано в акте."""
    kinds: list[OrganisationKind] = []
    """Виды организаций, которые сюда входят; пусто — названная организация."""
    is_by_agreement: bool = False
    """В акте помечено «(по согласованию)»."""
    is_external: bool = False
    """Не входит в муниципалитет."""
    clause: Refs
    interpretations: list[Code] = []
