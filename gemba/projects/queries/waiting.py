"""What waits for one person on the home page, the most urgent first: asked at every visit, so written once."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from gemba.projects import access
from gemba.projects.models import Measure, MeasureState, Project, Remark, StabilityPoint
from gemba.projects.queries.parts import short_name
from gemba.projects.rules.stages import CLOSING
from gemba.projects.rules.states import LIVING, Status
from gemba.statements import written

# More of one kind than this nobody reads on a home page.
MOST = 20
# So many rows in a panel of the home page.
SHOWN = 5


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


class Mine(NamedTuple):
    """A project in the person's own list."""

    pk: int
    title: str
    status: str
    stage: int
    stage_end_on: date | None

    @property
    def place(self) -> Status:
        """Return the status as a value that knows its words and tone."""
        return Status(self.status)


def mine(*, person_id: int, user_id: int, municipality_id: int) -> list[Mine]:
    """Return the projects that the person leads, ordered, owns, drafts or works in, the last moved first."""
    rows = _mine(person_id=person_id, user_id=user_id)
    return [Mine._make(row[:-1]) for row in rows if row[-1] == municipality_id][:SHOWN]


@written
def _mine(*, person_id: int, user_id: int) -> QuerySet[Project, Any]:
    # Without the municipality: a database asked for it too reads all its projects instead of the person's few.
    found = Project.objects.filter(pk__in=access.mine(person_id=person_id, user_id=user_id))
    found = found.exclude(status=Status.TERMINATED).order_by("-moved_at", "-pk")
    return found.values_list(*Mine._fields, "municipality_id")[:MOST]


class Red(NamedTuple):
    """A project whose stage is past its term."""

    pk: int
    title: str
    stage: int
    stage_end_on: date
    organisation_short: str
    organisation_name: str
    leader_family: str | None
    leader_given: str | None
    leader_patronymic: str | None

    @property
    def leader(self) -> str:
        """Return «М. П. Иванова»; nothing of nobody."""
        return short_name(self.leader_family, self.leader_given, self.leader_patronymic)


def red(*, municipality_id: int, today: date, organisation_ids: Collection[int] | None) -> list[Red]:
    """Return the projects whose stage is past its term, the latest first: of everybody, or of some organisations."""
    if organisation_ids is None:
        rows: Iterable[Any] = _red(municipality_id=municipality_id, today=today)
    else:
        rows = _late(municipality_id, today).filter(organisation_id__in=organisation_ids)[:SHOWN]
    return [Red._make(row) for row in rows]


@written
def _red(*, municipality_id: int, today: date) -> QuerySet[Project, Any]:
    return _late(municipality_id, today)[:SHOWN]


def _late(municipality_id: int, today: date) -> QuerySet[Project, Any]:
    found = Project.objects.filter(
        municipality_id=municipality_id, status=Status.ACTIVE, stage_end_on__lt=today
    )
    return found.order_by("stage_end_on", "pk").values_list(
        *("pk", "title", "stage", "stage_end_on", "organisation__short_name", "organisation__name"),
        *("leader__family_name", "leader__given_name", "leader__patronymic"),
    )
