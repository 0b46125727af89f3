"""The parts of one project as its page asks for them: statements written once a process (decision 0008)."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BigIntegerField, Case, CharField, Count, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from gemba.organisation.models import Organisation, Position
from gemba.projects.models import (
    Defence,
    DefenceKind,
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
    WeeklyCheck,
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


def short_name(family: str | None, given: str | None, patronymic: str | None) -> str:
    """Write «М. П. Иванова», as `Person.short_name` does; nothing of nobody."""
    if family is None:
        return ""
    return "\u00a0".join([*(f"{part[0]}." for part in (given, patronymic) if part), family])


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


class Line(NamedTuple):
    """A line of the plan as gates and counts look at it."""

    number: int
    kind: str
    state: str
    due_on: date | None
    responsible_id: int | None
    root_cause: str
    evidence: str


@written
def _lines(*, project_id: int) -> "QuerySet[Measure, Any]":
    return Measure.objects.filter(project_id=project_id).order_by("number").values_list(*Line._fields)


def lines(*, project_id: int) -> list[Line]:
    """Return every line of the plan in its order."""
    return [Line._make(row) for row in _lines(project_id=project_id)]


@written
def team(*, project_id: int) -> QuerySet[TeamMember]:
    """Build the team with its people."""
    rows = TeamMember.objects.filter(project_id=project_id).select_related("person")
    return rows.defer("person__words").order_by("pk")


@written
def measures(*, project_id: int) -> QuerySet[Measure]:
    """Build the lines of the plan with those who answer for them."""
    rows = Measure.objects.filter(project_id=project_id).select_related("responsible")
    return rows.defer("responsible__words").order_by("number")


@written
def follows(*, project_id: int) -> "QuerySet[Any, tuple[int, int]]":
    """Build pairs of a line's key and the number of one that it waits for."""
    pairs: QuerySet[Any, Any] = Measure.follows.through.objects.filter(from_measure__project_id=project_id)
    return pairs.order_by("to_measure__number").values_list("from_measure_id", "to_measure__number")


@written
def weeks(*, project_id: int, most: "Literal[12]") -> QuerySet[WeeklyCheck]:
    """Build the last weekly looks at the plan, newest first."""
    return WeeklyCheck.objects.filter(project_id=project_id).order_by("-week_on")[:most]


class Told(NamedTuple):
    """A short thing that the page of a project says: its kind, its words, what stands beside them."""

    kind: str
    pk: int
    text: str
    note: str
    ref: str = ""

    @property
    def day(self) -> date | None:
        """Return the day of a corrective act."""
        return date.fromisoformat(self.note[:10]) if self.note else None


@written
def _told(*, project_id: int) -> QuerySet[Any, Any]:
    words = CharField()

    def part(rows: Any, kind: str, text: str, note: str, ref: Any = Value("", words)) -> Any:  # noqa: B008
        return (
            rows.filter(project_id=project_id)
            .annotate(
                kind_=Value(kind, words),
                text_=Cast(text, words),
                note_=Cast(note, words),
                ref_=Cast(ref, words),
            )
            .order_by()
            .values_list("kind_", "pk", "text_", "note_", "ref_")
        )

    linked = Case(
        When(proposal__isnull=False, then=Concat(Value("proposal:"), "proposal_id", output_field=words)),
        When(earlier__isnull=False, then=Concat(Value("project:"), "earlier_id", output_field=words)),
        default="object_ref",
        output_field=words,
    )

    waits = Remark.objects.filter(done_on__isnull=True, is_corrective=True)
    found: QuerySet[Any, Any] = part(Ground.objects.all(), "ground", "text", "object_title", linked).union(
        part(Participant.objects.all(), "participant", "organisation__name", "organisation__short_name"),
        part(waits, "corrective", "text", "due_on"),
        all=True,
    )
    return found


def told(*, project_id: int) -> list[Told]:
    """Return the grounds, the organisations that take part and the corrective acts that wait, in one statement."""
    rows = sorted(_told(project_id=project_id), key=lambda row: row[1])
    return [Told(kind, pk, text or "", note or "", ref or "") for kind, pk, text, note, ref in rows]


@written
def defence_of_plan(*, project_id: int) -> QuerySet[Defence]:
    """Build the last defence of the plan before the customer."""
    rows = Defence.objects.filter(project_id=project_id, kind=DefenceKind.CUSTOMER_PLAN)
    return rows.order_by("-held_on", "-pk")[:1]


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
def here(*, one: int, two: int, organisation_id: int, day: date) -> QuerySet[Any, tuple[str, int]]:
    """Build which of two people holds a position on the day, and whether the organisation works."""
    words, number = CharField(), BigIntegerField()
    people = Position.objects.on(day).filter(Q(person_id=one) | Q(person_id=two)).order_by()
    places = Organisation.objects.filter(pk=organisation_id).on(day).order_by()
    found: QuerySet[Any, Any] = (
        people.annotate(kind_=Value("person", words), key_=Cast("person_id", number))
        .values_list("kind_", "key_")
        .union(
            places.annotate(kind_=Value("place", words), key_=Cast("pk", number)).values_list("kind_", "key_")
        )
    )
    return found


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
