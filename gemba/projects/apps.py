"""Projects: passport, stages, effect, portfolio."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "gemba.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, gates, metrics, rows of the report, menu, panels, search and regular work."""
        from gemba.projects import (  # noqa: F401
            access,
            checks,
            head,
            metrics,
            objects,
            papers,
            places,
            report,
            significance,
        )

        checks.register_all()
        head.register_all()
        metrics.register_all()
        objects.register_all()
        report.register()
        papers.register_all()
        places.register()
        significance.register()
