from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "gemba.workspace"
    label = "workspace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the frame, and enter the pages of the modules below into the menu, the home page and the search."""
        from gemba.notices import reminders
        from gemba.workspace import access, below, frame, home, sources  # noqa: F401

        frame.register()
        below.register()
        home.register()
        sources.register()
        reminders.lead_to(home.address_of_term)
