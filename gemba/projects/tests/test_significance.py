"""A project is assessed by the significance procedure: from its page to the sheet and back, hints, score, report."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.organisation.models import Direction, Organisation
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects import report, significance
from gemba.projects.models import Effect, Ground, Participant, Project
from gemba.projects.tests.factories import AT, make_active, make_draft
from gemba.proposals.models import EffectMethod
from gemba.scorecards import actions, queries
from gemba.scorecards.models import Sheet
from gemba.scorecards.tests.factories import edition_of, trained

REST = {"1": ["1a"], "2": ["2d"], "3": ["3a"], "6": ["6b"], "7": ["7c"]}


def open_for(cast: Cast, project: Project, role: Role = Role.COORDINATOR, **changes: Any) -> Sheet:
    edition = changes.pop("edition", None) or edition_of(cast.municipality)
    trained(cast, role)
    new = actions.NewSheet(
        procedure="significance", stage="final", kind="project", object_id=project.pk, **changes
    )
    return actions.open_sheet(actor=cast.actor(role), edition=edition, new=new, at=AT)


def with_saving(cast: Cast, project: Project) -> None:
    method, _ = EffectMethod.objects.get_or_create(
        municipality=cast.municipality, number=1,
        defaults={"hour_rate": 500, "work_days_a_year": 247, "made_at": AT},
    )  # fmt: skip
    Effect.objects.create(
        project=project, kind="time", method=method, minutes=5, times=10, frequency="day", people=2,
        hours_a_year=Decimal("412.50"), added_by="Тест", added_at=AT,
    )  # fmt: skip


def test_what_the_records_show_is_ticked_with_its_source(cast: Cast) -> None:
    project = make_active(cast)
    with_saving(cast, project)
    Ground.objects.create(
        project=project,
        code="appeals",
        text="Обращения граждан",
        links_to="citizen_appeals",
        object_title="№ 44",
    )
    sheet = open_for(cast, project)
    assert sheet.answers == {"2": ["2a"], "4": ["4a"], "5": ["5a"]}
    assert sheet.total is None and sheet.result["criteria"]["5"]["points"] == "1"
    hints = {hint.rows: hint for hint in queries.hints_of(actor=cast.actor(Role.COORDINATOR), sheet=sheet)}
    assert hints["5a",].text == "Экономия посчитана: 412,5 ч в год."
    assert hints["5a",].url == reverse("projects:effects", args=[project.pk])
    assert "№ 44" in hints["2a",].text
    assert "Время выдачи — 40 мин" in hints["4a",].text


def test_only_the_rest_needs_evidence(cast: Cast) -> None:
    project = make_active(cast)
    with_saving(cast, project)
    sheet = open_for(cast, project)
    actor = cast.actor(Role.COORDINATOR)
    sheet = actions.keep_answers(
        actor=actor, sheet_id=sheet.pk, version=sheet.version, answers={**REST, **sheet.answers}, comments={},
        context={}, at=AT,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        actions.submit(actor=actor, sheet_id=sheet.pk, version=sheet.version, at=AT)
    missing = [problem.text for problem in refused.value.problems]
    assert missing == [f"Критерий {code}: нет подтверждения." for code in ("1", "2", "3", "6", "7")]


def test_replicas_show_by_their_direction(cast: Cast) -> None:
    own, other = (
        Direction.objects.create(municipality=cast.municipality, name=name, name_key=name)
        for name in ("мёд", "учёба")
    )
    Organisation.objects.filter(pk=cast.school.pk).update(direction=own)
    project = make_active(cast)
    replica = make_active(cast, title="Повтор")
    elsewhere = Organisation.objects.exclude(pk=cast.school.pk).filter(municipality=cast.municipality).first()
    assert elsewhere is not None
    Organisation.objects.filter(pk=elsewhere.pk).update(direction=other)
    Project.objects.filter(pk=replica.pk).update(origin=project, organisation=elsewhere)
    assert open_for(cast, Project.objects.get(pk=project.pk)).answers["6"] == ["6a"]


def test_whoever_leads_the_project_does_not_assess_it(cast: Cast) -> None:
    project = make_active(cast)
    Project.objects.filter(pk=project.pk).update(leader=cast.people[Role.COORDINATOR])
    with pytest.raises(Refusal, match="Вы ведёте этот проект"):
        open_for(cast, project)
    standing = significance.standing_of(cast.actor(Role.COORDINATOR), Project.objects.get(pk=project.pk))
    assert standing and not standing.may_open and "ведёте" in standing.why_not


def test_a_draft_is_not_assessed(cast: Cast) -> None:
    project = make_draft(cast)
    with pytest.raises(Refusal, match="нет"):
        open_for(cast, project)


def test_a_project_of_another_municipality_is_not_there(cast: Cast) -> None:
    project = make_active(cast)
    Project.objects.filter(pk=project.pk).update(municipality=cast.other_municipality)
    with pytest.raises(Refusal, match="нет"):
        open_for(cast, project)


def agreed(cast: Cast, project: Project) -> Sheet:
    sheet = open_for(cast, project)
    actor = cast.actor(Role.COORDINATOR)
    for code in REST:
        actions.add_proof(
            actor=actor, sheet_id=sheet.pk, criterion=code, row="", title="Отчёт", link="", file=None, file_kind="", at=AT
        )  # fmt: skip
    sheet = actions.keep_answers(
        actor=actor, sheet_id=sheet.pk, version=None, answers={**REST, **sheet.answers}, comments={}, context={}, at=AT
    )  # fmt: skip
    return actions.submit(actor=actor, sheet_id=sheet.pk, version=sheet.version, at=AT)


def test_the_score_stands_on_the_project_and_in_the_report(cast: Cast) -> None:
    project = make_active(cast)
    with_saving(cast, project)
    Participant.objects.get_or_create(project=project, organisation=cast.school)
    sheet = agreed(cast, project)
    quarter = Quarter(2026, 4)
    line = report.rows(cast.municipality.pk, cast.school.pk, quarter)[0]
    assert line.cells["significance"] == "8,5 (самооценка)"
    actions.agree(actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=sheet.version, at=AT)
    line = report.rows(cast.municipality.pk, cast.school.pk, quarter)[0]
    assert line.cells["significance"] == "8,5"
    standing = significance.standing_of(cast.actor(Role.MEMBER), project)
    assert standing and standing.counts and not standing.is_own_word
    assert standing.counts.outcome == "regional"


def test_a_later_edition_does_not_move_the_score(cast: Cast) -> None:
    project = make_active(cast)
    with_saving(cast, project)
    sheet = agreed(cast, project)
    actions.agree(actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=sheet.version, at=AT)
    edition_of(
        cast.municipality, effective_on="2026-10-01",
        change={"text: Просчитывается экономия денежных средств, трудовых ресурсов\n            points: 1":
                "text: Просчитывается экономия денежных средств, трудовых ресурсов\n            points: 0.5",
                "declared_maximum: 1\n        clause: [significance 6.5": "declared_maximum: 0.5\n        clause: [significance 6.5"},
    )  # fmt: skip
    standing = significance.standing_of(cast.actor(Role.MONITOR), project)
    assert standing and standing.counts
    assert (standing.counts.total, standing.counts.edition.code) == (Decimal("8.5"), "2026-01-20")


def test_the_page_leads_to_the_sheet_and_back(cast: Cast) -> None:
    project = make_active(cast)
    edition_of(cast.municipality)
    trained(cast, Role.COORDINATOR)
    client = cast.client(Role.COORDINATOR)
    page = client.get(reverse("projects:card", args=[project.pk])).content.decode()
    address = f"{reverse('scorecards:new')}?kind=project&amp;id={project.pk}"
    assert "Значимость проекта" in page and address in page
    sent = client.post(
        address.replace("&amp;", "&"), {"procedure": "significance", "stage": "preliminary"}, follow=True
    )
    sheet = Sheet.objects.get()
    assert sheet.subject.object_id == project.pk and sheet.subject.organisation_id == project.organisation_id
    text = sent.content.decode()
    assert reverse("projects:card", args=[project.pk]) in text and "уже отмечены" in text
    page = client.get(reverse("projects:card", args=[project.pk])).content.decode()
    assert reverse("scorecards:sheet", args=[sheet.pk]) in page


def test_without_a_procedure_nothing_is_shown(cast: Cast) -> None:
    project = make_active(cast)
    client = cast.client(Role.COORDINATOR)
    assert (
        "Значимость проекта" not in client.get(reverse("projects:card", args=[project.pk])).content.decode()
    )
    assert significance.standing_of(cast.actor(Role.MONITOR), project) is None


def test_the_day_of_the_report_decides_which_sheet_counts(cast: Cast) -> None:
    project = make_active(cast)
    with_saving(cast, project)
    agreed(cast, project)
    found = significance.scores_on(
        municipality_id=cast.municipality.pk, projects=[project], day=date(2026, 9, 30)
    )
    assert found == {}


@pytest.mark.parametrize(
    ("zone", "at", "counts"),
    [
        ("Asia/Kamchatka", datetime(2026, 9, 30, 11, 59, tzinfo=UTC), True),
        ("Asia/Kamchatka", datetime(2026, 9, 30, 12, 0, tzinfo=UTC), False),
        ("Europe/Kaliningrad", datetime(2026, 9, 30, 21, 59, tzinfo=UTC), True),
        ("Europe/Kaliningrad", datetime(2026, 9, 30, 22, 0, tzinfo=UTC), False),
    ],
)
def test_midnight_of_the_municipality_ends_the_day_whatever_the_clock_of_the_server(
    cast: Cast, zone: str, at: datetime, counts: bool
) -> None:
    project = make_active(cast)
    with_saving(cast, project)
    sheet = agreed(cast, project)
    Sheet.objects.filter(pk=sheet.pk).update(submitted_at=at)
    cast.municipality.time_zone = zone
    cast.municipality.save()
    for server in ("UTC", "Asia/Novokuznetsk"):
        with timezone.override(ZoneInfo(server)):
            found = significance.scores_on(
                municipality_id=cast.municipality.pk, projects=[project], day=date(2026, 9, 30)
            )
        assert bool(found) is counts, server
