"""A coefficient the act left empty is set by another act: a new edition of the regulation, the old one untouched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date, format_number
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require
from gemba.organisation.models import Municipality
from gemba.plan import metrics
from gemba.regulations.actions import PackError, load_edition
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Rows
from gemba.regulations.queries import pack_of
from gemba.self_assessment.models import ProofRule
from gemba.self_assessment.rules.source import Place, with_values

MOST = Decimal(1000)


@dataclass(frozen=True)
class Act:
    """The act that sets the coefficient."""

    kind: str
    number: str
    on: date

    def __str__(self) -> str:
        return f"{self.kind} от {format_date(self.on)} № {self.number}"


def set_coefficient(
    *,
    actor: Actor,
    municipality: Municipality,
    edition: Edition,
    procedure: str,
    criterion: str,
    value: Decimal,
    act: Act,
    effective_on: date,
    at: datetime,
) -> Edition:
    """Load a new edition in which the empty coefficient has a value; fixed ratings stay as they are.

    :raises Refusal: when the coefficient is not empty, the act is not named, or the day is not after the edition's.
    """
    require(actor, "self_assessment.set_coefficient")
    rule = next((each for each in pack_of(edition).procedures if each.code == procedure), None)
    found = next((each for each in rule.criteria if each.code == criterion), None) if rule else None
    problems = []
    if rule is None or found is None:
        problems.append(Problem("Такого критерия в редакции нет.", field="criterion"))
    elif not (found.coefficient.is_fixed and found.coefficient.fixed is None):
        problems.append(
            Problem(
                "У этого критерия коэффициент уже есть.",
                field="criterion",
                mend="Изменить его может только новая редакция положения.",
            )
        )
    if not 0 <= value <= MOST:
        problems.append(Problem(f"Коэффициент — от 0 до {MOST}.", field="value"))
    if not act.kind.strip() or not act.number.strip():
        problems.append(Problem("Назовите акт: вид и номер.", field="number"))
    if effective_on <= edition.effective_on:
        problems.append(
            Problem(
                f"Новая редакция действует позже {format_date(edition.effective_on)}.", field="effective_on"
            )
        )
    if effective_on < act.on:
        problems.append(Problem("Редакция действует не раньше дня акта.", field="effective_on"))
    if problems:
        raise Refusal(problems)
    assert rule is not None and found is not None
    places = pack_of(edition)
    number = [each.code for each in places.procedures].index(procedure)
    inner = [each.code for each in rule.criteria].index(criterion)
    said = f"Коэффициент критерия {criterion} — {format_number(value)}: {act}."
    values: dict[Place, str] = {
        ("procedures", number, "criteria", inner, "coefficient"): f"{value:f}",
        ("edition", "code"): effective_on.isoformat(),
        ("edition", "effective_on"): effective_on.isoformat(),
        ("edition", "title"): f"{edition.title}; {act}",
        ("edition", "changes"): said,
    }
    source = with_values(edition.source, values)
    with transaction.atomic():
        try:
            made = load_edition(
                actor=actor,
                municipality=municipality,
                source=source.encode(),
                name=f"{effective_on}.yaml",
                at=at,
            )
        except PackError as wrong:
            raise Refusal([Problem(str(each)) for each in wrong.problems[:5]]) from None
        record(
            act="self_assessment.set_coefficient", actor=actor, subject=made, title=f"Редакция «{made.title}»"[:500],
            municipality_id=municipality.pk, at=at, before={"coefficient": None},
            after={"coefficient": value, "criterion": criterion, "act": str(act)},
        )  # fmt: skip
    return made


def set_proof_rule(
    *,
    actor: Actor,
    municipality: Municipality,
    edition: Edition,
    procedure: str,
    criterion: str,
    row: str,
    indicator: str,
    at_least: Decimal,
    at: datetime,
) -> ProofRule | None:
    """Say which records prove a row; without an indicator the rule is taken away.

    :raises Refusal: when the row or the indicator does not exist.
    """
    require(actor, "self_assessment.run")
    rule = next((each for each in pack_of(edition).procedures if each.code == procedure), None)
    found = next((each for each in rule.criteria if each.code == criterion), None) if rule else None
    if not isinstance(found, Rows) or row not in {each.code for each in found.rows if not each.nothing}:
        raise Refusal(Problem("Такой строки в положении нет.", mend="Обновите страницу."))
    if indicator and not metrics.needed([indicator]):
        raise Refusal(Problem("Такого показателя система не считает.", field="indicator"))
    if not 0 < at_least <= MOST:
        raise Refusal(Problem(f"Число — больше 0 и не больше {MOST}.", field="at_least"))
    key: dict[str, Any] = {
        "municipality": municipality,
        "procedure": procedure,
        "criterion": criterion,
        "row": row,
    }
    with transaction.atomic():
        before = ProofRule.objects.select_for_update().filter(**key).first()
        was = {"indicator": before.indicator, "at_least": before.at_least} if before else {}
        kept: ProofRule | None = None
        if indicator:
            kept, _ = ProofRule.objects.update_or_create(
                **key,
                defaults={
                    "indicator": indicator,
                    "at_least": at_least,
                    "set_by": actor.name[:200],
                    "set_at": at,
                },
            )
        elif before:
            ProofRule.objects.filter(pk=before.pk).delete()
        record(
            act="self_assessment.set_proof_rule", actor=actor, subject=kept,
            title=f"Критерий {criterion}, строка {row}", municipality_id=municipality.pk, at=at, before=was,
            after={"indicator": indicator, "at_least": at_least},
        )  # fmt: skip
    return kept
