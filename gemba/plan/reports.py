"""Where the rows of the 12-column report come from: modules register sources, a new report is filled from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gemba.kernel.periods import Quarter
from gemba.plan.reporting import project_key


@dataclass(frozen=True)
class ReportLine:
    """One project as a source knows it: cells by the codes of the columns, empty ones left out."""

    project: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RowSource:
    """A source of rows for one participant: (municipality, organisation, quarter) → its projects."""

    code: str
    rows: Callable[[int, int, Quarter], list[ReportLine]]


_sources: dict[str, RowSource] = {}


def register_rows(source: RowSource) -> None:
    """Enter a source of rows.

    :raises ValueError: when another source has this code.
    """
    if _sources.setdefault(source.code, source).rows != source.rows:
        raise ValueError(f"the report already has a source {source.code!r}")


def unapproved(municipality_id: int, organisation_id: int, quarter: Quarter) -> frozenset[str]:
    """Return the keys of the projects that a source keeps and knows to have no approved passport."""
    lines = prefilled(municipality_id, organisation_id, quarter)
    return frozenset(project_key(line.project) for line in lines if not line.cells.get("passport_link"))


def prefilled(municipality_id: int, organisation_id: int, quarter: Quarter) -> list[ReportLine]:
    """Return the projects of a participant from all sources."""
    return [
        line
        for code in sorted(_sources)
        for line in _sources[code].rows(municipality_id, organisation_id, quarter)
    ]
