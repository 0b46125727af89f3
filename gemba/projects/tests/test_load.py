"""Projects written in bulk stand as those led by the acts."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from gemba.organisation.access import system_actor
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.plan.metrics import Scope, find
from gemba.projects.actions.load import LoadedProject, bulk_fill
from gemba.projects.models import Project
from gemba.projects.tests.factories import AT, make_active

pytestmark = pytest.mark.django_db


def invented(cast: Cast, count: int) -> list[LoadedProject]:
    return [
        LoadedProject(
            f"Проект {n}",
            cast.school.pk,
            cast.people[Role.SPONSOR].pk,
            cast.people[Role.LEADER].pk,
            date(2025 + n % 2, 3, 2),
            stage=2 + n % 6,
            closed_on=date(2026, 9, 1) if n % 3 == 0 else None,
            team=[cast.people[Role.TEAM].pk],
            values=[(date(2026, 8, 1), Decimal(14))],
        )
        for n in range(count)
    ]


def test_bulk_rows_are_numbered_counted_and_open(cast: Cast) -> None:
    first = make_active(cast)
    keys = bulk_fill(
        actor=system_actor(cast.municipality),
        municipality=cast.municipality,
        invented=invented(cast, 12),
        at=AT,
    )
    assert len(keys) == 12 and first.pk not in keys
    numbers = list(Project.objects.filter(number_year=2026).values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, 8)), "one range, no gap and no double"
    scope = Scope(cast.municipality.pk, date(2026, 1, 1), date(2026, 12, 31))
    assert find("projects_closed").total(scope) == 4
    client = cast.client(Role.MONITOR)
    for key in keys[:4]:
        assert client.get(reverse("projects:card", args=[key])).status_code == 200
        assert client.get(reverse("projects:gantt", args=[key])).status_code == 200


def test_only_the_server_fills_in_bulk(cast: Cast) -> None:
    with pytest.raises(PermissionError):
        bulk_fill(actor=cast.actor(Role.MONITOR), municipality=cast.municipality, invented=[], at=AT)
