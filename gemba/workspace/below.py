"""The pages of the modules below this one, which cannot enter themselves into the menu."""

from gemba.organisation.access import can
from gemba.workspace import menu
from gemba.workspace.menu import MenuItem


def register() -> None:
    """Enter the pages of workspace, notices, documents, regulations, organisation and audit."""
    for item in (
        MenuItem("home", "Главная", "home", "workspace:home", "home", 0),
        MenuItem("notices", "Уведомления", "bell", "notices:list", "home", 10, covers=("notices:",)),
        MenuItem(
            "calendar", "Календарь сроков", "calendar-due", "workspace:calendar", "rules", 10,
            can("workspace.calendar"), covers=("workspace:subscription", "workspace:export"),
        ),
        MenuItem(
            "regulation", "Положение", "book-2", "regulations:current", "rules", 20,
            can("regulations.read"), covers=("regulations:",),
        ),
        MenuItem(
            "documents", "Документы", "file-text", "documents:list", "reports", 60, can("documents.read"),
            covers=("documents:",),
        ),
        MenuItem(
            "organisations", "Организации", "building-community", "organisation:organisations", "town", 10,
            can("organisation.read"),
        ),
        MenuItem("people", "Сотрудники", "users", "organisation:people", "town", 20, can("organisation.read_people")),
        MenuItem("bodies", "Органы", "users-group", "organisation:bodies", "town", 30, can("organisation.read")),
        MenuItem(
            "region", "Округа региона", "map-pin", "organisation:region", "town", 40,
            can("organisation.read_region"),
        ),
        MenuItem(
            "rights", "Кто что может", "shield-check", "organisation:rights", "upkeep", 10,
            can("organisation.read_rights"),
        ),
        MenuItem("users", "Учётные записи", "key", "organisation:users", "upkeep", 20, can("organisation.edit_users")),
        MenuItem(
            "municipality", "Сведения об округе", "settings", "organisation:municipality", "upkeep", 30,
            can("organisation.edit_municipality"),
        ),
        MenuItem("acts", "Журнал действий", "history", "audit:acts", "upkeep", 40, can("audit.read")),
    ):  # fmt: skip
        menu.register(item)
