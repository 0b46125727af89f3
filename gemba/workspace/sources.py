"""Where the search looks in the modules below: organisations, people, bodies, clauses, terms of the glossary."""

from urllib.parse import urlencode

from django.urls import reverse

from gemba.documents.queries import found_documents
from gemba.kernel.numbers import format_date
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor, may, visible_bodies, visible_organisations, visible_people
from gemba.organisation.models import Position
from gemba.organisation.models.dated import holds_on
from gemba.regulations.models import Edition
from gemba.regulations.queries import clause_title, clause_url, edition_to_show, found_clauses, pack_of
from gemba.search.queries import matching
from gemba.workspace import menu, search
from gemba.workspace.home import object_address
from gemba.workspace.search import Hit, Source

# Words around the place where a clause was found.
EXCERPT = 180


def register() -> None:
    """Enter the sources."""
    for source in (
        Source("pages", "Страницы", pages, icon="layout-dashboard", order=0),
        Source("people", "Сотрудники", people, icon="user", order=10, more=_more("organisation:people")),
        Source(
            "organisations", "Организации", organisations, icon="building-community", order=20,
            more=_more("organisation:organisations"),
        ),
        Source("bodies", "Органы", bodies, icon="users-group", order=30),
        Source("documents", "Документы", documents, icon="file-text", order=35, more=_more("documents:list")),
        Source("clauses", "Положение", clauses, icon="gavel", order=40),
        Source("glossary", "Глоссарий", glossary, icon="book", order=45),
    ):  # fmt: skip
        search.register(source)


def pages(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find pages of the menu by the words of their titles."""
    asked = normalise(words).split()
    found = []
    for item in menu.items():
        title = normalise(item.title).split()
        url = menu.address(item.url_name)
        if (
            url
            and item.visible(actor)
            and all(any(word.startswith(part) for word in title) for part in asked)
        ):
            found.append(Hit(item.title, "раздел", url))
    return found[:limit]


def people(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find people the actor may see, with what they do today."""
    if not may(actor, "organisation.read_people"):
        return []
    found = list(matching(visible_people(actor), words).order_by("name_key", "pk")[:limit])
    if not found:
        return []
    held: dict[int, str] = {}
    positions = Position.objects.filter(holds_on(actor.today), person_id__in=[person.pk for person in found])
    for person_id, title, place in positions.order_by("-is_head", "pk").values_list(
        "person_id", "title", "organisation__short_name"
    ):
        held.setdefault(person_id, f"{title}, {place}")
    return [
        Hit(person.full_name, held.get(person.pk, "сейчас без должности"), url)
        for person in found
        if (url := object_address("organisation:person", person.pk))
    ]


def organisations(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find organisations by name, code and ИНН; those that exist today first."""
    if not may(actor, "organisation.read"):
        return []
    found = list(matching(visible_organisations(actor), words).order_by("name_key", "pk")[: limit * 2])
    found.sort(key=lambda row: row.ends_on is not None and row.ends_on < actor.today)
    return [
        Hit(
            row.name,
            row.get_kind_display()
            + (f", закрыта {row.ends_on:%d.%m.%Y}" if row.ends_on and row.ends_on < actor.today else ""),
            url,
        )
        for row in found[:limit]
        if (url := object_address("organisation:organisation", row.pk))
    ]


def bodies(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find bodies by the words of their names; there are few of them, so the names are read."""
    if not may(actor, "organisation.read"):
        return []
    asked = normalise(words).split()
    found = []
    for body in visible_bodies(actor).order_by("name_key", "pk")[:200]:
        stems = normalise(body.name).split()
        if all(any(stem.startswith(part) for stem in stems) for part in asked):
            url = object_address("organisation:body", body.pk)
            if url:
                found.append(Hit(body.name, body.get_kind_display(), url))
    return found[:limit]


def documents(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find issued documents by number and title, the newest first."""
    if not may(actor, "documents.read"):
        return []
    found = found_documents(actor=actor, words=words).order_by("-dated_on", "-pk")[:limit]
    return [
        Hit(row.title, f"№ {row.number} от {format_date(row.dated_on)}", url)
        for row in found
        if (url := object_address("documents:document", row.pk))
    ]


def clauses(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find clauses of the regulation in force, with the words around the place."""
    edition = _edition(actor)
    if edition is None:
        return []
    return [
        Hit(
            clause_title(edition, clause.ref),
            excerpt(f"{clause.title} {clause.text}".strip(), words),
            clause_url(edition, clause.ref),
        )
        for clause in found_clauses(edition=edition, text=words, limit=limit)
    ]


def glossary(actor: Actor, words: str, limit: int) -> list[Hit]:
    """Find terms by the words of their names."""
    edition = _edition(actor)
    if edition is None:
        return []
    asked = normalise(words).split()
    url = reverse("regulations:glossary", args=[edition.code])
    found = []
    for term in pack_of(edition).glossary:
        stems = normalise(term.term).split()
        if all(any(stem.startswith(part) for stem in stems) for part in asked):
            ref = term.clause[0] if term.clause else ""
            found.append(Hit(term.term, term.definition, clause_url(edition, ref) if ref else url))
    return found[:limit]


def _edition(actor: Actor) -> Edition | None:
    if not actor.municipality_id or not may(actor, "regulations.read"):
        return None
    # People, clauses and terms are asked one after another: the edition is found once for them all.
    known: dict[str, Edition | None] = actor.__dict__.setdefault("_workspace_edition", {})
    if "edition" not in known:
        known["edition"] = edition_to_show(municipality_id=actor.municipality_id, day=actor.today)
    return known["edition"]


def excerpt(text: str, words: str, longest: int = EXCERPT) -> str:
    """Return the part of the text around the first word that was asked for, cut at words."""
    if len(text) <= longest:
        return text
    stems = set(normalise(words).split())
    place = 0
    for part in text.split():
        if any(stem.startswith(tuple(stems)) for stem in normalise(part).split()):
            place = text.index(part)
            break
    start = max(0, place - longest // 3)
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + longest]
    if start + longest < len(text):
        piece = piece.rsplit(" ", 1)[0] + " …"
    return f"… {piece}" if start else piece


def _more(url_name: str) -> "search.More":
    def address(words: str) -> str:
        url = menu.address(url_name)
        return f"{url}?{urlencode({'q': words})}" if url else ""

    return address
