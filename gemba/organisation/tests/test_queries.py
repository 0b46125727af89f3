"""The register as of a day: populations, headcount, heads, holders, lists."""

from datetime import date

from gemba.organisation.access import visible_organisations, visible_people
from gemba.organisation.models import HeadcountRecord, Organisation
from gemba.organisation.queries import (
    body_of_code,
    headcount_on,
    heads_of,
    holders,
    line_of,
    organisations_on,
    population,
    tree_of,
    units_on,
)
from gemba.organisation.queries.lists import OrganisationFilters, PeopleFilters, keyset, organisations, people
from gemba.organisation.queries.regional import municipalities_in_numbers
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_unit, make_user

DAY = date(2026, 3, 31)


def ids(cast: Cast, **more: object) -> frozenset[int]:
    kinds = more.pop("kinds", ["institution"])
    return population(municipality_id=cast.municipality.pk, day=DAY, kinds=kinds).organisation_ids  # type: ignore[arg-type]


def test_what_exists_on_a_day_includes_its_first_and_last_day(cast: Cast) -> None:
    made = make_organisation(cast.municipality, starts_on=date(2026, 1, 10), ends_on=date(2026, 1, 20))

    def exists(day: date) -> bool:
        return organisations_on(municipality_id=cast.municipality.pk, day=day).filter(pk=made.pk).exists()

    days = [date(2026, 1, 9), date(2026, 1, 10), date(2026, 1, 20), date(2026, 1, 21)]
    assert [exists(day) for day in days] == [False, True, True, False]


def test_kinds_are_separate(cast: Cast) -> None:
    assert ids(cast) == {cast.school.pk, cast.kindergarten.pk}
    assert ids(cast, kinds=["organisation"]) == frozenset()


def test_who_does_not_take_part_is_outside_but_counted_beside(cast: Cast) -> None:
    found = population(municipality_id=cast.municipality.pk, day=DAY)
    assert cast.water_company.pk not in found.organisation_ids
    assert found.outside_ids == {cast.water_company.pk}
    assert len(found) == 5


def test_closed_in_the_year_is_out_and_a_successor_inherits_once(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.kindergarten.pk).update(
        ends_on=date(2026, 2, 1), successor=cast.school
    )
    plain = make_organisation(cast.municipality, ends_on=date(2026, 2, 1))
    found = population(municipality_id=cast.municipality.pk, day=DAY, kinds=["institution"])
    assert found.organisation_ids == {cast.school.pk}
    assert found.heir(cast.kindergarten.pk) == cast.school.pk
    assert found.heir(cast.school.pk) == cast.school.pk
    assert found.heir(plain.pk) is None


def test_new_ones_join_at_once_or_next_year_as_the_municipality_decides(cast: Cast) -> None:
    new = make_organisation(cast.municipality, starts_on=date(2026, 2, 1))
    assert new.pk in ids(cast)
    cast.municipality.settings = {"new_organisations_join": "next_year"}
    cast.municipality.save()
    found = population(municipality_id=cast.municipality.pk, day=DAY)
    assert found.too_new_ids == {new.pk} and new.pk not in found.organisation_ids
    later = population(municipality_id=cast.municipality.pk, day=date(2027, 3, 31))
    assert new.pk in later.organisation_ids


def test_headcount_is_the_latest_known_on_the_day(cast: Cast) -> None:
    HeadcountRecord.objects.create(organisation=cast.school, counted_on=date(2026, 1, 1), people=64)
    HeadcountRecord.objects.create(organisation=cast.school, counted_on=date(2026, 6, 1), people=70)
    known = headcount_on(municipality_id=cast.municipality.pk, day=DAY)
    assert known == {cast.administration.pk: 40, cast.school.pk: 64, cast.kindergarten.pk: 31}
    only = headcount_on(
        municipality_id=cast.municipality.pk, day=date(2026, 6, 1), organisation_ids=[cast.school.pk]
    )
    assert only == {cast.school.pk: 70}


