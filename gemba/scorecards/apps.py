from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "gemba.scorecards"
    label = "scorecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.scorecards import findings

        findings.install()
