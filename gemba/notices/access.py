"""Who may: everybody reads their own notices, the administrator sets the municipality's hour."""

from django.db.models import QuerySet

from gemba.notices.models import Notice
from gemba.organisation.access import Actor
from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL, Role

declare("notices.read", "Читать свои уведомления", [*MUNICIPAL, Role.REGION], Nature.CONSOLIDATED)
declare("notices.set_hour", "Назначать час утренней сводки округа", [Role.ADMIN, Role.MONITOR], Nature.UPKEEP)


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's own notices."""
    return Notice.objects.filter(user_id=actor.user_id or 0)
