"""What the ground of a project is linked to: rows of the plan, assignments, proposals, projects, and what others enter.

A ground says «К чему привязано» in words; the words that name a record of the product become a link. A module above
enters its records from `apps.ready()`::

    objects.register(objects.Source("sheet", "Самооценка", find=found, named=named, url=url_of))
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from gemba.kernel.numbers import format_date
from gemba.organisation.access import Actor
from gemba.plan.access import visible_measures
from gemba.plan.models import Measure
from gemba.projects.access import visible_projects
from gemba.projects.models import Project
from gemba.projects.queries.register import by_words
from gemba.proposals.access import visible_proposals
from gemba.proposals.models import Proposal
from gemba.proposals.queries.lists import by_words as proposals_by_words
from gemba.regulations.pack.plan import PlanRow
from gemba.regulations.queries import pack_on

# How many of one kind are offered while a person types.
MOST = 5


@dataclass(frozen=True)
class Found:
    """A record a ground may be linked to, and how it is called in the passport."""

    key: str
    title: str


@dataclass(frozen=True)
class Source:
    """One kind of records: offered by words, recognised by its name, opened by its key."""

    code: str
    title: str
    find: Callable[[Actor, str], Iterable[Found]]
    named: Callable[[int, date, str], Found | None]
    url: Callable[[str], str]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Enter a kind of records.

    :raises ValueError: when another one has this code.
    """
    if _sources.get(source.code, source) != source:
        raise ValueError(f"the source {source.code!r} is already registered")
    _sources[source.code] = source


def offered(actor: Actor, words: str) -> list[str]:
    """Return names of records to choose from while a person types."""
    return [one.title for source in _sources.values() for one in list(source.find(actor, words))[:MOST]]


def recognise(municipality_id: int, day: date, text: str) -> tuple[str, str]:
    """Return the reference to the record a text names, and the name to be written; both empty when it names none."""
    for source in _sources.values():
        found = source.named(municipality_id, day, text.strip())
        if found is not None:
            return f"{source.code}:{found.key}", found.title
    return "", ""


def url_of(ref: str, *, proposal_id: int | None = None, project_id: int | None = None) -> str:
    """Return the address of a linked record; empty when nothing is linked."""
    ref = f"proposal:{proposal_id}" if proposal_id else f"project:{project_id}" if project_id else ref
    code, colon, key = ref.partition(":")
    source = _sources.get(code)
    return source.url(key) if source and colon else ""


# --- rows of the plan

_ROW = re.compile(
    r"^(?:показатель|строка плана|пункт плана)\s*№?\s*([0-9][0-9a-z.]*?)[.:,]?(?:\s|$)", re.IGNORECASE
)


def _rows(municipality_id: int, day: date) -> list[PlanRow]:
    pack = pack_on(municipality_id=municipality_id, day=day)
    return pack.plan_rows() if pack else []


def _row_title(row: PlanRow) -> str:
    return f"Показатель {row.number}: {row.title}"[:500]


def find_rows(actor: Actor, words: str) -> list[Found]:
    """Find rows of the plan in force by number or by a part of their words."""
    asked = words.casefold().removeprefix("показатель").strip()
    return [
        Found(row.code, _row_title(row))
        for row in _rows(actor.municipality_id or 0, actor.today)
        if row.number.startswith(asked) or asked in row.title.casefold()
    ]


def row_named(municipality_id: int, day: date, text: str) -> Found | None:
    """Recognise «Показатель 1.4 …»."""
    match = _ROW.match(text)
    rows = _rows(municipality_id, day) if match else []
    row = next((one for one in rows if match and match[1].lower() in (one.code, one.number)), None)
    if row is None:
        return None
    return Found(row.code, text if match and len(text) > match.end() else _row_title(row))


# --- assignments

_ASSIGNMENT = re.compile(r"^поручение\s*№\s*(\d{1,9})\b", re.IGNORECASE)


def _assignment_title(row: Measure) -> str:
    return f"Поручение № {row.pk} (до {format_date(row.due_on)}): {row.text}"[:500]


def find_assignments(actor: Actor, words: str) -> list[Found]:
    """Find assignments the actor sees by a part of their words."""
    if not actor.may("plan.read_measures"):
        return []
    asked = words.casefold().removeprefix("поручение").strip(" №")
    rows = visible_measures(actor).order_by("-pk")[:200]
    return [
        Found(str(row.pk), _assignment_title(row))
        for row in rows
        if asked in row.text.casefold() or str(row.pk) == asked
    ]


def assignment_named(municipality_id: int, day: date, text: str) -> Found | None:
    """Recognise «Поручение № 12 …» by its number and at least some of its words; other papers have numbers too."""
    match = _ASSIGNMENT.match(text)
    row = Measure.objects.filter(municipality_id=municipality_id, pk=int(match[1])).first() if match else None
    if row is None or _assignment_title(row).casefold() != text.casefold():
        return None
    return Found(str(row.pk), text)


# --- proposals and projects, by the number they are called by

_PROPOSAL = re.compile(
    r"^(?:(?:предложение|ппу)\s*№?\s*(\d{4})-(\d{1,7})\b.*|(\d{4})-(\d{1,7}))$", re.IGNORECASE | re.DOTALL
)
_PROJECT = re.compile(r"^(?:проект\s*№?\s*)?П-(\d{4})-(\d{1,7})\b.*$", re.IGNORECASE | re.DOTALL)


def _numbered(match: re.Match[str] | None) -> dict[str, int] | None:
    if match is None:
        return None
    year, number = (int(part) for part in match.groups() if part)
    return {"number_year": year, "number": number}


def _proposal(row: Proposal) -> Found:
    return Found(str(row.pk), f"Предложение {row.number_text}: {row.title}"[:500])


def _project(row: Project) -> Found:
    return Found(str(row.pk), f"Проект {row.number_text}: {row.title}"[:500])


def find_proposals(actor: Actor, words: str) -> list[Found]:
    """Find proposals the actor sees."""
    rows = proposals_by_words(visible_proposals(actor).exclude(number=None), words)
    return [_proposal(row) for row in rows.order_by("-pk")[:MOST]]


def proposal_named(municipality_id: int, day: date, text: str) -> Found | None:
    """Recognise «2026-0017» and «Предложение 2026-0017: …»."""
    where = _numbered(_PROPOSAL.match(text))
    row = Proposal.objects.filter(municipality_id=municipality_id, **where).first() if where else None
    return _proposal(row) if row else None


def find_projects(actor: Actor, words: str) -> list[Found]:
    """Find projects the actor sees."""
    rows = by_words(visible_projects(actor).exclude(number=None), words)
    return [_project(row) for row in rows.order_by("-pk")[:MOST]]


def project_named(municipality_id: int, day: date, text: str) -> Found | None:
    """Recognise «П-2026-0003» and «Проект П-2026-0003: …»."""
    where = _numbered(_PROJECT.match(text))
    row = Project.objects.filter(municipality_id=municipality_id, **where).first() if where else None
    return _project(row) if row else None


def _card(place: str) -> Callable[[str], str]:
    return lambda key: reverse(place, args=[key])


def register_all() -> None:
    """Enter what this module and those below keep."""
    register(Source("row", "Показатель плана", find_rows, row_named, _card("plan:row")))
    register(Source("assignment", "Поручение", find_assignments, assignment_named, _card("plan:measure")))
    register(Source("proposal", "Предложение", find_proposals, proposal_named, _card("proposals:card")))
    register(Source("project", "Проект", find_projects, project_named, _card("projects:card")))
