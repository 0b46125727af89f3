"""Acts on a municipality itself: its names, settings and directions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.actions.base import locked, one_act
from gemba.organisation.models import Direction, Municipality, MunicipalitySettings, Region
from gemba.organisation.rules import code_problems, name_key, name_problems, tidy
from gemba.ui.frame import ACCENTS


@dataclass(frozen=True)
class MunicipalityFields:
    """What is said about a municipality."""

    name: str
    short_name: str
    genitive: str
    time_zone: str = "Asia/Novokuznetsk"
    accent: str = ACCENTS[0]
    settings: MunicipalitySettings = field(default_factory=MunicipalitySettings)


def create_municipality(
    *, actor: Actor, region: Region, code: str, fields: MunicipalityFields, at: datetime
) -> Municipality:
    """Open a municipality in the installation; only a command on the server does it.

    :raises Refusal: with everything that is wrong.
    :raises PermissionDenied: when asked for from a page.
    """
    if not actor.is_system:
        raise PermissionDenied("Округ создаёт администратор на сервере.")
    with one_act():
        made = Municipality(region=region, code=tidy(code))
        _fill(made, fields)
        refuse_on([*code_problems(made.code), *_problems(made)])
        made.save()
        record(
            act="organisation.create_municipality", actor=actor, subject=made, title=made.name,
            municipality_id=made.pk, at=at, after=snapshot(made),
        )  # fmt: skip
    return made


def change_municipality(
    *, actor: Actor, municipality: Municipality, version: int, fields: MunicipalityFields, at: datetime
) -> Municipality:
    """Change the names, the look and the settings of the municipality.

    :raises StaleRecord: when somebody changed them meanwhile.
    :raises Refusal: with everything that is wrong.
    """
    _require(actor, municipality)
    with one_act():
        row = locked(Municipality.objects.all(), municipality.pk, version)
        before = snapshot(row)
        _fill(row, fields)
        refuse_on(_problems(row))
        row.version += 1
        row.save()
        record(
            act="organisation.change_municipality", actor=actor, subject=row, title=row.name,
            municipality_id=row.pk, at=at, before=before, after=snapshot(row),
        )  # fmt: skip
    return row


def add_direction(*, actor: Actor, municipality: Municipality, name: str, at: datetime) -> Direction:
    """Add a direction of activity to the reference list.

    :raises Refusal: when the name is empty or taken.
    """
    require(actor, "organisation.edit")
    if actor.municipality_id != municipality.pk:
        raise PermissionDenied("Это другой округ.")
    with one_act():
        name = tidy(name)
        refuse_on(name_problems(name, longest=150))
        if Direction.objects.filter(municipality=municipality, name_key=name_key(name)).exists():
            raise Refusal(Problem(f"Направление «{name}» уже есть.", field="name"))
        made = Direction.objects.create(municipality=municipality, name=name, name_key=name_key(name))
        record(
            act="organisation.add_direction", actor=actor, subject=made, title=name,
            municipality_id=municipality.pk, at=at, after={"name": name},
        )  # fmt: skip
    return made


def change_direction(
    *, actor: Actor, direction: Direction, version: int, name: str, is_active: bool, at: datetime
) -> Direction:
    """Rename a direction, or take it out of the lists to choose from; organisations keep it.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: when the name is empty or taken.
    """
    require(actor, "organisation.edit")
    require_own(actor, direction)
    with one_act():
        row = locked(Direction.objects.all(), direction.pk, version)
        before = {"name": row.name, "is_active": row.is_active}
        row.name = tidy(name)
        row.name_key = name_key(row.name)
        row.is_active = is_active
        problems = name_problems(row.name, longest=150)
        twins = Direction.objects.filter(municipality_id=row.municipality_id, name_key=row.name_key)
        if twins.exclude(pk=row.pk).exists():
            problems.append(Problem(f"Направление «{row.name}» уже есть.", field="name"))
        refuse_on(problems)
        row.version += 1
        row.save()
        record(
            act="organisation.change_direction", actor=actor, subject=row, title=row.name,
            municipality_id=row.municipality_id, at=at, before=before,
            after={"name": row.name, "is_active": row.is_active},
        )  # fmt: skip
    return row


def _require(actor: Actor, municipality: Municipality) -> None:
    require(actor, "organisation.edit_municipality")
    if actor.municipality_id != municipality.pk:
        raise PermissionDenied("Это другой округ.")


def _fill(row: Municipality, fields: MunicipalityFields) -> None:
    row.name = tidy(fields.name)
    row.short_name = tidy(fields.short_name) or row.name[:100]
    row.genitive = tidy(fields.genitive) or row.name
    row.time_zone = fields.time_zone
    row.accent = fields.accent
    row.settings = fields.settings.as_json()


def _problems(row: Municipality) -> list[Problem]:
    problems = name_problems(row.name, longest=200)
    if row.time_zone not in available_timezones():
        problems.append(Problem("Такого часового пояса нет.", field="time_zone", mend="Выберите из списка."))
    if row.accent not in ACCENTS:
        problems.append(Problem("Такого цвета нет.", field="accent", mend="Выберите из списка."))
    if Municipality.objects.filter(name=row.name).exclude(pk=row.pk or 0).exists():
        problems.append(Problem(f"Округ «{row.name}» уже есть.", field="name"))
    return problems


def snapshot(row: Municipality) -> dict[str, Any]:
    """Return what the record of acts keeps of a municipality."""
    return {
        "name": row.name,
        "short_name": row.short_name,
        "genitive": row.genitive,
        "time_zone": row.time_zone,
        "accent": row.accent,
        **row.settings,
    }


def set_coat_of_arms(
    *, actor: Actor, municipality: Municipality, picture: bytes, at: datetime
) -> Municipality:
    """Replace the coat of arms with a picture that has been checked and drawn anew."""
    _require(actor, municipality)
    with one_act():
        row = locked(Municipality.objects.all(), municipality.pk)
        had = bool(row.coat_of_arms)
        row.coat_of_arms.save(f"{row.code}.png", ContentFile(picture), save=False)
        row.version += 1
        row.save()
        record(
            act="organisation.set_coat_of_arms", actor=actor, subject=row, title=row.name,
            municipality_id=row.pk, at=at, before={"coat_of_arms": had}, after={"coat_of_arms": True},
        )  # fmt: skip
    return row
