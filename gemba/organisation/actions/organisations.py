"""Acts on organisations: create, change, close, merge."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Substr

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.actions.base import locked, one_act, said
from gemba.organisation.models import (
    Direction,
    Municipality,
    Organisation,
    OrganisationKind,
    ParticipationPeriod,
    Position,
    Unit,
)
from gemba.organisation.rules import (
    DEEPEST,
    code_problems,
    inn_problems,
    name_key,
    name_problems,
    span_problems,
    tidy,
)
from gemba.organisation.words import organisation_words


@dataclass(frozen=True)
class OrganisationFields:
    """What a person says about an organisation; an empty code is given by the register."""

    kind: str
    name: str
    short_name: str = ""
    inn: str = ""
    code: str = ""
    parent: Organisation | None = None
    direction: Direction | None = None
    starts_on: date | None = None


def create_organisation(
    *,
    actor: Actor,
    municipality: Municipality,
    fields: OrganisationFields,
    at: datetime,
    participates: bool = True,
) -> Organisation:
    """Enter an organisation into the register.

    :raises Refusal: with everything that is wrong with the fields.
    """
    require(actor, "organisation.edit")
    _require_municipality(actor, municipality)
    with one_act():
        made = Organisation(municipality=municipality)
        _fill(made, fields)
        refuse_on(organisation_problems(made))
        made.save()
        if participates:
            ParticipationPeriod.objects.create(organisation=made, starts_on=made.starts_on or actor.today)
        record(
            act="organisation.create", actor=actor, subject=made, title=made.name,
            municipality_id=municipality.pk, at=at, after=snapshot(made),
        )  # fmt: skip
    return made


def change_organisation(
    *, actor: Actor, organisation: Organisation, version: int, fields: OrganisationFields, at: datetime
) -> Organisation:
    """Change what the register says of an organisation; with a new parent everything below moves along.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: with everything that is wrong with the fields.
    """
    require(actor, "organisation.edit")
    require_own(actor, organisation)
    with one_act():
        row = locked(Organisation.objects.all(), organisation.pk, version)
        before, old_inner = snapshot(row), row.inner_path
        _fill(row, fields)
        refuse_on(organisation_problems(row))
        row.version += 1
        row.save()
        if row.inner_path != old_inner:
            Organisation.objects.filter(
                municipality_id=row.municipality_id, path__startswith=old_inner
            ).update(path=Concat(Value(row.inner_path), Substr(F("path"), len(old_inner) + 1)))
        record(
            act="organisation.change", actor=actor, subject=row, title=row.name,
            municipality_id=row.municipality_id, at=at, before=before, after=snapshot(row),
        )  # fmt: skip
    return row


def close_organisation(
    *, actor: Actor, organisation: Organisation, version: int, last_day: date, ground: str, at: datetime
) -> Organisation:
    """Close an organisation; its units, positions and participation end on the same day.

    :raises Refusal: when it is closed already, has open organisations below, or the day is wrong.
    """
    require(actor, "organisation.edit")
    require_own(actor, organisation)
    with one_act():
        row = locked(Organisation.objects.all(), organisation.pk, version)
        refuse_on(_closing_problems(row, last_day, ground, except_ids=()))
        before = snapshot(row)
        _end(row, last_day, ground, None)
        record(
            act="organisation.close", actor=actor, subject=row, title=row.name, reason=row.closing_ground,
            municipality_id=row.municipality_id, at=at, before=before, after=snapshot(row),
        )  # fmt: skip
    return row


def merge_organisations(
    *,
    actor: Actor,
    closing: list[Organisation],
    successor: Organisation,
    last_day: date,
    ground: str,
    at: datetime,
) -> Organisation:
    """Reorganise: the closing ones end on the day, the successor inherits their results, open children move to it.

    :raises Refusal: when the successor closes too, does not live after the day, or a closing one is closed already.
    """
    require(actor, "organisation.edit")
    for organisation in (*closing, successor):
        require_own(actor, organisation)
    with one_act():
        heir = locked(Organisation.objects.all(), successor.pk)
        rows = [locked(Organisation.objects.all(), organisation.pk) for organisation in closing]
        refuse_on(_merging_problems(rows, heir, last_day, ground))
        for row in rows:
            for child in Organisation.objects.filter(parent=row, ends_on__isnull=True).exclude(pk=heir.pk):
                _move(child, heir)
            if heir.parent_id == row.pk:
                _move(heir, row.parent)
            _end(row, last_day, ground, heir)
        names = [row.name for row in rows]
        record(
            act="organisation.merge", actor=actor, subject=heir, title=heir.name, reason=tidy(ground),
            municipality_id=heir.municipality_id, at=at,
            after={"joined": names, "ends_on": last_day, "successor": heir.name},
        )  # fmt: skip
    return heir


def next_code(municipality_id: int) -> str:
    """Return a free code: the next number of five digits."""
    last = (
        Organisation.objects.filter(municipality_id=municipality_id, code__regex=r"^[0-9]{5}$")
        .aggregate(last=Max("code"))
        .get("last")
    )
    return f"{int(last or 0) + 1:05d}"


def organisation_problems(row: Organisation) -> list[Problem]:
    """Check an organisation about to be kept: its own fields, its place in the tree, its neighbours."""
    problems = [
        *name_problems(row.name),
        *code_problems(row.code),
        *inn_problems(row.inn),
        *span_problems(row.starts_on, row.ends_on, field="starts_on"),
    ]
    if row.kind not in OrganisationKind.values:
        problems.append(Problem("Не указан вид организации.", field="kind", mend="Выберите вид из списка."))
    if row.direction is not None and row.direction.municipality_id != row.municipality_id:
        problems.append(Problem("Это направление другого округа.", field="direction"))
    others = Organisation.objects.filter(municipality_id=row.municipality_id).exclude(pk=row.pk or 0)
    if twin := others.filter(code=row.code).first():
        problems.append(
            Problem(f"Код {row.code} уже у организации «{twin}».", field="code", mend="Укажите другой код.")
        )
    if row.inn and (twin := others.filter(inn=row.inn).first()):
        problems.append(
            Problem(f"ИНН {row.inn} уже у организации «{twin}».", field="inn", mend="Проверьте ИНН.")
        )
    for twin in others.filter(parent_id=row.parent_id, name_key=row.name_key):
        if _overlap(row, twin):
            problems.append(
                Problem(
                    "Организация с таким названием уже есть на этом месте.",
                    field="name",
                    mend="Откройте её карточку или уточните название.",
                )
            )
            break
    return [*problems, *_tree_problems(row)]


def _overlap(one: Organisation, other: Organisation) -> bool:
    first, last = date.min, date.max
    return (one.starts_on or first) <= (other.ends_on or last) and (other.starts_on or first) <= (
        one.ends_on or last
    )


def _tree_problems(row: Organisation) -> list[Problem]:
    parent = row.parent
    if parent is None:
        return []
    if parent.municipality_id != row.municipality_id:
        return [Problem("Вышестоящая организация из другого округа.", field="parent")]
    if row.pk and (parent.pk == row.pk or f"/{row.pk}/" in parent.path):
        return [
            Problem(
                f"«{parent}» сама подчинена этой организации: получится круг.",
                field="parent",
                mend="Выберите другую вышестоящую организацию.",
            )
        ]
    mark = f"/{row.pk}/"
    # The row may already carry its new path, so what is below it is found by its number.
    below = (
        Organisation.objects.filter(municipality_id=row.municipality_id, path__contains=mark)
        if row.pk
        else None
    )
    paths = below.values_list("path", flat=True) if below is not None else ()
    own_height = max((path.partition(mark)[2].count("/") + 1 for path in paths), default=0)
    if parent.depth + 1 + own_height > DEEPEST:
        return [
            Problem(
                f"Больше {DEEPEST} уровней подчинения.", field="parent", mend="Выберите организацию выше."
            )
        ]
    if parent.ends_on is not None and (row.ends_on is None or row.ends_on > parent.ends_on):
        return [
            Problem(
                f"«{parent}» закрыта {format_date(parent.ends_on)}.",
                field="parent",
                mend="Выберите действующую вышестоящую организацию.",
            )
        ]
    return []


def _fill(row: Organisation, fields: OrganisationFields) -> None:
    row.kind = fields.kind
    row.name = tidy(fields.name)
    row.name_key = name_key(row.name)
    row.short_name = tidy(fields.short_name) or row.name[:200]
    row.inn = tidy(fields.inn)
    row.code = tidy(fields.code) or row.code or next_code(row.municipality_id)
    row.parent = fields.parent
    row.path = fields.parent.inner_path if fields.parent else "/"
    row.direction = fields.direction
    row.starts_on = fields.starts_on
    row.words = organisation_words(row)


def _closing_problems(
    row: Organisation, last_day: date, ground: str, except_ids: tuple[int, ...]
) -> list[Problem]:
    if row.ends_on is not None:
        return [Problem(f"Организация уже закрыта {format_date(row.ends_on)}.", field="last_day")]
    problems = span_problems(row.starts_on, last_day, field="last_day")
    if not tidy(ground):
        problems.append(
            Problem("Не указано основание.", field="ground", mend="Назовите акт: вид, дату и номер.")
        )
    children = Organisation.objects.filter(parent=row).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)
    )
    names = [str(child) for child in children.exclude(pk__in=except_ids).order_by("name_key")[:4]]
    if names:
        shown = ", ".join(f"«{name}»" for name in names[:3]) + (" и другие" if len(names) > 3 else "")
        problems.append(
            Problem(
                f"Ей подчинены действующие организации: {shown}.",
                mend="Сначала закройте их, переподчините или оформите реорганизацию.",
            )
        )
    return problems


def _merging_problems(
    rows: list[Organisation], heir: Organisation, last_day: date, ground: str
) -> list[Problem]:
    problems: list[Problem] = []
    if not rows:
        problems.append(Problem("Не выбраны присоединяемые организации.", field="closing"))
    if heir.pk in {row.pk for row in rows}:
        problems.append(
            Problem("Правопреемник не может закрываться сам.", field="successor", mend="Выберите другую.")
        )
    if not heir.is_on(last_day + timedelta(days=1)):
        problems.append(
            Problem(
                "На следующий день правопреемника нет в реестре.", field="successor", mend="Проверьте дату."
            )
        )
    for row in rows:
        children = Organisation.objects.filter(parent=row).values_list("pk", flat=True)
        problems.extend(_closing_problems(row, last_day, ground, except_ids=tuple(children)))
    return problems


def _end(row: Organisation, last_day: date, ground: str, successor: Organisation | None) -> None:
    row.ends_on = last_day
    row.closing_ground = tidy(ground)[:300]
    row.successor = successor
    row.version += 1
    row.save()
    still = Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)
    for part in (Unit, Position, ParticipationPeriod):
        open_ones: Any = part._default_manager.filter(still, organisation=row)
        open_ones.filter(starts_on__gt=last_day).update(ends_on=F("starts_on"))
        open_ones.exclude(starts_on__gt=last_day).update(ends_on=last_day)


def _move(row: Organisation, parent: Organisation | None) -> None:
    old_inner = row.inner_path
    row.parent = parent
    row.path = parent.inner_path if parent else "/"
    row.version += 1
    row.save()
    Organisation.objects.filter(municipality_id=row.municipality_id, path__startswith=old_inner).update(
        path=Concat(Value(row.inner_path), Substr(F("path"), len(old_inner) + 1))
    )


def _require_municipality(actor: Actor, municipality: Municipality) -> None:
    if actor.municipality_id != municipality.pk:
        raise Refusal(Problem("Это другой округ."))


def snapshot(row: Organisation) -> dict[str, Any]:
    """Return what the record of acts keeps of an organisation."""
    return {
        "kind": row.get_kind_display(),
        "name": row.name,
        "short_name": row.short_name,
        "inn": row.inn,
        "code": row.code,
        "parent": said(row.parent),
        "direction": said(row.direction),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "successor": said(row.successor),
    }
