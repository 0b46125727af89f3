from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "gemba.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
