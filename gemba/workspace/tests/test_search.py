"""What the search finds and for whom."""

from typing import Any

import pytest

from gemba.organisation.roles import Role
from gemba.organisation.tests.factories import make_organisation, make_person
from gemba.regulations.tests.factories import an_edition
from gemba.workspace import search
from gemba.workspace.sources import excerpt


def found(cast: Any, role: Role, words: str, **more: str) -> str:
    answer = cast.client(role).get("/search/", {"q": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_search_teaches(cast: Any) -> None:
    page = found(cast, Role.EMPLOYEE, "")
    assert "Что найти?" in page
    assert "Положение" in page


@pytest.mark.parametrize("words", ["!!!", "  ", "«»"])
def test_a_question_without_words(cast: Any, words: str) -> None:
    page = found(cast, Role.EMPLOYEE, words)
    assert "Найдено:" not in page.replace("<title>Найдено:", "")


def test_word_forms_do_not_matter(cast: Any) -> None:
    an_edition(cast.municipality)
    assert "Средняя школа № 1" in found(cast, Role.EMPLOYEE, "школами")
    page = found(cast, Role.EMPLOYEE, "улучшениями")
    assert "Ничего не нашлось" in page or "Положение" in page
    assert "п. 1.1, Положение" in found(cast, Role.EMPLOYEE, "потеря времени")
    assert "действие, которое не создаёт ценности" in found(cast, Role.EMPLOYEE, "потери")


def test_the_last_word_may_be_unfinished(cast: Any) -> None:
    assert "Средняя школа № 1" in found(cast, Role.EMPLOYEE, "средняя шко")


def test_people_are_found_only_by_those_who_may_see_them(cast: Any) -> None:
    assert "Северов Николай Фёдорович" in found(cast, Role.MONITOR, "николаю")
    assert "Глава округа, Администрация" in found(cast, Role.MONITOR, "северов")
    # The coordinator of the school sees the school, an employee nobody.
    assert "Северов Николай" not in found(cast, Role.COORDINATOR, "северов")
    assert "Щукина Елена" in found(cast, Role.COORDINATOR, "щукина")
    assert "Щукина Елена" not in found(cast, Role.EMPLOYEE, "щукина")


def test_nothing_of_another_municipality_is_found(cast: Any) -> None:
    assert "Лесная школа" not in found(cast, Role.ADMIN, "лесная")
    assert "Чужова Римма" not in found(cast, Role.ADMIN, "чужова")


def test_pages_of_the_menu_are_found(cast: Any) -> None:
    assert 'href="/deadlines/"' in found(cast, Role.EMPLOYEE, "сроки").split("<main")[1]
    assert "Журнал действий" not in found(cast, Role.EMPLOYEE, "журнал действий").split("<main")[1]


def test_one_source_shows_more_and_an_unknown_one_means_all(cast: Any) -> None:
    for number in range(12):
        make_organisation(cast.municipality, f"Библиотека № {number}")
    few = found(cast, Role.EMPLOYEE, "библиотека")
    assert few.count("Библиотека №") < 12
    assert "in=organisations" in few
    many = found(cast, Role.EMPLOYEE, "библиотека", **{"in": "organisations"})
    assert sum(f"Библиотека № {number}<" in many for number in range(12)) == 12
    assert "Библиотека №" in found(cast, Role.EMPLOYEE, "библиотека", **{"in": "nonsense"})


def test_what_was_typed_is_escaped_and_cut(cast: Any) -> None:
    page = found(cast, Role.EMPLOYEE, "<script>alert(1)</script>" + "я" * 5000)
    assert "<script>alert" not in page
    assert "я" * 500 not in page.split("<main")[1]


def test_suggestions_are_only_the_part_that_changes(cast: Any) -> None:
    answer = cast.client(Role.EMPLOYEE).get(
        "/search/", {"q": "школа"}, headers={"HX-Request": "true", "HX-Target": "found"}
    )
    page = answer.content.decode()
    assert "Средняя школа" in page
    assert "<html" not in page


def test_the_box_of_the_frame_gets_its_own_short_list(cast: Any) -> None:
    headers = {"HX-Request": "true", "HX-Target": "suggest"}
    page = cast.client(Role.EMPLOYEE).get("/search/", {"q": "школа"}, headers=headers).content.decode()
    assert "Средняя школа" in page
    assert "Показать всё найденное" in page
    assert 'class="find"' not in page
    whole = cast.client(Role.EMPLOYEE).get("/search/", {"q": "школа"}).content.decode()
    assert "Показать всё найденное" not in whole


def test_a_search_costs_as_much_among_many(
    cast: Any, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"pages", "people", "organisations", "bodies", "clauses", "glossary"}
    monkeypatch.setattr(search, "_sources", {code: search._sources[code] for code in own})
    an_edition(cast.municipality)
    for number in range(60):
        make_person(cast.municipality, f"Иволгина Нина Карповна{number}")
        make_organisation(cast.municipality, f"Иволгинская школа № {number}")
    client = cast.client(Role.MONITOR)
    client.get("/search/", {"q": "иволга"})
    headers = {"HX-Request": "true", "HX-Target": "found"}
    with django_assert_max_num_queries(12):
        client.get("/search/", {"q": "ивол"}, headers=headers)


def test_an_excerpt_stands_around_the_word() -> None:
    text = "слово " * 100 + "хронометраж процесса записывается " + "дальше " * 100
    piece = excerpt(text, "хронометражем")
    assert "хронометраж процесса" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < 220
    assert excerpt("коротко", "коротко") == "коротко"
