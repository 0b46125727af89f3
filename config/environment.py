"""Strict readers of environment variables: a nonsense value stops the start and says how to mend it."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "yes", "true", "on", "да"}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
NO = {"0", "no", "false", "off", "нет", ""}


def text(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is not set."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """Read a switch.

    :raises ImproperlyConfigured: when the value is neither yes nor no.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in YES:
        return True
    if value.strip().lower() in NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: ожидается 1 или 0.")


def whole_number(name: str, default: int, least: int = 0) -> int:
    """Read a whole number not below `least`.

    :raises ImproperlyConfigured: when it is not a number or too small.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: ожидается целое число.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name}={number}: не меньше {least}.")
    return number


def words(name: str, default: list[str]) -> list[str]:
    """Read a comma-separated list."""
    value = os.environ.get(name)
    return default if value is None else [part.strip() for part in value.split(",") if part.strip()]


def database(name: str, embedded_path: str) -> dict[str, object]:
    """Read a database address; without one, the embedded SQLite file.

    :raises ImproperlyConfigured: when the address is not `postgresql://…` or `sqlite:///…`.
    """
    url = os.environ.get(name, "")
    if not url:
        return _sqlite(embedded_path)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts.path[1:] if parts.path.startswith("//") else parts.path)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name}: ожидается postgresql://пользователь:пароль@сервер/база или sqlite:///файл."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def mail(name: str, *, is_open: bool = True) -> dict[str, object]:
    """Read the address of a mail server as Django's settings; without one no letter leaves.

    :raises ImproperlyConfigured: when the address is not `smtp://…`, `smtp+tls://…` or `smtps://…`.
    """
    backends = "django.core.mail.backends."
    url = os.environ.get(name, "")
    if not url or not is_open:
        return {"EMAIL_BACKEND": backends + "dummy.EmailBackend"}
    wrong = ImproperlyConfigured(
        f"{name}: ожидается smtp://пользователь:пароль@сервер:порт (или smtp+tls, smtps)."
    )
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise wrong
    return {
        "EMAIL_BACKEND": backends + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def _sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A writer takes the lock at BEGIN and waits for it: readers never fail, writers queue.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456"
            ),
        },
    }
