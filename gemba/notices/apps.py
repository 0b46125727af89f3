from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "gemba.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up the bell and enter the regular work."""
        from gemba.jobs import schedule
        from gemba.notices import access, frame  # noqa: F401

        frame.register()
        # Often, because each municipality has its own clock; a turn with nothing to do costs a few statements.
        schedule.register("notices.remind", "gemba.notices.reminders.remind", every_minutes=60)
        schedule.register("notices.digests", "gemba.notices.digests.send", every_minutes=15)
        schedule.register("notices.clear_away", "gemba.notices.digests.clear_away", daily_at="04:40")
