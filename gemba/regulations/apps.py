from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    name = "gemba.regulations"
    label = "regulations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the edition in force, the glossary and the calendar into the frame."""
        from gemba.regulations import access, frame, usage  # noqa: F401

        frame.register()
        usage.register("glossary", "Подсказки на всех страницах")
        usage.register("conventions", "Календарь сроков", "workspace:calendar")
        usage.register("deadlines", "Календарь сроков", "workspace:calendar")
