"""A written statement answers exactly as the queryset it was made of, with any values, on both databases."""

from datetime import date
from typing import Literal

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from gemba.organisation.models import Municipality, Person, User
from gemba.organisation.tests.cast import Cast
from gemba.statements import CannotBeWritten, written

pytestmark = pytest.mark.django_db


@written
def _account(*, pk: int) -> "QuerySet[User]":
    return User.objects.with_owner().filter(pk=pk)


@written
def _people(
    *, municipality_id: int, family: str, most: Literal[1, 2, 5] = 5, codes: tuple[str, ...] = ()
) -> "QuerySet[Person, tuple[int, str]]":
    found = Person.objects.filter(municipality_id=municipality_id, family_name__gte=family)
    if codes:
        found = found.filter(municipality__code__in=codes)
    return found.order_by("family_name", "pk").values_list("pk", "family_name")[:most]


@written
def _in_order(*, order: int) -> "QuerySet[User, int]":
    return User.objects.filter(demo_order=order).values_list("pk", flat=True)


def test_gives_objects_with_what_they_were_fetched_with(cast: Cast) -> None:
    user = User.objects.filter(person__isnull=False).earliest("pk")
    other = User.objects.filter(person__isnull=False).latest("pk")
    assert user.pk != other.pk
    for account in (user, other, user):
        with CaptureQueriesContext(connection) as asked:
            (found,) = _account(pk=account.pk)
            assert (found, found.person, found.municipality) == (
                account,
                account.person,
                account.municipality,
            )
        # The three above are one statement; the comparison asks nothing of `found` any more.
        assert sum("organisation_user" in row["sql"] for row in asked.captured_queries) == 1
    assert _account(pk=0) == []


def test_each_shape_is_a_statement_of_its_own_and_values_only_bind(cast: Cast) -> None:
    municipality = Municipality.objects.filter(people__isnull=False).distinct().earliest("pk")
    everybody = Person.objects.filter(municipality=municipality).order_by("family_name", "pk")
    rows = list(everybody.values_list("pk", "family_name"))
    assert _people(municipality_id=municipality.pk, family="", most=1) == rows[:1]
    assert _people(municipality_id=municipality.pk, family="", most=2) == rows[:2]
    assert _people(municipality_id=municipality.pk, family=rows[1][1]) == rows[1:6]
    assert _people(municipality_id=municipality.pk, family="", codes=(municipality.code,)) == rows[:5]
    assert _people(municipality_id=municipality.pk, family="", codes=("nowhere",)) == []
    assert _people(municipality_id=0, family="") == []


def test_text_is_bound_and_never_becomes_sql(cast: Cast) -> None:
    before = Person.objects.count()
    first = Person.objects.earliest("pk")
    assert (
        _people(municipality_id=first.municipality_id, family="я'; DELETE FROM organisation_person; --") == []
    )
    assert Person.objects.count() == before > 0


def test_a_day_is_bound_as_the_database_takes_it(cast: Cast) -> None:
    from gemba.organisation.models import Position

    @written
    def _since(*, day: date) -> "QuerySet[Position, tuple[int]]":
        return Position.objects.filter(starts_on__gte=day).order_by("pk").values_list("pk")

    for day in (date(2000, 1, 1), date(2100, 1, 1)):
        expected = Position.objects.filter(starts_on__gte=day).order_by("pk").values_list("pk")
        assert _since(day=day) == list(expected)
    assert _since(day=date(2000, 1, 1))


def test_a_value_that_does_not_reach_the_database_as_it_is_stops_at_once(cast: Cast) -> None:
    @written
    def _limited(*, most: int) -> "QuerySet[Person]":
        return Person.objects.order_by("pk")[: abs(most)]

    @written
    def _beginning(*, text: str) -> "QuerySet[Person]":
        return Person.objects.filter(family_name__startswith=text)

    with pytest.raises(CannotBeWritten, match="most"):
        _limited(most=1)
    with pytest.raises(CannotBeWritten, match="text"):
        _beginning(text="А")


def test_an_impossible_question_has_no_rows_and_asks_nothing(cast: Cast) -> None:
    @written
    def _none_of(*, pks: tuple[int, ...]) -> "QuerySet[Person]":
        return Person.objects.filter(pk__in=pks)

    with CaptureQueriesContext(connection) as asked:
        assert _none_of(pks=()) == []
    assert not asked.captured_queries


def test_a_value_left_out_is_another_statement(cast: Cast) -> None:
    @written
    def _some(*, after: int = 0, before: int = 0) -> "QuerySet[Person, tuple[int]]":
        found = Person.objects.order_by("pk").values_list("pk")
        found = found.filter(pk__gt=after) if after else found
        return found.filter(pk__lt=before) if before else found

    everybody = [pk for (pk,) in Person.objects.order_by("pk").values_list("pk")]
    assert [pk for (pk,) in _some()] == everybody
    assert [pk for (pk,) in _some(after=everybody[2])] == everybody[3:]
    assert [pk for (pk,) in _some(before=everybody[2])] == everybody[:2]
    assert [pk for (pk,) in _some(after=everybody[0], before=everybody[2])] == everybody[1:2]


def test_statements_are_joined_into_one_question(cast: Cast) -> None:
    one, other = Person.objects.order_by("pk").values_list("pk", "family_name")[:2]
    texts = [
        _people.text(municipality_id=cast.municipality.pk, family=row[1], most=1) for row in (one, other)
    ]
    with connection.cursor() as cursor:
        parts = " UNION ALL ".join(f"SELECT * FROM ({sql}) part" for sql, _ in texts)
        cursor.execute(parts, [value for _, bound in texts for value in bound])
        names = [name for _, name in cursor.fetchall()]
    assert names == [one[1], other[1]]


def test_a_value_of_a_small_column_reaches_the_database(cast: Cast) -> None:
    user = User.objects.earliest("pk")
    User.objects.filter(pk=user.pk).update(demo_order=7)
    assert _in_order(order=7) == [user.pk]
    assert user.pk not in _in_order(order=0)
