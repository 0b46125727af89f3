from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "gemba.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, the words of the record, the module's own kinds, whose files they are, the tidying."""
        from gemba.documents import own
        from gemba.jobs import schedule

        own.register()
        schedule.register("documents.tidy", "gemba.documents.actions.files.tidy", daily_at="03:40")
