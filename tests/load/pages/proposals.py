"""Proposals: lists, card, search, board, sending, export."""

import secrets

from django.urls import reverse

from tests.load.registry import BOARD, CREATE, DASHBOARD, ITEM, LIST, SEARCH, Page, Scene, register


def _list(query: str = ""):
    return lambda scene: reverse("proposals:list") + (f"?{query}" if query else "")


def _new(scene: Scene) -> dict[str, str]:
    number = secrets.randbelow(10_000)
    return {
        "problem": f"В кабинете {number} ищем ключи от шкафа каждое утро.",
        "solution": f"Повесить у кабинета {number} доску с крючками и подписать ключи.",
        "sent_key": secrets.token_hex(16),
    }


register(Page("proposals", "Список: все", LIST, _list("view=all")))
register(Page("proposals", "Список: очередь", LIST, _list("view=queue"), "unit_head"))
register(Page("proposals", "Список: каталог", LIST, _list("view=catalogue"), "employee"))
register(Page("proposals", "Список: состояние", LIST, _list("view=all&state=rejected")))
register(
    Page(
        "proposals",
        "Список: организация",
        LIST,
        lambda scene: _list(f"view=all&organisation={scene.organisation.pk}")(scene),
    )
)
register(Page("proposals", "Поиск: частые слова", SEARCH, _list("view=all&q=общая+таблица")))
register(Page("proposals", "Поиск: редкие слова", SEARCH, _list("view=all&q=щитовая+217")))
register(
    Page("proposals", "Карточка", ITEM, lambda scene: reverse("proposals:card", args=[scene.proposal.pk]))
)
register(Page("proposals", "Доска", BOARD, lambda scene: reverse("proposals:board")))
register(Page("proposals", "Показатели", DASHBOARD, lambda scene: reverse("proposals:statistics")))
register(Page("proposals", "Итоги года", DASHBOARD, lambda scene: reverse("proposals:year")))
register(
    Page(
        "proposals", "Похожие при вводе", SEARCH,
        lambda scene: reverse("proposals:similar") + "?problem=инструмент+лежит+в+общем+ящике&solution=щит+с+контурами",
        "employee",
    )
)  # fmt: skip
register(Page("proposals", "Форма подачи", ITEM, lambda scene: reverse("proposals:submit"), "employee"))
register(
    Page(
        "proposals", "Подача", CREATE, lambda scene: reverse("proposals:submit"), "employee", data=_new, status=(302, 303),
        most=40,
    )
)  # fmt: skip
register(
    Page(
        "proposals",
        "Выгрузка XLSX",
        3000,
        lambda scene: reverse("proposals:export", args=["xlsx"]) + "?view=all",
        most=2,
    )
)
register(
    Page(
        "proposals",
        "Выгрузка CSV",
        3000,
        lambda scene: reverse("proposals:export", args=["csv"]) + "?view=all",
        most=2,
    )
)
