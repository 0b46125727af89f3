"""Who is who and may do what: grants, memberships, positions, days and borders."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from gemba.organisation import access
from gemba.organisation.acts import Nature, UnknownAct, declare
from gemba.organisation.models import BodyKind, User
from gemba.organisation.roles import OF_BODY, WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import PROJECT_NUMBER, Cast
from gemba.organisation.tests.factories import (
    grant,
    make_body,
    make_membership,
    make_organisation,
    make_person,
    make_position,
    make_user,
)


def load(user: User, **kwargs: object) -> access.Actor:
    return access.actor_of(User.objects.with_owner().get(pk=user.pk), **kwargs)  # type: ignore[arg-type]


def test_everyone_of_the_cast_holds_the_role_they_stand_for(cast: Cast) -> None:
    for role in Role:
        if role not in WITHOUT_ACCOUNT:
            assert cast.actor(role).has(role), role


def test_an_actor_costs_two_statements(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        actor = load(cast.users[Role.UNIT_HEAD])
        assert actor.roles == {Role.EMPLOYEE, Role.UNIT_HEAD}
        assert actor.name == "Щукина Елена Викторовна"
        assert actor.municipality.short_name == "Заречный округ"


def test_membership_of_a_body_gives_its_role_only_while_it_lasts(cast: Cast) -> None:
    membership = cast.memberships[Role.CHAIR]
    membership.ends_on = date(2025, 3, 31)
    membership.save()
    assert load(cast.users[Role.CHAIR], today=date(2025, 3, 31)).has(Role.CHAIR)
    assert not load(cast.users[Role.CHAIR], today=date(2025, 4, 1)).has(Role.CHAIR)


def test_membership_of_a_change_team_gives_no_role_of_the_working_group(cast: Cast) -> None:
    team = make_body(cast.municipality, "Команда по изменениям", kind=BodyKind.CHANGE_TEAM)
    make_membership(team, "chair", cast.people[Role.EMPLOYEE])
    assert cast.actor(Role.EMPLOYEE).roles == {Role.EMPLOYEE}


def test_leaders_team_makes_a_curator(cast: Cast) -> None:
    team = make_body(cast.municipality, "Команда лидеров", kind=BodyKind.LEADERS_TEAM)
    make_membership(team, "member", cast.people[Role.EMPLOYEE])
    assert cast.actor(Role.EMPLOYEE).has(Role.CURATOR)


def test_a_grant_counts_only_between_its_days(cast: Cast) -> None:
    user = cast.users[Role.EMPLOYEE]
    grant(user, Role.ASSESSOR, starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 28))
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]
    assert [load(user, today=day).has(Role.ASSESSOR) for day in days] == [False, True, True, False]


def test_a_grant_of_another_municipality_gives_nothing(cast: Cast) -> None:
    user = cast.users[Role.EMPLOYEE]
    grant(user, Role.ADMIN, municipality=cast.other_municipality)
    assert not load(user).has(Role.ADMIN)


def test_a_role_in_an_organisation_reaches_everything_below_it(cast: Cast) -> None:
    branch = make_organisation(cast.municipality, parent=cast.school)
    boss = make_user("boss", person=make_person(cast.municipality))
    grant(boss, Role.UNIT_HEAD, organisation=cast.education)
    ids = load(boss).organisation_ids(Role.UNIT_HEAD)
    assert ids == {cast.education.pk, cast.school.pk, cast.kindergarten.pk, branch.pk}


def test_a_municipal_role_reaches_the_whole_municipality_and_no_further(cast: Cast) -> None:
    ids = cast.actor(Role.MONITOR).organisation_ids(Role.MONITOR)
    assert cast.water_company.pk in ids
    assert cast.other_school.pk not in ids


def test_an_employee_belongs_where_the_position_is(cast: Cast) -> None:
    assert cast.actor(Role.EMPLOYEE).organisation_ids(Role.EMPLOYEE) == {cast.school.pk}
    make_position(cast.people[Role.EMPLOYEE], cast.kindergarten)
    assert cast.actor(Role.EMPLOYEE).organisation_ids(Role.EMPLOYEE) == {cast.school.pk, cast.kindergarten.pk}


def test_bodies_and_projects_of_a_role(cast: Cast) -> None:
    assert cast.actor(Role.SECRETARY).body_ids(Role.SECRETARY) == {cast.working_group.pk}
    assert cast.actor(Role.LEADER).project_numbers(Role.LEADER) == {PROJECT_NUMBER}
    assert not cast.actor(Role.LEADER).is_municipal(Role.LEADER)


def test_may_asks_about_the_place(cast: Cast) -> None:
    coordinator = cast.actor(Role.COORDINATOR)
    assert access.may(coordinator, "organisation.edit_people")
    assert access.may(coordinator, "organisation.edit_people", cast.school.pk)
    assert not access.may(coordinator, "organisation.edit_people", cast.kindergarten.pk)
    assert not access.may(coordinator, "organisation.edit")


def test_nobody_may_anything_without_signing_in(cast: Cast) -> None:
    assert not access.may(access.anonymous(), "organisation.read")


def test_an_undeclared_act_is_a_mistake_of_the_programmer(cast: Cast) -> None:
    with pytest.raises(UnknownAct):
        access.may(cast.actor(Role.ADMIN), "organisation.fly")


def test_require_stops_and_says_what_was_not_allowed(cast: Cast) -> None:
    with pytest.raises(PermissionDenied, match="вести учётные записи"):
        access.require(cast.actor(Role.EMPLOYEE), "organisation.edit_users")


@pytest.mark.parametrize(
    ("role", "nature"),
    [
        (Role.ADMIN, Nature.BUSINESS),
        (Role.REGION, Nature.BUSINESS),
        (Role.REGION, Nature.READING),
        (Role.RESPONDENT, Nature.BUSINESS),
    ],
)
def test_an_act_cannot_be_declared_for_a_role_shut_out_of_it(role: Role, nature: Nature) -> None:
    with pytest.raises(ValueError, match=role.value):
        declare("test.decide", "Решать", [role], nature)


def test_an_act_cannot_be_declared_twice_differently() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("organisation.edit", "Другое", [Role.ADMIN], Nature.UPKEEP)


def test_people_seen_by_a_coordinator_are_those_of_the_school(cast: Cast) -> None:
    seen = set(access.visible_people(cast.actor(Role.COORDINATOR)))
    assert seen == {
        cast.people[role]
        for role in (Role.EMPLOYEE, Role.COORDINATOR, Role.UNIT_HEAD, Role.LEADER, Role.TEAM)
    }


def test_people_seen_by_an_employee_are_only_oneself(cast: Cast) -> None:
    assert list(access.visible_people(cast.actor(Role.EMPLOYEE))) == [cast.people[Role.EMPLOYEE]]


def test_the_regional_office_sees_no_people_and_no_organisations(cast: Cast) -> None:
    actor = cast.actor(Role.REGION)
    assert not access.visible_people(actor).exists()
    assert not access.visible_organisations(actor).exists()
    assert not access.may(actor, "organisation.read")


def test_body_roles_are_all_in_the_cast(cast: Cast) -> None:
    assert set(cast.memberships) == set(OF_BODY)


def test_the_day_is_the_day_of_the_municipality(cast: Cast, time_machine) -> None:
    time_machine.move_to("2026-03-31T20:00:00Z", tick=False)
    assert load(cast.users[Role.EMPLOYEE]).today == date(2026, 4, 1)
    cast.municipality.time_zone = "Europe/Kaliningrad"
    cast.municipality.save()
    assert load(cast.users[Role.EMPLOYEE]).today == date(2026, 3, 31)


def test_a_left_colleague_stays_visible_for_a_year(cast: Cast) -> None:
    gone = make_person(cast.municipality, "Ушедшая Нина Павловна")
    actor = cast.actor(Role.COORDINATOR)
    position = make_position(gone, cast.school, ends_on=actor.today - timedelta(days=300))
    assert gone in access.visible_people(actor)
    position.ends_on = actor.today - timedelta(days=400)
    position.save()
    assert gone not in access.visible_people(actor)


def test_client_of_the_cast_is_signed_in(cast: Cast) -> None:
    client = cast.client(Role.HEAD)
    assert isinstance(client, Client)
    assert client.session["_auth_user_id"] == str(cast.users[Role.HEAD].pk)
