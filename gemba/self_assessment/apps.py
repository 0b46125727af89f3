from django.apps import AppConfig


class SelfAssessmentConfig(AppConfig):
    name = "gemba.self_assessment"
    label = "self_assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, menu, panels, words of the record and the yearly reminders."""
        from gemba.self_assessment import access, grounds, places  # noqa: F401

        places.register()
        grounds.register()
