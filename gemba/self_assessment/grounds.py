"""A sheet of self-assessment as the ground of a project: the directions to improve come from it (R-152)."""

import re
from datetime import date

from django.urls import reverse

from gemba.organisation.access import Actor
from gemba.projects import objects
from gemba.self_assessment.access import visible_participants
from gemba.self_assessment.models import Participant

_NAME = re.compile(r"^Самооценка за (\d{4}) год: (.+)$", re.DOTALL)


def _found(row: Participant) -> objects.Found:
    return objects.Found(str(row.pk), f"Самооценка за {row.campaign.year} год: {row.organisation}"[:500])


def find(actor: Actor, words: str) -> list[objects.Found]:
    """Find sheets the actor sees by the word «самооценка», the year or the organisation."""
    rows = (
        visible_participants(actor)
        .select_related("campaign", "organisation")
        .order_by("-campaign__year", "pk")
    )
    asked = words.casefold()
    found = (_found(row) for row in rows[:500])
    return [one for one in found if asked in one.title.casefold()][: objects.MOST]


def named(municipality_id: int, day: date, text: str) -> objects.Found | None:
    """Recognise a sheet by its whole name."""
    match = _NAME.match(text)
    if match is None:
        return None
    rows = Participant.objects.filter(
        campaign__municipality_id=municipality_id, campaign__year=int(match[1])
    ).select_related("campaign", "organisation")
    return next((one for one in map(_found, rows) if one.title == text), None)


def register() -> None:
    """Enter the sheets."""
    objects.register(
        objects.Source(
            "sheet", "Самооценка", find, named, lambda key: reverse("self_assessment:sheet", args=[key])
        )
    )
