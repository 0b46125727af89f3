"""Acts on what is known of an organisation by days: participation in the programme and headcount."""

from datetime import date, datetime

from django.db.models import Q

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.actions.base import locked, one_act
from gemba.organisation.models import HeadcountRecord, Organisation, ParticipationPeriod
from gemba.organisation.rules import people_problems, span_problems, tidy


def start_participation(
    *, actor: Actor, organisation: Organisation, first_day: date, ground: str, at: datetime
) -> ParticipationPeriod:
    """Let an organisation take part in the programme from the day.

    :raises Refusal: when it takes part already or does not exist on the day.
    """
    require(actor, "organisation.edit")
    require_own(actor, organisation)
    with one_act():
        row = locked(Organisation.objects.all(), organisation.pk)
        problems = span_problems(first_day, None, field="first_day")
        if not row.is_on(first_day):
            problems.append(
                Problem("В этот день организации нет в реестре.", field="first_day", mend="Проверьте дату.")
            )
        if row.participation.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first_day)).exists():
            problems.append(Problem("В этот день организация уже участвует.", field="first_day"))
        refuse_on(problems)
        made = ParticipationPeriod.objects.create(organisation=row, starts_on=first_day, ground=tidy(ground))
        record(
            act="organisation.start_participation", actor=actor, subject=row, title=row.name, reason=made.ground,
            municipality_id=row.municipality_id, at=at, after={"participates_from": first_day},
        )  # fmt: skip
    return made


def end_participation(
    *, actor: Actor, organisation: Organisation, last_day: date, ground: str, at: datetime
) -> ParticipationPeriod:
    """End the participation of an organisation.

    :raises Refusal: when it does not take part or the day is before the beginning.
    """
    require(actor, "organisation.edit")
    require_own(actor, organisation)
    with one_act():
        row = locked(Organisation.objects.all(), organisation.pk)
        period = row.participation.filter(ends_on__isnull=True).first()
        if period is None:
            raise Refusal(Problem("Организация сейчас не участвует.", field="last_day"))
        refuse_on(span_problems(period.starts_on, last_day, field="last_day"))
        period.ends_on = last_day
        period.save()
        record(
            act="organisation.end_participation", actor=actor, subject=row, title=row.name, reason=tidy(ground),
            municipality_id=row.municipality_id, at=at, after={"participates_to": last_day},
        )  # fmt: skip
    return period


def record_headcount(
    *, actor: Actor, organisation: Organisation, counted_on: date, people: int, at: datetime
) -> HeadcountRecord:
    """Write how many people the organisation employs as of the day; the same day again corrects it.

    :raises Refusal: when the number or the day cannot be.
    """
    require(actor, "organisation.edit_units", organisation.pk)
    require_own(actor, organisation)
    with one_act():
        row = locked(Organisation.objects.all(), organisation.pk)
        problems = [*people_problems(people), *span_problems(counted_on, None, field="counted_on")]
        if counted_on > actor.today:
            problems.append(
                Problem("Дата ещё не наступила.", field="counted_on", mend="Укажите сегодня или раньше.")
            )
        elif not row.is_on(counted_on):
            problems.append(
                Problem("В этот день организации нет в реестре.", field="counted_on", mend="Проверьте дату.")
            )
        refuse_on(problems)
        old = HeadcountRecord.objects.filter(organisation=row, counted_on=counted_on).first()
        was = {"people": old.people} if old else {}
        made, _ = HeadcountRecord.objects.update_or_create(
            organisation=row, counted_on=counted_on, defaults={"people": people}
        )
        record(
            act="organisation.record_headcount", actor=actor, subject=row, title=row.name,
            municipality_id=row.municipality_id, at=at, before=was,
            after={"people": people, "counted_on": counted_on},
        )  # fmt: skip
    return made
