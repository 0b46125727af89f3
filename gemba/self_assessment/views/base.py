"""What the views of this module share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from gemba.organisation.access import can
from gemba.organisation.requests import actor_of as actor_of
from gemba.organisation.requests import blame as blame
from gemba.organisation.requests import now as now
from gemba.organisation.requests import number_in as number_in
from gemba.organisation.requests import town_of as town_of
from gemba.regulations.models import Edition
from gemba.scorecards.entering import ClauseNames
from gemba.self_assessment import access
from gemba.self_assessment.models import Campaign, Participant
from gemba.ui.guards import guard

READ = guard(can("self_assessment.read"), "Чтение самооценки")
RUN = guard(can("self_assessment.run"), "Проведение самооценки")
FILL = guard(can("self_assessment.fill"), "Заполнение самооценки")
CHECK = guard(can("self_assessment.check"), "Проверка самооценки")
SET_COEFFICIENT = guard(can("self_assessment.set_coefficient"), "Коэффициенты самооценки")


def campaign_or_404(request: HttpRequest, pk: int) -> Campaign:
    """Return the campaign if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = access.visible_campaigns(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def participant_or_404(request: HttpRequest, pk: int) -> Participant:
    """Return the sheet if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = (
        access.visible_participants(actor_of(request)).select_related("organisation").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    found.campaign = access.light_campaigns().get(pk=found.campaign_id)
    return found


def clause_link(edition: Edition) -> ClauseNames:
    """Return what knows the address and the name of a clause of the edition."""
    return ClauseNames(edition)
