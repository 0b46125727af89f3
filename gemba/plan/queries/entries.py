"""Pages of the journal."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from gemba.plan.models import JournalEntry, JournalPart

PAGE = 50
PROJECTS_OFFERED = 500


@dataclass(frozen=True)
class EntryPage:
    """One page of the journal and the row after which the next begins."""

    rows: list[JournalEntry]
    after: int | None = None


def entry_page(*, found: QuerySet[JournalEntry], after: int | None = None) -> EntryPage:
    """Cut a page, newest first, after the entry with this number."""
    if after:
        edge = found.model._default_manager.filter(pk=after).values_list("on", flat=True).first()
        if edge is not None:
            found = found.filter(Q(on__lt=edge) | Q(on=edge, pk__lt=after))
    shown = found.select_related("organisation").prefetch_related(
        Prefetch("parts", JournalPart.objects.order_by("person_name", "pk"))
    )
    rows = list(shown.order_by("-on", "-pk")[: PAGE + 1])
    return EntryPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def projects_to_replicate(*, entries: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Return the closed projects that a replication may name, newest first."""
    found = entries.filter(kind="project", is_cancelled=False).order_by("-on", "-pk")
    return found[:PROJECTS_OFFERED]
