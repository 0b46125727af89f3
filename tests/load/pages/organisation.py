"""The register."""

from django.urls import reverse

from tests.load.registry import ITEM, LIST, SEARCH, Page, register

register(
    Page("organisation", "Список организаций", LIST, lambda scene: reverse("organisation:organisations"))
)
register(
    Page(
        "organisation",
        "Поиск организации",
        SEARCH,
        lambda scene: reverse("organisation:organisations") + "?q=школы",
    )
)
register(
    Page(
        "organisation", "Карточка организации", ITEM,
        lambda scene: reverse("organisation:organisation", args=[scene.organisation.pk]),
    )
)  # fmt: skip
register(Page("organisation", "Список сотрудников", LIST, lambda scene: reverse("organisation:people")))
register(
    Page(
        "organisation",
        "Карточка сотрудника",
        ITEM,
        lambda scene: reverse("organisation:person", args=[scene.person.pk]),
    )
)
register(Page("organisation", "Список органов", LIST, lambda scene: reverse("organisation:bodies")))
register(Page("organisation", "Учётные записи", LIST, lambda scene: reverse("organisation:users"), "admin"))
register(Page("organisation", "Журнал действий", LIST, lambda scene: reverse("audit:acts"), "admin"))
