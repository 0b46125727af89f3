from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "gemba.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the acts of this module before the first question about them."""
        from gemba.organisation import access  # noqa: F401
