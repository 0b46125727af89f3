"""What waits for one person on the home page, the most urgent first: asked at every visit, so written once."""

from datetime import date

from django.db.models import Q, QuerySet

from gemba.projects.models import Measure, MeasureState, Project, Remark, StabilityPoint
from gemba.projects.rules.stages import CLOSING
from gemba.projects.rules.states import LIVING, Status
from gemba.statements import written

# More of one kind than this nobody reads on a home page.
MOST = 20


def before_customer(person_id: int) -> Q:
    """Build the condition «the passport or the closing is before this customer»."""
    return Q(customer_id=person_id) & (Q(is_sent=True) | Q(status=Status.ACTIVE, stage_code=CLOSING))


@written
def decisions(*, person_id: int, municipality_id: int) -> "QuerySet[Project, Project]":
    """Projects whose passport or closing the person is asked to decide."""
    found = Project.objects.filter(before_customer(person_id), municipality_id=municipality_id)
    return found.only("title", "sent_on", "is_sent", "stage_end_on").order_by("sent_on", "pk")[:MOST]


@written
def measures(*, person_id: int, municipality_id: int) -> "QuerySet[Measure, Measure]":
    """Measures the person is responsible for and has not finished."""
    found = Measure.objects.filter(
        responsible_id=person_id,
        state__in=(MeasureState.PLANNED, MeasureState.DOING),
        due_on__isnull=False,
        project__status__in=tuple(sorted(LIVING)),
        project__municipality_id=municipality_id,
    )
    return found.only("title", "due_on", "project_id").order_by("due_on", "pk")[:MOST]


@written
def remarks(*, person_id: int, municipality_id: int) -> "QuerySet[Remark, Remark]":
    """Remarks of a defence that the person has to answer."""
    found = Remark.objects.filter(
        responsible_id=person_id, done_on__isnull=True, project__municipality_id=municipality_id
    )
    return found.only("text", "due_on", "project_id", "is_corrective").order_by("due_on", "pk")[:MOST]


@written
def points(
    *, person_id: int, municipality_id: int, today: date
) -> "QuerySet[StabilityPoint, StabilityPoint]":
    """Stability points whose day has come in the processes of the person."""
    found = StabilityPoint.objects.filter(
        project__process_owner_id=person_id,
        checked_on__isnull=True,
        due_on__lte=today,
        project__municipality_id=municipality_id,
    ).select_related("project")
    return found.only("months", "due_on", "project__title").order_by("due_on", "pk")[:MOST]


_LIGHT = ("title", "status", "stage", "stage_end_on", "number", "number_year", "moved_at")


def mine(*, person_id: int, user_id: int, municipality_id: int, most: int) -> list[Project]:
    """Return the projects that the person leads, ordered, owns, drafts or works in, the last moved first.

    Two statements, one for a part named in the project and one for the team: an OR of both would read the whole
    table on PostgreSQL.
    """
    parts = _by_part(person_id=person_id, user_id=user_id)
    found = [row for row in parts if row.municipality_id == municipality_id]
    found += _by_team(person_id=person_id, municipality_id=municipality_id)
    rows = {row.pk: row for row in found}
    return sorted(rows.values(), key=lambda row: (row.moved_at, row.pk), reverse=True)[:most]


@written
def _by_part(*, person_id: int, user_id: int) -> "QuerySet[Project, Project]":
    # Without the municipality: a database asked for it too reads all its projects instead of the person's few.
    part = (
        Q(leader_id=person_id)
        | Q(process_owner_id=person_id)
        | Q(customer_id=person_id) & ~Q(status=Status.DRAFT)
        | Q(created_by_id=user_id, status=Status.DRAFT)
    )
    found = Project.objects.filter(part).exclude(status=Status.TERMINATED)
    return found.only("municipality_id", *_LIGHT).order_by("-moved_at", "-pk")[:MOST]


@written
def _by_team(*, person_id: int, municipality_id: int) -> "QuerySet[Project, Project]":
    found = Project.objects.filter(team__person_id=person_id, municipality_id=municipality_id)
    return found.exclude(status=Status.TERMINATED).only(*_LIGHT).order_by("-moved_at", "-pk")[:MOST]
