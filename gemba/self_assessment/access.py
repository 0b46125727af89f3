"""Who may: the acts of this module, and which campaigns, sheets and places an actor sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor, may
from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.self_assessment.models import Campaign, Participant, Standing

_R = Role
# They see every sheet of the municipality.
WHOLE = (_R.MONITOR, _R.HEAD, _R.CURATOR, _R.CHAIR, _R.DEPUTY, _R.SECRETARY, _R.MEMBER, _R.ASSESSOR)
OWN = (_R.COORDINATOR, _R.UNIT_HEAD)

declare("self_assessment.read", "Смотреть самооценку и опубликованный рейтинг", MUNICIPAL, Nature.READING)
declare("self_assessment.read_all", "Смотреть самооценку всех организаций", WHOLE, Nature.READING)
declare("self_assessment.run", "Открывать самооценку, фиксировать и публиковать рейтинг", [_R.MONITOR])
declare("self_assessment.fill", "Заполнять самооценку своей организации", OWN)
declare("self_assessment.sign", "Подписывать самооценку своей организации", [_R.UNIT_HEAD])
declare("self_assessment.check", "Проверять самооценку по строкам", [_R.MONITOR, _R.ASSESSOR])
declare(
    "self_assessment.set_coefficient", "Вносить недостающий коэффициент по акту", [_R.MONITOR, _R.ADMIN],
    Nature.UPKEEP,
)  # fmt: skip


def own_organisations(actor: Actor) -> frozenset[int]:
    """Return the organisations whose sheets the actor keeps."""
    return frozenset[int]().union(*(actor.organisation_ids(role) for role in OWN if actor.has(role)))


def sees_everything(actor: Actor) -> bool:
    """Tell whether every sheet of the municipality is open to the actor."""
    return actor.is_system or may(actor, "self_assessment.read_all")


def light_campaigns() -> QuerySet[Campaign]:
    """Return campaigns with their edition, but without its rules and its file."""
    return Campaign.objects.select_related("edition").defer("edition__pack", "edition__source")


def visible_campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Return the campaigns of the actor's municipality."""
    found = light_campaigns().filter(municipality_id=actor.municipality_id or 0)
    return found if actor.is_system or may(actor, "self_assessment.read") else found.none()


def visible_participants(actor: Actor) -> QuerySet[Participant]:
    """Return the sheets the actor sees: all, or those of own organisations."""
    found = Participant.objects.filter(campaign__municipality_id=actor.municipality_id or 0)
    if sees_everything(actor):
        return found
    if not may(actor, "self_assessment.read"):
        return found.none()
    return found.filter(organisation_id__in=own_organisations(actor))


def visible_standings(actor: Actor) -> QuerySet[Standing]:
    """Return the fixed places the actor sees: published ones are for everybody."""
    found = Standing.objects.filter(campaign__municipality_id=actor.municipality_id or 0)
    if sees_everything(actor):
        return found
    if not may(actor, "self_assessment.read"):
        return found.none()
    return found.filter(Q(campaign__is_published=True) | Q(organisation_id__in=own_organisations(actor)))
