"""All settings in one file; every environment variable is read strictly (see docs/operate.md)."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import environment as env

BASE = Path(__file__).resolve().parent.parent
VAR = Path(env.text("GEMBA_VAR", str(BASE / "var")))
REGULATIONS = BASE / "regulations"

DEBUG = env.flag("GEMBA_DEBUG")
# Demonstration: one-click sign-in with invented people. Listening beyond the loopback needs the second switch.
DEMO = env.flag("GEMBA_DEMO")
DEMO_BEYOND_LOOPBACK = env.flag("GEMBA_DEMO_BEYOND_LOOPBACK")


def _secret_key() -> str:
    """Take the key from the environment, or keep one made at the first start beside the data."""
    given = env.text("GEMBA_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("GEMBA_SECRET_KEY: не короче 32 знаков.")
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.words("GEMBA_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.words("GEMBA_ORIGINS", [])

INSTALLED_APPS = [
    "gemba.demo",
    "gemba.proposals",
    "gemba.scorecards",
    "gemba.plan",
    "gemba.workspace",
    "gemba.documents",
    "gemba.notices",
    "gemba.regulations",
    "gemba.organisation",
    "gemba.audit",
    "gemba.jobs",
    "gemba.ui",
    "gemba.search",
    "django_tasks_db",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {"BACKEND": "gemba.ui.engine.Templates", "APP_DIRS": True, "OPTIONS": {"environment": "gemba.ui.engine.environment"}},
]

DATABASES = {"default": env.database("DATABASE_URL", str(VAR / "gemba.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "ru"
TIME_ZONE = env.text("GEMBA_TIME_ZONE", "Asia/Novokuznetsk")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

