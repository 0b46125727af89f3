"""The addresses the URL walk needs."""

from datetime import UTC, datetime
from typing import Any

from gemba.notices.actions import renew_feed
from gemba.organisation.roles import Role


def url_samples(cast: Any) -> dict[str, dict[str, Any]]:
    """Return keyword arguments for the addresses that name an object of the cast's first municipality."""
    feed = renew_feed(actor=cast.actor(Role.MONITOR), at=datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    return {"workspace:feed": {"token": feed.token}}
