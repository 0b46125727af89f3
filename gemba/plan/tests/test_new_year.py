"""The clocks around midnight and New Year: the day of the municipality decides, whatever day it is on the server."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from gemba.organisation.models import User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import signed_in
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_user
from gemba.plan.models import Report, ReportingPeriod, ReportState
from gemba.plan.reports import ReportLine, RowSource, register_rows
from gemba.plan.tests.factories import of_act
from gemba.plan.tests.test_reports import ROW, Town, town

__all__ = ["town"]
Q4 = "?year=2024&quarter=4"


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Kamchatka", "Europe/Kaliningrad"])
def test_the_last_quarter_of_a_year_across_new_year(zone: str) -> None:
    """Ленинск-Кузнецкий: «до 01 числа» — the term is the first of January, a day off."""
    here = ZoneInfo(zone)
    municipality = of_act("leninsk-kuznetsky")
    municipality.time_zone = zone
    municipality.save()
    schools = [make_organisation(municipality) for _ in range(3)]
    users: dict[tuple[Role, int], User] = {}
    for number, school in enumerate(schools):
        for role in (Role.COORDINATOR, Role.UNIT_HEAD):
            users[role, number] = make_user(f"{role.value}-{number}", person=make_person(municipality))
            grant(users[role, number], role, organisation=school)
    economist = make_user("economist", person=make_person(municipality))
    grant(economist, Role.MONITOR)

    def moved(year: int, month: int, day: int, *clock: int) -> time_machine.travel:
        moment = datetime(year, month, day, *clock)
        return time_machine.travel(moment.replace(tzinfo=here), tick=False)

    def hand_in(number: int) -> Report:
        at = f"/plan/reports/{schools[number].pk}/"
        signed_in(users[Role.COORDINATOR, number]).post(f"{at}zero/{Q4}", {})
        signed_in(users[Role.UNIT_HEAD, number]).post(f"{at}approve/{Q4}", {})
        return Report.objects.get(organisation=schools[number])

    def economist_does(act: str) -> str:
        answer = signed_in(economist).post(f"/plan/reports/{act}/{Q4}", {}, follow=True)
        return answer.content.decode()

    with moved(2024, 12, 31, 23, 59):
        assert hand_in(0).first_sent_on == date(2024, 12, 31)
        assert "ещё не закончился" in economist_does("lock")
    with moved(2025, 1, 1, 23, 59):
        assert hand_in(1).first_sent_on == date(2025, 1, 1)
    with moved(2025, 1, 2, 0, 1):
        assert hand_in(2).first_sent_on == date(2025, 1, 2)
        page = signed_in(economist).get(f"/plan/reports/{Q4}").content.decode()
        assert page.count("позже срока") == 1
        economist_does("accept")
        assert f"Квартал закрыт {date(2025, 1, 2):%d.%m.%Y}" in economist_does("lock")
    period = ReportingPeriod.objects.get()
    assert (period.year, period.quarter, period.due_on) == (2024, 4, date(2025, 1, 1))
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.ACCEPTED}


def test_a_link_does_not_stand_for_a_passport_that_is_not_approved(town: Town) -> None:
    approved: list[str] = []

    def rows(*_: object) -> list[ReportLine]:
        return [
            ReportLine("Быстрая справка", {"project": "Быстрая справка", "passport_link": "".join(approved)})
        ]

    register_rows(RowSource("projects", rows))
    town.coordinator.post(town.at("begin/"), {})
    row = town.report().rows.get()
    town.coordinator.post(town.at(f"row/{row.pk}/"), ROW | {"version": row.version})
    town.coordinator.post(town.at("ask/"), {"comment": ""})
    assert town.report().state == "draft"
    assert (
        "паспорт этого нового проекта в системе не утверждён"
        in town.coordinator.get(town.at()).content.decode()
    )
    approved.append("/projects/1/editions/")
    town.coordinator.post(town.at("ask/"), {"comment": ""})
    assert town.report().state == "on_approval"
