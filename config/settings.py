"""All settings in one file; every environment variable is read strictly (see docs/operate.md)."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment as env

BASE = Path(__file__).resolve().parent.parent
VAR = Path(env.text("GEMBA_VAR", str(BASE / "var"))).resolve()
REGULATIONS = Path(env.text("GEMBA_REGULATIONS", str(BASE / "regulations"))).resolve()

DEBUG = env.flag("GEMBA_DEBUG")
# Demonstration: one-click sign-in with invented people. Listening beyond the loopback needs the second switch.
DEMO = env.flag("GEMBA_DEMO")
DEMO_BEYOND_LOOPBACK = env.flag("GEMBA_DEMO_BEYOND_LOOPBACK")
HTTPS = env.flag("GEMBA_HTTPS")
BEHIND_PROXY = env.flag("GEMBA_BEHIND_PROXY")


def _secret_key() -> str:
    """Take the key from the environment, or keep one made at the first start beside the data."""
    given = env.text("GEMBA_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("GEMBA_SECRET_KEY: не короче 32 знаков.")
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        # Written aside and linked: of several processes that start at once all read one whole key.
        made = VAR / f"secret-key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(64))
        try:
            os.link(made, kept)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text().strip()


VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
SECRET_KEY = _secret_key()

LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# The machine itself may always ask: its name is nobody's forgery, and health checks use it.
ALLOWED_HOSTS = [*env.words("GEMBA_HOSTS", []), *LOOPBACK_HOSTS]
CSRF_TRUSTED_ORIGINS = env.words("GEMBA_ORIGINS", [])
if DEMO and not DEMO_BEYOND_LOOPBACK and not set(ALLOWED_HOSTS) <= set(LOOPBACK_HOSTS):
    raise ImproperlyConfigured(
        "GEMBA_DEMO=1 вместе с GEMBA_HOSTS: в демонстрации входят без пароля, поэтому она открыта только этому"
        " компьютеру. Уберите GEMBA_HOSTS или задайте ещё и GEMBA_DEMO_BEYOND_LOOPBACK=1."
    )

INSTALLED_APPS = [
    "gemba.demo",
    "gemba.self_assessment",
    "gemba.projects",
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
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    *(["config.middleware.forwarded"] if BEHIND_PROXY else []),
    "config.middleware.loopback_demo",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.permissions_policy",
    "config.middleware.compressed",
    "config.middleware.upload_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.sliding_session",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gemba.organisation.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # The last one, as axes asks: it turns a locked-out sign-in into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "gemba.ui.engine.Templates",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "gemba.ui.engine.environment"},
    },
]

DATABASES = {"default": env.database("DATABASE_URL", str(VAR / "gemba.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- People who sign in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "gemba.organisation.authentication.LoginBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATORS + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATORS + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATORS + "CommonPasswordValidator"},
    {"NAME": _VALIDATORS + "NumericPasswordValidator"},
]
LOGIN_URL = "organisation:sign_in"
LOGIN_REDIRECT_URL = "/"

# Lock-out by name and address together: one colleague's mistakes never lock a whole office behind one address.
# Axes would look for `login`, the name of our column; a sign-in is asked about by `username`, as Django does it.
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = env.whole_number("GEMBA_SIGN_IN_FAILURES", 5, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=env.whole_number("GEMBA_SIGN_IN_LOCK_MINUTES", 15, least=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "gemba.organisation.views.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# A session ends after so many idle hours; it is prolonged at most once in ten minutes (config.middleware), because
# a write for every request would make every reader a writer.
SESSION_COOKIE_AGE = env.whole_number("GEMBA_SESSION_HOURS", 8, least=1) * 3600
SESSION_ENGINE = "gemba.organisation.sessions"
SESSION_COOKIE_NAME = "gemba_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_PROLONG_SECONDS = 600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gemba.ui.views.csrf_failure"

# --- What a browser may do -------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.whole_number("GEMBA_HSTS_SECONDS", 31_536_000) if HTTPS else 0
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^ui/health/$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Neighbours in the municipality's domain and the browsers' preload list are not ours to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the stylesheet draws check marks and arrows from data: addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- What may be sent ------------------------------------------------------------------------------

# One file past the first limit is cut off and named at its field, with the rest of the form kept; a request past the
# second is refused before a byte of it is stored.
UPLOAD_FILE_BYTES = env.whole_number("GEMBA_UPLOAD_MEGABYTES", 32, least=1) * 1024 * 1024
UPLOAD_BYTES = 3 * UPLOAD_FILE_BYTES
FILE_UPLOAD_HANDLERS = [
    "gemba.ui.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Letters --------------------------------------------------------------------------------------

# People of a demonstration are invented: nobody's address may get a letter.
globals().update(env.mail("GEMBA_MAIL_URL", is_open=not DEMO))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("GEMBA_MAIL_FROM", "gemba@localhost")

# --- Language, files, log --------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]
TIME_ZONE = env.text("GEMBA_TIME_ZONE", "Asia/Novokuznetsk")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# Documents and attached files may lie in an object storage instead of the folder.
if env.text("GEMBA_S3_ENDPOINT"):
    STORAGES["documents"] = {
        "BACKEND": "gemba.documents.s3.S3Storage",
        "OPTIONS": {
            "endpoint": env.text("GEMBA_S3_ENDPOINT"),
            "bucket": env.text("GEMBA_S3_BUCKET"),
            "region": env.text("GEMBA_S3_REGION", "us-east-1"),
            "key": env.text("GEMBA_S3_KEY"),
            "secret": env.text("GEMBA_S3_SECRET"),
            "prefix": env.text("GEMBA_S3_PREFIX"),
        },
    }
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env.text("GEMBA_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Scanners with a foreign Host header would fill the log; they already get a 400.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "axes": {"level": "WARNING"},
        # Two lines for every piece of background work say nothing; failures are logged by gemba.jobs.
        "django_tasks": {"level": "WARNING"},
    },
}
