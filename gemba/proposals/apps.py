from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "gemba.proposals"
    label = "proposals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, metrics, words of the record, menu, panels, search and regular work."""
        from gemba.proposals import access, head, metrics, places  # noqa: F401

        metrics.register_all()
        head.register_all()
        places.register()
