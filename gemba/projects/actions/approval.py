"""Approval: sent to the named customer, decided, made an immutable edition; people and places replaced."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.notices.models import Kind
from gemba.organisation.access import Actor, require_own
from gemba.organisation.models import Organisation, Person, Position
from gemba.projects.actions.base import (
    begin,
    day_of,
    finish,
    next_number,
    note_current,
    tell,
)
from gemba.projects.actions.passport import mirror, problems_of
from gemba.projects.models import (
    EditionState,
    Goal,
    Ground,
    Participant,
    PassportEdition,
    Project,
    Stage,
    TeamMember,
)
from gemba.projects.queries.settings import Acts, acts_on
from gemba.projects.rules.passport import Passport, differences
from gemba.projects.rules.states import Status, Verb


def send(*, actor: Actor, project_id: int, at: datetime, note: str = "") -> Project:
    """Send the passport to the named customer; gives the number the first time.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when something is missing, the customer left, or nothing differs from the approved edition.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.SEND)
        if project.is_sent:
            raise Refusal(Problem("Паспорт уже у заказчика.", mend="Дождитесь решения или отзовите паспорт."))
        today = day_of(at, project)
        passport = project.passport
        acts = acts_on(municipality_id=project.municipality_id, day=today)
        found = problems_of(project, acts=acts, municipality_id=project.municipality_id)
        found += _people_problems(passport, project, today)
        refuse_on(found)
        if project.edition_number:
            approved = PassportEdition.objects.get(project=project, number=project.edition_number)
            if not differences(approved.passport, passport, acts.stages):
                raise Refusal(
                    Problem("Паспорт не отличается от согласованного.", mend="Сначала измените его.")
                )
        assert passport.customer_id is not None
        position = (
            Position.objects.on(today)
            .filter(person_id=passport.customer_id)
            .select_related("organisation")
            .first()
        )
        passport.customer_position = f"{position.title}, {position.organisation}" if position else ""
        project.draft = passport.as_json()
        PassportEdition.objects.create(
            project=project,
            content=project.draft,
            note=note.strip(),
            customer_id=passport.customer_id,
            sent_at=at,
            sent_by=(actor.name or "Без имени")[:200],
        )
        project.is_sent, project.sent_on = True, today
        if project.status == Status.DRAFT:
            project.status = Status.APPROVAL
            project.customer_id = passport.customer_id
        if project.number is None:
            project.number_year, project.number = today.year, next_number(project.municipality_id, today.year)
        finish(project, actor=actor, verb="send", title=row.done, at=at, text=note)
        tell(
            project,
            title="Согласуйте паспорт",
            at=at,
            people=[passport.customer_id],
            kind=Kind.REQUEST,
            besides=actor,
            part="passport",
        )
    return project


def _people_problems(passport: Passport, project: Project, today: date) -> list[Problem]:
    found = []
    for person_id, name, field, word in (
        (passport.customer_id, passport.customer_name, "customer", "Заказчик"),
        (passport.leader_id, passport.leader_name, "leader", "Руководитель проекта"),
    ):
        person = Person.objects.filter(pk=person_id or 0, municipality_id=project.municipality_id).first()
        if person is None:
            found.append(Problem(f"{word} не найден в округе.", field=field, mend="Назовите его заново."))
        elif not Position.objects.on(today).filter(person=person).exists():
            found.append(
                Problem(
                    f"{word} {name} больше не занимает должности.",
                    field=field,
                    mend="Назовите другого человека.",
                )
            )
    place = Organisation.objects.filter(pk=passport.organisation_id or 0).first()
    if place is None or not Organisation.objects.filter(pk=place.pk).on(today).exists():
        found.append(
            Problem(
                "Организация закрыта.", field="organisation", mend="Укажите ту, которая приняла её работу."
            )
        )
    return found


def _pending(project: Project) -> PassportEdition:
    edition = (
        PassportEdition.objects.select_for_update().filter(project=project, state=EditionState.SENT).first()
    )
    if edition is None:
        raise Refusal(Problem("На согласовании ничего нет.", mend="Обновите страницу."))
    return edition


