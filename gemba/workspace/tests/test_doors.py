"""The doors of the workspace: menu, panels, what waits, search sources; one that fails spoils no other."""

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from gemba.organisation.roles import Role
from gemba.workspace import menu, panels, search
from gemba.workspace.menu import MenuItem
from gemba.workspace.panels import Panel, QuickAct, Task, Waiting
from gemba.workspace.search import Hit, Source


@pytest.fixture(autouse=True)
def _own_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test enter what it wants without leaving it to the next."""
    monkeypatch.setattr(menu, "_items", dict(menu._items))
    monkeypatch.setattr(panels, "_panels", dict(panels._panels))
    monkeypatch.setattr(panels, "_waiting", dict(panels._waiting))
    monkeypatch.setattr(panels, "_quick", dict(panels._quick))
    monkeypatch.setattr(search, "_sources", dict(search._sources))


def asked(path: str, actor: Any) -> Any:
    request = RequestFactory().get(path)
    request.actor = actor
    request.resolver_match = resolve(request.path)
    return request


def titles(path: str, actor: Any) -> dict[str, list[str]]:
    shown = menu.shown(asked(path, actor), actor)
    return {section.title: [item.title for item in section.items] for section in shown}


def current(path: str, actor: Any) -> list[str]:
    shown = menu.shown(asked(path, actor), actor)
    return [item.title for section in shown for item in section.items if item.is_current]


def test_every_page_of_the_menu_exists() -> None:
    assert [item.url_name for item in menu.items() if not menu.address(item.url_name)] == []


def test_the_menu_shows_what_the_person_has_business_with(cast: Any) -> None:
    employee = titles("/", cast.actor(Role.EMPLOYEE))
    admin = titles("/", cast.actor(Role.ADMIN))
    region = titles("/", cast.actor(Role.REGION))
    assert "Журнал действий" in admin["Ведение системы"]
    assert "Учётные записи" in admin["Ведение системы"]
    flat = [title for section in employee.values() for title in section]
    assert {"Положение", "Календарь сроков", "Организации"} <= set(flat)
    assert not {"Журнал действий", "Учётные записи", "Сотрудники"} & set(flat)
    assert "Округа региона" in region["Округ"]
    assert "Организации" not in region["Округ"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Главная"),
        ("/deadlines/", "Календарь сроков"),
        ("/deadlines/subscription/", "Календарь сроков"),
        ("/notices/settings/", "Уведомления"),
        ("/regulations/calendar/2026/", "Положение"),
        ("/organisations/", "Организации"),
    ],
)
def test_the_current_page_is_marked(cast: Any, path: str, title: str) -> None:
    assert current(path, cast.actor(Role.ADMIN)) == [title]


def test_a_page_outside_the_menu_marks_nothing(cast: Any) -> None:
    assert current("/account/", cast.actor(Role.ADMIN)) == []


def test_an_item_in_a_new_section_and_its_count(cast: Any) -> None:
    menu.register(MenuItem("mine", "Моё", "star", "workspace:search", "Особое", 1, count=lambda request: 7))
    menu.register(
        MenuItem("ours", "Наше", "star", "workspace:calendar", "Особое", 2, count=lambda request: 1 // 0)
    )
    actor = cast.actor(Role.EMPLOYEE)
    [section] = [shown for shown in menu.shown(asked("/", actor), actor) if shown.title == "Особое"]
    assert [(item.title, item.count) for item in section.items] == [("Моё", 7), ("Наше", 0)]


def test_a_code_is_taken_once() -> None:
    menu.register(MenuItem("home", "Главная", "home", "workspace:home", "home", 0))
    with pytest.raises(ValueError, match="home"):
        menu.register(MenuItem("home", "Другая", "home", "workspace:search", "home", 0))
    with pytest.raises(ValueError, match="stands in main or side"):
        panels.register(Panel("x", "Х", (), 1, "x.html", place="top"))


def panel(code: str, **fields: Any) -> Panel:
    defaults = {
        "code": code, "title": f"Панель {code}", "roles": (), "order": 5,
        "template": "workspace/panels/first_steps.html",
        "context": lambda request: {"steps": [], "done": 0, "next": None},
    }  # fmt: skip
    return Panel(**{**defaults, **fields})


def codes(actor: Any) -> list[str]:
    return [shown.code for shown in panels.shown(asked("/", actor), actor)]


def test_panels_stand_in_the_order_of_the_role(cast: Any) -> None:
    panels._panels.clear()
    panels.register(panel("b", order=2, order_for={Role.HEAD: 0}))
    panels.register(panel("a", order=1))
    panels.register(panel("heads", order=9, roles=(Role.HEAD,)))
    panels.register(panel("silent", context=lambda request: None))
    assert codes(cast.actor(Role.EMPLOYEE)) == ["a", "b"]
    assert codes(cast.actor(Role.HEAD)) == ["b", "a", "heads"]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ("sss", "ssm"),
        ("ss", "sm"),
        ("ssss", "ssmm"),
        ("sssss", "sssmm"),
        ("mms", "mms"),
        ("mmsss", "mmsss"),
        ("", ""),
    ],
)
def test_a_long_side_gives_to_a_short_middle(places: str, expected: str) -> None:
    names = {"m": "main", "s": "side"}
    found = [
        panels.ShownPanel(f"p{number}", "П", "", names[sign], None) for number, sign in enumerate(places)
    ]
    result = panels.balanced(found)
    assert sorted(panel.code for panel in result) == sorted(panel.code for panel in found)
    assert sorted(panel.place[0] for panel in result) == sorted(expected)
    # The first ones of the side stay there.
    assert [panel.code for panel in result if panel.place == "side"] == [
        panel.code for panel in found if panel.place == "side"
    ][: expected.count("s")]


def fail(*args: Any) -> Any:
    raise RuntimeError("сломано")


def test_a_panel_that_fails_says_so_and_spoils_no_other(cast: Any, caplog: pytest.LogCaptureFixture) -> None:
    panels.register(panel("broken", context=fail))
    panels.register(panel("no_template", template="nowhere/nothing.html"))
    page = cast.client(Role.MONITOR).get("/").content.decode()
    assert page.count("Не удалось показать") == 2
    assert "Первые шаги" in page
    assert "Моя организация" in page
    assert "the panel broken failed" in caplog.text


def test_what_waits_is_sorted_by_urgency_and_a_failing_source_is_named(cast: Any) -> None:
    from datetime import date

    panels._waiting.clear()
    later, sooner = date(2026, 12, 1), date(2026, 11, 25)
    panels.register_waiting(
        Waiting(
            "a", lambda request, limit: [Task("Потом", "/", due_on=later), Task("Скоро", "/", due_on=sooner)]
        )
    )
    panels.register_waiting(Waiting("b", lambda request, limit: [Task("Срочно", "/", state="bad")]))
    panels.register_waiting(Waiting("c", fail))
    tasks, failed = panels.waiting(asked("/", cast.actor(Role.MONITOR)))
    assert [task.title for task in tasks] == ["Срочно", "Скоро", "Потом"]
    assert failed == ["c"]
    page = cast.client(Role.MONITOR).get("/").content.decode()
    assert "Часть дел не удалось показать" in page
    assert "Вас ждёт 3\u00a0дела" in page


def test_a_quick_act_is_for_those_who_may(cast: Any) -> None:
    panels.register_quick(
        QuickAct("secret", "Особое", "star", "workspace:search", 1, lambda actor: actor.has(Role.ADMIN))
    )
    assert "Особое" in cast.client(Role.ADMIN).get("/").content.decode()
    assert "Особое" not in cast.client(Role.EMPLOYEE).get("/").content.decode()


def test_an_act_of_every_page_stands_in_the_frame_of_those_who_may(cast: Any) -> None:
    panels._quick.clear()
    pages = {role: cast.client(role).get("/search/").content.decode() for role in (Role.ADMIN, Role.EMPLOYEE)}
    assert not any("top-act" in page for page in pages.values())
    panels.register_quick(
        QuickAct(
            "x", "Сделать дело", "star", "workspace:search", 1, lambda actor: actor.has(Role.ADMIN), "", True
        )
    )
    pages = {role: cast.client(role).get("/search/").content.decode() for role in pages}
    assert '<a class="button top-act" href="/search/" aria-current="page">' in pages[Role.ADMIN]
    assert "top-act" not in pages[Role.EMPLOYEE]


def test_a_search_source_that_fails_says_so(cast: Any) -> None:
    search._sources.clear()
    search.register(
        Source("good", "Хорошее", lambda actor, words, limit: [Hit("Нашлось", "", "/x/")] * limit)
    )
    search.register(Source("bad", "Плохое", fail, order=60))
    search.register(Source("nothing", "Пустое", lambda actor, words, limit: []))
    groups = search.found(cast.actor(Role.EMPLOYEE), "слово", 3)
    assert [(group.code, len(group.hits), group.is_more, group.has_failed) for group in groups] == [
        ("good", 3, True, False),
        ("bad", 0, False, True),
    ]
    page = cast.client(Role.EMPLOYEE).get("/search/", {"q": "слово"}).content.decode()
    assert "Нашлось" in page
    assert "Здесь поиск не удался" in page
