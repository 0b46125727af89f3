"""The passport: begun, from a proposal too, written by parts, sent, approved, returned; editions."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from gemba.kernel.problems import Problem, Refusal
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Organisation, Person
from gemba.projects import access
from gemba.projects.actions.base import (
    allow,
    begin,
    day_of,
    finish,
    happened,
    locked,
    tell,
)
from gemba.projects.models import (
    Project,
)
from gemba.projects.queries.settings import Acts, acts_on, calendar_of, rules_of
from gemba.projects.rules.passport import GroundLine, Passport, passport_problems
from gemba.projects.rules.stages import propose_days
from gemba.projects.rules.states import CLOSED, TABLE, Status, Verb
from gemba.proposals import actions as proposals
from gemba.proposals.access import visible_proposals
from gemba.proposals.models import Proposal
from gemba.proposals.rules.states import State


class Stale(Refusal):
    """Somebody else has written the passport meanwhile; `project` is as it stands now."""

    def __init__(self, project: Project) -> None:
        self.project = project
        super().__init__(Problem("Пока вы писали, паспорт изменили.", mend="Сравните и сохраните ещё раз."))


def create(
    *,
    actor: Actor,
    title: str,
    organisation: Organisation,
    at: datetime,
    passport: Passport | None = None,
    proposal: Proposal | None = None,
    origin: Project | None = None,
    leads: bool = True,
) -> Project:
    """Begin a project as a draft with days proposed on working days; without `leads` nobody is put as its leader.

    :raises PermissionDenied: when the actor may not, or names another municipality's organisation.
    :raises Refusal: when there is no title.
    """
    require(actor, "projects.work")
    require_own(actor, organisation)
    title = " ".join(title.split())
    if not title or len(title) > 300:
        raise Refusal(Problem("Назовите проект, не длиннее 300 знаков.", field="title"))
    with transaction.atomic():
        project = Project(
            municipality=organisation.municipality,
            organisation=organisation,
            title=title,
            created_at=at,
            moved_at=at,
            created_by_id=actor.user_id,
            proposal=proposal,
            origin=origin,
        )
        today = day_of(at, project)
        written = passport or Passport()
        written.title, written.organisation_id, written.organisation_name = (
            title,
            organisation.pk,
            str(organisation),
        )
        if leads and not written.leader_id and actor.person_id:
            person = Person.objects.filter(pk=actor.person_id).first()
            written.leader_id, written.leader_name = actor.person_id, str(person or "")
        if not written.stages:
            written.set_days(
                propose_days(
                    kinds=acts_on(municipality_id=organisation.municipality_id, day=today).stages,
                    first=today,
                    calendar=calendar_of(organisation.municipality_id),
                    lengths=rules_of(organisation.municipality_id).length_of(),
                )
            )
        project.draft = written.as_json()
        mirror(project, written)
        project.stage_code = acts_on(municipality_id=organisation.municipality_id, day=today).stages[0].code
        finish(project, actor=actor, verb="create", title="Начат черновик паспорта", at=at)
    return project


def create_from_proposal(*, actor: Actor, proposal_id: int, at: datetime, reason: str = "") -> Project:
    """Turn a proposal into a project in one act: the proposal goes to «проект», both remember each other.

    :raises PermissionDenied: when the actor may not decide about the proposal.
    :raises Refusal: when there is no such proposal, its state does not allow it or it has a project already.
    """
    require(actor, "projects.work")
    with transaction.atomic():
        proposal = visible_proposals(actor).select_related("organisation").filter(pk=proposal_id).first()
        if proposal is None:
            raise Refusal(Problem("Этого предложения нет.", mend="Вернитесь к списку предложений."))
        if proposal.state != State.TO_PROJECT:
            proposals.to_project(
                actor=actor, proposal_id=proposal_id, at=at, reason=reason or "Станет бережливым проектом."
            )
        known = Project.objects.filter(proposal_id=proposal_id).exclude(status=Status.TERMINATED).first()
        if known is not None:
            raise Refusal(
                Problem(
                    f"По этому предложению уже есть проект {known.number_text} «{known.title}».",
                    mend="Откройте его.",
                )
            )
        organisation = proposal.organisation
        acts = acts_on(municipality_id=organisation.municipality_id, day=actor.today)
        passport = Passport(justifications=[proposal.problem, f"Предложено: {proposal.solution}"])
        ground = next(
            (one for one in acts.grounds if one.links_to in ("plan_proposal", "employee_feedback")), None
        ) or (acts.grounds[0] if acts.grounds else None)
        passport.grounds = [
            GroundLine(
                code=ground.code if ground else "proposal",
                text=ground.text if ground else "Предложение по улучшению",
                clause=ground.clause if ground else "",
                links_to=ground.links_to if ground else "plan_proposal",
                object_title=f"Предложение {proposal.number_text}: {proposal.title}",
                proposal_id=proposal.pk,
            )
        ]
        return create(
            actor=actor,
            title=proposal.title,
            organisation=organisation,
            at=at,
            passport=passport,
            proposal=proposal,
        )


def replicate(
    *, actor: Actor, project_id: int, title: str, organisation: Organisation, at: datetime
) -> Project:
    """Begin in another place what a closed project has proved: its process, goals and reasons are taken over.

    People, days and decisions are new; each of the two remembers the other. R-276, R-277.

    :raises PermissionDenied: when the actor may not work in projects.
    :raises Refusal: when there is no such closed project, or it would be repeated in its own place.
    """
    require(actor, "projects.work")
    origin = access.visible_projects(actor).filter(pk=project_id, status__in=CLOSED).first()
    if origin is None:
        raise Refusal(Problem("Повторить можно только закрытый проект.", mend="Откройте его карточку."))
    if origin.organisation_id == organisation.pk:
        raise Refusal(
            Problem(
                "Здесь этот проект уже выполнен.", field="organisation", mend="Выберите другую организацию.",
            )
        )  # fmt: skip
    edition = origin.editions.filter(number=origin.edition_number).first() if origin.edition_number else None
    proved = edition.passport if edition else origin.passport
    acts = acts_on(municipality_id=organisation.municipality_id, day=actor.today)
    ground = next((one for one in acts.grounds if one.links_to in ("replication", "earlier_project")), None)
    passport = Passport(
        aim=proved.aim, scale=proved.scale, object_kind=proved.object_kind, process=proved.process,
        start_event=proved.start_event, end_event=proved.end_event, justifications=list(proved.justifications),
        goals=list(proved.goals), effects=proved.effects, is_baseline_unsure=True,
    )  # fmt: skip
    if ground:
        passport.grounds = [
            GroundLine(
                code=ground.code, text=ground.text, clause=ground.clause, links_to=ground.links_to,
                object_title=f"Проект {origin.number_text} «{origin.title}»", project_id=origin.pk,
            )
        ]  # fmt: skip
    return create(
        actor=actor, title=title, organisation=organisation, at=at, passport=passport, origin=origin
    )


def write(*, actor: Actor, project_id: int, version: int, values: dict[str, Any], at: datetime) -> Project:
    """Keep what was written of the passport, whole or not; the approved edition stays in force.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Stale: when somebody has written it meanwhile.
    :raises Refusal: while the customer decides about what was sent.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Изменить паспорт")
        if project.version != version:
            raise Stale(project)
        if project.is_sent:
            raise Refusal(
                Problem("Паспорт на согласовании у заказчика.", mend="Отзовите его, чтобы изменить.")
            )
        if project.status == Status.TERMINATED:
            raise Refusal(Problem("Проект прекращён, паспорт больше не меняется."))
        passport = project.passport
        for name, value in values.items():
            setattr(passport, name, value)
        for goal in passport.goals:
            goal.key = goal.key or secrets.token_hex(6)
        before = project.draft
        project.draft = passport.as_json()
        if project.status == Status.DRAFT:
            mirror(project, passport)
        changed = [key for key in project.draft if before.get(key) != project.draft[key]]
        finish(
            project,
            actor=actor,
            verb="write",
            title="Изменён черновик паспорта",
            at=at,
            before={key: before.get(key) for key in changed},
            after={key: project.draft[key] for key in changed},
        )
    return project


