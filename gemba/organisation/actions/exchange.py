"""Loading of a checked file: one transaction, one entry in the record of acts, thousands of rows in seconds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require
from gemba.organisation.actions.base import one_act
from gemba.organisation.exchange.organisations import OrganisationRow
from gemba.organisation.exchange.people import PersonRow
from gemba.organisation.exchange.plans import CHANGE, CREATE, ImportPlan
from gemba.organisation.models import (
    HeadcountRecord,
    ImportUpload,
    Municipality,
    Organisation,
    ParticipationPeriod,
    Person,
    Position,
    Unit,
)
from gemba.organisation.rules import name_key
from gemba.organisation.words import organisation_words, person_key, person_words

_BATCH = 500
KEPT = timedelta(days=1)
# The record keeps what was changed in words; a file of thousands of corrections is told by its first ones.
_TOLD = 300
_ORGANISATION_FIELDS = [
    "kind", "name", "name_key", "short_name", "inn", "direction", "parent", "path", "successor", "starts_on",
    "ends_on", "closing_ground", "words", "version",
]  # fmt: skip
_PERSON_FIELDS = ["family_name", "given_name", "patronymic", "phone", "email", "name_key", "words", "version"]
_POSITION_FIELDS = ["unit", "is_acting", "is_head", "ends_on", "version"]


def keep_upload(
    *, actor: Actor, municipality: Municipality, subject: str, file_name: str, content: bytes, at: datetime
) -> ImportUpload:
    """Keep an uploaded file until it is loaded or a day passes; it is not an act yet and is not recorded."""
    require(actor, "organisation.exchange")
    with one_act():
        ImportUpload.objects.filter(uploaded_at__lt=at - KEPT).delete()
        # A new attempt of the same person replaces the former one.
        ImportUpload.objects.filter(
            municipality=municipality, user_id=actor.user_id or 0, subject=subject
        ).delete()
        return ImportUpload.objects.create(
            municipality=municipality, user_id=actor.user_id or 0, subject=subject, file_name=file_name[:200],
            content=content, uploaded_at=at,
        )  # fmt: skip


def drop_upload(*, actor: Actor, upload: ImportUpload) -> None:
    """Forget an uploaded file; nothing of it was written."""
    require(actor, "organisation.exchange")
    upload.delete()


def import_organisations(
    *,
    actor: Actor,
    municipality: Municipality,
    plan: ImportPlan,
    file_name: str,
    accept_good: bool,
    at: datetime,
) -> None:
    """Write the good rows of a checked sheet of organisations.

    :raises Refusal: when rows are bad and the person has not agreed to skip them.
    """
    _require(actor, municipality, plan, accept_good)
    with one_act():
        rows: list[OrganisationRow] = [row.data for row in plan.work]
        by_code = {row.code: row for row in Organisation.objects.filter(municipality=municipality)}
        old_paths = {row.pk: row.path for row in by_code.values()}
        coming = {row.target.code: row for row in rows}
        for row in rows:
            row.target.words = organisation_words(row.target)
            by_code[row.target.code] = row.target
        by_id = {row.pk: row for row in by_code.values() if row.pk}
        for level in _levels(rows, by_code, by_id):
            _save_level(level, by_code, by_id)
        _link_successors(rows, by_code)
        _mend_paths(by_code.values(), by_id, old_paths)
        _write_facts([row for row in rows if row.target.code in coming])
        _record(actor, municipality, plan, file_name, at, "organisation.import_organisations")


def _levels(
    rows: list[OrganisationRow], by_code: dict[str, Organisation], by_id: dict[int, Organisation]
) -> Iterable[list[OrganisationRow]]:
    """Order the rows so that a parent is written before its children."""
    waiting = {row.target.code: row for row in rows}

    def parent(row: OrganisationRow) -> str:
        if row.parent_code is not None:
            return row.parent_code
        above = by_id.get(row.target.parent_id or 0)
        return above.code if above else ""

    while waiting:
        ready = [row for row in waiting.values() if parent(row) not in waiting]
        if not ready:
            raise Refusal(Problem("Подчинение в файле идёт по кругу.", mend="Проверьте коды вышестоящих."))
        yield ready
        for row in ready:
            del waiting[row.target.code]


def _save_level(
    level: list[OrganisationRow], by_code: dict[str, Organisation], by_id: dict[int, Organisation]
) -> None:
    for row in level:
        if row.parent_code is not None:
            row.target.parent = by_code[row.parent_code] if row.parent_code else None
        above = by_id.get(row.target.parent_id or 0)
        row.target.path = above.inner_path if above else "/"
    new = [row.target for row in level if row.is_new]
    Organisation.objects.bulk_create(new, batch_size=_BATCH)
    by_id.update({row.pk: row for row in new})
    old = [row.target for row in level if not row.is_new]
    for target in old:
        target.version += 1
    Organisation.objects.bulk_update(old, _ORGANISATION_FIELDS, batch_size=_BATCH)


def _link_successors(rows: list[OrganisationRow], by_code: dict[str, Organisation]) -> None:
    linked = []
    for row in rows:
        if row.successor_code is not None:
            row.target.successor = by_code[row.successor_code] if row.successor_code else None
            linked.append(row.target)
    Organisation.objects.bulk_update(linked, ["successor"], batch_size=_BATCH)


def _mend_paths(
    rows: Iterable[Organisation], by_id: dict[int, Organisation], old_paths: dict[int, str]
) -> None:
    """Give everything below a moved organisation its new path."""
    moved = []
    for row in sorted(by_id.values(), key=lambda one: one.pk):
        line: list[int] = []
        at = row.parent_id
        while at is not None:
            line.insert(0, at)
            at = by_id[at].parent_id
        path = "/" + "".join(f"{pk}/" for pk in line)
        if row.path != path or old_paths.get(row.pk, path) != path:
            row.path = path
            moved.append(row)
    Organisation.objects.bulk_update(moved, ["path"], batch_size=_BATCH)


def _write_facts(rows: list[OrganisationRow]) -> None:
    """Write participation, headcount and new units."""
    with_periods = [row for row in rows if row.participation is not None]
    ParticipationPeriod.objects.filter(organisation__in=[row.target.pk for row in with_periods]).delete()
    ParticipationPeriod.objects.bulk_create(
        [
            ParticipationPeriod(organisation=row.target, starts_on=first, ends_on=last, ground=ground)
            for row in with_periods
            for first, last, ground in row.participation or []
        ],
        batch_size=_BATCH,
    )
    HeadcountRecord.objects.bulk_create(
        [
            HeadcountRecord(organisation=row.target, counted_on=day, people=people)
            for row in rows
            for day, people in row.headcount.items()
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["organisation", "counted_on"],
        update_fields=["people"],
    )
    _write_units(rows)


def _write_units(rows: list[OrganisationRow]) -> None:
    owners = [row.target.pk for row in rows if row.new_units]
    known: dict[tuple[int, int | None, str], Unit] = {
        (unit.organisation_id, unit.parent_id, unit.name_key): unit
        for unit in Unit.objects.filter(organisation__in=owners, ends_on__isnull=True)
    }
    longest = max((len(path) for row in rows for path in row.new_units), default=0)
    for depth in range(1, longest + 1):
        made: list[Unit] = []
        for row in rows:
            for path in row.new_units:
                if len(path) != depth:
                    continue
                above: Unit | None = None
                for part in path[:-1]:
                    above = known[row.target.pk, above.pk if above else None, name_key(part)]
                unit = Unit(
                    organisation=row.target, parent=above, name=path[-1], name_key=name_key(path[-1]),
                    path=above.inner_path if above else "/",
                )  # fmt: skip
                made.append(unit)
        Unit.objects.bulk_create(made, batch_size=_BATCH)
        for unit in made:
            known[unit.organisation_id, unit.parent_id, unit.name_key] = unit


def import_people(
    *,
    actor: Actor,
    municipality: Municipality,
    plan: ImportPlan,
    file_name: str,
    accept_good: bool,
    at: datetime,
) -> None:
    """Write the good rows of a checked sheet of people.

    :raises Refusal: when rows are bad and the person has not agreed to skip them.
    """
    _require(actor, municipality, plan, accept_good)
    with one_act():
        rows: list[PersonRow] = [row.data for row in plan.work]
        people = {id(row.person): row.person for row in rows}
        for person in people.values():
            person.name_key = person_key(person)
            person.words = person_words(person)
        Person.objects.bulk_create([one for one in people.values() if one.pk is None], batch_size=_BATCH)
        changed = {id(row.person): row.person for row in rows if row.is_changed}
        for person in changed.values():
            person.version += 1
        Person.objects.bulk_update(changed.values(), _PERSON_FIELDS, batch_size=_BATCH)
        new: list[Position] = []
        old: list[Position] = []
        for row in rows:
            if row.position is None:
                continue
            row.position.person = row.person
            (new if row.is_new_position else old).append(row.position)
        Position.objects.bulk_create(new, batch_size=_BATCH)
        for position in old:
            position.version += 1
        Position.objects.bulk_update(old, _POSITION_FIELDS, batch_size=_BATCH)
        _record(actor, municipality, plan, file_name, at, "organisation.import_people")


def _require(actor: Actor, municipality: Municipality, plan: ImportPlan, accept_good: bool) -> None:
    require(actor, "organisation.exchange")
    if actor.municipality_id != municipality.pk:
        raise Refusal(Problem("Это другой округ."))
    if plan.bad_rows and not accept_good:
        raise Refusal(
            Problem(
                f"Строк с ошибками: {len(plan.bad_rows)}. Ничего не загружено.",
                mend="Исправьте файл или согласитесь загрузить только верные строки.",
            )
        )


def _record(
    actor: Actor, municipality: Municipality, plan: ImportPlan, file_name: str, at: datetime, act: str
) -> None:
    told = [f"{row.title}: {'; '.join(row.changes)}" for row in plan.rows if row.verb == CHANGE][:_TOLD]
    after: dict[str, Any] = {
        "file": file_name,
        "created": plan.count(CREATE),
        "changed": plan.count(CHANGE),
        "skipped": len(plan.bad_rows),
    }
    record(
        act=act, actor=actor, subject=municipality, title=file_name, municipality_id=municipality.pk, at=at,
        after=after | ({"told": told} if told else {}),
    )  # fmt: skip
