"""Home, search and the calendar of deadlines."""

from tests.load.registry import DASHBOARD, LIST, SEARCH, Page, register

register(Page("workspace", "Главная сотрудника", DASHBOARD, lambda scene: "/", "employee"))
register(Page("workspace", "Главная руководителя", DASHBOARD, lambda scene: "/", "unit_head"))
register(Page("workspace", "Главная экономиста", DASHBOARD, lambda scene: "/", "monitor"))
register(Page("workspace", "Поиск по всему", SEARCH, lambda scene: "/search/?q=инструменты"))
register(Page("workspace", "Календарь сроков", LIST, lambda scene: "/deadlines/"))
