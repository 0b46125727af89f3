"""The head looks for two minutes (J7): everything at once on a tablet and on a wall, one touch to the list behind."""

from collections.abc import Callable

import pytest

from tests.journeys import cast
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
TABLET, STANDING, DESK, WALL = (1024, 768), (768, 1024), (1440, 900), (1920, 1080)


@pytest.mark.parametrize("town", [cast.BELOVO, cast.LENINSK, cast.PROMYSHLENNAYA])
def test_nothing_is_scrolled(visitor: Come, town: str) -> None:
    head = visitor().sign_in(town, cast.HEAD)
    for (width, height), address in (
        (TABLET, "/plan/head/"),
        (STANDING, "/plan/head/"),
        (DESK, "/plan/head/"),
        (WALL, "/plan/head/"),
        (WALL, "/plan/head/?wall=1"),
    ):
        head.page.set_viewport_size({"width": width, "height": height})
        head.open(address)
        tall, wide = head.page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        assert tall <= height and wide <= width, f"{address} at {width}×{height}: {wide}×{tall}"
        assert 6 <= head.page.locator(".head-tile").count() <= 8
        if (width, height) in (TABLET, WALL):
            head.is_accessible()


def test_one_touch_opens_what_is_behind(visitor: Come) -> None:
    head = visitor().sign_in(cast.BELOVO, cast.HEAD)
    for title in ("Худшие отклонения", "Просроченные поручения", "Красные проекты", "Ближайший срок"):
        head.open("/plan/head/").sees(title)
    head.page.get_by_role("link", name="с просроченным этапом").click()
    head.heading("Проекты")
    head.open("/plan/head/").page.get_by_role("link", name="просрочено", exact=False).first.click()
    head.heading("Предложения")