def test_population_and_headcount_take_few_statements(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        population(municipality_id=cast.municipality.pk, day=DAY)
    with django_assert_num_queries(1):
        headcount_on(municipality_id=cast.municipality.pk, day=DAY)


def test_tree_and_line(cast: Cast) -> None:
    assert set(tree_of(cast.education)) == {cast.education, cast.school, cast.kindergarten}
    assert line_of(cast.school) == [cast.education]
    make_unit(cast.school, "Закрытый отдел", ends_on=date(2025, 1, 1))
    assert list(units_on(organisation_id=cast.school.pk, day=DAY)) == [cast.school_unit]


def test_holders_of_a_role_reach_down_the_tree(cast: Cast) -> None:
    def who(role: Role, organisation: Organisation | None = None) -> set[str]:
        found = holders(
            municipality_id=cast.municipality.pk, role=role, day=DAY,
            organisation_id=organisation.pk if organisation else None,
        )  # fmt: skip
        return {user.login for user in found}

    boss = make_user("boss", person=make_person(cast.municipality))
    grant(boss, Role.UNIT_HEAD, organisation=cast.education)
    assert who(Role.UNIT_HEAD) == {"unit_head", "boss"}
    assert who(Role.UNIT_HEAD, cast.school) == {"unit_head", "boss"}
    assert who(Role.UNIT_HEAD, cast.kindergarten) == {"boss"}
    for place in Organisation.objects.filter(municipality=cast.municipality):
        same = holders(
            municipality_id=cast.municipality.pk, role=Role.UNIT_HEAD, day=DAY, organisation_id=place.pk
        )
        assert set(heads_of(organisation=place, day=DAY)) == {user.pk for user in same}
    assert who(Role.MONITOR, cast.kindergarten) == {"monitor"}
    assert who(Role.CHAIR) == {"chair"}
    assert who(Role.EMPLOYEE, cast.school) >= {"employee", "coordinator"}
    assert who(Role.EMPLOYEE, cast.kindergarten) == set()
    assert who(Role.CURATOR) == {"curator"}


def test_a_body_is_found_by_the_code_of_the_regulation(cast: Cast) -> None:
    assert body_of_code(municipality_id=cast.municipality.pk, code="working_group") == cast.working_group
    assert body_of_code(municipality_id=cast.municipality.pk, code="") is None


def test_keyset_pages_meet_without_gaps_or_repeats_there_and_back(cast: Cast) -> None:
    for number in range(57):
        make_organisation(cast.municipality, f"Клуб {number % 5}", starts_on=date(2021, 1, 1), ends_on=date(2022, 1, 1 + number % 28),
                          participates=False)  # fmt: skip
    found = Organisation.objects.filter(municipality=cast.municipality)
    whole = list(found.order_by("name_key", "pk"))
    seen, page = [], keyset(found=found, size=10)
    assert page.before is None
    pages = [page]
    seen += page.rows
    while page.after:
        page = keyset(found=found, after=page.after, size=10)
        pages.append(page)
        seen += page.rows
    assert seen == whole
    while page.before:
        page = keyset(found=found, before=page.before, size=10)
        assert page.rows == pages[pages.index(next(one for one in pages if one.rows == page.rows))].rows
    assert page.rows == pages[0].rows


def test_a_cursor_to_nowhere_starts_from_the_beginning(cast: Cast) -> None:
    found = Organisation.objects.filter(municipality=cast.municipality)
    assert keyset(found=found, after=10**9, size=3).rows == keyset(found=found, size=3).rows


def test_words_find_organisations_in_any_form(cast: Cast) -> None:
    visible = visible_organisations(cast.actor(Role.ADMIN))

    def find(words: str) -> set[str]:
        return {
            row.code for row in organisations(visible=visible, filters=OrganisationFilters(words), day=DAY)
        }

    assert find("школы средней") == {"004"}
    assert find("роднич") == {"005"}
    assert find("006") == {"006"}
    assert find("лесная") == set()
    assert find("!!!") == set()


def test_people_are_found_by_words_organisation_and_state(cast: Cast) -> None:
    visible = visible_people(cast.actor(Role.ADMIN))

    def find(**filters: object) -> set[str]:
        asked = PeopleFilters(**filters)  # type: ignore[arg-type]
        return {row.family_name for row in people(visible=visible, filters=asked, day=DAY)}

    assert find(words="елкина") == {"Ёлкина"}
    assert "Щукина" in find(organisation_id=cast.school.pk) and "Орлов" not in find(
        organisation_id=cast.school.pk
    )
    cast.positions[Role.TEAM].ends_on = date(2026, 1, 1)
    cast.positions[Role.TEAM].save()
    assert find(state="closed") == {"Ёлкина"}


def test_the_region_sees_numbers_of_all_its_municipalities(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        rows = {
            row.municipality.code: row for row in municipalities_in_numbers(region_id=cast.region.pk, day=DAY)
        }
    assert (rows["zarechny"].total, rows["zarechny"].participating) == (6, 5)
    assert rows["lesnoy"].kinds == {"omsu": 0, "structural_unit": 0, "institution": 1, "organisation": 0}
