"""Acts by the right people only, with evidence only; two at one passport; people and places that go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from gemba.kernel.problems import Refusal
from gemba.organisation.access import system_actor
from gemba.organisation.models import Organisation, Position
from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import Cast
from gemba.projects import access
from gemba.projects.actions import approval, evidence, passport, results, stages, work
from gemba.projects.gates import all_gates, gates_of
from gemba.projects.models import Evidence, PassportEdition, Project, ProjectEvent
from gemba.projects.queries.card import troubles
from gemba.projects.queries.gates import gate_problems
from gemba.projects.rules.passport import GoalLine
from gemba.projects.rules.states import TABLE, Party, Status, Verb
from gemba.projects.tests.factories import (
    AT,
    DAY,
    fill_gates,
    make_active,
    make_at,
    make_closed,
    make_draft,
    make_sent,
    measure_in,
    satisfy,
    values,
)
from gemba.proposals.tests.factories import make_proposal

pytestmark = pytest.mark.django_db

WHO = {
    Party.LEADER: {Role.LEADER},
    Party.CUSTOMER: {Role.SPONSOR},
    Party.OFFICE: {Role.COORDINATOR, Role.UNIT_HEAD, Role.MONITOR},
    Party.OVERSEER: {Role.HEAD, Role.CURATOR, Role.CHAIR},
    Party.OWNER: {Role.UNIT_HEAD},
    Party.TEAM: {Role.TEAM},
}
START = {
    Verb.SEND: make_draft, Verb.RECALL: make_sent, Verb.APPROVE: make_sent, Verb.RETURN: make_sent,
    Verb.FORWARD: lambda cast: _ready(cast), Verb.BACK: lambda cast: make_at(cast, "target_mapping"),
    Verb.OVERRIDE: make_active, Verb.PAUSE: make_active, Verb.RESUME: lambda cast: _paused(cast),
    Verb.CLOSE: lambda cast: _closing(cast), Verb.TERMINATE: make_active, Verb.DROP: make_draft,
    Verb.REASSIGN: make_active,
}  # fmt: skip
DO = {
    Verb.SEND: lambda a, p, c: approval.send(actor=a, project_id=p, at=AT),
    Verb.RECALL: lambda a, p, c: approval.recall(actor=a, project_id=p, at=AT),
    Verb.APPROVE: lambda a, p, c: approval.approve(actor=a, project_id=p, at=AT),
    Verb.RETURN: lambda a, p, c: approval.return_passport(actor=a, project_id=p, at=AT, reason="Уточните цель."),
    Verb.FORWARD: lambda a, p, c: stages.forward(actor=a, project_id=p, at=AT),
    Verb.BACK: lambda a, p, c: stages.back(actor=a, project_id=p, number=3, at=AT, reason="Ошиблись."),
    Verb.OVERRIDE: lambda a, p, c: stages.override(actor=a, project_id=p, at=AT, reason="Карта на бумаге."),
    Verb.PAUSE: lambda a, p, c: stages.pause(actor=a, project_id=p, at=AT, reason="Ремонт."),
    Verb.RESUME: lambda a, p, c: stages.resume(actor=a, project_id=p, at=AT),
    Verb.CLOSE: lambda a, p, c: stages.close(actor=a, project_id=p, at=AT, outcome="success"),
    Verb.TERMINATE: lambda a, p, c: stages.terminate(actor=a, project_id=p, at=AT, reason="Услугу отменили."),
    Verb.DROP: lambda a, p, c: passport.drop(actor=a, project_id=p, at=AT, reason="Передумали."),
    Verb.REASSIGN: lambda a, p, c: approval.reassign(
        actor=a, project_id=p, at=AT, reason="Уволен.", customer=c.people[Role.DEPUTY]
    ),
}  # fmt: skip


def _ready(cast: Cast) -> Project:
    project = make_active(cast)
    fill_gates(cast, project)
    return project


def _closing(cast: Cast) -> Project:
    project = make_at(cast, "closing")
    fill_gates(cast, project)
    return project


def _paused(cast: Cast) -> Project:
    return stages.pause(
        actor=system_actor(cast.municipality), project_id=make_active(cast).pk, at=AT, reason="Ремонт."
    )


@pytest.mark.parametrize("verb", list(Verb))
def test_a_transition_is_done_by_its_parties_and_by_nobody_else(cast: Cast, verb: Verb) -> None:
    project = START[verb](cast)
    allowed = set().union(*(WHO[party] for party in TABLE[verb].parties))
    for role in Role:
        if role in WITHOUT_ACCOUNT:
            continue
        actor = cast.actor(role)
        outcome = _try(verb, actor, project.pk, cast)
        wanted = "refused" if role is Role.REGION else "done" if role in allowed else "forbidden"
        assert outcome == wanted, f"{role}: {outcome}"
    stranger = replace(cast.actor(Role.MONITOR), municipality_id=cast.other_municipality.pk)
    assert _try(verb, stranger, project.pk, cast) == "refused"


def _try(verb: Verb, actor: object, pk: int, cast: Cast) -> str:
    try:
        with transaction.atomic():
            DO[verb](actor, pk, cast)
            transaction.set_rollback(True)
    except PermissionDenied:
        return "forbidden"
    except Refusal:
        return "refused"
    return "done"


HARD = [gate.code for gate in all_gates() if gate.stage_code not in ("passport_approval", "closing")]


@pytest.mark.parametrize(
    "stage", sorted({gate.stage_code for gate in all_gates()} - {"passport_approval", "closing"})
)
def test_no_stage_is_left_while_a_gate_lacks_its_evidence(cast: Cast, stage: str) -> None:
    project = make_at(cast, stage)
    system = system_actor(cast.municipality)
    if stage == "implementation":
        measure_in(cast, project)
    missing = {problem.field for problem in gate_problems(project=project, stage_code=stage, today=DAY)}
    assert missing
    with pytest.raises(Refusal) as refused:
        stages.forward(actor=system, project_id=project.pk, at=AT)
    assert {problem.field for problem in refused.value.problems} == missing
    fill_gates(cast, project)
    assert stages.forward(actor=system, project_id=project.pk, at=AT).stage == project.stage + 1


def test_measures_must_be_whole_in_time_and_answer_a_cause(cast: Cast) -> None:
    project = make_at(cast, "action_plan")
    late = project.stages.get(code="implementation").plan_end + timedelta(days=1)
    measure_in(cast, project, root_cause="", responsible=None, starts_on=None, due_on=late)

    def missing() -> set[str]:
        return {
            problem.field for problem in gate_problems(project=project, stage_code="action_plan", today=DAY)
        }

    assert {"measures.whole", "measures.in_time", "measures.causes"} <= missing()


def test_a_failed_defence_does_not_open_the_gate(cast: Cast) -> None:
    project = make_at(cast, "defence")
    system = system_actor(cast.municipality)
    work.hold_defence(
        actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT, kind="customer_plan", held_on=DAY,
        decision="rework", decided_by="Громов В. А.", text="Нет ресурсов.",
    )  # fmt: skip
    with pytest.raises(Refusal, match="на доработку"):
        stages.forward(actor=system, project_id=project.pk, at=AT)
    with pytest.raises(Refusal, match="замечания"):
        work.hold_defence(
            actor=system, project_id=project.pk, at=AT, kind="commission", held_on=DAY,
            decision="approved_with_remarks", decided_by="Орлов М. П.",
        )  # fmt: skip


def test_an_unsure_baseline_needs_the_next_edition(cast: Cast) -> None:
    project = make_active(cast, is_baseline_unsure=True)
    fill_gates(cast, project)
    leader = cast.actor(Role.LEADER)
    with pytest.raises(Refusal, match="Текущий показатель"):
        stages.forward(actor=leader, project_id=project.pk, at=AT)
    goals = [replace(goal, baseline="55") for goal in project.passport.goals]
    project = passport.write(
        actor=leader, project_id=project.pk, version=project.version, at=AT,
        values={"goals": goals, "is_baseline_unsure": False},
    )  # fmt: skip
    assert project.goals.get().baseline == 40, "the approved edition stays in force"
    approval.send(actor=leader, project_id=project.pk, at=AT)
    second = approval.approve(actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT)
    assert second.number == 2 and project.goals.get().baseline == 55
    assert stages.forward(actor=leader, project_id=project.pk, at=AT).stage == 3


def test_an_approved_edition_and_the_history_never_change(cast: Cast) -> None:
    project = make_active(cast)
    edition = PassportEdition.objects.get(project=project, number=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        PassportEdition.objects.filter(pk=edition.pk).update(reason="подправлено")
    with pytest.raises(TypeError):
        ProjectEvent.objects.filter(project=project).update(title="другое")


def test_the_customer_never_leads(cast: Cast) -> None:
    leader = cast.people[Role.LEADER]
    project = make_draft(cast, customer_id=leader.pk, customer_name=str(leader))
    with pytest.raises(Refusal, match="один человек"):
        approval.send(actor=cast.actor(Role.LEADER), project_id=project.pk, at=AT)
    active = make_active(cast, title="Второй")
    with pytest.raises(Refusal, match="не может руководить"):
        approval.reassign(
            actor=cast.actor(Role.MONITOR), project_id=active.pk, at=AT, reason="Ошибка.", customer=leader
        )


def test_two_people_at_one_passport_lose_nothing(cast: Cast) -> None:
    project = make_draft(cast)
    first, second = cast.actor(Role.LEADER), cast.actor(Role.COORDINATOR)
    passport.write(
        actor=first, project_id=project.pk, version=project.version, values={"process": "Один"}, at=AT
    )
    with pytest.raises(passport.Stale) as stale:
        passport.write(
            actor=second, project_id=project.pk, version=project.version, values={"process": "Два"}, at=AT
        )
    assert stale.value.project.passport.process == "Один"
    kept = stale.value.project
    again = passport.write(
        actor=second, project_id=kept.pk, version=kept.version, values={"process": "Два"}, at=AT
    )
    assert again.passport.process == "Два"


def test_a_customer_who_left_is_replaced_and_the_passport_goes_on(cast: Cast) -> None:
    project = make_sent(cast)
    Position.objects.filter(person=cast.people[Role.SPONSOR]).update(ends_on=DAY - timedelta(days=1))
    assert any("Заказчик" in text for text in troubles(project=project, today=DAY))
    new = cast.people[Role.DEPUTY]
    approval.reassign(
        actor=cast.actor(Role.CURATOR), project_id=project.pk, at=AT, reason="Уволен.", customer=new
    )
    with pytest.raises(PermissionDenied):
        approval.approve(actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT)
    edition = approval.approve(actor=cast.actor(Role.DEPUTY), project_id=project.pk, at=AT)
    assert edition.customer_id == new.pk and edition.passport.customer_id == new.pk
    # Nobody sends a passport to one who left.
    draft = make_draft(cast, title="Другой")
    with pytest.raises(Refusal, match="больше не занимает"):
        approval.send(actor=cast.actor(Role.LEADER), project_id=draft.pk, at=AT)


def test_an_organisation_closed_in_the_middle_hands_its_project_over(cast: Cast) -> None:
    project = make_active(cast)
    Organisation.objects.filter(pk=cast.school.pk).update(ends_on=DAY - timedelta(days=1))
    assert any("закрыта" in text for text in troubles(project=project, today=DAY))
    moved = approval.reassign(
        actor=cast.actor(Role.MONITOR),
        project_id=project.pk,
        at=AT,
        reason="Присоединена.",
        organisation=cast.kindergarten,
    )
    assert moved.organisation_id == cast.kindergarten.pk
    assert not troubles(project=moved, today=DAY)
    assert PassportEdition.objects.get(project=project, number=1).passport.organisation_id == cast.school.pk


def test_a_red_stage_is_not_left_without_a_reason_and_years_do_not_matter(cast: Cast) -> None:
    began = datetime(2026, 12, 14, 3, 0, tzinfo=UTC)
    project = make_active(cast, at=began)
    fill_gates(cast, project, began)
    late = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
    leader = replace(cast.actor(Role.LEADER), today=late.date())
    with pytest.raises(Refusal, match="причина не указана"):
        stages.forward(actor=leader, project_id=project.pk, at=late)
    stages.explain_delay(actor=leader, project_id=project.pk, number=2, at=late, reason="Болел секретарь.")
    moved = stages.forward(actor=leader, project_id=project.pk, at=late)
    assert moved.stages.get(number=2).actual_end == date(2027, 3, 1)
    with pytest.raises(Refusal, match="Причина|причина"):
        stages.set_forecast(actor=leader, project_id=project.pk, number=3, end=date(2027, 4, 1), at=late)
    rows = stages.set_forecast(
        actor=leader,
        project_id=project.pk,
        number=3,
        end=date(2027, 4, 1),
        at=late,
        reason="Сдвиг.",
        moves_following=True,
    )
    assert all(row.forecast_end and row.forecast_end > date(2027, 4, 1) for row in rows if row.number > 3)
    assert all(row.plan_end == row.baseline_end for row in rows), "the approved plan stays"


def test_override_keeps_what_was_missing(cast: Cast) -> None:
    project = make_active(cast)
    with pytest.raises(Refusal, match="причина"):
        stages.override(actor=cast.actor(Role.CURATOR), project_id=project.pk, at=AT, reason=" ")
    passed = stages.override(
        actor=cast.actor(Role.CURATOR), project_id=project.pk, at=AT, reason="Карта на стене."
    )
    assert passed.stage == 3 and passed.stages.get(number=2).is_overridden


def test_a_result_that_fell_back_opens_a_corrective_act(cast: Cast) -> None:
    project = make_closed(cast, at=datetime(2026, 7, 1, 3, 0, tzinfo=UTC))
    goal, owner = project.goals.get(), cast.actor(Role.UNIT_HEAD)
    first, second, third = project.points.order_by("months")
    with pytest.raises(Refusal, match="ухудшился"):
        results.check_stability(actor=owner, point_id=first.pk, at=AT, values={goal.pk: Decimal(30)})
    results.check_stability(
        actor=owner, point_id=first.pk, at=AT, values={goal.pk: Decimal(30)}, corrective="Вернуть образец."
    )
    project.refresh_from_db()
    assert project.status == Status.DEGRADED and project.remarks.get().is_corrective
    for point, later in ((second, 60), (third, 240)):
        at = AT + timedelta(days=later)
        results.check_stability(
            actor=replace(owner, today=at.date()), point_id=point.pk, at=at, values={goal.pk: Decimal(15)}
        )
    project.refresh_from_db()
    assert project.status == Status.STABLE
    with pytest.raises(PermissionDenied):
        results.check_stability(actor=cast.actor(Role.TEAM), point_id=first.pk, at=AT, values={})


def test_an_effect_counted_in_the_proposal_is_not_added_again(cast: Cast) -> None:
    from gemba.proposals.actions.results import add_effect as add_to_proposal
    from gemba.proposals.rules.states import State
    from gemba.proposals.tests.factories import make_in

    system = system_actor(cast.municipality)
    proposal = make_in(cast, State.IMPLEMENTED)
    add_to_proposal(actor=system, proposal_id=proposal.pk, at=AT, kind="money", money=Decimal(500))
    project = make_active(cast)
    Project.objects.filter(pk=project.pk).update(proposal=proposal)
    row = results.add_effect(actor=system, project_id=project.pk, at=AT, kind="money", money=Decimal(500))
    own = results.add_effect(
        actor=cast.actor(Role.LEADER), project_id=project.pk, at=AT, kind="time", minutes=Decimal(6), times=Decimal(10),
        frequency="week", people=2,
    )  # fmt: skip
    project.refresh_from_db()
    assert row.counted_in and not own.counted_in
    assert project.hours_a_year == Decimal(104) and project.money_a_year == own.money_a_year
    with pytest.raises(PermissionDenied):
        results.verify_effect(actor=cast.actor(Role.LEADER), effect_id=own.pk, at=AT)
    assert results.verify_effect(actor=cast.actor(Role.MONITOR), effect_id=own.pk, at=AT).is_verified


def test_a_proposal_becomes_a_project_in_one_act_and_both_remember(cast: Cast) -> None:
    proposal = make_proposal(cast)
    head = cast.actor(Role.UNIT_HEAD)
    project = passport.create_from_proposal(actor=head, proposal_id=proposal.pk, at=AT)
    proposal.refresh_from_db()
    assert proposal.state == "to_project" and project.proposal_id == proposal.pk
    assert list(proposal.projects.all()) == [project]
    assert project.passport.grounds[0].proposal_id == proposal.pk
    with pytest.raises(Refusal, match="уже есть проект"):
        passport.create_from_proposal(actor=head, proposal_id=proposal.pk, at=AT)


def test_predecessors_do_not_run_in_a_circle(cast: Cast) -> None:
    project = make_active(cast)
    one, two = measure_in(cast, project), measure_in(cast, project)
    leader = cast.actor(Role.LEADER)

    def follow(row: object, *numbers: int) -> None:
        work.save_measure(
            actor=leader, project_id=project.pk, at=AT, values={}, follows=numbers, measure_id=row.pk
        )

    follow(two, one.number)
    with pytest.raises(Refusal, match="по кругу"):
        follow(one, two.number)


def test_only_real_files_become_evidence(cast: Cast) -> None:
    from django.core.exceptions import ValidationError
    from django.core.files.uploadedfile import SimpleUploadedFile

    project = make_active(cast)
    team = cast.actor(Role.TEAM)
    with pytest.raises(ValidationError):
        evidence.attach(
            actor=team, project_id=project.pk, code="maps.current", title="Карта", at=AT,
            file=SimpleUploadedFile("карта.pdf", b"<script>alert(1)</script>"),
        )  # fmt: skip
    assert not Evidence.objects.filter(project=project).exists()
    row = evidence.attach(
        actor=team, project_id=project.pk, code="maps.current", title="Карта", at=AT,
        file=SimpleUploadedFile("карта.pdf", b"%PDF-1.7 map"),
    )  # fmt: skip
    assert "maps.current" not in {
        p.field for p in gate_problems(project=project, stage_code="current_mapping", today=DAY)
    }
    evidence.withdraw(actor=cast.actor(Role.LEADER), project_id=project.pk, evidence_id=row.pk, at=AT)
    assert "maps.current" in {
        p.field for p in gate_problems(project=project, stage_code="current_mapping", today=DAY)
    }


def test_drafts_of_others_and_other_towns_are_not_seen(cast: Cast) -> None:
    draft = make_draft(cast)
    seen = {
        role: draft in access.visible_projects(cast.actor(role))
        for role in (Role.LEADER, Role.COORDINATOR, Role.EMPLOYEE, Role.REGION)
    }
    assert seen == {Role.LEADER: True, Role.COORDINATOR: True, Role.EMPLOYEE: False, Role.REGION: False}
    assert gates_of("defence") and satisfy and values and GoalLine
