"""Who has not handed in is reminded by the program itself, on its days and once a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.audit.models import ActRecord
from gemba.kernel.calendar import WorkCalendar
from gemba.notices.models import Notice
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.self_assessment import actions
from gemba.self_assessment.models import Campaign, Participant
from gemba.self_assessment.rules.reminders import due_on, reminder_days
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.tests.factories import AT, by, edition_of, opened

CALENDAR = WorkCalendar()
OPENS, SEND_BY = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    found = opened(cast.municipality, edition_of(cast.municipality))
    Notice.objects.all().delete()
    return found


def morning(day: date) -> datetime:
    """Return ten in the morning in the municipality."""
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


def test_days_before_the_term_are_working_days_and_then_every_week() -> None:
    days = reminder_days(opens_on=OPENS, send_by=SEND_BY, calendar=CALENDAR)
    assert days[:4] == [date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 8)]
    sunday = reminder_days(opens_on=OPENS, send_by=date(2026, 11, 29), calendar=CALENDAR)
    assert sunday[:3] == [date(2026, 11, 20), date(2026, 11, 27), date(2026, 12, 7)]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 120), st.integers(-10, 200))
def test_a_reminder_never_comes_before_its_day_nor_long_after(opens: date, length: int, ahead: int) -> None:
    today = opens + timedelta(days=ahead)
    found = due_on(today=today, opens_on=opens, send_by=opens + timedelta(days=length), calendar=CALENDAR)
    assert found is None or (opens < found <= today and today - found < timedelta(days=7))


def test_those_who_did_not_hand_in_are_reminded_once(cast: Cast, campaign: Campaign) -> None:
    at = morning(date(2026, 11, 24))
    assert actions.remind_late(at=at) == 2
    assert set(Notice.objects.values_list("user__login", flat=True)) == {"coordinator", "unit_head"}
    assert "01.12.2026" in Notice.objects.all()[0].text
    assert actions.remind_late(at=at + timedelta(hours=1)) == 0
    assert actions.remind_late(at=morning(date(2026, 11, 26))) == 0
    assert actions.remind_late(at=morning(date(2026, 11, 30))) == 2
    assert ActRecord.objects.filter(act="self_assessment.remind").count() == 2


def test_a_missed_day_is_caught_up(cast: Cast, campaign: Campaign) -> None:
    assert actions.remind_late(at=morning(date(2026, 11, 27))) == 2


def test_nobody_is_woken_at_night(cast: Cast, campaign: Campaign) -> None:
    assert actions.remind_late(at=datetime(2026, 11, 23, 22, 0, tzinfo=UTC)) == 0


def test_whoever_handed_in_is_left_alone(cast: Cast, campaign: Campaign) -> None:
    campaign.participants.update(state=State.SENT, signed_by="Руководитель")
    assert actions.remind_late(at=morning(date(2026, 11, 24))) == 0


def test_a_sheet_that_waits_for_the_head_reminds_the_head_of_the_signature(
    cast: Cast, campaign: Campaign
) -> None:
    Participant.objects.filter(campaign=campaign).update(state=State.SIGNING)
    actions.remind_late(at=morning(date(2026, 11, 24)))
    titles = dict(Notice.objects.values_list("user__login", "title"))
    assert "подписи" in titles["unit_head"] and "не отправлен" in titles["coordinator"]


def test_after_the_term_the_economists_see_how_many_are_late(cast: Cast, campaign: Campaign) -> None:
    actions.remind_late(at=morning(date(2026, 12, 8)))
    told = Notice.objects.get(user=cast.users[Role.MONITOR])
    count = campaign.participants.count()
    assert told.title.startswith(f"{campaign}: {count} ") and "после срока" in told.title
    assert Notice.objects.filter(user=cast.users[Role.COORDINATOR], text__startswith="Срок был").count() == 1


def test_a_fixed_campaign_reminds_nobody(cast: Cast, campaign: Campaign) -> None:
    campaign.participants.update(state=State.CHECKED, signed_by="Руководитель")
    actions.fix(actor=by(cast.municipality), campaign_id=campaign.pk, on=date(2026, 11, 20), at=AT)
    campaign.participants.update(state=State.INVITED)
    assert actions.remind_late(at=morning(date(2026, 11, 24))) == 0
