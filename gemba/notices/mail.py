"""Letters, sent by the worker: one that cannot be sent now is tried again by the queue."""

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from gemba.notices.models import Notice
from gemba.notices.rules import IN_DIGEST, Letter, Line, digest, letter_about
from gemba.organisation.models import User

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_CONSOLE = "django.core.mail.backends.console.EmailBackend"


def send_notice(*, notice_id: int) -> None:
    """Send one notice at once, unless the person has read it meanwhile."""
    notice = Notice.objects.select_related("user__person").filter(pk=notice_id, read_at__isnull=True).first()
    if notice is not None:
        letter = letter_about(
            name=_called(notice.user), line=_line(notice), origin=origin(), settings_url=_settings_url()
        )
        _send(notice.user, letter)


def send_digest(*, user_id: int, notice_ids: list[int], day: str) -> None:
    """Send the digest of the day with those of its notices that are still unread."""
    user = User.objects.with_owner().filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    waiting = Notice.objects.filter(pk__in=notice_ids, user_id=user_id, read_at__isnull=True).order_by("pk")
    notices = list(waiting)
    if not notices:
        return
    letter = digest(
        name=_called(user),
        town=user.municipality.name if user.municipality else "Гемба",
        day=date.fromisoformat(day),
        lines=[_line(notice) for notice in notices[:IN_DIGEST]],
        count=len(notices),
        origin=origin(),
        settings_url=_settings_url(),
    )
    _send(user, letter)


def origin() -> str:
    """Return the address people open the product at, or nothing when the installation has not said it."""
    known: list[str] = settings.CSRF_TRUSTED_ORIGINS
    return known[0].rstrip("/") if known and "*" not in known[0] else ""


def _called(user: User) -> str:
    """Return how a letter addresses the person: by name and patronymic."""
    person = user.person
    if person is None:
        return user.name
    return " ".join(part for part in (person.given_name, person.patronymic) if part) or person.full_name


def _line(notice: Notice) -> Line:
    # The page marks the notice as read and leads on to the thing itself.
    url = reverse("notices:open", args=[notice.pk])
    return Line(notice.get_kind_display(), notice.title, notice.text, url)


def _settings_url() -> str:
    return reverse("notices:wishes")


def _send(user: User, letter: Letter) -> None:
    address = user.person.email if user.person else ""
    if not address:
        return
    EmailMessage(
        subject=letter.subject,
        body=letter.text,
        to=[address],
        # Tells vacation programs not to answer.
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        connection=_connection(),
    ).send()


def _connection() -> BaseEmailBackend | None:
    """Return where letters go: without a named mail server they stand in the log of the worker."""
    is_untold = settings.EMAIL_BACKEND == _SMTP and settings.EMAIL_HOST == "localhost"
    return get_connection(_CONSOLE) if is_untold else None
