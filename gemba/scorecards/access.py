"""Who may: the acts on sheets and on the register of the trained, and which of them an actor sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor, may
from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.scorecards.models import Sheet, Subject, TrainingRecord
from gemba.scorecards.rules.states import State

_R = Role
WHOLE = (
    _R.MONITOR, _R.HEAD, _R.CURATOR, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MEMBER, _R.ASSESSOR,
)  # fmt: skip
OWN = (_R.COORDINATOR, _R.UNIT_HEAD)
COMMITTEE = (_R.CHAIR, _R.DEPUTY, _R.SECRETARY)

declare("scorecards.read", "Смотреть согласованные листы оценки", MUNICIPAL, Nature.READING)
declare("scorecards.read_all", "Смотреть все листы оценки округа", WHOLE, Nature.READING)
declare(
    "scorecards.assess", "Оценивать по критериям положения",
    [*OWN, _R.ASSESSOR, _R.CURATOR, _R.MONITOR, _R.MEMBER, *COMMITTEE],
)  # fmt: skip
declare("scorecards.agree", "Согласовывать и возвращать листы оценки", [_R.MONITOR])
declare("scorecards.settle", "Вносить лист, о котором договорилась группа", COMMITTEE)
declare(
    "scorecards.keep_trained", "Вести реестр обученных",
    [_R.MONITOR, _R.TRAINER, _R.CURATOR, _R.ADMIN], Nature.UPKEEP,
)  # fmt: skip


def own_organisations(actor: Actor) -> frozenset[int]:
    """Return the organisations whose sheets the actor keeps."""
    return frozenset[int]().union(*(actor.organisation_ids(role) for role in OWN if actor.has(role)))


def sees_everything(actor: Actor) -> bool:
    """Tell whether every sheet of the municipality is open to the actor."""
    return actor.is_system or may(actor, "scorecards.read_all")


def visible_sheets(actor: Actor) -> QuerySet[Sheet]:
    """Return the sheets the actor sees: agreed ones are for everybody (openness), the rest for those concerned."""
    found = (
        Sheet.objects.filter(municipality_id=actor.municipality_id or 0)
        .select_related("subject__organisation", "edition", "assessor", "training")
        .defer("edition__pack", "edition__source")
    )
    if sees_everything(actor):
        return found
    if not may(actor, "scorecards.read"):
        return found.none()
    mine = Q(state=State.AGREED)
    if actor.person_id:
        mine |= Q(assessor_id=actor.person_id)
    if organisations := own_organisations(actor):
        mine |= Q(subject__organisation_id__in=organisations)
    return found.filter(mine)


def visible_subjects(actor: Actor) -> QuerySet[Subject]:
    """Return the subjects of which the actor sees a sheet."""
    found = Subject.objects.filter(municipality_id=actor.municipality_id or 0).select_related(
        "organisation", "leader"
    )
    return found.filter(pk__in=visible_sheets(actor).order_by().values("subject_id"))


def visible_trained(actor: Actor) -> QuerySet[TrainingRecord]:
    """Return the records of training the actor keeps; an assessor sees the own ones."""
    found = TrainingRecord.objects.filter(municipality_id=actor.municipality_id or 0).select_related("person")
    if actor.is_system or may(actor, "scorecards.keep_trained"):
        return found
    return found.filter(person_id=actor.person_id or 0)
