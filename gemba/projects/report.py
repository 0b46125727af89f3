"""Rows of the quarterly report: every project that was open, or closed in the quarter, as a row of each participant."""

from django.db.models import Q
from django.urls import reverse

from gemba.kernel.periods import Quarter
from gemba.plan.reports import ReportLine, RowSource, register_rows
from gemba.projects.models import Participant, PassportEdition, Project, Stage
from gemba.projects.rules.states import Status
from gemba.projects.significance import scores_on

LONGEST = 500


def register() -> None:
    """Enter the source of rows."""
    register_rows(RowSource("projects", rows))


def rows(municipality_id: int, organisation_id: int, quarter: Quarter) -> list[ReportLine]:
    """Return the projects of a participant as they stood on the last day of the quarter."""
    ids = Participant.objects.filter(organisation_id=organisation_id).values("project_id")
    found = (
        Project.objects.filter(pk__in=ids, municipality_id=municipality_id, opened_on__lte=quarter.last)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gte=quarter.first))
        .exclude(status=Status.DRAFT)
        .select_related("organisation", "leader", "direction")
        .defer("draft", "words")
        .order_by("opened_on", "pk")
    )
    projects = list(found)
    stages: dict[int, Stage] = {}
    for stage in Stage.objects.filter(project__in=projects, actual_start__lte=quarter.last).order_by(
        "number"
    ):
        stages[stage.project_id] = stage
    approved = set(
        PassportEdition.objects.filter(project__in=projects, number__isnull=False).values_list(
            "project_id", flat=True
        )
    )
    scores = scores_on(municipality_id=municipality_id, projects=projects, day=quarter.last)
    return [
        _line(project, stages.get(project.pk), project.pk in approved, quarter, scores.get(project.pk, ""))
        for project in projects
    ]


def _line(
    project: Project, stage: Stage | None, has_passport: bool, quarter: Quarter, score: str
) -> ReportLine:
    leader = project.leader
    contacts = ", ".join(part for part in (leader.phone, leader.email) if part) if leader else ""
    is_closed = project.closed_on is not None and project.closed_on <= quarter.last
    cells = {
        "participant": str(project.organisation),
        "direction": project.direction.name if project.direction else "",
        "project": project.title,
        "opened_year": str(project.opened_on.year) if project.opened_on else "",
        "passport_link": reverse("projects:editions", args=[project.pk]) if has_passport else "",
        "stage": f"{stage.number}. {stage.title}" if stage else "",
        "closed_on": project.closed_on.isoformat() if is_closed and project.closed_on else "",
        "presentation_link": project.presentation_url,
        "leader": str(leader or ""),
        "contacts": contacts,
        "organisation": project.organisation.short_name or project.organisation.name,
        "significance": score,
    }
    return ReportLine(project.title, {code: text[:LONGEST] for code, text in cells.items() if text})
