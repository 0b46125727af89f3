"""Make projects for tests, brought to any stage by the acts themselves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from gemba.organisation.access import Actor, system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects.actions import approval, passport, portfolio, results, stages, work
from gemba.projects.gates import gates_of
from gemba.projects.models import Evidence, GateTick, ImportFile, Project, SavedFilter
from gemba.projects.rules.passport import GoalLine, GroundLine, MemberLine
from gemba.proposals.tests.factories import make_proposal

AT = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)  # Thursday, ten in the morning in the municipality
DAY = date(2026, 11, 19)


def values(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return everything a passport needs."""
    customer, leader = cast.people[Role.SPONSOR], cast.people[Role.LEADER]
    return {
        "customer_id": customer.pk,
        "customer_name": str(customer),
        "leader_id": leader.pk,
        "leader_name": str(leader),
        "process_owner_id": cast.people[Role.UNIT_HEAD].pk,
        "team": [MemberLine(cast.people[Role.TEAM].pk, str(cast.people[Role.TEAM]), "хронометраж")],
        "process": "Выдача справок родителям",
        "start_event": "родитель подал заявление",
        "end_event": "справка выдана",
        "justifications": ["За год 1200 справок, ждут по 40 минут."],
        "grounds": [GroundLine("other", "Решение руководителя", object_title="поручение № 12")],
        "goals": [GoalLine("time", "Время выдачи", "мин", "40", "15", "less", "quality")],
        **changes,
    }


def make_draft(
    cast: Cast, *, at: datetime = AT, title: str = "Быстрая выдача справок", **changes: Any
) -> Project:
    """Begin a draft with a whole passport."""
    system = system_actor(cast.municipality, today=DAY)
    project = passport.create(actor=system, title=title, organisation=cast.school, at=at)
    return passport.write(
        actor=system, project_id=project.pk, version=project.version, values=values(cast, **changes), at=at
    )


def make_sent(cast: Cast, **fields: Any) -> Project:
    """Send a passport to its customer."""
    project = make_draft(cast, **fields)
    return approval.send(
        actor=system_actor(cast.municipality), project_id=project.pk, at=fields.get("at", AT)
    )


def make_active(cast: Cast, **fields: Any) -> Project:
    """Open a project: approved, in its second stage."""
    project = make_sent(cast, **fields)
    approval.approve(actor=system_actor(cast.municipality), project_id=project.pk, at=fields.get("at", AT))
    return Project.objects.get(pk=project.pk)


def satisfy(cast: Cast, project: Project, code: str, at: datetime = AT) -> None:
    """Give one gate its evidence."""
    system = system_actor(cast.municipality)
    day = at.date()
    if code == "measures.there":
        measure_in(cast, project, at)
    elif code == "defence.decided":
        work.hold_defence(
            actor=system, project_id=project.pk, at=at, kind="customer_plan", held_on=day, decision="approved",
            decided_by="Громов В. А., заместитель главы",
        )  # fmt: skip
    elif code == "measures.finished":
        for row in project.measures.all():
            work.set_measure_state(
                actor=system, measure_id=row.pk, state="done", at=at, evidence="Приказ № 7"
            )
    elif code == "goals.measured":
        for goal in project.goals.all():
            for _ in range(3):
                on = date.fromordinal(day.toordinal() + goal.measurements.count())
                goal.measurements.create(measured_on=on, value=Decimal(14), by="Тест", at=at)
    elif code == "goals.final":
        for goal in project.goals.all():
            results.set_final(actor=system, goal_id=goal.pk, value=Decimal(14), at=at)


def measure_in(cast: Cast, project: Project, at: datetime = AT, **changes: Any) -> Any:
    """Add a whole measure."""
    fields = {
        "title": "Поставить второй стол", "problem": "Очередь", "root_cause": "Один работник на выдаче",
        "responsible": cast.people[Role.TEAM], "starts_on": at.date(), "due_on": at.date(), **changes,
    }  # fmt: skip
    return work.save_measure(
        actor=system_actor(cast.municipality), project_id=project.pk, at=at, values=fields
    )


def fill_gates(cast: Cast, project: Project, at: datetime = AT) -> None:
    """Give every gate of the current stage its evidence."""
    for gate in gates_of(project.stage_code):
        if gate.is_confirmed:
            GateTick.objects.get_or_create(
                project=project, code=gate.code, defaults={"comment": "да", "by": "Тест", "at": at}
            )
        elif gate.takes_file:
            Evidence.objects.create(project=project, code=gate.code, title="Лист", file="нет.pdf", name="нет.pdf", kind="pdf", by="Тест", at=at)  # fmt: skip
        else:
            satisfy(cast, project, gate.code, at)


