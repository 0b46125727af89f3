"""Who may: everybody reads the plan; facts and the journal are kept by those who answer for an organisation."""

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor, may
from gemba.organisation.acts import Nature, declare
from gemba.organisation.models import Organisation
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.plan.models import JournalEntry, ManualFact, Measure

_R = Role
declare("plan.read", "Смотреть план, показатели и записи за ними", MUNICIPAL, Nature.READING)
declare(
    "plan.enter", "Вносить показатели и вести журнал своей организации",
    [_R.COORDINATOR, _R.UNIT_HEAD, _R.MONITOR],
)  # fmt: skip
declare("plan.enter_whole", "Вносить показатели и записи за весь округ", [_R.MONITOR])
declare(
    "plan.see_head", "Смотреть страницу главы",
    [_R.HEAD, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MONITOR, _R.CURATOR], Nature.READING,
)  # fmt: skip
declare(
    "plan.give_measure",
    "Давать поручения и снимать их с контроля",
    [_R.HEAD, _R.CHAIR, _R.DEPUTY, _R.MONITOR],
)
declare(
    "plan.read_measures",
    "Смотреть поручения и отчитываться о своих",
    [role for role in MUNICIPAL if role is not _R.ADMIN],
)
declare("plan.report", "Готовить квартальный отчёт организации", [_R.COORDINATOR, _R.UNIT_HEAD, _R.MONITOR])
declare("plan.approve_report", "Согласовывать и отправлять отчёт организации", [_R.UNIT_HEAD])
declare("plan.collect", "Принимать, возвращать, сводить и закрывать отчёты", [_R.MONITOR])
declare(
    "plan.read_reports", "Смотреть отчёты всех организаций и свод",
    [_R.MONITOR, _R.HEAD, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MEMBER, _R.CURATOR], Nature.READING,
)  # fmt: skip
declare("plan.set_up", "Решать, как читаются строки плана", [_R.MONITOR])


def visible_entries(actor: Actor) -> QuerySet[JournalEntry]:
    """Return the journal of the actor's municipality."""
    return JournalEntry.objects.filter(municipality_id=actor.municipality_id or 0)


def visible_facts(actor: Actor) -> QuerySet[ManualFact]:
    """Return the facts of the actor's municipality entered by hand."""
    return ManualFact.objects.filter(municipality_id=actor.municipality_id or 0)


def own_organisation_ids(actor: Actor) -> frozenset[int]:
    """Return the organisations for which the actor may enter facts."""
    return (
        actor.organisation_ids(_R.MONITOR)
        | actor.organisation_ids(_R.COORDINATOR)
        | actor.organisation_ids(_R.UNIT_HEAD)
    )


def organisations_to_enter(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations the actor may enter facts for, as a queryset."""
    found = Organisation.objects.filter(municipality_id=actor.municipality_id or 0)
    return (
        found
        if actor.is_system or may(actor, "plan.enter_whole")
        else found.filter(pk__in=own_organisation_ids(actor))
    )


def visible_measures(actor: Actor) -> QuerySet[Measure]:
    """Return the measures of the municipality; those without a duty to see all see their own."""
    found = Measure.objects.filter(municipality_id=actor.municipality_id or 0)
    if actor.is_system or may(actor, "plan.see_head"):
        return found
    own = Q(responsible_id=actor.person_id or 0)
    if may(actor, "plan.enter"):
        own |= Q(organisation_id__in=own_organisation_ids(actor))
    return found.filter(own)
