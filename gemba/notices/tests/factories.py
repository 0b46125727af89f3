"""Make notices for tests, and the addresses the URL walk needs."""

from datetime import UTC, datetime
from typing import Any

from gemba.notices.actions import tell
from gemba.notices.models import Notice
from gemba.organisation.models import User
from gemba.organisation.roles import Role

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def a_notice(user: User, **fields: Any) -> Notice:
    """Tell the user something and return the notice."""
    fields = {"kind": "decision", "title": "Предложение № 17 принято", "url": "/account/", "at": AT, **fields}
    assert tell(users=[user], **fields) == 1
    return Notice.objects.filter(user=user).latest("pk")


def url_samples(cast: Any) -> dict[str, dict[str, Any]]:
    """Return keyword arguments for the addresses that name an object of the cast's first municipality."""
    notice = a_notice(cast.users[Role.MONITOR])
    return {
        "notices:open": {"pk": notice.pk},
        "notices:read": {"pk": notice.pk},
        "notices:unread": {"moment": "20261120T030000", "is_object": False},
    }
