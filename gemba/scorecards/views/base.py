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
from gemba.scorecards import access
from gemba.scorecards.entering import ClauseNames
from gemba.scorecards.models import Sheet
from gemba.ui.guards import guard

READ = guard(can("scorecards.read"), "Чтение листов оценки")
ASSESS = guard(can("scorecards.assess"), "Оценка по критериям")
AGREE = guard(can("scorecards.agree"), "Согласование оценки")
SETTLE = guard(can("scorecards.settle"), "Общий лист рабочей группы")
KEEP = guard(can("scorecards.keep_trained"), "Реестр обученных")


def sheet_or_404(request: HttpRequest, pk: int) -> Sheet:
    """Return the sheet if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = access.visible_sheets(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def clause_link(edition: Edition) -> ClauseNames:
    """Return what knows the address and the name of a clause of the edition."""
    return ClauseNames(edition)
