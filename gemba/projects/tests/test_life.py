"""A project's life: created, approved, led through the stages, closed, counted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast, signed_in
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_user
from gemba.plan.metrics import Scope, find
from gemba.plan.tests.factories import of_act
from gemba.projects import metrics
from gemba.projects.actions import approval, stages
from gemba.projects.models import Participant, Project, ProjectSettings
from gemba.projects.rules.states import Status
from gemba.projects.tests.factories import AT, DAY, make_at, make_closed, make_sent

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_draft_to_the_plan(cast: Cast) -> None:
    project = make_sent(cast)
    assert project.status == Status.APPROVAL and project.number_text == "П-2026-0001"
    edition = approval.approve(actor=cast.actor(Role.SPONSOR), project_id=project.pk, at=AT)
    project = Project.objects.get(pk=project.pk)
    assert (edition.number, project.status, project.stage, project.opened_on) == (1, Status.ACTIVE, 2, DAY)
    closed = make_closed(cast, title="Второй")
    assert closed.status == Status.STABILITY and closed.closed_on == DAY
    due = [row.due_on for row in closed.points.order_by("months")]
    assert due[0] == date(2027, 2, 19) and len(due) == 3
    metric = find("projects_closed")
    scope = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    assert metric.count(scope) == {cast.school.pk: Decimal(1)}


def test_a_joint_project_counts_once_for_the_town_and_once_for_each_participant(cast: Cast) -> None:
    project = make_closed(cast, participants=[{"id": cast.kindergarten.pk, "name": "Детский сад"}])
    assert Participant.objects.filter(project=project).count() == 2
    for code in ("projects_closed", "projects_closed_quality"):
        metric = find(code)
        town = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
        assert metric.count(town) == {cast.school.pk: Decimal(1), cast.kindergarten.pk: Decimal(1)}
        assert metric.total(town) == 1
        one = Scope(town.municipality_id, town.first, town.last, frozenset({cast.kindergarten.pk}))
        assert metric.count(one) == {cast.kindergarten.pk: Decimal(1)}
        assert [row.title for row in metric.records(one, 10)] == [project.title]
        before = Scope(town.municipality_id, date(2025, 1, 1), date(2025, 12, 31))
        assert metric.count(before) == {} and metric.total(before) == 0


def test_a_partial_outcome_counts_where_the_municipality_has_decided_so(cast: Cast) -> None:
    project = make_closed(cast, participants=[{"id": cast.kindergarten.pk, "name": "Детский сад"}])
    Project.objects.filter(pk=project.pk).update(outcome="partial")
    metric, town = find("projects_closed"), Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    one = Scope(town.municipality_id, town.first, town.last, frozenset({cast.school.pk}))
    for decided, whole in ((None, 0), ({"is_partial_counted": False}, 0), ({"is_partial_counted": True}, 1)):
        if decided is not None:
            ProjectSettings.objects.update_or_create(
                municipality=cast.municipality, defaults={"values": decided}
            )
        for scope, places in ((town, [cast.school.pk, cast.kindergarten.pk]), (one, [cast.school.pk])):
            together = metrics.together(scope, ["projects_closed", "projects_closed_quality"])
            assert together.totals["projects_closed"] == metric.total(scope) == whole
            expected = dict.fromkeys(places, Decimal(1)) if whole else {}
            assert together.by_organisation["projects_closed"] == metric.count(scope) == expected


def test_a_closed_project_without_a_quality_goal_is_named_as_not_counted(cast: Cast) -> None:
    town = of_act("promyshlennovsky")
    made = make_closed(cast)
    Project.objects.filter(pk=made.pk).update(municipality=town, organisation=make_organisation(town))
    user = make_user("monitor-of-town", person=make_person(town, "Зимина Наталья Юрьевна"))
    grant(user, Role.MONITOR)
    client, address = signed_in(user), f"/plan/row/1.1/?year={DAY.year}&quarter=4"
    assert "Не считаются" not in client.get(address).content.decode()
    Project.objects.filter(pk=made.pk).update(has_quality_goal=False)
    body = client.get(address).content.decode()
    assert "Не считаются: 1" in body and "без показателя качества" in body
    assert f'href="/projects/{made.pk}/"' in body


def test_stages_go_one_by_one_and_the_calendar_of_facts_is_kept(cast: Cast) -> None:
    project = make_at(cast, "defence")
    facts = {row.number: row.actual_end for row in project.stages.all()}
    assert [facts[number] for number in range(1, 6)] == [DAY] * 5 and facts[6] is None
    later = AT + timedelta(days=1)
    back = stages.back(
        actor=cast.actor(Role.LEADER), project_id=project.pk, number=5, at=later, reason="Защита не прошла."
    )
    assert back.stage == 5 and back.stages.get(number=5).actual_end is None
    assert back.stages.get(number=6).actual_start is None


def test_the_system_closes_nothing_without_its_evidence(cast: Cast) -> None:
    project = make_at(cast, "closing")
    from gemba.kernel.problems import Refusal

    with pytest.raises(Refusal, match="Нет итога"):
        stages.close(actor=system_actor(cast.municipality), project_id=project.pk, at=AT, outcome="success")
    assert Project.objects.get(pk=project.pk).status == Status.ACTIVE
