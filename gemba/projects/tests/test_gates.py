"""Every hard gate with and without its evidence, before every role: evidence opens it, nothing else and nobody else."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.kernel.problems import Refusal
from gemba.organisation.access import system_actor
from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import Cast
from gemba.projects.actions import approval, passport, results, stages, work
from gemba.projects.gates import Gate, all_gates, gate_of
from gemba.projects.models import Evidence, GateTick, Measurement, Project
from gemba.projects.queries.gates import gate_problems
from gemba.projects.tests.factories import AT, DAY, fill_gates, make_at, make_sent, measure_in

pytestmark = pytest.mark.django_db

GATES = [gate for gate in all_gates() if gate.stage_code not in ("passport_approval", "closing")]
LEADING = {Role.LEADER, Role.COORDINATOR, Role.UNIT_HEAD, Role.MONITOR}


def _spoil_file(cast: Cast, project: Project, gate: Gate) -> None:
    Evidence.objects.filter(project=project, code=gate.code).update(is_withdrawn=True, is_current=False)


def _spoil_tick(cast: Cast, project: Project, gate: Gate) -> None:
    GateTick.objects.filter(project=project, code=gate.code).delete()


def _measure(**changes: object) -> Callable[[Cast, Project, Gate], None]:
    def spoil(cast: Cast, project: Project, gate: Gate) -> None:
        measure_in(cast, project)
        project.measures.update(**changes)

    return spoil


def _late_measure(cast: Cast, project: Project, gate: Gate) -> None:
    end = project.stages.get(code="implementation").plan_end
    measure_in(cast, project, due_on=end + timedelta(days=1))


def _unsure(cast: Cast, project: Project, gate: Gate) -> None:
    leader = cast.actor(Role.LEADER)
    passport.write(
        actor=leader,
        project_id=project.pk,
        version=project.version,
        at=AT,
        values={"is_baseline_unsure": True},
    )
    approval.send(actor=leader, project_id=project.pk, at=AT)
    approval.approve(actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT)


def _rework(cast: Cast, project: Project, gate: Gate) -> None:
    work.hold_defence(
        actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT, kind="customer_plan", held_on=DAY,
        decision="rework", decided_by="Громов В. А.", text="Нет ресурсов.",
    )  # fmt: skip


# How the evidence of each hard gate goes missing when everything else of its stage is there.
SPOIL: dict[str, Callable[[Cast, Project, Gate], None]] = {
    "passport.baseline": _unsure,
    "measures.there": lambda c, p, g: p.measures.all().delete() and None,
    "measures.whole": _measure(responsible=None),
    "measures.in_time": _late_measure,
    "measures.causes": _measure(root_cause=""),
    "defence.decided": _rework,
    "measures.finished": _measure(state="doing"),
    "measures.evidence": _measure(state="done", done_on=DAY, evidence=""),
    "goals.measured": lambda c, p, g: Measurement.objects.filter(goal__project=p).delete() and None,
    "goals.reached": lambda c, p, g: Measurement.objects.filter(goal__project=p).update(value=Decimal(39)) and None,
}  # fmt: skip


def _try(cast: Cast, role: Role, project: Project) -> str:
    try:
        with transaction.atomic():
            stages.forward(actor=cast.actor(role), project_id=project.pk, at=AT)
            transaction.set_rollback(True)
    except PermissionDenied:
        return "forbidden"
    except Refusal as refusal:
        return ", ".join(problem.field for problem in refusal.problems)
    return "done"


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.code)
def test_a_gate_opens_with_its_evidence_for_those_who_lead_and_for_nobody_else(
    cast: Cast, gate: Gate
) -> None:
    project = make_at(cast, gate.stage_code)
    fill_gates(cast, project)
    roles = [role for role in Role if role not in WITHOUT_ACCOUNT and role is not Role.REGION]
    for role in roles:
        assert _try(cast, role, project) == ("done" if role in LEADING else "forbidden"), role
    spoil = SPOIL.get(gate.code) or (_spoil_tick if gate.is_confirmed else _spoil_file)
    spoil(cast, project, gate)
    project = Project.objects.get(pk=project.pk)
    for role in roles:
        found = _try(cast, role, project)
        if role in LEADING:
            assert gate.code in found.split(", "), (role, found)
        else:
            assert found == "forbidden", (role, found)
    # Not even the customer or the head passes without a word: only an override with its reason.
    passed = stages.override(
        actor=cast.actor(Role.CURATOR), project_id=project.pk, at=AT, reason="Бумага в пути."
    )
    event = passed.events.order_by("-pk").first()
    assert event and event.text == "Бумага в пути."
    assert passed.stages.get(code=gate.stage_code).is_overridden


def test_every_hard_gate_is_tried(cast: Cast) -> None:
    hard = {gate.code for gate in GATES if gate.check is not None}
    assert hard == set(SPOIL)


def test_the_first_gate_is_the_customers_alone(cast: Cast) -> None:
    project = make_sent(cast)
    system = system_actor(cast.municipality)
    missing = {
        problem.field for problem in gate_problems(project=project, stage_code="passport_approval", today=DAY)
    }
    assert missing == {"passport.approved"}
    with pytest.raises(Refusal):
        stages.forward(actor=system, project_id=project.pk, at=AT)
    with pytest.raises(Refusal):
        stages.override(actor=cast.actor(Role.CURATOR), project_id=project.pk, at=AT, reason="Так надо.")
    approval.approve(actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT)
    project.refresh_from_db()
    assert project.stage == 2


def test_nothing_is_closed_without_final_values_and_the_customer(cast: Cast) -> None:
    project = make_at(cast, "closing")
    sponsor = cast.actor(Role.SPONSOR)
    with pytest.raises(Refusal, match="Нет итога"):
        stages.close(actor=sponsor, project_id=project.pk, at=AT, outcome="success")
    with pytest.raises(Refusal, match="пропустить нельзя"):
        stages.override(actor=cast.actor(Role.CURATOR), project_id=project.pk, at=AT, reason="Торопимся.")
    goal = project.goals.get()
    with pytest.raises(Refusal, match="причины нет"):
        results.set_final(actor=cast.actor(Role.LEADER), goal_id=goal.pk, value=Decimal(20), at=AT)
    results.set_final(
        actor=cast.actor(Role.LEADER), goal_id=goal.pk, value=Decimal(20), at=AT, reason="Ремонт."
    )
    with pytest.raises(Refusal, match="не достигнуты"):
        stages.close(actor=sponsor, project_id=project.pk, at=AT, outcome="success")
    with pytest.raises(Refusal, match="что достигнуто"):
        stages.close(actor=sponsor, project_id=project.pk, at=AT, outcome="partial")
    late = AT.replace(year=2027, month=7)
    with pytest.raises(Refusal, match="руководитель проекта"):
        stages.close(actor=sponsor, project_id=project.pk, at=late, outcome="partial", text="Две трети.")
    stages.explain_delay(
        actor=cast.actor(Role.LEADER), project_id=project.pk, number=9, at=AT, reason="Ремонт."
    )
    closed = stages.close(actor=sponsor, project_id=project.pk, at=late, outcome="partial", text="Две трети.")
    assert closed.outcome == "partial" and closed.closed_on == date(2027, 7, AT.day)
    assert closed.points.count() == 3 and gate_of("goals.final")
