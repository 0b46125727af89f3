from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "gemba.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the acts of this module and fill its part of the frame."""
        from gemba.organisation import access, frame  # noqa: F401

        frame.register()
