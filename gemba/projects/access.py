"""Who may: the acts of this module, what of it an actor sees, and who the actor is to one project."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor, may
from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.projects.models import Project, TeamMember
from gemba.projects.rules.states import Party, Status
from gemba.statements import written

_R = Role
_WORKING = [role for role in MUNICIPAL if role is not _R.ADMIN]
OWN = (_R.COORDINATOR, _R.UNIT_HEAD)
WHOLE = (_R.MONITOR, _R.HEAD, _R.CURATOR, _R.CHAIR, _R.DEPUTY, _R.SECRETARY)

declare("projects.read", "Смотреть проекты", MUNICIPAL, Nature.READING)
declare("projects.work", "Готовить паспорт и вести проекты, в которых участвует", _WORKING)
declare("projects.oversee", "Вести проекты своей организации, заменять выбывших", [*OWN, _R.MONITOR])
declare(
    "projects.override",
    "Пропускать проверку этапа с указанием причины",
    [_R.HEAD, _R.CURATOR, _R.CHAIR],
)
declare("projects.verify", "Подтверждать эффект проектов", [_R.UNIT_HEAD, _R.CURATOR, _R.MONITOR])
declare("projects.portfolio", "Вести портфели проектов", [*OWN, _R.MONITOR, _R.CURATOR])
declare("projects.set_rules", "Менять правила работы с проектами", [_R.MONITOR, _R.ADMIN], Nature.UPKEEP)


def own_organisations(actor: Actor) -> frozenset[int]:
    """Return the organisations whose projects the actor keeps."""
    return frozenset[int]().union(*(actor.organisation_ids(role) for role in OWN if actor.has(role)))


def mine(*, person_id: int, user_id: int) -> QuerySet[Any, Any]:
    """Build the keys of the projects that a person leads, ordered, owns, drafts or works in.

    A union, each part by its own index: an OR of them would read the whole table.
    """
    rows = Project.objects.order_by().values_list("pk")
    return rows.filter(created_by_id=user_id, status=Status.DRAFT).union(
        rows.filter(leader_id=person_id),
        rows.filter(process_owner_id=person_id),
        rows.filter(customer_id=person_id).exclude(status=Status.DRAFT),
        TeamMember.objects.filter(person_id=person_id).order_by().values_list("project_id"),
    )


def is_mine(actor: Actor) -> Q:
    """Build the condition «the actor leads, ordered, owns the process, or is of the team»."""
    if not actor.person_id:
        return Q(created_by_id=actor.user_id or 0, status=Status.DRAFT)
    return Q(pk__in=mine(person_id=actor.person_id, user_id=actor.user_id or 0))


def may_read(actor: Actor) -> bool:
    """Tell whether the actor reads projects of a municipality at all."""
    return actor.municipality_id is not None and (actor.is_system or may(actor, "projects.read"))


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor sees everything of the municipality, drafts of other people too."""
    return actor.is_system or (actor.is_municipal(Role.MONITOR) and may(actor, "projects.read"))


def visible_projects(actor: Actor, *, has_no_drafts: bool = False) -> QuerySet[Project]:
    """Return what the actor sees: all of the municipality, drafts of other people left out.

    With `has_no_drafts` the asker leaves out all drafts himself, and whose they are need not be asked.
    """
    if not may_read(actor):
        return Project.objects.none()
    found = Project.objects.filter(municipality_id=actor.municipality_id or 0)
    if has_no_drafts or sees_all(actor):
        return found
    open_ = ~Q(status=Status.DRAFT)
    if organisations := own_organisations(actor):
        open_ |= Q(organisation_id__in=organisations)
    return found.filter(open_ | is_mine(actor))


@written
def _in_team(*, project_id: int, person_id: int) -> "QuerySet[TeamMember, int]":
    return TeamMember.objects.filter(project_id=project_id, person_id=person_id).values_list("pk", flat=True)


def parties(actor: Actor, project: Project, team: Collection[int] | None = None) -> frozenset[Party]:
    """Return who the actor is to this project; nobody beyond the border of the municipality.

    The people of the team may be given by whoever has read them already.
    """
    if actor.municipality_id != project.municipality_id:
        return frozenset()
    if actor.is_system:
        return frozenset(Party)
    found = set()
    person = actor.person_id
    if may(actor, "projects.work") and person is not None:
        if person == project.leader_id:
            found.add(Party.LEADER)
        if person == project.customer_id:
            found.add(Party.CUSTOMER)
        if person == project.process_owner_id:
            found.add(Party.OWNER)
        if person in team if team is not None else _in_team(project_id=project.pk, person_id=person):
            found.add(Party.TEAM)
    if (
        may(actor, "projects.work")
        and project.status == Status.DRAFT
        and project.created_by_id == actor.user_id
    ):
        found.add(Party.LEADER)
    if may(actor, "projects.oversee", project.organisation_id):
        found.add(Party.OFFICE)
    # The chair presides over the whole municipality through the working group, not through an organisation.
    if may(actor, "projects.override", project.organisation_id) or actor.body_ids(Role.CHAIR):
        found.add(Party.OVERSEER)
    return frozenset(found)


def keeper(actor: Actor) -> Callable[[int | None, int], bool]:
    """Make the question «does the actor edit the project of this leader and organisation», cheap for hundreds.

    The answer is that of `parties` and `EDITORS` for a project that is no draft.
    """
    works = may(actor, "projects.work") and actor.person_id is not None
    known: dict[int, bool] = {}

    def keeps(leader_id: int | None, organisation_id: int) -> bool:
        if works and leader_id == actor.person_id:
            return True
        if organisation_id not in known:
            known[organisation_id] = may(actor, "projects.oversee", organisation_id)
        return known[organisation_id]

    return keeps


WORKERS = frozenset({Party.LEADER, Party.TEAM, Party.OFFICE})
EDITORS = frozenset({Party.LEADER, Party.OFFICE})