def make_at(cast: Cast, code: str, **fields: Any) -> Project:
    """Bring a project to the stage with this code."""
    at = fields.get("at", AT)
    project = make_active(cast, **fields)
    while project.stage_code != code:
        fill_gates(cast, project, at)
        project = stages.forward(actor=system_actor(cast.municipality), project_id=project.pk, at=at)
    return project


def make_closed(cast: Cast, **fields: Any) -> Project:
    """Close a project with success; its stability is watched."""
    at = fields.get("at", AT)
    project = make_at(cast, "closing", **fields)
    fill_gates(cast, project, at)
    return stages.close(
        actor=system_actor(cast.municipality), project_id=project.pk, at=at, outcome="success"
    )


def on(actor: Actor, day: date) -> Actor:
    """Return the actor as of another day."""
    from dataclasses import replace

    return replace(actor, today=day)


def url_samples(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every address of this module that needs an argument, with an object of the municipality behind it."""
    system = system_actor(cast.municipality)
    active = make_at(cast, "action_plan")
    draft = make_draft(cast, title="Черновик")
    closed = make_closed(cast, title="Закрытый")
    measure = measure_in(cast, active)
    work.hold_defence(
        actor=system, project_id=active.pk, at=AT, kind="commission", held_on=DAY, decision="approved_with_remarks",
        decided_by="Орлов М. П.", remarks=[("Уточнить срок", cast.people[Role.TEAM], DAY)],
    )  # fmt: skip
    effect = results.add_effect(actor=system, project_id=active.pk, at=AT, kind="money", money=Decimal(1000))
    remark = active.remarks.first()
    evidence = active.evidence.first()
    goal = active.goals.first()
    edition = active.editions.first()
    point = closed.points.first()
    group = portfolio.save_portfolio(actor=system, at=AT, title="Школы")
    kept = SavedFilter.objects.create(user=cast.users[Role.MONITOR], title="Красные", query="view=red")
    proposal = make_proposal(cast)
    assert remark and evidence and goal and edition and point
    pk = {"pk": active.pk}
    for name in (
        "card", "passport", "papers", "editions", "attach_any", "comment", "choose_portfolio", "presentation", "gantt", "plan",
        "shift", "measure_new", "week", "defences", "defence_new", "goals", "effects",
    ):  # fmt: skip
        yield f"projects:{name}", pk
    yield "projects:stability", {"pk": closed.pk}
    yield "projects:replicate", {"pk": closed.pk}
    yield "projects:act", {**pk, "verb": "forward"}
    yield "projects:fill", {"pk": draft.pk, "step": "goals"}
    yield "projects:edition", {**pk, "edition_id": edition.pk}
    yield "projects:forecast", {**pk, "number": active.stage}
    yield "projects:delay", {**pk, "number": active.stage}
    yield "projects:confirm", {**pk, "code": "measures.resources"}
    yield "projects:attach", {**pk, "code": "maps.current"}
    yield "projects:file", {**pk, "evidence_id": evidence.pk}
    yield "projects:withdraw", {**pk, "evidence_id": evidence.pk}
    yield "projects:replace", {**pk, "evidence_id": evidence.pk}
    yield "projects:versions", {**pk, "evidence_id": evidence.pk}
    yield "projects:measure", {**pk, "measure_id": measure.pk}
    yield "projects:measure_move", {**pk, "measure_id": measure.pk}
    yield "projects:measure_mark", {**pk, "measure_id": measure.pk}
    yield "projects:remark", {**pk, "remark_id": remark.pk}
    yield "projects:measurement", {**pk, "goal_id": goal.pk}
    yield "projects:final", {**pk, "goal_id": goal.pk}
    yield "projects:deviation", {**pk, "goal_id": goal.pk}
    yield "projects:effect_verify", {**pk, "effect_id": effect.pk}
    yield "projects:effect_drop", {**pk, "effect_id": effect.pk}
    yield "projects:point", {"pk": closed.pk, "point_id": point.pk}
    yield "projects:portfolio", {"portfolio_id": group.pk}
    yield "projects:portfolio_edit", {"portfolio_id": group.pk}
    files = {
        kind: ImportFile.objects.create(
            municipality=cast.municipality, user=cast.users[Role.LEADER], kind=kind, name="Файл", made_at=AT,
            rows=[{"passport": draft.draft}],
        )
        for kind in ("passport", "projects")
    }  # fmt: skip
    yield "projects:import_check", {"file_id": files["passport"].pk}
    yield "projects:import_load", {"file_id": files["projects"].pk}
    yield "projects:import_undo", {"file_id": files["projects"].pk}
    yield "projects:import_sample", {"kind": "roadmap", "is_object": False}
    yield "projects:roadmap_import", pk
    yield "projects:filter_drop", {"filter_id": kept.pk}
    yield "projects:from_proposal", {"proposal_id": proposal.pk}
    yield "projects:export", {"kind": "csv", "is_object": False}
