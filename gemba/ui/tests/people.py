"""A person, a frame and addresses for the browser tests."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from gemba.ui import frame, views

TERM = frame.Definition(
    "Карта процесса", "изображение шагов, времени и потерь.", "п. 1.3 Положения", "/ui/gallery/"
)


def signed_in(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Show a view to an invented person in a full frame; the live server of the tests has its own middleware."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleNamespace(  # type: ignore[attr-defined]
            is_signed_in=True, user_id=7, name="Ветрова Анна Павловна", today=date(2026, 11, 21)
        )
        made = frame.Frame(request)
        made._found = dict(FRAME)
        request._ui_frame = made  # type: ignore[attr-defined]
        return view(request)

    return answer


def _item(title: str, icon: str, **more: Any) -> SimpleNamespace:
    return SimpleNamespace(
        title=title, icon=icon, url="/ui/gallery/", **{"is_current": False, "count": None} | more
    )


FRAME: dict[str, Any] = {
    "municipality": SimpleNamespace(
        name="Промышленновский муниципальный округ",
        short="Промышленновский округ",
        coat_url="",
        accent="blue",
    ),
    "menu": [
        SimpleNamespace(title="", items=[_item("Мой день", "home"), _item("Сроки", "calendar-due", count=3)]),
        SimpleNamespace(title="Работа", items=[_item("План", "target-arrow", is_current=True)]),
    ],
    "account": SimpleNamespace(
        name="Ветрова Анна Павловна",
        note="Оператор мониторинга",
        links=[SimpleNamespace(title="Мои данные", icon="user-circle", url="/ui/gallery/")],
        sign_out_url="/ui/gallery/",
    ),
    "notices": SimpleNamespace(count=4, url="/ui/gallery/"),
    "act": SimpleNamespace(title="Подать предложение", icon="bulb", url="/ui/gallery/"),
    "search_url": "/ui/gallery/",
    "help_url": "/ui/gallery/",
    "sign_in_url": "",
    "edition": SimpleNamespace(title="Положение от 02.12.2025", url="/ui/gallery/"),
    "data_on": date(2026, 11, 21),
    "calendar": None,
    "glossary": lambda text: TERM if text == "карта процесса" else None,
}

urlpatterns = [
    path("ui/gallery/", signed_in(views.gallery)),
    path("bare/", views.not_found),
    path("ui/", include("gemba.ui.urls")),
]
