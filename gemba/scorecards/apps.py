from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "gemba.scorecards"
    label = "scorecards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Install the findings of the linter; enter menu, home page and words of the record."""
        from gemba.scorecards import access, findings, places  # noqa: F401

        findings.install()
        places.register()
