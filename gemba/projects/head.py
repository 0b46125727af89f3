"""What the head's page says of projects: how many are red, at which stages."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet
from django.urls import reverse

from gemba.organisation.access import Actor, may
from gemba.plan.beside import Part, Told, register
from gemba.projects.models import Project
from gemba.projects.rules.states import Status
from gemba.statements import written

MOST_STAGES = 3


def register_all() -> None:
    """Enter the part."""
    register(Part("projects_red", "Красные проекты", 10, red_projects))


def red_projects(actor: Actor) -> Told | None:
    """Count the projects of the municipality whose stage is past its term, by stage, the fullest first."""
    if not may(actor, "projects.read") or actor.municipality_id is None:
        return None
    rows = _by_stage(municipality_id=actor.municipality_id, today=actor.today)
    stages = [f"этап {stage}: {count}" for stage, count in rows[:MOST_STAGES]]
    total = sum(count for _, count in rows)
    return Told(
        total,
        "с просроченным этапом",
        reverse("projects:list", query={"view": "red"}),
        stages,
        is_bad=total > 0,
    )


@written
def _by_stage(*, municipality_id: int, today: date) -> QuerySet[Project, tuple[int, int]]:
    found = Project.objects.filter(
        municipality_id=municipality_id, status=Status.ACTIVE, stage_end_on__lt=today
    )
    return found.order_by().values_list("stage").annotate(n=Count("pk")).order_by("-n", "stage")
