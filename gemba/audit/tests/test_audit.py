"""The record of acts: append-only, whole, readable."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from gemba.audit import words
from gemba.audit.actions import ActsOutsideTransaction, record
from gemba.audit.models import ActRecord, RecordIsImmutable
from gemba.audit.queries import ActFilters, act_page, acts, history_of
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast

WHO = SimpleNamespace(user_id=7, name="Жуков Денис Романович")
AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def write(
    title: str = "Школа", municipality_id: int | None = 1, at: datetime = AT, **more: object
) -> ActRecord:
    values = {"act": "organisation.change", "actor": WHO, "subject": None, **more}
    with transaction.atomic():
        return record(title=title, municipality_id=municipality_id, at=at, **values)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_only_what_differs_is_kept_in_plain_values() -> None:
    kept = write(
        before={"name": "А", "code": "1", "sum": Decimal("1.50"), "gone": 1},
        after={"name": "Б", "code": "1", "sum": Decimal("2.50"), "at": AT, "many": [AT.date()]},
    )
    kept.refresh_from_db()
    assert kept.before == {"name": "А", "sum": "1.50", "gone": 1}
    assert kept.after == {
        "name": "Б",
        "sum": "2.50",
        "at": "2026-03-02T05:00:00+00:00",
        "many": ["2026-03-02"],
    }


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ActsOutsideTransaction):
        record(act="a.b", actor=WHO, subject=None, title="", municipality_id=None, at=AT)


@pytest.mark.django_db
def test_the_record_cannot_be_rewritten_or_thrown_away() -> None:
    kept = write()
    with pytest.raises(RecordIsImmutable):
        ActRecord.objects.all().delete()
    with pytest.raises(RecordIsImmutable):
        ActRecord.objects.update(title="Другое")
    with pytest.raises(RecordIsImmutable):
        kept.delete()
    kept.title = "Другое"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        kept.save()
    assert ActRecord.objects.get().title == "Школа"


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_entry() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        1 / 0  # noqa: B018
    assert not ActRecord.objects.exists()


def test_changes_are_said_in_russian() -> None:
    words.name_fields({"ends_on": "последний день"})
    said = words.changes(
        {"ends_on": None, "is_head": False, "неведомое": []},
        {"ends_on": "2026-03-02", "is_head": True, "people": 1200},
    )
    assert [(one.title, one.before, one.after) for one in said] == [
        ("последний день", "не указано", "02.03.2026"), ("руководитель", "нет", "да"),
        ("неведомое", "не указано", "не указано"), ("численность", "не указано", "1\u202f200"),
    ]  # fmt: skip


def test_one_act_has_one_title() -> None:
    words.name_acts({"test.act": "Испытано"})
    words.name_acts({"test.act": "Испытано"})
    with pytest.raises(ValueError, match="already named"):
        words.name_acts({"test.act": "Другое"})
    assert words.act_title("test.act") == "Испытано"
    assert words.act_title("nobody.knows") == "nobody.knows"


@pytest.mark.django_db
def test_filters_and_pages() -> None:
    first = write("Первая", at=datetime(2026, 3, 1, 16, 59, tzinfo=UTC))
    second = write(
        "Вторая", at=datetime(2026, 3, 1, 17, 1, tzinfo=UTC), actor=SimpleNamespace(user_id=8, name="Б")
    )
    write("Чужая", municipality_id=2)
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Novokuznetsk")

    def find(**filters: object) -> list[ActRecord]:
        return list(acts(municipality_id=1, filters=ActFilters(**filters), zone=zone))  # type: ignore[arg-type]

    assert find() == [second, first]
    assert find(actor_user_id=8) == [second]
    # Midnight in Novokuznetsk is 17:00 in Greenwich.
    assert find(first=datetime(2026, 3, 2).date()) == [second]
    assert find(last=datetime(2026, 3, 1).date()) == [first]
    for number in range(60):
        write(f"Ещё {number}")
    found = acts(municipality_id=1, filters=ActFilters(), zone=zone)
    one = act_page(found=found)
    two = act_page(found=found, after=one.after)
    assert one.rows + two.rows == list(found) and two.after is None
    assert act_page(found=found, before=two.before).rows == one.rows


def test_the_administrator_reads_who_when_what_before_and_after(cast: Cast) -> None:
    write(
        "Школа № 1",
        cast.municipality.pk,
        before={"name": "Школа <b>"},
        after={"name": "Школа № 1"},
        reason="Устав",
    )
    write("Лесная школа", cast.other_municipality.pk)
    client = cast.client(Role.ADMIN)
    page = client.get(reverse("audit:acts")).content.decode()
    for said in ("02.03.2026", "Жуков Денис Романович", "Изменена организация", "Школа &lt;b&gt; →", "Устав"):
        assert said in page, said
    assert "Лесная" not in page
    export = client.get(reverse("audit:export"))
    assert export.status_code == 200
    assert cast.client(Role.MONITOR).get(reverse("audit:acts")).status_code == 403


def test_the_page_costs_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    for _ in range(120):
        write(municipality_id=cast.municipality.pk)
    client = cast.client(Role.ADMIN)
    client.get(reverse("audit:acts"))
    with django_assert_max_num_queries(10):
        client.get(reverse("audit:acts"))


def test_the_history_of_an_object_is_its_own(cast: Cast) -> None:
    write(subject=cast.school)
    write(subject=cast.kindergarten)
    assert [act.subject_id for act in history_of(subject=cast.school)] == [cast.school.pk]
