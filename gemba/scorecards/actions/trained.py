"""The register of the trained: entered one by one or from a spreadsheet, cancelled with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Person
from gemba.scorecards.models import TrainingRecord


@dataclass(frozen=True)
class Trained:
    """One record of training."""

    person: Person
    programme: str
    document: str
    issued_on: date
    valid_until: date | None = None


def add_trained(*, actor: Actor, new: Trained, at: datetime) -> TrainingRecord:
    """Enter one record.

    :raises Refusal: when the dates are wrong or it is there already.
    """
    require(actor, "scorecards.keep_trained")
    require_own(actor, new.person)
    if problems := problems_of(new, actor.today):
        raise Refusal(problems)
    try:
        with transaction.atomic():
            made = _row(actor, new, at)
            made.save()
            record(
                act="scorecards.add_trained", actor=actor, subject=made, title=f"{new.person}: {made.document}",
                municipality_id=made.municipality_id, at=at,
                after={"programme": made.programme, "issued_on": made.issued_on, "valid_until": made.valid_until},
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(Problem("Такая запись уже есть.", field="document")) from None
    return made


def problems_of(new: Trained, today: date) -> list[Problem]:
    """Return what is wrong with a record."""
    found = []
    if not new.document.strip():
        found.append(Problem("Назовите документ об обучении.", field="document"))
    if new.issued_on > today:
        found.append(Problem("Документ не может быть выдан будущим днём.", field="issued_on"))
    if new.valid_until and new.valid_until < new.issued_on:
        found.append(Problem("Действует до — раньше дня выдачи.", field="valid_until"))
    return found


def _row(actor: Actor, new: Trained, at: datetime) -> TrainingRecord:
    return TrainingRecord(
        municipality_id=new.person.municipality_id, person=new.person, programme=new.programme.strip()[:300],
        document=new.document.strip()[:200], issued_on=new.issued_on, valid_until=new.valid_until,
        entered_by=actor.name[:200], entered_at=at,
    )  # fmt: skip


def load_trained(*, actor: Actor, rows: Sequence[Trained], at: datetime) -> tuple[int, int]:
    """Enter many records at once, all or none; those that are there already are passed over.

    Return how many were entered and how many were there.

    :raises Refusal: when any record is wrong.
    """
    require(actor, "scorecards.keep_trained")
    problems = []
    for number, new in enumerate(rows, 1):
        require_own(actor, new.person)
        problems += [
            Problem(f"Запись {number}, {new.person}: {each.text}", field=each.field)
            for each in problems_of(new, actor.today)
        ]
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        known = set(
            TrainingRecord.objects.filter(
                municipality_id=actor.municipality_id or 0, is_cancelled=False
            ).values_list("person_id", "document", "issued_on")
        )
        fresh: dict[tuple[int, str, date], TrainingRecord] = {}
        for new in rows:
            key = (new.person.pk, new.document.strip()[:200], new.issued_on)
            if key not in known:
                fresh.setdefault(key, _row(actor, new, at))
        TrainingRecord.objects.bulk_create(fresh.values(), batch_size=500)
        record(
            act="scorecards.load_trained", actor=actor, subject=None, title="Реестр обученных: загружен файл",
            municipality_id=actor.municipality_id, at=at, after={"entered": len(fresh)},
        )  # fmt: skip
    return len(fresh), len(rows) - len(fresh)


def cancel_trained(*, actor: Actor, record_id: int, reason: str, at: datetime) -> TrainingRecord:
    """Cancel a record entered by mistake; it stays in the register with the reason.

    :raises Refusal: when there is no reason, or it is cancelled already.
    """
    require(actor, "scorecards.keep_trained")
    if not reason.strip():
        raise Refusal(Problem("Напишите, почему запись отменяется.", field="reason"))
    with transaction.atomic():
        found = (
            TrainingRecord.objects.select_for_update()
            .filter(pk=record_id, municipality_id=actor.municipality_id or 0)
            .first()
        )
        if found is None or found.is_cancelled:
            raise Refusal(Problem("Этой записи нет или она уже отменена."))
        found.is_cancelled, found.cancelled_because = True, reason.strip()[:300]
        found.save(update_fields=["is_cancelled", "cancelled_because"])
        record(
            act="scorecards.cancel_trained", actor=actor, subject=found, title=found.document,
            municipality_id=found.municipality_id, at=at, reason=reason.strip()[:300],
        )  # fmt: skip
    return found