def recall(*, actor: Actor, project_id: int, at: datetime, reason: str = "") -> Project:
    """Take the passport back from the customer.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when nothing was sent.
    """
    return _decide(actor, project_id, Verb.RECALL, EditionState.RECALLED, at, reason)


def return_passport(*, actor: Actor, project_id: int, at: datetime, reason: str) -> Project:
    """Return the passport with reasons.

    :raises PermissionDenied: when the actor is not the customer.
    :raises Refusal: when nothing was sent or there is no reason.
    """
    return _decide(actor, project_id, Verb.RETURN, EditionState.RETURNED, at, reason)


def _decide(
    actor: Actor, project_id: int, verb: Verb, state: EditionState, at: datetime, reason: str
) -> Project:
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=verb, reason=reason)
        edition = _pending(project)
        if verb is Verb.RETURN and edition.customer_id != actor.person_id and not actor.is_system:
            raise PermissionDenied("Решает заказчик, которому отправлен паспорт.")
        edition.state, edition.decided_at, edition.reason = state, at, reason.strip()
        edition.decided_by = (actor.name or "Без имени")[:200]
        edition.save()
        project.is_sent = False
        if project.status == Status.APPROVAL:
            project.status = Status.DRAFT
        finish(project, actor=actor, verb=verb.value, title=row.done, at=at, text=reason)
        if verb is Verb.RETURN:
            tell(
                project,
                title="Паспорт возвращён",
                at=at,
                people=[project.leader_id],
                text=reason,
                kind=Kind.RETURN,
                besides=actor,
                part="passport",
            )
    return project


