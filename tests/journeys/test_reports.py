"""The quarter is collected (J3, J4): the coordinator hands in, the head approves, the economist accepts."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys import cast
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]


def test_a_quarter_goes_from_the_coordinator_to_the_economist(visitor: Come) -> None:
    coordinator = visitor().sign_in(cast.LENINSK, cast.COORDINATOR)
    coordinator.open("/plan/reports/?year=2024&quarter=2").is_accessible()
    coordinator.page.get_by_role("link", name="Открыть").first.click()
    coordinator.heading("Отчёт за II квартал 2024 года").sees("Срок:").is_accessible()
    address = coordinator.page.url
    hand_in(coordinator)

    head = visitor().sign_in(cast.LENINSK, cast.UNIT_HEAD).open(address)
    head.is_accessible().press("Согласовать и отправить")
    head.sees(re.compile("[Кк]витанция")).is_accessible()

    # What is sent belongs to the economist: the coordinator cannot change it.
    coordinator.open(address)
    expect(coordinator.page.get_by_role("button", name="Нулевой отчёт")).to_have_count(0)
    expect(coordinator.page.get_by_role("link", name="Добавить проект")).to_have_count(0)

    monitor = visitor().sign_in(cast.LENINSK, cast.MONITOR).open(address)
    monitor.follow("Вернуть на доработку").is_accessible()
    monitor.page.locator("main textarea").first.fill("Проект закрыт 30 мая: внесите его")
    monitor.page.locator("main form .form-foot button").first.click()
    coordinator.open(address).sees("Отчёт вернули на доработку").sees("Проект закрыт 30 мая").is_accessible()


def hand_in(coordinator: Visitor) -> None:
    """Hand the report to the head: an empty one in one press; where the data know of projects, with them."""
    page = coordinator.page
    handed = page.get_by_text("передан руководителю")
    refused = page.get_by_text("отчёт не нулевой")
    if page.get_by_role("button", name="Нулевой отчёт").count():
        coordinator.press("Нулевой отчёт")
        expect(refused.or_(handed).first).to_be_visible()
        if handed.count():
            return
        coordinator.press("Заполнить по данным")
    hand = page.get_by_role("button", name="Передать руководителю на согласование")
    doubts = page.get_by_text("Проверьте, прежде чем отправить")
    expect(hand.or_(doubts).first).to_be_visible()
    coordinator.is_accessible()
    if hand.count():
        hand.click()
    else:
        # What is not complete cannot be sent: taken out, the report is empty.
        remove = page.locator("main").get_by_role("button", name="Убрать", exact=True)
        while left := remove.count():
            remove.first.click()
            expect(remove).to_have_count(left - 1)
        coordinator.press("Нулевой отчёт")
    expect(handed.first).to_be_visible()
