"""The only door through which the record of acts grows."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import models, transaction

from gemba.audit.models import ActRecord


class ActsOutsideTransaction(RuntimeError):
    """An act must be recorded in the same transaction that changes the data."""


class WhoActs(Protocol):
    """What the record needs to know of an actor."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...


def record(
    *,
    act: str,
    actor: WhoActs,
    subject: models.Model | None,
    title: str,
    municipality_id: int | None,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> ActRecord:
    """Write one act inside the caller's transaction, keeping of `before` and `after` what differs.

    :raises ActsOutsideTransaction: when the caller has opened no transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise ActsOutsideTransaction(f"{act}: open a transaction around the change and its record.")
    was, became = changed(dict(before or {}), dict(after or {}))
    return ActRecord.objects.create(
        municipality_id=municipality_id,
        act=act,
        actor_user_id=actor.user_id,
        actor_name=actor.name[:200],
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        title=title[:500],
        before=was,
        after=became,
        reason=reason,
        at=at,
        ip=getattr(actor, "ip", None),
    )


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep the fields whose values differ, in a form that JSON can hold."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: _plain(before[name]) for name in names if name in before},
        {name: _plain(after[name]) for name in names if name in after},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
