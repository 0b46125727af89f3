"""Settings refuse nonsense in one Russian line, and a strict installation passes Django's own examination."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment
from tests.architecture.sources import BASE


def load(var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in another process and print a few."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GEMBA_", "DATABASE_", "DJANGO_"))
    }
    code = (
        "from gemba.cli.main import start_django; start_django(); from django.conf import settings as s;"
        "print(s.SECRET_KEY, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.DATABASES['default']['ENGINE'])"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE, env={**kept, "GEMBA_VAR": str(var), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"GEMBA_DEBUG": "maybe"}, "GEMBA_DEBUG='maybe': ожидается 1 или 0"),
        ({"GEMBA_SECRET_KEY": "short"}, "не короче 32"),
        ({"GEMBA_SESSION_HOURS": "0"}, "GEMBA_SESSION_HOURS=0: не меньше 1"),
        ({"GEMBA_SESSION_HOURS": "восемь"}, "ожидается целое число"),
        ({"DATABASE_URL": "mysql://x/y"}, "ожидается postgresql://"),
        ({"GEMBA_MAIL_URL": "mail.example:25"}, "GEMBA_MAIL_URL: ожидается smtp://"),
        ({"GEMBA_MAIL_URL": "smtp://mail.example:почта"}, "GEMBA_MAIL_URL: ожидается smtp://"),
        ({"GEMBA_DEMO": "1", "GEMBA_HOSTS": "gemba.example"}, "GEMBA_DEMO_BEYOND_LOOPBACK=1"),
    ],
)
def test_nonsense_stops_the_start_and_says_how_to_mend_it(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    done = load(tmp_path, **environment)
    assert done.returncode == 1
    assert done.stderr.startswith("Настройка: ") and words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout and len(first.stdout.split()[0]) > 60
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_https_closes_cookies_and_is_remembered(tmp_path: Path) -> None:
    done = load(tmp_path, GEMBA_HTTPS="1", DATABASE_URL="postgresql://u:p@h/b")
    assert done.stdout.split()[1:] == ["True", "31536000", "django.db.backends.postgresql"]


def test_every_variable_is_explained_to_the_administrator() -> None:
    text = (BASE / "docs" / "operate.md").read_text()
    settings = (BASE / "config" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    assert len(read) > 10
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == read


def test_letters_leave_only_where_a_server_is_named_and_never_from_a_demonstration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert str(environment.mail("GEMBA_MAIL_URL")["EMAIL_BACKEND"]).endswith("dummy.EmailBackend")
    monkeypatch.setenv("GEMBA_MAIL_URL", "smtp+tls://post:a%40b@mail.example")
    read = environment.mail("GEMBA_MAIL_URL")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_HOST_PASSWORD"]) == (
        "mail.example",
        587,
        "a@b",
    )
    assert read["EMAIL_USE_TLS"] is True and read["EMAIL_USE_SSL"] is False
    assert str(environment.mail("GEMBA_MAIL_URL", is_open=False)["EMAIL_BACKEND"]).endswith(
        "dummy.EmailBackend"
    )
