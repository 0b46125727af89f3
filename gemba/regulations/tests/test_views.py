"""Pages of the regulation: what is read, what is refused, how many statements it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gemba.organisation.roles import Role
from gemba.regulations.models import CalendarDay, Edition
from gemba.regulations.tests.factories import an_edition, pack_text

pytestmark = pytest.mark.django_db


def test_without_an_edition_the_page_teaches(cast: Any) -> None:
    answer = cast.client(Role.EMPLOYEE).get(reverse("regulations:current"))
    assert "Положение ещё не загружено" in answer.content.decode()
    assert reverse("regulations:load") not in answer.content.decode()


def test_every_clause_has_an_address_and_its_rules_stand_there(cast: Any) -> None:
    edition = an_edition(cast.municipality)
    client = cast.client(Role.EMPLOYEE)
    text = client.get(reverse("regulations:text", args=[edition.code, "polozhenie"])).content.decode()
    assert 'id="polozhenie:1.2(1)"' in text
    page = client.get(reverse("regulations:clause", args=[edition.code, "polozhenie~3.1"])).content.decode()
    assert "Отчёт за квартал" in page and "до 10 числа следующего месяца после квартала" in page
    assert "Календарь сроков" in page


def test_terms_are_explained_in_any_form(cast: Any) -> None:
    edition = an_edition(cast.municipality)
    page = cast.client(Role.EMPLOYEE).get(reverse("regulations:text", args=[edition.code, "polozhenie"]))
    text = page.content.decode()
    assert 'class="term"' in text and "Потери</button>" in text and "не создаёт ценности" in text


def test_an_edition_of_another_municipality_is_not_found(cast: Any) -> None:
    edition = an_edition(cast.other_municipality, edition="2025-03-03")
    answer = cast.client(Role.ADMIN).get(reverse("regulations:edition", args=[edition.code]))
    assert answer.status_code == 404


def test_the_comparison_shows_words_added_and_removed(cast: Any) -> None:
    first = an_edition(cast.municipality)
    second = an_edition(cast.municipality, edition="2026-02-01", day=20)
    page = cast.client(Role.EMPLOYEE).get(reverse("regulations:compare", args=[second.code, first.code]))
    assert "<del>10</del>" in page.content.decode() and "<ins>20</ins>" in page.content.decode()


def send(cast: Any, role: Role, content: bytes, **data: Any) -> Any:
    file = SimpleUploadedFile("положение.yaml", content)
    return cast.client(role).post(reverse("regulations:load"), {"file": file, **data})


def test_a_wrong_file_names_line_and_mend_and_loads_nothing(cast: Any) -> None:
    broken = pack_text(code=cast.municipality.code).replace("          unit: единиц\n", "")
    answer = send(cast, Role.ADMIN, broken.encode())
    assert answer.status_code == 422 and "unit: null" in answer.content.decode()
    assert not Edition.objects.exists()


def test_a_file_can_be_checked_without_loading(cast: Any) -> None:
    answer = send(cast, Role.ADMIN, pack_text(code=cast.municipality.code).encode(), only_check="on")
    assert "Файл читается" in answer.content.decode() and not Edition.objects.exists()


def test_a_right_file_is_loaded_once(cast: Any) -> None:
    content = pack_text(code=cast.municipality.code).encode()
    assert send(cast, Role.ADMIN, content).status_code == 302
    again = send(cast, Role.ADMIN, content)
    assert again.status_code == 422 and "уже загружена" in again.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04" + b"\x00" * 100, b"\xff" * 50, b"[" * 200_000],
    ids=["empty", "archive", "bytes", "deep"],
)
def test_nonsense_is_refused_in_words(cast: Any, content: bytes) -> None:
    answer = send(cast, Role.ADMIN, content)
    assert answer.status_code == 422 and not Edition.objects.exists()


def test_an_employee_may_not_load(cast: Any) -> None:
    assert send(cast, Role.EMPLOYEE, pack_text(code=cast.municipality.code).encode()).status_code == 403


def test_a_wrong_day_keeps_what_was_typed(cast: Any) -> None:
    address = reverse("regulations:calendar", args=[2026])
    answer = cast.client(Role.MONITOR).post(address, {"day": "31.02.2026", "kind": "off", "title": "Ярмарка"})
    assert answer.status_code == 422 and "Ярмарка" in answer.content.decode()
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("edition", []),
        ("text", ["polozhenie"]),
        ("rules", ["deadlines"]),
        ("clause", ["polozhenie~1.1"]),
        ("findings", []),
        ("glossary", []),
        ("interpretations", []),
    ],
)
def test_a_page_costs_few_statements(cast: Any, name: str, more: list[str]) -> None:
    edition = an_edition(cast.municipality)
    client = cast.client(Role.EMPLOYEE)
    address = reverse(f"regulations:{name}", args=[edition.code, *more])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as spent:
        assert client.get(address).status_code == 200
    assert len(spent) <= 10, [item["sql"] for item in spent]


def test_any_page_can_explain_the_terms_of_a_text(cast: Any) -> None:
    from django.test import RequestFactory

    from gemba.ui.pages import find

    an_edition(cast.municipality)
    request = RequestFactory().get("/")
    request.actor = cast.actor(Role.EMPLOYEE)  # type: ignore[attr-defined]
    engine = find("ui/bare.html").backend
    shown = engine.from_string("{{ explained('Считаем потери <b>вместе</b>') }}").render({}, request)
    assert 'class="term"' in shown and "потери</button>" in shown and "&lt;b&gt;" in shown
