"""Editions: immutable, side by side, each in force from its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from gemba.audit.models import ActRecord
from gemba.kernel.problems import Refusal
from gemba.organisation.access import system_actor
from gemba.regulations import actions, queries
from gemba.regulations.comparing import differences
from gemba.regulations.models import CalendarDay, ClauseText, Edition
from gemba.regulations.pack import PackError
from gemba.regulations.tests.factories import AT, an_edition, pack_text

pytestmark = pytest.mark.django_db


def test_each_day_is_judged_by_the_edition_in_force(cast: Any) -> None:
    town = cast.municipality
    first = an_edition(town)
    second = an_edition(town, edition="2026-02-01", target=5, day=20)
    assert queries.edition_on(municipality_id=town.pk, day=date(2025, 1, 14)) is None
    assert queries.edition_on(municipality_id=town.pk, day=date(2026, 1, 31)) == first
    assert queries.edition_on(municipality_id=town.pk, day=date(2026, 2, 1)) == second
    found = queries.deadlines(municipality_id=town.pk, first=date(2026, 1, 1), last=date(2026, 4, 30))
    assert [item.legal_on for item in found] == [date(2026, 1, 10), date(2026, 4, 20)]


def test_loading_is_recorded_and_finds_words_in_any_form(cast: Any) -> None:
    edition = an_edition(cast.municipality)
    assert ActRecord.objects.filter(act="regulations.load", subject_id=edition.pk).exists()
    assert [item.ref for item in queries.found_clauses(edition=edition, text="сотрудник потеря")] == [
        "polozhenie 1.1"
    ]


def test_the_same_edition_twice_and_another_text_under_its_code_are_refused(cast: Any) -> None:
    an_edition(cast.municipality)
    with pytest.raises(Refusal, match="файл тот же"):
        an_edition(cast.municipality)
    with pytest.raises(Refusal, match="не меняется"):
        an_edition(cast.municipality, target=9)
    assert Edition.objects.count() == 1


def test_the_database_refuses_to_change_an_edition(cast: Any) -> None:
    edition = an_edition(cast.municipality)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(effective_on=date(2024, 1, 1))
    edition.refresh_from_db()
    assert edition.effective_on == date(2025, 1, 15)


def test_a_pack_of_another_municipality_is_refused(cast: Any) -> None:
    with pytest.raises(Refusal, match="другого муниципалитета"):
        actions.load_edition(
            actor=system_actor(cast.municipality),
            municipality=cast.municipality,
            source=pack_text(code="elsewhere").encode(),
            name="x.yaml",
            at=AT,
        )


def test_a_broken_file_leaves_nothing_behind(cast: Any) -> None:
    broken = pack_text(code=cast.municipality.code).replace("scope: per_unit", "scope: somebody")
    with pytest.raises(PackError):
        actions.load_edition(
            actor=system_actor(cast.municipality),
            municipality=cast.municipality,
            source=broken.encode(),
            name="x.yaml",
            at=AT,
        )
    assert not Edition.objects.exists() and not ClauseText.objects.exists() and not ActRecord.objects.exists()


def test_a_failure_in_the_middle_of_loading_leaves_nothing(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the process is gone")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(RuntimeError):
        an_edition(cast.municipality)
    assert not Edition.objects.exists() and not ClauseText.objects.exists()


def test_the_rules_survive_the_database(cast: Any) -> None:
    from gemba.regulations.pack import load_pack

    edition = an_edition(cast.municipality)
    assert queries.pack_of(edition) == load_pack(pack_text(code=cast.municipality.code))


def test_differences_name_clause_and_rule(cast: Any) -> None:
    first = an_edition(cast.municipality)
    second = an_edition(cast.municipality, edition="2026-02-01", target=5)
    found = differences(queries.pack_of(first), queries.pack_of(second))
    assert {item.section for item in found} == {"План мероприятий", "Акты"}
    (row,) = [item for item in found if item.section == "План мероприятий"]
    assert ("removed", "2;") in row.pieces or any(
        "5" in words for kind, words in row.pieces if kind == "added"
    )


def test_the_calendar_takes_the_holidays_of_russia_with_moved_days(cast: Any) -> None:
    town = cast.municipality
    actor = system_actor(town)
    actions.fill_calendar(actor=actor, municipality=town, years=[2024], at=AT)
    calendar = queries.work_calendar(municipality_id=town.pk)
    assert calendar.is_working(date(2024, 4, 27)) and not calendar.is_working(date(2024, 4, 29))
    assert not calendar.is_working(date(2024, 1, 8))
    before = CalendarDay.objects.count()
    actions.fill_calendar(actor=actor, municipality=town, years=[2024], at=AT)
    assert CalendarDay.objects.count() == before


def test_an_own_day_off_counts_and_can_be_taken_back(cast: Any) -> None:
    town, day = cast.municipality, date(2026, 6, 15)
    actor = system_actor(town)
    actions.set_calendar_day(actor=actor, municipality=town, day=day, kind="off", title="День округа", at=AT)
    assert not queries.work_calendar(municipality_id=town.pk).is_working(day)
    actions.clear_calendar_day(actor=actor, municipality=town, day=day, at=AT)
    assert queries.work_calendar(municipality_id=town.pk).is_working(day)
    with pytest.raises(Refusal):
        actions.clear_calendar_day(actor=actor, municipality=town, day=day, at=AT)


def test_an_employee_does_not_load_editions(cast: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.load_edition(
            actor=cast.actor("employee"),
            municipality=cast.municipality,
            source=pack_text(code=cast.municipality.code).encode(),
            name="x.yaml",
            at=AT,
        )