def mirror(project: Project, passport: Passport) -> None:
    """Put into the columns what lists and rights need."""
    project.title = passport.title[:300] or project.title
    if passport.organisation_id:
        project.organisation_id = passport.organisation_id
    project.customer_id, project.leader_id = passport.customer_id, passport.leader_id
    project.process_owner_id, project.direction_id = passport.process_owner_id, passport.direction_id
    project.aim, project.scale, project.object_kind = passport.aim, passport.scale, passport.object_kind
    if project.direction_id is None:
        project.direction_id = (
            Organisation.objects.filter(pk=project.organisation_id)
            .values_list("direction_id", flat=True)
            .first()
        )
    project.has_quality_goal = any(goal.kind == "quality" for goal in passport.goals)
    names = " ".join(str(place.get("name", "")) for place in passport.participants)
    project.words = normalise(
        f"{project.title} {passport.process} {passport.organisation_name} {passport.leader_name} {names}"
    )
    if project.status == Status.DRAFT:
        project.stage_end_on = None


def problems_of(project: Project, *, acts: Acts, municipality_id: int) -> list[Problem]:
    """Name what stands between the draft and its approval."""
    return passport_problems(
        project.passport,
        kinds=acts.stages,
        ground_codes=acts.ground_codes,
        calendar=calendar_of(municipality_id),
        clause=acts.passport_clause,
    )


def drop(*, actor: Actor, project_id: int, at: datetime, reason: str) -> Project:
    """Give up a draft; it stays in the record.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when it is a draft no more.
    """
    with transaction.atomic():
        project, _row = begin(actor=actor, project_id=project_id, verb=Verb.DROP, reason=reason)
        project.status = Status.TERMINATED
        finish(project, actor=actor, verb="drop", title=TABLE[Verb.DROP].done, at=at, text=reason)
    return project


def set_presentation(*, actor: Actor, project_id: int, at: datetime, url: str) -> Project:
    """Keep the address of the presentation, which the quarterly report asks for.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Указать презентацию")
        project.presentation_url = url[:500]
        finish(project, actor=actor, verb="presentation", title="Указана презентация", at=at, text=url)
    return project


def comment(*, actor: Actor, project_id: int, at: datetime, text: str) -> None:
    """Write into the discussion of the project.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises Refusal: when there is no text.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(
            actor=actor,
            project=project,
            parties=access.parties(actor, project),
            title="Написать в обсуждении",
        )
        if not text.strip() or len(text) > 5000:
            raise Refusal(Problem("Напишите сообщение, не длиннее 5000 знаков.", field="text"))
        happened(project, actor=actor, verb="comment", title="Сообщение", at=at, text=text.strip())
        tell(
            project,
            title="Сообщение по проекту",
            at=at,
            people=[project.leader_id, project.customer_id],
            text=text,
            besides=actor,
        )
