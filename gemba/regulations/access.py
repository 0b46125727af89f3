"""Who may: reading is for everybody of the municipality, loading an edition for the administrator."""

from django.db.models import QuerySet

from gemba.organisation.access import Actor
from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.regulations.models import Edition

declare("regulations.read", "Читать положение, сроки и глоссарий", MUNICIPAL, Nature.READING)
declare("regulations.load", "Загружать редакцию положения", [Role.ADMIN, Role.MONITOR], Nature.UPKEEP)
declare(
    "regulations.edit_calendar",
    "Менять производственный календарь",
    [Role.ADMIN, Role.MONITOR],
    Nature.UPKEEP,
)


def visible_editions(actor: Actor) -> QuerySet[Edition]:
    """Return the editions of the actor's municipality, without their rules."""
    return Edition.objects.defer("pack", "source").filter(municipality_id=actor.municipality_id or 0)
