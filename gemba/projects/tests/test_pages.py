"""Pages: the wizard keeps what is unfinished, the register is flat in statements, what is shown is right."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gemba.kernel.periods import Quarter
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.plan.reports import prefilled
from gemba.projects.models import Project
from gemba.projects.queries import register as lists
from gemba.projects.queries import waiting
from gemba.projects.queries.listed import page_of
from gemba.projects.queries.register import VIEWS, Filters
from gemba.projects.tests.factories import (
    make_active,
    make_at,
    make_closed,
    make_draft,
    make_sent,
    measure_in,
)

pytestmark = pytest.mark.django_db


def _statements(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_register_asks_few_statements_whatever_it_shows(cast: Cast) -> None:
    project = make_active(cast)
    client = cast.client(Role.MONITOR)
    few = _statements(client, reverse("projects:list"))
    fields = {
        f.name: getattr(project, f.attname)
        for f in Project._meta.concrete_fields
        if f.name not in ("id", "number")
    }
    rows = []
    for number in range(2, 130):
        values = {Project._meta.get_field(name).attname: value for name, value in fields.items()}
        rows.append(Project(**values, number=number))
    Project.objects.bulk_create(rows)
    many = _statements(client, reverse("projects:list"))
    assert many <= few + 1 and many <= 17, (few, many)
    page = client.get(reverse("projects:list"))
    assert "after=" in page.content.decode()
    assert _statements(client, reverse("projects:board")) <= 40
    assert _statements(client, reverse("projects:gantt_all")) <= 20


@pytest.mark.parametrize("role", [Role.MONITOR, Role.LEADER, Role.COORDINATOR, Role.EMPLOYEE, Role.SPONSOR])
def test_the_register_written_once_shows_what_its_filters_find(cast: Cast, role: Role) -> None:
    """A page comes out of a written statement; what it must show says the plain queryset."""
    make_active(cast)
    make_closed(cast, title="Закрытый")
    make_draft(cast, title="Черновик")
    make_sent(cast, title="Отправленный")
    make_at(cast, "closing", title="У заказчика")
    actor, found = cast.actor(role), 0
    for view in VIEWS:
        for asked in (
            {}, {"group": "draft"}, {"group": "active"}, {"group": "closed"}, {"stage": 2}, {"stage": 9}, {"year": 2026},
            {"aim": "lean"}, {"aim": "x", "scale": "y"}, {"direction_id": 7}, {"portfolio_id": 7, "year": 2025},
            {"organisation_id": cast.school.pk}, {"words": "закрытый"},
        ):  # fmt: skip
            filters = Filters(view=view, **asked)
            expected = list(
                lists.found(actor=actor, filters=filters).order_by("-pk").values_list("pk", flat=True)
            )
            assert [row.pk for row in page_of(actor=actor, filters=filters).rows] == expected, (view, asked)
            for pk in expected:
                assert pk not in [row.pk for row in page_of(actor=actor, filters=filters, after=pk).rows]
                assert pk not in [row.pk for row in page_of(actor=actor, filters=filters, before=pk).rows]
            found += len(expected)
    assert found, "the cast sees something"
    for filters in (Filters(), Filters(view="mine"), Filters(view="red")):
        rows = lists.found(actor=actor, filters=filters).filter(status="active")
        shown = lists.board(actor=actor, filters=filters)
        assert sum(column.total for column in shown.values()) == rows.count()
        assert {card.pk for column in shown.values() for card in column.cards} == set(
            rows.values_list("pk", flat=True)
        )


def test_the_home_page_shows_what_is_mine_and_what_is_red(cast: Cast) -> None:
    late, other = make_active(cast, title="Опоздал"), make_active(cast, title="Чужой")
    Project.objects.filter(pk=late.pk).update(stage_end_on=date(2026, 11, 2))
    Project.objects.filter(pk=other.pk).update(
        stage_end_on=date(2026, 11, 1), organisation=cast.kindergarten, status="terminated"
    )
    for role in (Role.LEADER, Role.SPONSOR, Role.TEAM, Role.EMPLOYEE):
        actor = cast.actor(role)
        shown = waiting.mine(
            person_id=actor.person_id or 0, user_id=actor.user_id or 0, municipality_id=cast.municipality.pk
        )
        found = lists.found(actor=actor, filters=Filters(view="mine")).exclude(status="terminated")
        assert {row.pk for row in shown} == set(found.values_list("pk", flat=True)), role
    assert "Опоздал" in cast.client(Role.LEADER).get("/").content.decode()
    day, town = date(2026, 11, 20), cast.municipality.pk
    [row] = waiting.red(municipality_id=town, today=day, organisation_ids=None)
    assert (row.title, row.leader) == ("Опоздал", str(late.leader.short_name))
    assert waiting.red(municipality_id=town, today=day, organisation_ids=[cast.kindergarten.pk]) == []
    assert len(waiting.red(municipality_id=town, today=day, organisation_ids=[cast.school.pk])) == 1


def test_unfinished_work_is_kept_and_nonsense_is_named(cast: Cast) -> None:
    client = cast.client(Role.LEADER)
    answer = client.post(reverse("projects:new"), {"title": "Запись к врачу", "organisation": "004"})
    project = Project.objects.get()
    assert answer.status_code == 302 and project.status == "draft"
    url = reverse("projects:fill", args=[project.pk, "goals"])
    rows = {
        "version": project.version,
        "goals-count": "1",
        "goals-0-title": "Ожидание",
        "goals-0-baseline": "1 200,5",
    }
    assert client.post(url, rows).status_code == 302
    project.refresh_from_db()
    assert project.passport.goals[0].baseline == "1200.5" and project.passport.goals[0].unit == ""
    wrong = client.post(url, {**rows, "version": project.version, "goals-0-target": "много"})
    assert wrong.status_code == 422 and "Цели, строка 1" in wrong.content.decode()
    stale = client.post(url, {**rows, "version": 1, "goals-0-title": "Другое"})
    assert stale.status_code == 409 and "Другое" in stale.content.decode()


def test_moving_a_stage_moves_the_following_in_the_wizard(cast: Cast) -> None:
    project = make_draft(cast)
    before = project.passport.days()
    data = {"version": project.version, "move": "1"}
    for number, one in before.items():
        data |= {f"start_{number}": f"{one.start:%d.%m.%Y}", f"end_{number}": f"{one.end:%d.%m.%Y}"}
    data["end_2"] = "22.12.2026"
    assert (
        cast.client(Role.LEADER).post(reverse("projects:fill", args=[project.pk, "dates"]), data).status_code
        == 302
    )
    project.refresh_from_db()
    after = project.passport.days()
    assert f"{after[2].end:%d.%m.%Y}" == "22.12.2026" and after[1] == before[1]
    assert all(after[number].end > before[number].end for number in range(3, 11))


def test_the_customer_sees_what_is_before_him_and_approves(cast: Cast) -> None:
    project = make_sent(cast)
    client = cast.client(Role.SPONSOR)
    page = client.get(reverse("projects:passport", args=[project.pk])).content.decode()
    assert "Согласовать паспорт" in page and "Вернуть с замечаниями" in page
    assert "Выдача справок родителям" in page
    act = reverse("projects:act", args=[project.pk, "return"])
    assert client.post(act, {"reason": ""}).status_code == 422
    assert client.post(act, {"reason": "Уточните границы."}).status_code == 302
    project.refresh_from_db()
    assert project.status == "draft"
    leader = cast.client(Role.LEADER).get(reverse("projects:passport", args=[project.pk])).content.decode()
    assert "Уточните границы." in leader


def test_an_act_says_what_evidence_is_missing(cast: Cast) -> None:
    project = make_active(cast)
    answer = cast.client(Role.LEADER).post(
        reverse("projects:act", args=[project.pk, "forward"]), {"on": "19.11.2026"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "Карта текущего состояния" in text and "Приложите файл." in text


def test_an_assignment_is_given_from_the_card(cast: Cast) -> None:
    project = make_active(cast)
    address = reverse("projects:card", args=[project.pk])
    assert "Дать поручение" not in cast.client(Role.LEADER).get(address).content.decode()
    page = cast.client(Role.HEAD).get(address).content.decode()
    asked = re.search(r'href="(/plan/measures/give/[^"]+)"', page)
    assert asked is not None and "Дать поручение" in page
    form = cast.client(Role.HEAD).get(unescape(asked[1])).content.decode()
    assert f"По проекту {project.number_text} «{project.title}»:" in unescape(form)


def test_every_part_of_a_project_opens_for_its_leader(cast: Cast) -> None:
    project = make_at(cast, "implementation")
    measure_in(cast, project)
    closed = make_closed(cast, title="Закрытый")
    client = cast.client(Role.LEADER)
    for name in ("card", "passport", "editions", "plan", "gantt", "defences", "goals", "effects"):
        assert client.get(reverse(f"projects:{name}", args=[project.pk])).status_code == 200, name
    page = client.get(reverse("projects:stability", args=[closed.pk])).content.decode()
    assert "через 3 мес." in page
    assert "<svg" in client.get(reverse("projects:gantt", args=[project.pk])).content.decode()


def test_the_quarterly_report_takes_its_rows_from_projects(cast: Cast) -> None:
    project = make_closed(cast, participants=[{"id": cast.kindergarten.pk, "name": "Родничок"}])
    for place in (cast.school, cast.kindergarten):
        [line] = prefilled(cast.municipality.pk, place.pk, Quarter(2026, 4))
        assert line.project == project.title
        assert line.cells["closed_on"] == "2026-11-19" and line.cells["opened_year"] == "2026"
        assert line.cells["leader"].startswith("Лапин")
    assert prefilled(cast.municipality.pk, cast.school.pk, Quarter(2026, 3)) == []


def test_export_and_kept_filters(cast: Cast) -> None:
    make_active(cast)
    client = cast.client(Role.MONITOR)
    csv = b"".join(
        client.get(reverse("projects:export", args=["csv"]) + "?columns=leader").streaming_content
    ).decode("utf-8-sig")
    assert "Руководитель" in csv and "Лапин" in csv
    client.post(reverse("projects:filter_keep"), {"title": "Мои красные", "query": "view=red"})
    assert "Мои красные" in client.get(reverse("projects:list")).content.decode()
