"""The regulation on the screen: texts, rules, clauses, findings, editions, glossary, calendar of working days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from gemba.kernel.problems import Refusal
from gemba.organisation.access import can, may
from gemba.regulations import actions, reading, usage
from gemba.regulations.access import visible_editions
from gemba.regulations.comparing import differences
from gemba.regulations.forms import CalendarDayForm, EditionFileForm
from gemba.regulations.frame import explain, of_request
from gemba.regulations.models import DayKind, Edition
from gemba.regulations.pack import PackError, load_pack
from gemba.regulations.pack.lint import lint
from gemba.regulations.queries import (
    addresses_of,
    calendar_days,
    clause_title,
    clause_url,
    edition_on,
    findings_of,
    found_clauses,
    pack_of,
)
from gemba.ui.guards import guard
from gemba.ui.pages import disposition, go_to, page

READ = guard(can("regulations.read"), "Чтение положения")
LOAD = guard(can("regulations.load"), "Загрузка редакции положения")
EDIT_CALENDAR = guard(can("regulations.edit_calendar"), "Ведение производственного календаря")


def _fetch(request: HttpRequest, code: str) -> Edition:
    return get_object_or_404(visible_editions(request.actor), code=code)  # type: ignore[attr-defined]


def _context(request: HttpRequest, edition: Edition, section: str, **more: Any) -> dict[str, Any]:
    """Gather what every page of an edition shows: the edition, its parts, the functions for references."""
    pack = pack_of(edition)
    actor = request.actor  # type: ignore[attr-defined]
    in_force = edition_on(municipality_id=edition.municipality_id, day=actor.today)
    return {
        "edition": edition,
        "pack": pack,
        "section": section,
        "is_in_force": in_force is not None and in_force.pk == edition.pk,
        "counts": reading.counts(pack),
        "rule_titles": reading.TITLES,
        # The plan needs the whole width: its pages go without the contents at the side.
        "is_plan_shown": section == "rules:plan"
        or bool(pack.plan and section == f"text:{pack.plan.document}"),
        "edition_years": sorted(pack.edition.years),
        "findings_count": len(findings_of(edition)),
        "explain": explain(edition),
        "clause_url": lambda ref: clause_url(edition, ref),
        "clause_title": lambda ref: clause_title(edition, ref),
        "clause_text": lambda ref: _clause_text(edition, ref),
        "interpretation": {item.code: item for item in pack.interpretations},
        "may_load": may(actor, "regulations.load"),
        **more,
    }


def _clause_text(edition: Edition, ref: str) -> str:
    address = addresses_of(edition).get(ref)
    return f"{address.title} {address.text}".strip() if address else ""


@READ
def current(request: HttpRequest) -> HttpResponse:
    """Open the edition in force; without any, say how to load one."""
    edition = of_request(request)
    if edition:
        return redirect("regulations:edition", edition.code)
    return page(
        request,
        "regulations/none.html",
        {"may_load": may(request.actor, "regulations.load")},  # type: ignore[attr-defined]
    )


@READ
def edition(request: HttpRequest, code: str) -> HttpResponse:
    """Show the contents of an edition and all editions beside it."""
    found = _fetch(request, code)
    return page(
        request,
        "regulations/edition.html",
        _context(
            request,
            found,
            "overview",
            acts=reading.rules_of(pack_of(found), "acts"),
            editions=visible_editions(request.actor).order_by("-effective_on"),  # type: ignore[attr-defined]
        ),
    )


@READ
def text(request: HttpRequest, code: str, document: str) -> HttpResponse:
    """Show one document as it reads, every clause with its address."""
    found = _fetch(request, code)
    shown = next((item for item in pack_of(found).documents if item.code == document), None)
    if shown is None:
        raise Http404
    return page(
        request,
        "regulations/text.html",
        _context(request, found, f"text:{document}", document=shown, rules_of=_rules_for(found)),
    )


def _rules_for(edition: Edition) -> Any:
    pack = pack_of(edition)
    return lambda kind: reading.rules_of(pack, kind)


@READ
def rules(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show the rules of one kind, each with its clause and where it acts."""
    found = _fetch(request, code)
    if kind not in reading.TITLES:
        raise Http404
    return page(
        request,
        "regulations/rules.html",
        _context(
            request,
            found,
            f"rules:{kind}",
            kind=kind,
            rules=reading.rules_of(pack_of(found), kind),
            usages=usage.of(kind),
        ),
    )


@READ
def clause(request: HttpRequest, code: str, ref: str) -> HttpResponse:
    """Show one clause: its words, the rules that come from it, how it is read, what the check says of it."""
    found = _fetch(request, code)
    ref = ref.replace("~", " ")
    address = addresses_of(found).get(ref)
    if address is None:
        raise Http404
    pack = pack_of(found)
    order = list(addresses_of(found))
    place = order.index(ref)
    found_rules = reading.rules_at(pack, ref)
    return page(
        request,
        "regulations/clause.html",
        _context(
            request,
            found,
            f"text:{address.document}",
            address=address,
            document=next(item for item in pack.documents if item.code == address.document),
            parts=[item for other, item in addresses_of(found).items() if _is_inside(other, ref)],
            rules=found_rules,
            usages={rule.kind: usage.of(rule.kind) for rule in found_rules},
            readings=[item for item in pack.interpretations if ref in item.clause],
            findings=[item for item in findings_of(found) if ref in item.clauses],
            before=order[place - 1] if place else "",
            after=order[place + 1] if place + 1 < len(order) else "",
        ),
    )


