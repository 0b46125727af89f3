"""Acts on the register: what they change, what they refuse, and the one entry they leave."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from gemba.audit.models import ActRecord
from gemba.kernel.problems import Refusal
from gemba.organisation import actions
from gemba.organisation.access import system_actor
from gemba.organisation.actions import (
    BodyFields,
    OrganisationFields,
    PersonFields,
    PositionFields,
    Seat,
    StaleRecord,
)
from gemba.organisation.models import BodyMembership, Organisation, Person, RoleGrant, User
from gemba.organisation.queries import composition_on, head_on
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.organisation.tests.factories import make_organisation, make_person, make_unit, make_user

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


def said(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return " | ".join(str(problem) for problem in refused.value.problems)


def fields(**changes: Any) -> OrganisationFields:
    return OrganisationFields(**{"kind": "institution", "name": "Музей", **changes})


def last_act() -> ActRecord:
    return ActRecord.objects.order_by("-id")[0]


def create(cast: Cast, **changes: Any) -> Organisation:
    return actions.create_organisation(
        actor=cast.actor(Role.ADMIN), municipality=cast.municipality, fields=fields(**changes), at=AT
    )


def test_creating_fills_what_was_left_out_and_leaves_one_entry(cast: Cast) -> None:
    before = ActRecord.objects.count()
    made = create(cast, parent=cast.administration, inn=" 7707083893 ")
    assert (made.code, made.short_name, made.path) == ("00001", "Музей", cast.administration.inner_path)
    assert made.participation.get().ends_on is None
    assert ActRecord.objects.count() == before + 1
    act = last_act()
    assert (act.act, act.actor_name, act.title) == ("organisation.create", "Жуков Денис Романович", "Музей")
    assert act.after["inn"] == "7707083893"


def test_all_that_is_wrong_is_said_at_once(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        create(cast, kind="завод", name="", inn="1", code="а б", starts_on=date(1, 1, 1))
    fields_named = {problem.field for problem in refused.value.problems}
    assert fields_named >= {"kind", "name", "inn", "code", "starts_on"}


@pytest.mark.parametrize("name", ["Управление экономики", "УПРАВЛЕНИЕ  экономики"])
def test_a_name_is_taken_in_its_place_only(cast: Cast, name: str) -> None:
    with pytest.raises(Refusal, match="уже есть на этом месте"):
        create(cast, name=name, parent=cast.administration)
    assert create(cast, name=name, parent=cast.education).parent == cast.education


def test_a_closed_namesake_does_not_stand_in_the_way(cast: Cast) -> None:
    make_organisation(cast.municipality, "Музей", ends_on=date(2022, 1, 1), participates=False)
    assert create(cast, starts_on=date(2023, 1, 1)).pk


def test_codes_and_inn_are_one_in_a_municipality(cast: Cast) -> None:
    create(cast, code="М1", inn="7707083893")
    with pytest.raises(Refusal) as refused:
        create(cast, name="Клуб", code="М1", inn="7707083893")
    assert "Код М1 уже у организации «Музей»." in said(refused)
    assert "ИНН 7707083893 уже у организации «Музей»." in said(refused)


def test_changing_keeps_only_the_difference(cast: Cast) -> None:
    actions.change_organisation(
        actor=cast.actor(Role.MONITOR), organisation=cast.school, version=1, at=AT,
        fields=fields(name=cast.school.name, short_name="Школа", code="004", parent=cast.education,
                      direction=cast.school.direction, starts_on=cast.school.starts_on),
    )  # fmt: skip
    assert last_act().before == {"short_name": "Школа № 1"}
    assert last_act().after == {"short_name": "Школа"}


def test_the_second_of_two_editors_sees_what_stands_now(cast: Cast) -> None:
    def rename(name: str) -> None:
        actions.change_organisation(
            actor=cast.actor(Role.ADMIN),
            organisation=cast.water_company,
            version=1,
            fields=fields(name=name),
            at=AT,
        )

    rename("Водоканал первый")
    with pytest.raises(StaleRecord) as stale:
        rename("Водоканал второй")
    assert str(stale.value.current) == "Водоканал первый"
    cast.water_company.refresh_from_db()
    assert cast.water_company.name == "Водоканал первый"


def test_a_ring_is_refused(cast: Cast) -> None:
    with pytest.raises(Refusal, match="получится круг"):
        actions.change_organisation(
            actor=cast.actor(Role.ADMIN), organisation=cast.education, version=1, at=AT,
            fields=fields(name="Управление образования", kind="omsu", parent=cast.school),
        )  # fmt: skip


def test_a_move_takes_everything_below_along(cast: Cast) -> None:
    branch = make_organisation(cast.municipality, parent=cast.school)
    actions.change_organisation(
        actor=cast.actor(Role.ADMIN), organisation=cast.education, version=1, at=AT,
        fields=fields(name="Управление образования", kind="omsu", parent=cast.administration, code="003"),
    )  # fmt: skip
    branch.refresh_from_db()
    assert branch.path == f"/{cast.administration.pk}/{cast.education.pk}/{cast.school.pk}/"


def close(
    cast: Cast, organisation: Organisation, last_day: date = DAY, ground: str = "Постановление № 1"
) -> Organisation:
    return actions.close_organisation(
        actor=cast.actor(Role.ADMIN), organisation=organisation, version=organisation.version, last_day=last_day,
        ground=ground, at=AT,
    )  # fmt: skip


def test_closing_ends_what_is_inside_on_the_same_day(cast: Cast) -> None:
    close(cast, cast.school)
    cast.school_unit.refresh_from_db()
    position = cast.positions[Role.EMPLOYEE]
    position.refresh_from_db()
    assert (cast.school_unit.ends_on, position.ends_on) == (DAY, DAY)
    assert cast.school.participation.get().ends_on == DAY


def test_closing_is_refused_with_open_children_wrong_days_or_no_ground(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        close(cast, cast.education, date(2010, 1, 1), " ")
    assert "раньше первого" in said(refused)
    assert "Не указано основание." in said(refused)
    assert "Ей подчинены действующие организации: «Детский сад «Родничок»», «Школа № 1»." in said(refused)


def test_a_closed_organisation_is_not_closed_twice(cast: Cast) -> None:
    closed = close(cast, cast.water_company)
    with pytest.raises(Refusal, match=r"уже закрыта 02\.03\.2026"):
        close(cast, closed)


def merge(cast: Cast, closing: list[Organisation], successor: Organisation) -> Organisation:
    return actions.merge_organisations(
        actor=cast.actor(Role.ADMIN),
        closing=closing,
        successor=successor,
        last_day=DAY,
        ground="Постановление № 2",
        at=AT,
    )


def test_a_merger_hands_over_children_and_names_the_successor(cast: Cast) -> None:
    branch = make_organisation(cast.municipality, "Филиал", parent=cast.kindergarten)
    merge(cast, [cast.kindergarten], cast.school)
    cast.kindergarten.refresh_from_db()
    branch.refresh_from_db()
    assert (cast.kindergarten.ends_on, cast.kindergarten.successor) == (DAY, cast.school)
    assert (branch.parent, branch.path) == (cast.school, cast.school.inner_path)
    assert last_act().after["joined"] == ["Детский сад «Родничок»"]


def test_a_child_may_succeed_its_parent(cast: Cast) -> None:
    make_organisation(cast.municipality, "Филиал", parent=cast.school)
    merge(cast, [cast.education], cast.school)
    cast.school.refresh_from_db()
    cast.kindergarten.refresh_from_db()
    assert (cast.school.path, cast.kindergarten.parent) == ("/", cast.school)


def test_nobody_succeeds_oneself(cast: Cast) -> None:
    with pytest.raises(Refusal, match="не может закрываться сам"):
        merge(cast, [cast.school], cast.school)


def test_participation_has_one_period_at_a_time(cast: Cast) -> None:
    actor = cast.actor(Role.ADMIN)
    with pytest.raises(Refusal, match="уже участвует"):
        actions.start_participation(actor=actor, organisation=cast.school, first_day=DAY, ground="", at=AT)
    actions.end_participation(actor=actor, organisation=cast.school, last_day=DAY, ground="", at=AT)
    with pytest.raises(Refusal, match="уже участвует"):
        actions.start_participation(actor=actor, organisation=cast.school, first_day=DAY, ground="", at=AT)
    next_day = DAY + timedelta(days=1)
    actions.start_participation(actor=actor, organisation=cast.school, first_day=next_day, ground="", at=AT)
    assert cast.school.participation.count() == 2


def test_headcount_of_the_same_day_is_corrected_with_a_trace(cast: Cast) -> None:
    actor = cast.actor(Role.COORDINATOR)
    for people in (60, 65):
        actions.record_headcount(actor=actor, organisation=cast.school, counted_on=DAY, people=people, at=AT)
    assert cast.school.headcounts.get(counted_on=DAY).people == 65
    assert last_act().before == {"people": 60}
    with pytest.raises(Refusal, match="ещё не наступила"):
        actions.record_headcount(
            actor=actor, organisation=cast.school, counted_on=actor.today + timedelta(days=1), people=1, at=AT
        )


def test_a_coordinator_keeps_only_the_own_organisation(cast: Cast) -> None:
    actor = cast.actor(Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        actions.record_headcount(actor=actor, organisation=cast.kindergarten, counted_on=DAY, people=1, at=AT)
    with pytest.raises(PermissionDenied):
        close_as = actions.close_organisation
        close_as(actor=actor, organisation=cast.school, version=1, last_day=DAY, ground="№", at=AT)


def test_nothing_of_another_municipality_can_be_touched(cast: Cast) -> None:
    actor = cast.actor(Role.ADMIN)
    with pytest.raises(PermissionDenied):
        actions.close_organisation(
            actor=actor, organisation=cast.other_school, version=1, last_day=DAY, ground="№", at=AT
        )
    with pytest.raises(Refusal, match="другого округа"):
        create(cast, parent=cast.other_school)
    with pytest.raises(PermissionDenied):
        actions.set_password(actor=actor, user=cast.stranger, at=AT)


def test_units_make_a_tree_without_rings_and_twins(cast: Cast) -> None:
    actor = cast.actor(Role.COORDINATOR)
    inner = actions.add_unit(
        actor=actor, organisation=cast.school, name="Продлёнка", parent=cast.school_unit, at=AT
    )
    assert inner.path == cast.school_unit.inner_path
    with pytest.raises(Refusal, match="здесь уже есть"):
        actions.add_unit(
            actor=actor, organisation=cast.school, name="ПРОДЛЕНКА", parent=cast.school_unit, at=AT
        )
    with pytest.raises(Refusal, match="получится круг"):
        actions.change_unit(
            actor=actor, unit=cast.school_unit, version=1, name="Начальная", parent=inner, at=AT
        )
    moved = actions.change_unit(
        actor=actor, unit=inner, version=1, name="Продлённый день", parent=None, at=AT
    )
    assert (moved.path, moved.name, moved.version) == ("/", "Продлённый день", 2)


def test_a_unit_with_people_is_not_closed(cast: Cast) -> None:
    actor = cast.actor(Role.UNIT_HEAD)
    with pytest.raises(Refusal, match="работают люди"):
        actions.close_unit(actor=actor, unit=cast.school_unit, version=1, last_day=DAY, at=AT)
    empty = make_unit(cast.school, "Архив")
    assert actions.close_unit(actor=actor, unit=empty, version=1, last_day=DAY, at=AT).ends_on == DAY


def hire(
    cast: Cast, role: Role = Role.COORDINATOR, *, allow_namesake: bool = False, **changes: Any
) -> Person:
    person = {"family_name": "Новая", "given_name": "Зоя", **changes}
    return actions.create_person(
        actor=cast.actor(role), municipality=cast.municipality, fields=PersonFields(**person),
        position=PositionFields(cast.school, "Учитель", DAY), at=AT, allow_namesake=allow_namesake,
    )  # fmt: skip


def test_a_person_comes_with_a_position(cast: Cast) -> None:
    made = hire(cast)
    assert made.positions.get().organisation == cast.school
    assert made.code == "С000001"
    assert last_act().after["title"] == "Учитель"


def test_a_namesake_is_entered_only_knowingly(cast: Cast) -> None:
    with pytest.raises(Refusal, match="Однофамилец"):
        hire(cast, family_name="Тихонова", given_name="Дарья", patronymic="Игоревна")
    made = hire(cast, family_name="Тихонова", given_name="Дарья", patronymic="Игоревна", allow_namesake=True)
    assert made.pk != cast.people[Role.EMPLOYEE].pk


def test_a_person_of_another_organisation_is_not_changed(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.change_person(
            actor=cast.actor(Role.COORDINATOR), person=cast.people[Role.HEAD], version=1,
            fields=PersonFields("Северов", "Николай"), at=AT,
        )  # fmt: skip


def test_the_same_position_is_not_held_twice_at_once(cast: Cast) -> None:
    actor, person = cast.actor(Role.COORDINATOR), cast.people[Role.EMPLOYEE]
    place = PositionFields(cast.school, "Учитель начальных классов", DAY)
    with pytest.raises(Refusal, match="уже занимает"):
        actions.appoint(actor=actor, person=person, fields=place, at=AT)
    position = cast.positions[Role.EMPLOYEE]
    yesterday = DAY - timedelta(days=1)
    actions.dismiss(actor=actor, position=position, version=1, last_day=yesterday, ground="Приказ № 3", at=AT)
    again = actions.appoint(actor=actor, person=person, fields=place, at=AT)
    assert again.starts_on == DAY


def test_an_acting_head_stands_in_for_the_permanent_one(cast: Cast) -> None:
    assert head_on(organisation_id=cast.school.pk, day=DAY).person == cast.people[Role.UNIT_HEAD]
    actions.appoint(
        actor=cast.actor(Role.UNIT_HEAD), person=cast.people[Role.COORDINATOR], at=AT,
        fields=PositionFields(cast.school, "Директор", DAY, is_acting=True, is_head=True),
    )  # fmt: skip
    head = head_on(organisation_id=cast.school.pk, day=DAY)
    assert head.person == cast.people[Role.COORDINATOR] and head.full_title == "и.о. Директор"
    assert (
        head_on(organisation_id=cast.school.pk, day=DAY - timedelta(days=1)).person
        == cast.people[Role.UNIT_HEAD]
    )


def test_dismissal_cannot_precede_the_beginning(cast: Cast) -> None:
    with pytest.raises(Refusal, match="раньше первого"):
        actions.dismiss(
            actor=cast.actor(Role.COORDINATOR), position=cast.positions[Role.EMPLOYEE], version=1,
            last_day=date(2019, 1, 1), ground="", at=AT,
        )  # fmt: skip


def compose(cast: Cast, seats: list[Seat], day: date = DAY, number: str = "145-п", version: int = 1) -> Any:
    return actions.set_composition(
        actor=cast.actor(Role.ADMIN), body=cast.working_group, version=version, seats=seats, from_day=day,
        act_kind="Постановление", act_number=number, act_on=day, at=AT,
    )  # fmt: skip


def test_a_new_composition_keeps_who_stays_and_dates_who_leaves(cast: Cast) -> None:
    people = cast.people
    kept = cast.memberships[Role.CHAIR]
    compose(
        cast,
        [
            Seat("chair", kept.seat, people[Role.CHAIR]),
            Seat("deputy", "Начальник управления финансов", people[Role.HEAD]),
            Seat("member", "и.о. директора архива"),
        ],
    )
    now = composition_on(body=cast.working_group, day=DAY)
    assert now.chair.pk == kept.pk
    assert [place.person for place in now.of_role("deputy")] == [people[Role.HEAD]]
    vacant = now.of_role("member")[0]
    assert (vacant.person, vacant.seat, vacant.is_acting) == (None, "директора архива", True)
    assert vacant.act_title == "Постановление от 02.03.2026 №\u00a0145-п"
    before = composition_on(body=cast.working_group, day=DAY - timedelta(days=1))
    assert len(before.members) == 4 and before.of_role("deputy")[0].person == people[Role.DEPUTY]


@pytest.mark.parametrize(
    ("seats", "message"),
    [
        ([("chair", "Глава", None), ("chair", "Зам", None)], "Председатель может быть только один"),
        ([("member", "А", Role.HEAD), ("secretary", "Б", Role.HEAD)], "указан дважды"),
        ([("boss", "А", None)], "Не указана роль"),
        ([("member", " ", None)], "Не указана должность"),
    ],
)
def test_a_wrong_composition_is_refused_whole(cast: Cast, seats: list[Any], message: str) -> None:
    with pytest.raises(Refusal, match=message):
        compose(cast, [Seat(role, seat, cast.people[who] if who else None) for role, seat, who in seats])
    assert BodyMembership.objects.filter(body=cast.working_group, ends_on__isnull=True).count() == 4


def test_a_composition_needs_an_act_and_does_not_rewrite_later_ones(cast: Cast) -> None:
    with pytest.raises(Refusal, match="Не указан акт о составе"):
        compose(cast, [Seat("chair", "Глава")], number=" ")
    compose(cast, [Seat("chair", "Глава")])
    with pytest.raises(Refusal, match="После этого дня состав уже менялся"):
        compose(cast, [Seat("chair", "Зам")], day=DAY - timedelta(days=5), version=2)
    with pytest.raises(StaleRecord):
        compose(cast, [Seat("chair", "Зам")])


def test_a_vacant_place_is_filled_and_was_vacant_before(cast: Cast) -> None:
    compose(cast, [Seat("chair", "Глава"), Seat("secretary", "Консультант", cast.people[Role.SECRETARY])])
    vacant = BodyMembership.objects.get(body=cast.working_group, ends_on__isnull=True, role="chair")
    later = DAY + timedelta(days=10)
    actions.fill_seat(
        actor=cast.actor(Role.SECRETARY),
        membership=vacant,
        person=cast.people[Role.HEAD],
        from_day=later,
        at=AT,
    )
    assert composition_on(body=cast.working_group, day=later).chair.person == cast.people[Role.HEAD]
    assert composition_on(body=cast.working_group, day=DAY).vacant == 1
    with pytest.raises(Refusal, match="уже занято"):
        actions.fill_seat(
            actor=cast.actor(Role.ADMIN),
            membership=vacant,
            person=cast.people[Role.MEMBER],
            from_day=later,
            at=AT,
        )


def stand_in(
    cast: Cast, role: Role, first: date, last: date | None, ground: str = "Отпуск, приказ № 7"
) -> Any:
    return actions.act_as_chair(
        actor=cast.actor(Role.SECRETARY), membership=cast.memberships[role], first_day=first, last_day=last,
        ground=ground, at=AT,
    )  # fmt: skip


def test_a_deputy_presides_only_with_a_ground_and_only_in_those_days(cast: Cast) -> None:
    with pytest.raises(Refusal, match="только заместитель"):
        stand_in(cast, Role.MEMBER, DAY, None)
    with pytest.raises(Refusal, match="Не указано основание"):
        stand_in(cast, Role.DEPUTY, DAY, None, " ")
    stand_in(cast, Role.DEPUTY, DAY, DAY + timedelta(days=13))
    assert composition_on(body=cast.working_group, day=DAY).presiding.person == cast.people[Role.DEPUTY]
    after = composition_on(body=cast.working_group, day=DAY + timedelta(days=14))
    assert after.presiding.person == cast.people[Role.CHAIR]
    with pytest.raises(Refusal, match="уже замещает"):
        stand_in(cast, Role.DEPUTY, DAY + timedelta(days=5), None)


def test_bodies_are_created_once_and_closed_with_their_places(cast: Cast) -> None:
    actor = cast.actor(Role.CURATOR)
    made = actions.create_body(
        actor=actor,
        municipality=cast.municipality,
        fields=BodyFields("leaders_team", "Команда лидеров"),
        at=AT,
    )
    with pytest.raises(Refusal, match="уже есть"):
        actions.create_body(
            actor=actor,
            municipality=cast.municipality,
            fields=BodyFields("leaders_team", "команда  Лидеров"),
            at=AT,
        )
    actions.close_body(actor=actor, body=made, version=1, last_day=DAY, ground="Приказ № 4", at=AT)
    actions.close_body(
        actor=actor, body=cast.working_group, version=1, last_day=DAY, ground="Приказ № 5", at=AT
    )
    assert not BodyMembership.objects.filter(body=cast.working_group, ends_on__isnull=True).exists()
    assert not cast.actor(Role.CHAIR).has(Role.CHAIR)


def test_an_invited_user_signs_in_once_with_the_given_password(cast: Cast) -> None:
    person = make_person(cast.municipality, "Новая Зоя")
    user, password = actions.invite_user(
        actor=cast.actor(Role.ADMIN), municipality=cast.municipality, login="Novaya.Z", person=person, at=AT
    )
    assert user.login == "novaya.z" and user.must_change_password and user.check_password(password)
    assert password not in str(last_act().after)
    with pytest.raises(Refusal) as refused:
        actions.invite_user(
            actor=cast.actor(Role.ADMIN),
            municipality=cast.municipality,
            login="novaya.z",
            person=person,
            at=AT,
        )
    assert "занято" in said(refused) and "уже есть учётная запись" in said(refused)


def give(cast: Cast, role: Role, **place: Any) -> RoleGrant:
    return actions.grant_role(
        actor=cast.actor(Role.ADMIN), user=cast.users[Role.EMPLOYEE], role=role, at=AT,
        **{"starts_on": DAY, **place},
    )  # fmt: skip


def test_roles_are_granted_with_their_place_and_taken_back(cast: Cast) -> None:
    kept = give(cast, Role.UNIT_HEAD, organisation=cast.kindergarten, ground="Приказ № 9")
    assert cast.kindergarten.pk in cast.actor(Role.EMPLOYEE).organisation_ids(Role.UNIT_HEAD)
    with pytest.raises(Refusal, match="уже назначена"):
        give(cast, Role.UNIT_HEAD, organisation=cast.kindergarten)
    actions.revoke_role(actor=cast.actor(Role.ADMIN), grant=kept, last_day=DAY, ground="", at=AT)
    assert not cast.actor(Role.EMPLOYEE).has(Role.UNIT_HEAD)
    assert last_act().before["ends_on"] is None and last_act().after["ends_on"] == "2026-03-02"


@pytest.mark.parametrize(
    ("role", "message"),
    [
        (Role.RESPONDENT, "назначить нельзя"), (Role.REGION, "назначить нельзя"), (Role.CHAIR, "действует в органе"),
        (Role.LEADER, "действует в проекте"),
    ],
)  # fmt: skip
def test_a_role_that_does_not_fit_its_place_is_refused(cast: Cast, role: Role, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        give(cast, role)


def test_the_last_administrator_stays(cast: Cast) -> None:
    kept = cast.users[Role.ADMIN].grants.get()
    with pytest.raises(Refusal, match="последний администратор"):
        actions.revoke_role(actor=cast.actor(Role.ADMIN), grant=kept, last_day=DAY, ground="", at=AT)
    with pytest.raises(Refusal, match="собственную"):
        actions.suspend_user(
            actor=cast.actor(Role.ADMIN), user=cast.users[Role.ADMIN], version=1, reason="", at=AT
        )


def test_only_the_owner_changes_the_own_password(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.change_own_password(
            actor=cast.actor(Role.ADMIN), user=cast.users[Role.HEAD], old="", new="x", again="x", at=AT
        )


def test_a_municipality_is_opened_by_a_command_only(cast: Cast) -> None:
    new = actions.MunicipalityFields("Горный округ", "Горный", "Горного округа")
    with pytest.raises(PermissionDenied):
        actions.create_municipality(
            actor=cast.actor(Role.ADMIN), region=cast.region, code="gorny", fields=new, at=AT
        )
    made = actions.create_municipality(
        actor=system_actor(None), region=cast.region, code="gorny", fields=new, at=AT
    )
    assert made.typed_settings.new_organisations_join == "at_once"


@pytest.mark.parametrize(
    "broken",
    [
        {"ends_on": date(2019, 1, 1)}, {"code": "004"}, {"code": ""}, {"kind": "завод"},
        {"parent_id": "self"}, {"successor_id": "self"},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_nonsense(cast: Cast, broken: dict[str, Any]) -> None:
    target = cast.water_company
    values = {key: target.pk if value == "self" else value for key, value in broken.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=target.pk).update(**values)


def test_a_race_becomes_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gemba.organisation.actions.organisations.organisation_problems", lambda row: [])
    with pytest.raises(Refusal, match="Такая запись уже есть"):
        create(cast, code="004")
    assert not Organisation.objects.filter(name="Музей").exists()


def test_a_login_is_one_in_the_installation(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("admin", person=cast.other_person)
    assert User.objects.get_by_natural_key(" ADMIN ") == cast.users[Role.ADMIN]


def test_a_tree_does_not_grow_too_deep(cast: Cast) -> None:
    above = cast.administration
    for _ in range(9):
        above = make_organisation(cast.municipality, parent=above)
    with pytest.raises(Refusal, match="Больше 9 уровней"):
        create(cast, parent=above)
    with pytest.raises(Refusal, match="Больше 9 уровней"):
        actions.change_organisation(
            actor=cast.actor(Role.ADMIN), organisation=cast.administration, version=1, at=AT,
            fields=fields(name="Администрация", kind="omsu", code="001", parent=cast.education),
        )  # fmt: skip


def test_a_direction_is_renamed_and_retired_but_kept_where_it_is(cast: Cast) -> None:
    actor, direction = cast.actor(Role.MONITOR), cast.school.direction
    other = actions.add_direction(actor=actor, municipality=cast.municipality, name="Культура", at=AT)
    with pytest.raises(Refusal, match="уже есть"):
        actions.change_direction(
            actor=actor, direction=other, version=1, name="ОБРАЗОВАНИЕ", is_active=True, at=AT
        )
    actions.change_direction(
        actor=actor, direction=direction, version=1, name="Школы", is_active=False, at=AT
    )
    cast.school.refresh_from_db()
    assert (cast.school.direction.name, cast.school.direction.is_active) == ("Школы", False)
