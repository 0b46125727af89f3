"""Acts on units inside an organisation."""

from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, refuse_on
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.actions.base import locked, one_act, said
from gemba.organisation.models import Organisation, Position, Unit
from gemba.organisation.rules import DEEPEST, name_key, name_problems, span_problems, tidy


def add_unit(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    parent: Unit | None,
    at: datetime,
    starts_on: date | None = None,
) -> Unit:
    """Add a unit to the organisation, inside another unit or at its top.

    :raises Refusal: when the name is empty or taken, or the organisation is closed.
    """
    require(actor, "organisation.edit_units", organisation.pk)
    require_own(actor, organisation)
    with one_act():
        owner = locked(Organisation.objects.all(), organisation.pk)
        made = Unit(organisation=owner, parent=parent, starts_on=starts_on, name=tidy(name))
        made.path = parent.inner_path if parent else "/"
        made.name_key = name_key(made.name)
        problems = _problems(made)
        if owner.ends_on is not None:
            problems.append(Problem(f"Организация закрыта {format_date(owner.ends_on)}."))
        refuse_on(problems)
        made.save()
        record(
            act="organisation.add_unit", actor=actor, subject=made, title=made.name,
            municipality_id=owner.municipality_id, at=at,
            after=snapshot(made),
        )  # fmt: skip
    return made


def change_unit(
    *, actor: Actor, unit: Unit, version: int, name: str, parent: Unit | None, at: datetime
) -> Unit:
    """Rename the unit or put it with everything inside it under another unit or to the top.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: when the name is empty or taken there, or the tree would become a ring or too deep.
    """
    require(actor, "organisation.edit_units", unit.organisation_id)
    require_own(actor, unit)
    with one_act():
        row = locked(Unit.objects.all(), unit.pk, version)
        before, old_inner = snapshot(row), row.inner_path
        row.name = tidy(name)
        row.name_key = name_key(row.name)
        row.parent = parent
        row.path = parent.inner_path if parent else "/"
        problems = _problems(row)
        if parent is not None and (parent.pk == row.pk or parent.path.startswith(old_inner)):
            problems.append(
                Problem(
                    f"«{parent}» само входит в это подразделение: получится круг.",
                    field="parent",
                    mend="Выберите другое.",
                )
            )
        refuse_on(problems)
        row.version += 1
        row.save()
        if row.inner_path != old_inner:
            Unit.objects.filter(organisation_id=row.organisation_id, path__startswith=old_inner).update(
                path=Concat(Value(row.inner_path), Substr(F("path"), len(old_inner) + 1))
            )
        record(
            act="organisation.change_unit", actor=actor, subject=row, title=row.name,
            municipality_id=row.organisation.municipality_id, at=at, before=before, after=snapshot(row),
        )  # fmt: skip
    return row


def close_unit(*, actor: Actor, unit: Unit, version: int, last_day: date, at: datetime) -> Unit:
    """Close the unit; people who work in it stay in the organisation and must be placed first.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: when units or people are still in it.
    """
    require(actor, "organisation.edit_units", unit.organisation_id)
    require_own(actor, unit)
    with one_act():
        row = locked(Unit.objects.all(), unit.pk, version)
        still = Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)
        problems = span_problems(row.starts_on, last_day, field="last_day")
        if row.ends_on is not None:
            problems.append(Problem(f"Подразделение уже закрыто {format_date(row.ends_on)}."))
        if Unit.objects.filter(still, parent=row).exists():
            problems.append(
                Problem("Внутри есть действующие подразделения.", mend="Сначала закройте или перенесите их.")
            )
        if Position.objects.filter(still, unit=row).exists():
            problems.append(
                Problem("В подразделении работают люди.", mend="Сначала переведите или увольте их.")
            )
        refuse_on(problems)
        row.ends_on = last_day
        row.version += 1
        row.save()
        record(
            act="organisation.close_unit", actor=actor, subject=row, title=row.name,
            municipality_id=row.organisation.municipality_id, at=at, after={"ends_on": last_day},
        )  # fmt: skip
    return row


def _problems(row: Unit) -> list[Problem]:
    problems = [
        *name_problems(row.name, longest=300),
        *span_problems(row.starts_on, row.ends_on, field="starts_on"),
    ]
    if ">" in row.name:
        problems.append(
            Problem(
                "Знак «>» в названии занят: он обозначает вложенность.", field="name", mend="Уберите его."
            )
        )
    if row.parent is not None:
        if row.parent.organisation_id != row.organisation_id:
            problems.append(Problem("Это подразделение другой организации.", field="parent"))
        if row.parent.ends_on is not None:
            problems.append(
                Problem(f"«{row.parent}» закрыто {format_date(row.parent.ends_on)}.", field="parent")
            )
    if row.path.count("/") - 1 > DEEPEST:
        problems.append(Problem(f"Больше {DEEPEST} уровней вложенности.", field="parent"))
    twins = Unit.objects.filter(
        organisation_id=row.organisation_id,
        parent_id=row.parent_id,
        name_key=row.name_key,
        ends_on__isnull=True,
    ).exclude(pk=row.pk or 0)
    if row.ends_on is None and twins.exists():
        problems.append(
            Problem(
                "Подразделение с таким названием здесь уже есть.", field="name", mend="Дайте другое название."
            )
        )
    return problems


def snapshot(row: Unit) -> dict[str, Any]:
    """Return what the record of acts keeps of a unit."""
    return {
        "name": row.name,
        "organisation": str(row.organisation),
        "parent": said(row.parent),
        "ends_on": row.ends_on,
    }
