"""Whom sheets are about: modules register their objects, so that a project can be scored without being known here.

From `apps.ready()` of a module::

    subjects.register("project", Project, visible_projects, lambda project: [project.leader_id], hints)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from gemba.organisation.access import Actor
from gemba.regulations.pack.procedures import Procedure
from gemba.scorecards.entering import Hint

Visible = Callable[[Actor], QuerySet[Any]]
LeaderOf = Callable[[Any], Iterable[int | None]]
Hints = Callable[[Any, Procedure], Iterable[Hint]]


def _no_hints(subject: Any, procedure: Procedure) -> Iterable[Hint]:
    return ()


def _no_address(subject: Any) -> str:
    return ""


@dataclass(frozen=True)
class SubjectKind:
    """A kind of objects that can be scored."""

    code: str
    model: type[Model]
    visible: Visible
    """What of it an actor sees."""
    leader_of: LeaderOf
    """The people who lead the object: none of them assesses it."""
    hints: Hints = _no_hints
    """(object, procedure) → what records of the product show."""
    title: str = ""
    url: Callable[[Any], str] = _no_address


_kinds: dict[str, SubjectKind] = {}


def register(
    kind: str,
    model: type[Model],
    visible: Visible,
    leader_of: LeaderOf,
    hints: Hints = _no_hints,
    *,
    title: str = "",
    url: Callable[[Any], str] = _no_address,
) -> None:
    """Let objects of a model be scored; `kind` is a subject of procedures: project, organisation, workplace…

    :raises ValueError: when another model has this kind.
    """
    known = _kinds.setdefault(kind, SubjectKind(kind, model, visible, leader_of, hints, title or kind, url))
    if known.model is not model:
        raise ValueError(f"the kind {kind!r} belongs to {known.model.__name__}")


def find(kind: str) -> SubjectKind | None:
    """Return the registered kind, or None: such subjects are named by hand."""
    return _kinds.get(kind)
