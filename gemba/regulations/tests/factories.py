"""A small invented regulation for tests, and the addresses the URL walk needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from gemba.organisation.access import system_actor
from gemba.organisation.models import Municipality
from gemba.regulations.actions import load_edition
from gemba.regulations.models import Edition

AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)

PACK = """\
municipality:
  code: {code}
  name: Заречный округ
  genitive: Заречного округа
  short_name: Заречный
  region: Приречная область
edition:
  code: {edition}
  title: Положение о бережливом управлении
  programme: Бережливый округ
  years: [2025, 2026, 2027]
  effective_on: {edition}
acts:
  - code: decree
    kind: постановление
    issuer: Администрация Заречного округа
    number: "12"
    date: {edition}
    title: О бережливом управлении
    status: in_force
    approves: [polozhenie, plan]
documents:
  - code: polozhenie
    title: Положение о бережливом управлении
    short_title: Положение
    kind: regulation
    act: decree
    sections:
      - number: 1
        title: Общие положения
        clauses:
          - number: 1.1
            text: Потери времени устраняются с участием сотрудников.
          - number: 1.2
            text: "Рабочая группа:"
            items:
              - text: собирает предложения;
              - number: 1)
                text: заседает не реже одного раза в квартал.
      - number: 2
        title: Термины
        shows: glossary
      - number: 3
        title: Мониторинг
        clauses:
          - number: 3.1
            text: {deadline_text}
  - code: plan
    title: План мероприятий
    short_title: План
    kind: plan
    act: decree
    shows: plan
executors:
  - code: all
    name: Все организации
    kinds: [omsu, structural_unit, institution, organisation]
    clause: polozhenie 1.1
plan:
  title: План мероприятий
  document: plan
  sections:
    - number: 1
      title: Улучшения
      rows:
        - code: "1.1"
          number: "1.1"
          title: Исполненные предложения по улучшению
          unit: единиц
          targets:
            2025: {{kind: at_least, value: "1", as_written: не менее 1}}
            2026: {{kind: at_least, value: "{target}", as_written: не менее {target}}}
            2027: {{kind: at_least, value: "3", as_written: не менее 3}}
          executors: [all]
          executors_as_written: Все организации
          indicator: proposals_implemented
          scope: per_unit
          clause: plan 1.1
deadlines:
  - code: quarterly_report
    title: Отчёт за квартал
    subject: quarterly_report
    who: [all]
    to: экономисту
    rule: {{kind: after_period, period: quarter, day: {day}}}
    as_written: до {day} числа месяца, следующего за отчётным кварталом
    clause: polozhenie 3.1
glossary:
  - number: 1
    term: Потеря
    definition: действие, которое не создаёт ценности.
    clause: polozhenie 2/1
"""


def pack_text(
    code: str = "zarechny", edition: str = "2025-01-15", target: int = 2, day: int = 10, extra: str = ""
) -> str:
    """Return the text of a valid pack."""
    text = PACK.format(
        code=code,
        edition=edition,
        target=target,
        day=day,
        deadline_text=f"Отчёт представляется до {day} числа месяца, следующего за отчётным кварталом.",
    )
    return text + extra


def an_edition(municipality: Municipality, **changes: Any) -> Edition:
    """Load an edition into a municipality."""
    return load_edition(
        actor=system_actor(municipality, today=date(2026, 1, 12)),
        municipality=municipality,
        source=pack_text(code=municipality.code, **changes).encode(),
        name="положение.yaml",
        at=AT,
    )


def url_samples(cast: Any) -> dict[str, dict[str, Any]]:
    """Return keyword arguments for the addresses that name an object of the cast's first municipality."""
    edition = Edition.objects.filter(municipality=cast.municipality).first() or an_edition(cast.municipality)
    return {
        "regulations:edition": {"code": edition.code},
        "regulations:text": {"code": edition.code, "document": "polozhenie"},
        "regulations:rules": {"code": edition.code, "kind": "deadlines"},
        "regulations:clause": {"code": edition.code, "ref": "polozhenie~3.1"},
        "regulations:findings": {"code": edition.code},
        "regulations:interpretations": {"code": edition.code},
        "regulations:glossary": {"code": edition.code},
        "regulations:search": {"code": edition.code},
        "regulations:compare": {"code": edition.code, "other": edition.code},
        "regulations:source": {"code": edition.code},
        "regulations:calendar": {"year": 2026, "is_object": False},
        "regulations:clear_calendar_day": {"year": 2026, "month": 1, "day": 1, "is_object": False},
    }