def approve(*, actor: Actor, project_id: int, at: datetime, position: str = "") -> PassportEdition:
    """Approve the passport: an immutable edition; the first one opens the project and ends its first stage.

    :raises PermissionDenied: when the actor is not the customer to whom it was sent.
    :raises Refusal: when nothing was sent, or something is missing by now.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.APPROVE)
        edition = _pending(project)
        if edition.customer_id != actor.person_id and not actor.is_system:
            raise PermissionDenied("Решает заказчик, которому отправлен паспорт.")
        passport = edition.passport
        if passport.leader_id == edition.customer_id:
            raise Refusal(Problem("Заказчик не может руководить тем же проектом."))
        today = day_of(at, project)
        acts = acts_on(municipality_id=project.municipality_id, day=today)
        edition.number = project.edition_number + 1
        edition.state, edition.decided_at = EditionState.APPROVED, at
        edition.decided_by = passport.customer_name[:200] or (actor.name or "")[:200]
        edition.decided_as = (position or passport.customer_position)[:300]
        edition.save()
        project.edition_number, project.is_sent = edition.number, False
        _apply(project, passport, acts, is_first=edition.number == 1)
        if edition.number == 1:
            project.status, project.opened_on = Status.ACTIVE, today
            _end_first_stage(project, today)
        note_current(project)
        finish(
            project,
            actor=actor,
            verb="approve",
            title=f"{row.done}: редакция {edition.number}",
            at=at,
            after={"edition": edition.number},
        )
        tell(
            project,
            title="Паспорт согласован",
            at=at,
            people=[project.leader_id],
            kind=Kind.DECISION,
            besides=actor,
        )
    return edition


def _apply(project: Project, passport: Passport, acts: Acts, *, is_first: bool) -> None:
    """Bring the living tables to what the approved edition says; what was measured stays."""
    mirror(project, passport)
    days = passport.days()
    known = {stage.number: stage for stage in project.stages.all()} if not is_first else {}
    for kind in acts.stages if is_first else ():
        one = days.get(kind.number)
        known[kind.number] = Stage(
            project=project,
            number=kind.number,
            code=kind.code,
            title=kind.title,
            clause=kind.clause[:100],
            is_period=kind.is_period,
            baseline_start=one.start if one else None,
            baseline_end=one.end if one else None,
        )
    for number, stage in known.items():
        one = days.get(number)
        stage.plan_start, stage.plan_end = (one.start, one.end) if one else (None, None)
        stage.save()
    project.team.all().delete()
    members = {one.person_id: one for one in passport.team}
    TeamMember.objects.bulk_create(
        [TeamMember(project=project, person_id=pk, part=one.part[:200]) for pk, one in members.items()]
    )
    project.participants.all().delete()
    places = {int(one["id"]) for one in passport.participants} | {project.organisation_id}
    Participant.objects.bulk_create(
        [Participant(project=project, organisation_id=pk) for pk in sorted(places)]
    )
    project.grounds.all().delete()
    Ground.objects.bulk_create(
        [
            Ground(
                project=project,
                code=one.code,
                text=one.text,
                clause=one.clause[:100],
                links_to=one.links_to,
                object_title=one.object_title[:500],
                proposal_id=one.proposal_id,
                earlier_id=one.project_id,
                object_ref=one.object_ref[:60],
                object_on=date.fromisoformat(one.object_on) if one.object_on else None,
            )
            for one in passport.grounds
        ]
    )
    goals = {goal.key: goal for goal in project.goals.all()}
    for place, line in enumerate(passport.goals, start=1):
        goal = goals.pop(line.key, None) or Goal(project=project, key=line.key)
        before, after = line.values
        assert before is not None and after is not None
        goal.place, goal.title, goal.unit, goal.kind, goal.better = (
            place,
            line.title,
            line.unit,
            line.kind,
            line.better,
        )
        goal.baseline, goal.target, goal.is_dropped = before, after, False
        goal.save()
    for goal in goals.values():
        goal.is_dropped = True
        goal.save(update_fields=["is_dropped"])


def _end_first_stage(project: Project, today: date) -> None:
    stages = list(project.stages.order_by("number"))
    first = stages[0]
    first.actual_start = first.actual_end = today
    first.save(update_fields=["actual_start", "actual_end"])
    if len(stages) > 1:
        second = stages[1]
        second.actual_start = today
        second.save(update_fields=["actual_start"])
        project.stage = second.number
    else:
        project.stage = first.number


def reassign(
    *,
    actor: Actor,
    project_id: int,
    at: datetime,
    reason: str,
    customer: Person | None = None,
    leader: Person | None = None,
    organisation: Organisation | None = None,
) -> Project:
    """Replace a customer or leader who left, or an organisation that was closed; the editions stay as signed.

    :raises PermissionDenied: when the actor neither keeps the organisation nor oversees projects.
    :raises Refusal: when nobody is named, or one person would order and lead.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.REASSIGN, reason=reason)
        if not (customer or leader or organisation):
            raise Refusal(
                Problem("Никто не назван.", field="customer", mend="Назовите, кого или что заменить.")
            )
        for one in (customer, leader, organisation):
            if one is not None:
                require_own(actor, one)
        passport = project.passport
        new_customer = customer.pk if customer else project.customer_id
        new_leader = leader.pk if leader else project.leader_id
        if new_customer is not None and new_customer == new_leader:
            raise Refusal(Problem("Заказчик не может руководить тем же проектом.", field="customer"))
        before = {
            "customer": project.customer_id,
            "leader": project.leader_id,
            "organisation": project.organisation_id,
        }
        if customer:
            passport.customer_id, passport.customer_name = customer.pk, str(customer)
            passport.customer_position = ""
            project.customer = customer
            PassportEdition.objects.filter(project=project, state=EditionState.SENT).update(customer=customer)
        if leader:
            passport.leader_id, passport.leader_name, project.leader = leader.pk, str(leader), leader
        if organisation:
            passport.organisation_id, passport.organisation_name = organisation.pk, str(organisation)
            project.organisation = organisation
            if project.edition_number:
                Participant.objects.get_or_create(project=project, organisation=organisation)
        project.draft = passport.as_json()
        if customer and project.is_sent:
            edition = _pending(project)
            edition.content = project.draft
            edition.save(update_fields=["content"])
        finish(
            project,
            actor=actor,
            verb="reassign",
            title=row.done,
            at=at,
            text=reason,
            before=before,
            after={
                "customer": project.customer_id,
                "leader": project.leader_id,
                "organisation": project.organisation_id,
            },
        )
        tell(
            project,
            title="Вам передан проект",
            at=at,
            kind=Kind.ASSIGNMENT,
            besides=actor,
            people=[customer.pk if customer else None, leader.pk if leader else None],
        )
    return project
