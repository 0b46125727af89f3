"""Whose form it is: a signed mark in every form of a signed-in person.

When a form arrives after its session ended, the mark proves that it was given to a real person and to whom, so what
was typed may be kept and shown again to that person and to nobody else.
"""

from django.core import signing
from django.http import HttpRequest

FIELD = "_owner"
_SALT = "gemba.ui.owner"
# A form older than this is not worth restoring, and its mark not worth trusting.
MAX_AGE_SECONDS = 7 * 24 * 3600


def mark(request: HttpRequest) -> str:
    """Sign the number of the signed-in person; empty for a stranger."""
    kept = getattr(request, "_ui_owner", None)
    if kept is None:
        number = number_of(request)
        kept = "" if number is None else signing.TimestampSigner(salt=_SALT).sign(str(number))
        request._ui_owner = kept  # type: ignore[attr-defined]
    return str(kept)


def number_of(request: HttpRequest) -> int | None:
    """Give the number of the signed-in person."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_signed_in:
        return None
    number = getattr(actor, "user_id", None)
    return None if number is None else int(number)


def read(text: str) -> int | None:
    """Read a mark back; None when it is forged or too old."""
    try:
        return int(signing.TimestampSigner(salt=_SALT).unsign(text, max_age=MAX_AGE_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
