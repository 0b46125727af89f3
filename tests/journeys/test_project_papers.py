"""Papers of a project: the A3 and the stand are taken, a passport goes out in Word and comes back as a draft."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys import cast
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_papers_are_taken_and_a_passport_comes_back_out_of_word(visitor: Come) -> None:
    monitor = visitor().sign_in(cast.BELOVO, cast.MONITOR).open("/projects/?view=all")
    monitor.page.locator("main .cell-main a").first.click()
    monitor.follow("Документы", within=monitor.page.locator("main"), exact=True)
    monitor.heading("Документы проекта").is_accessible()
    for title in ("Отчёт А3 по проекту", "Набор для стенда"):
        card = monitor.page.locator(".card").filter(has=monitor.page.get_by_role("heading", name=title))
        taken = monitor.download(lambda card=card: monitor.follow("PDF", within=card))
        assert taken.read_bytes().startswith(b"%PDF"), title
    card = monitor.page.locator(".card").filter(
        has=monitor.page.get_by_role("heading", name="Паспорт проекта")
    )
    passport = monitor.download(lambda: monitor.follow("Word", within=card)).read_bytes()

    monitor.open("/projects/import/").is_accessible()
    monitor.page.locator("input[type=file]").set_input_files(
        {"name": "письмо.docx", "mimeType": DOCX, "buffer": passport[:2000]}
    )
    monitor.press("Проверить файл").sees("Файл повреждён")
    monitor.page.locator("input[type=file]").set_input_files(
        {"name": "паспорт.docx", "mimeType": DOCX, "buffer": passport}
    )
    monitor.press("Проверить файл")
    monitor.heading(re.compile("^Проверка: паспорт.docx")).sees("уже есть").is_accessible()
    monitor.write("Название проекта", "Перенесённый из Word").press("Загрузить черновиком")
    monitor.sees("Отменить можно, пока ничего из загруженного не меняли")
    monitor.follow("Перенесённый из Word").heading("Перенесённый из Word").sees("Черновик")
    monitor.page.go_back()
    monitor.press("Отменить загрузку")
    expect(monitor.page.locator("main")).to_contain_text("Загрузка отменена")
    monitor.open("/projects/?view=all&q=Перенесённый").sees("Прекращён")
    monitor.is_not_wider(390)
