"""Settings of the tests: those of the product, with a fast password hasher and nothing written beside the data."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("GEMBA_VAR", tempfile.mkdtemp(prefix="gemba-tests-"))
for name in (
    "GEMBA_DEMO",
    "GEMBA_DEMO_BEYOND_LOOPBACK",
    "GEMBA_HTTPS",
    "GEMBA_HOSTS",
    "GEMBA_DEBUG",
    "GEMBA_BEHIND_PROXY",
):
    os.environ.pop(name, None)

from config.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, not memory: threads of the live server and worker processes of tests share it, as in real life.
    DATABASES["default"]["TEST"] = {"NAME": os.environ["GEMBA_VAR"] + "/test.sqlite3"}  # noqa: F405
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    options["init_command"] = options["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = Path(os.environ["GEMBA_VAR"]) / "files"
