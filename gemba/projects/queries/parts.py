"""The parts of one project as its page asks for them: statements written once a process (decision 0008)."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from gemba.organisation.models import Organisation, Position
from gemba.projects.models import (
    EditionState,
    Evidence,
    GateTick,
    Goal,
    Ground,
    Measure,
    Measurement,
    Participant,
    PassportEdition,
    Project,
    ProjectEvent,
    Remark,
    Stage,
    TeamMember,
)
from gemba.projects.rules.states import Status
from gemba.statements import written

if TYPE_CHECKING:
    from typing import Literal

# What a project names that keeps the words it is searched by: no page shows them.
WORDY = ("organisation", "customer", "leader", "process_owner", "proposal")
# What a card of the board shows.
CARD = (
    "pk",
    "title",
    "number",
    "number_year",
    "stage_end_on",
    "leader__family_name",
    "leader__given_name",
    "leader__patronymic",
)


@written
def whole(*, pk: int, municipality_id: int) -> QuerySet[Project]:
    """Build one project with everybody and everything it names."""
    rows = Project.objects.filter(pk=pk, municipality_id=municipality_id).select_related(
        "municipality", "direction", "portfolio", "origin", *WORDY
    )
    return rows.defer("words", "origin__words", "origin__draft", *(f"{name}__words" for name in WORDY))


@written
def stages(*, project_id: int) -> QuerySet[Stage]:
    """Build the stages in their order."""
    return Stage.objects.filter(project_id=project_id).order_by("number")


@written
def ticks(*, project_id: int) -> QuerySet[GateTick]:
    """Build what people confirmed."""
    return GateTick.objects.filter(project_id=project_id)


@written
def evidence(*, project_id: int) -> QuerySet[Evidence]:
    """Build the files in force."""
    return Evidence.objects.filter(project_id=project_id, is_current=True).order_by("pk")


@written
def goals(*, project_id: int) -> QuerySet[Goal]:
    """Build the goals of the approved passport."""
    return Goal.objects.filter(project_id=project_id, is_dropped=False).order_by("place")


@written
def measurements(*, project_id: int) -> QuerySet[Measurement]:
    """Build the measured values of all goals, oldest first."""
    return Measurement.objects.filter(goal__project_id=project_id, goal__is_dropped=False).order_by(
        "measured_on"
    )


@written
def measure_states(*, project_id: int) -> "QuerySet[Measure, tuple[str, date | None]]":
    """Build the state and the day of every line of the plan."""
    return Measure.objects.filter(project_id=project_id).values_list("state", "due_on")


@written
def team(*, project_id: int) -> QuerySet[TeamMember]:
    """Build the team with its people."""
    rows = TeamMember.objects.filter(project_id=project_id).select_related("person")
    return rows.defer("person__words").order_by("pk")


@written
def grounds(*, project_id: int) -> QuerySet[Ground]:
    """Build the grounds."""
    return Ground.objects.filter(project_id=project_id).order_by("pk")


@written
def participants(*, project_id: int) -> QuerySet[Participant]:
    """Build the organisations that take part."""
    rows = Participant.objects.filter(project_id=project_id).select_related("organisation")
    return rows.defer("organisation__words").order_by("pk")


@written
def corrective(*, project_id: int) -> QuerySet[Remark]:
    """Build the corrective acts that wait."""
    return Remark.objects.filter(project_id=project_id, done_on__isnull=True, is_corrective=True)


@written
def approved_edition(*, project_id: int) -> QuerySet[PassportEdition]:
    """Build the approved edition in force: the last one."""
    rows = PassportEdition.objects.filter(project_id=project_id, state=EditionState.APPROVED)
    return rows.order_by("-number")[:1]


@written
def sent_edition(*, project_id: int) -> QuerySet[PassportEdition]:
    """Build what lies before the customer."""
    return PassportEdition.objects.filter(project_id=project_id, state=EditionState.SENT)


@written
def events(*, project_id: int, most: "Literal[40]") -> QuerySet[ProjectEvent]:
    """Build the last events, newest first."""
    return ProjectEvent.objects.filter(project_id=project_id).order_by("-id")[:most]


@written
def people_here(*, one: int, two: int, day: date) -> "QuerySet[Position, tuple[int]]":
    """Build which of two people holds a position on the day."""
    rows = Position.objects.on(day).filter(Q(person_id=one) | Q(person_id=two))
    return rows.values_list("person_id")


@written
def is_open(*, organisation_id: int, day: date) -> "QuerySet[Organisation, tuple[int]]":
    """Build whether the organisation works on the day."""
    return Organisation.objects.filter(pk=organisation_id).on(day).values_list("pk")


class Card(NamedTuple):
    """A project on the board."""

    pk: int
    title: str
    number: int | None
    number_year: int | None
    stage_end_on: date | None
    leader_family: str | None
    leader_given: str | None
    leader_patronymic: str | None


@written
def column(*, municipality_id: int, stage: int, most: "Literal[20]") -> "QuerySet[Project, Any]":
    """Build the first cards of a column of the whole municipality's board."""
    rows = Project.objects.filter(municipality_id=municipality_id, status=Status.ACTIVE, stage=stage)
    return rows.order_by("stage_end_on", "pk").values_list(*CARD)[:most]


@written
def by_stage(*, municipality_id: int) -> "QuerySet[Project, tuple[int, int]]":
    """Build how many projects are in work at each stage of the whole municipality."""
    rows = Project.objects.filter(municipality_id=municipality_id, status=Status.ACTIVE)
    return rows.order_by().values_list("stage").annotate(n=Count("pk"))


@written
def replicas(*, project_id: int) -> "QuerySet[Project, Project]":
    """Projects that repeat this one elsewhere, the newest first."""
    found = Project.objects.filter(origin_id=project_id).exclude(status__in=(Status.DRAFT, Status.TERMINATED))
    light = found.select_related("organisation").only(
        "title", "organisation__short_name", "organisation__name"
    )
    return light.order_by("-pk")[:20]
