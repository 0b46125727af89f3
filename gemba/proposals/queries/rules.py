"""The settings of a municipality and the days that follow from them."""

from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from gemba.kernel.calendar import WorkCalendar
from gemba.proposals.models import ProposalSettings
from gemba.proposals.rules.terms import ProposalRules, answer_by
from gemba.regulations.queries import work_calendar
from gemba.statements import written

_DEFAULT = ProposalRules()


def rules_of(municipality_id: int) -> ProposalRules:
    """Return the settings in force; the defaults where nobody has changed them."""
    row = next(iter(_settings(municipality_id=municipality_id)), None)
    return row.rules if row else _DEFAULT


@written
def _settings(*, municipality_id: int) -> "QuerySet[ProposalSettings, ProposalSettings]":
    return ProposalSettings.objects.filter(municipality_id=municipality_id)


def calendar_of(municipality_id: int) -> WorkCalendar:
    """Return the working days of the municipality."""
    return work_calendar(municipality_id=municipality_id)


def promise(*, municipality_id: int, today: date) -> date:
    """Return the day to promise an answer by to whoever sends a proposal today."""
    return answer_by(sent_on=today, rules=rules_of(municipality_id), calendar=calendar_of(municipality_id))


@lru_cache(maxsize=1)
def default_rules() -> ProposalRules:
    """Return the settings nobody has changed, to show beside the changed ones."""
    return ProposalRules()
