"""The plan, its rows, the head's page, the journal."""

from django.urls import reverse

from tests.load.registry import DASHBOARD, LIST, Page, register

register(Page("plan", "План", DASHBOARD, lambda scene: reverse("plan:current")))
register(Page("plan", "Строка плана", LIST, lambda scene: reverse("plan:row", args=["1.1"])))
register(Page("plan", "Как идут дела", DASHBOARD, lambda scene: reverse("plan:head"), "head"))
register(Page("plan", "Журнал событий", LIST, lambda scene: reverse("plan:journal")))
register(Page("plan", "Поручения", LIST, lambda scene: reverse("plan:measures"), "head"))
