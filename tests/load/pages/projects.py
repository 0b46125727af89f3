"""Projects: register, board, card, terms, portfolio, export."""

from django.urls import reverse

from tests.load.registry import BOARD, ITEM, LIST, SEARCH, Page, Scene, register

CHART = 100


def _list(query: str = ""):
    return lambda scene: reverse("projects:list") + (f"?{query}" if query else "")


def _of(name: str):
    return lambda scene: reverse(f"projects:{name}", args=[_project(scene).pk])


def _project(scene: Scene):
    """Return a project in work in the middle of all, with its plan and goals."""
    from gemba.projects.models import Project

    if "project" not in scene.cache:
        found = Project.objects.filter(municipality=scene.municipality, status="active").order_by("-pk")
        scene.cache["project"] = found[found[:2000].count() // 2]
    return scene.cache["project"]


def _portfolio(scene: Scene) -> str:
    """Return the address of a portfolio; of a region filled without one, the portfolio of everything in work."""
    from gemba.projects.models import Portfolio

    found = Portfolio.objects.filter(municipality=scene.municipality).order_by("pk").first()
    return (
        reverse("projects:portfolio", args=[found.pk])
        if found
        else reverse("projects:gantt_all") + "?group=active"
    )


register(Page("projects", "Реестр проектов", LIST, _list("view=all")))
register(Page("projects", "Реестр: мои", LIST, _list("view=mine"), "unit_head"))
register(Page("projects", "Реестр: красные", LIST, _list("view=red")))
register(Page("projects", "Реестр: год и состояние", LIST, _list("view=all&group=closed&year=2025")))
register(Page("projects", "Реестр: поиск", SEARCH, _list("view=all&q=время+записи")))
register(Page("projects", "Карточка проекта", ITEM, _of("card")))
register(Page("projects", "Паспорт проекта", ITEM, _of("passport")))
register(Page("projects", "План мероприятий проекта", ITEM, _of("plan")))
register(Page("projects", "Сроки проекта", ITEM, _of("gantt")))
register(Page("projects", "Доска проектов", BOARD, lambda scene: reverse("projects:board")))
# Five hundred bars drawn on one sheet: a drawing, not a list.
register(Page("projects", "Портфель: сроки проектов", CHART, _portfolio, note="до 500 полос"))
register(
    Page(
        "projects", "Выгрузка проектов", 3000, lambda scene: reverse("projects:export", args=["xlsx"]) + "?view=all",
        most=2,
    )
)  # fmt: skip
