from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "gemba.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter this module's own regular work."""
        from gemba.jobs import schedule

        schedule.register("jobs.clear_away", "gemba.jobs.actions.clear_away", daily_at="04:10")
