"""What the process remembers of the plan holds exactly until something is done."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemba.organisation.models import Municipality
from gemba.organisation.tests.factories import make_organisation
from gemba.plan.queries.glance import HOLDS_SECONDS, glance
from gemba.plan.tests.factories import event, of_act, row_at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def town(db: None) -> Municipality:
    return of_act("promyshlennovsky")


def cost(town: Municipality, **changes: Any) -> int:
    with CaptureQueriesContext(connection) as caught:
        glance(**{"municipality": town, "today": TODAY, "clock": 1.0, **changes})
    return len(caught)


def fact(town: Municipality, **changes: Any) -> str:
    _, view = glance(**{"municipality": town, "today": TODAY, "clock": 1.0, **changes})
    assert view is not None
    return row_at(view, "1.1").fact


def test_asked_again_it_costs_one_look() -> None:
    town = of_act("promyshlennovsky")
    assert cost(town) > 5
    assert cost(town) == 1


def test_any_act_makes_it_count_anew(town: Municipality) -> None:
    one = make_organisation(town)
    assert fact(town) == "0"
    event(one, "project", date(2026, 5, 5), is_marked=True)
    assert fact(town) == "1"


def test_another_day_another_municipality_and_time_make_it_count_anew(town: Municipality) -> None:
    cost(town)
    assert cost(town, today=TODAY + timedelta(days=1)) > 5
    assert cost(town, today=TODAY + timedelta(days=1)) == 1
    assert cost(town, today=TODAY + timedelta(days=1), clock=1.0 + HOLDS_SECONDS) > 5
    other = of_act("belovo")
    assert cost(other) > 5


def test_what_was_not_counted_is_counted_when_asked_for(town: Municipality) -> None:
    cost(town)
    assert cost(town, also=("proposals_submitted",)) > 5
    assert cost(town) == 1


def test_the_turn_of_the_year_opens_the_new_plan(town: Municipality) -> None:
    old, _ = glance(municipality=town, today=date(2026, 12, 31), clock=1.0)
    new, _ = glance(municipality=town, today=date(2027, 1, 1), clock=1.0)
    assert old is not None and new is not None
    assert (old.quarter.key, new.quarter.key) == ("2026-4", "2027-1")
