"""Sums of a year are kept until somebody does something: the record of acts tells when they are old.

Every change of data is an act with an entry in the record, so the last entry of a municipality is the stamp of all its
numbers. An entry may be committed after one with a greater number: therefore nothing is kept longer than a minute.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from django.db.models import QuerySet

from gemba.audit.models import ActRecord
from gemba.statements import written

V = TypeVar("V")
MOST = 200
_kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
_lock = Lock()


def kept(
    *,
    key: tuple[Hashable, ...],
    municipality_id: int,
    at: datetime,
    make: Callable[[], V],
    last: int | None = None,
) -> V:
    """Return what `make` gives, from memory when nothing has been done in the municipality since.

    `last` is the last act, when the caller has asked for it already.
    """
    if last is None:
        rows = last_act(municipality_id=municipality_id)
        last = rows[0][0] if rows else 0
    stamp = (last, at.replace(second=0, microsecond=0))
    full = (municipality_id, *key)
    with _lock:
        found = _kept.get(full)
        if found is not None and found[0] == stamp:
            _kept.move_to_end(full)
            value: V = found[1]
            return value
    value = make()
    with _lock:
        _kept[full] = (stamp, value)
        _kept.move_to_end(full)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return value


def forget() -> None:
    """Keep nothing any more."""
    with _lock:
        _kept.clear()


@written
def last_act(*, municipality_id: int) -> "QuerySet[ActRecord, tuple[int]]":
    """Build the number of the last act of a municipality."""
    return ActRecord.objects.filter(municipality_id=municipality_id).order_by("-id").values_list("id")[:1]