def _is_inside(other: str, ref: str) -> bool:
    return other.startswith((f"{ref}/", f"{ref}(")) and other != ref


@READ
def findings(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the linter found, in plain words, and how each place is read."""
    found = _fetch(request, code)
    return page(
        request,
        "regulations/findings.html",
        _context(request, found, "findings", findings=findings_of(found)),
    )


@READ
def interpretations(request: HttpRequest, code: str) -> HttpResponse:
    """Show every reading of an unclear place with its reason."""
    found = _fetch(request, code)
    return page(request, "regulations/interpretations.html", _context(request, found, "interpretations"))


@READ
def glossary(request: HttpRequest, code: str) -> HttpResponse:
    """Show the terms of the act."""
    found = _fetch(request, code)
    return page(request, "regulations/glossary.html", _context(request, found, "glossary"))


@READ
def search(request: HttpRequest, code: str) -> HttpResponse:
    """Find clauses by words in any form."""
    found = _fetch(request, code)
    asked = request.GET.get("q", "").strip()[:200]
    return page(
        request,
        "regulations/search.html",
        _context(request, found, "search", q=asked, found=found_clauses(edition=found, text=asked)),
    )


@READ
def compare(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Show the difference between two editions, the older first."""
    first, second = sorted(
        (_fetch(request, code), _fetch(request, other)), key=lambda item: item.effective_on
    )
    return page(
        request,
        "regulations/compare.html",
        _context(
            request,
            second,
            "overview",
            older=first,
            newer=second,
            differences=differences(pack_of(first), pack_of(second)),
        ),
    )


@READ
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Give the file itself: municipalities exchange it."""
    found = _fetch(request, code)
    name = f"{pack_of(found).municipality.code}-{found.code}.yaml"
    return HttpResponse(
        found.source.encode(),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": disposition(name), "X-Content-Type-Options": "nosniff"},
    )


@LOAD
def load(request: HttpRequest) -> HttpResponse:
    """Check a pack and load it as an edition; a wrong file changes nothing and names every problem."""
    form = EditionFileForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    preview = None
    if request.method == "POST" and form.is_valid():
        content, name = form.content()
        try:
            if form.cleaned_data["only_check"]:
                preview = load_pack(content, name=name)
            else:
                loaded = actions.load_edition(
                    actor=request.actor,  # type: ignore[attr-defined]
                    municipality=request.actor.municipality,  # type: ignore[attr-defined]
                    source=content,
                    name=name,
                    at=timezone.now(),
                )
                return go_to(
                    request, reverse("regulations:edition", args=[loaded.code]), "Редакция загружена."
                )
        except PackError as error:
            problems = error.problems
        except Refusal as refusal:
            for problem in refusal.problems:
                form.add_error(None, str(problem))
    return page(
        request,
        "regulations/load.html",
        {
            "form": form,
            "pack_problems": problems,
            "preview": preview,
            "preview_findings": lint(preview) if preview else [],
        },
        status=422 if problems or form.errors else 200,
    )


@EDIT_CALENDAR
def calendar(request: HttpRequest, year: int) -> HttpResponse:
    """Show and change the special days of a year."""
    actor = request.actor  # type: ignore[attr-defined]
    if not 2000 <= year <= 2100:
        raise Http404
    form = CalendarDayForm(request.POST or None)
    if request.method == "POST":
        try:
            if "fill" in request.POST:
                count = actions.fill_calendar(
                    actor=actor, municipality=actor.municipality, years=[year], at=timezone.now()
                )
                return go_to(request, request.path, f"Добавлено дней: {count}.")
            if form.is_valid():
                actions.set_calendar_day(
                    actor=actor, municipality=actor.municipality, at=timezone.now(), **form.cleaned_data
                )
                return go_to(
                    request,
                    reverse("regulations:calendar", args=[form.cleaned_data["day"].year]),
                    "День записан.",
                )
        except Refusal as refusal:
            for problem in refusal.problems:
                form.add_error(problem.field or None, str(problem))
    return page(
        request,
        "regulations/calendar.html",
        {
            "year": year,
            "form": form,
            "days": calendar_days(municipality_id=actor.municipality_id, year=year),
            "off": DayKind.OFF,
        },
        status=422 if form.errors else 200,
    )


@EDIT_CALENDAR
def clear_calendar_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """Let a day follow the five-day week again."""
    actor = request.actor  # type: ignore[attr-defined]
    address = reverse("regulations:calendar", args=[year]) if 2000 <= year <= 2100 else ""
    try:
        chosen = date(year, month, day)
    except ValueError:
        raise Http404 from None
    if request.method == "POST":
        try:
            actions.clear_calendar_day(
                actor=actor, municipality=actor.municipality, day=chosen, at=timezone.now()
            )
        except Refusal as refusal:
            return go_to(request, address, str(refusal))
    return go_to(request, address)
