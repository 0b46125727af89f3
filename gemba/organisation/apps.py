from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "gemba.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the acts of this module, fill its part of the frame, name its acts for the record."""
        from gemba.organisation import access, frame, words_of_acts  # noqa: F401

        frame.register()
        words_of_acts.register()
