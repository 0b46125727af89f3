from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "gemba.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the word indexes after every migration."""
        from gemba.search.indexes import after_migrate

        post_migrate.connect(after_migrate, dispatch_uid="gemba.search.indexes")
