"""The plan of measures: targets as written, metrics registered by modules, facts that open into records."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "gemba.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, the journal's indicators, the menu, words of the record, where rules act, regular work."""
        from gemba.jobs import schedule
        from gemba.notices.reminders import narrow
        from gemba.plan import access, entering, indicators  # noqa: F401
        from gemba.plan.reminders import who_owes

        indicators.register_all()
        entering.register()
        narrow(who_owes)
        schedule.register("plan.remind", "gemba.plan.reminders.remind", every_minutes=60)
