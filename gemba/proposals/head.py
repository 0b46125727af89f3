"""What the head's page says of proposals beside what was sent and introduced: how many are past their term."""

from __future__ import annotations

from django.urls import reverse

from gemba.organisation.access import Actor, may
from gemba.plan.beside import Part, Told, register
from gemba.proposals.queries.ready import overdue

MOST = 100


def register_all() -> None:
    """Enter the part."""
    register(Part("proposals_overdue", "", 10, overdue_proposals, under="proposals"))


def overdue_proposals(actor: Actor) -> Told | None:
    """Count the proposals of the municipality whose term has passed, no further than a hundred."""
    if not may(actor, "proposals.read") or actor.municipality_id is None:
        return None
    rows = overdue(municipality_id=actor.municipality_id, is_place=False, today=actor.today, most=100)
    word = "просрочено" if len(rows) < MOST else "и больше просрочено"
    return Told(len(rows), word, reverse("proposals:list", query={"trouble": "overdue"}), is_bad=bool(rows))
