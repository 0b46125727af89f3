"""Sessions kept in the database (docs/decisions/0005-sessions.md), read by a statement written once a process."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from gemba.statements import written


class SessionStore(DatabaseSessions):
    """Django's sessions in the database; every request reads one."""

    def _get_session_from_db(self) -> Session | None:
        kept = _alive(key=self.session_key or "", now=timezone.now())
        if not kept:
            self._session_key = None
            return None
        return kept[0]


@written
def _alive(*, key: str, now: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(session_key=key, expire_date__gt=now)
