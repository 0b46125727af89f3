"""Nobody has to remember: the customer is asked at the defence and the closing, who is responsible before the day."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from gemba.notices.models import Notice
from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects.actions import asking, results, stages, work
from gemba.projects.tests.factories import AT, DAY, fill_gates, make_active, make_at, measure_in

pytestmark = pytest.mark.django_db


def _titles(cast: Cast, role: Role) -> list[str]:
    rows = Notice.objects.filter(user=cast.users[role]).order_by("pk")
    return [row.title.partition(":")[0] for row in rows]


def test_the_customer_hears_of_the_defence_a_missed_goal_and_the_closing(cast: Cast) -> None:
    project = make_at(cast, "action_plan")
    assert "Рассмотрите план мероприятий" not in _titles(cast, Role.SPONSOR)
    fill_gates(cast, project)
    project = stages.forward(actor=cast.actor(Role.LEADER), project_id=project.pk, at=AT)
    assert (
        project.stage_code == "defence" and _titles(cast, Role.SPONSOR)[-1] == "Рассмотрите план мероприятий"
    )
    project = make_at(cast, "closing", title="Второй")
    assert _titles(cast, Role.SPONSOR)[-1] == "Примите закрытие проекта"
    results.set_final(
        actor=cast.actor(Role.LEADER),
        goal_id=project.goals.get().pk,
        value=Decimal(30),
        at=AT,
        reason="Ремонт.",
    )
    assert _titles(cast, Role.SPONSOR)[-1] == "Примите отклонение цели"
    client = cast.client(Role.SPONSOR)
    home = client.get("/").content.decode()
    assert "Закрытие проекта" in home and reverse("projects:card", args=[project.pk]) in home
    assert "Второй" in client.get(reverse("projects:list") + "?view=waiting").content.decode()


def test_who_is_responsible_is_told_the_day_before_and_once_after(cast: Cast) -> None:
    project = make_active(cast)
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    member = cast.people[Role.TEAM]
    measure_in(cast, project, due_on=monday, starts_on=None, responsible=member)
    work.hold_defence(
        actor=system_actor(cast.municipality), project_id=project.pk, at=AT, kind="commission", held_on=DAY,
        decision="approved_with_remarks", decided_by="Орлова М. П.", remarks=[("Уточнить срок", member, monday)],
    )  # fmt: skip
    Notice.objects.all().delete()

    def told(day: date) -> list[str]:
        at = datetime.combine(day, AT.timetz())
        asking.remind_due(at=at), asking.remind_due(at=at + timedelta(hours=1))
        return _titles(cast, Role.TEAM)

    assert told(DAY) == [], "two working days are left"
    assert told(friday) == ["Срок близко"] * 2 and told(monday) == ["Срок близко"] * 2
    assert told(date(2026, 11, 24)) == ["Срок близко"] * 2 + ["Срок прошёл"] * 2
    assert len(told(date(2026, 11, 25))) == 4
