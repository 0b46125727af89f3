"""What the pages of the plan share: the quarter of the address, its tabs, problems at the fields of a form."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.kernel.periods import ROMAN, Quarter
from gemba.kernel.problems import Refusal
from gemba.organisation.access import can
from gemba.organisation.requests import actor_of as actor_of
from gemba.organisation.requests import now as now
from gemba.organisation.requests import number_in, town_of
from gemba.plan.queries.glance import Glance, opening
from gemba.plan.queries.head import PROPOSALS
from gemba.plan.queries.lens import Lens, look
from gemba.regulations.models import Edition
from gemba.regulations.queries import addresses_of, clause_title, clause_url
from gemba.ui import frame
from gemba.ui.guards import guard
from gemba.ui.pages import page

T = TypeVar("T")

READ = guard(can("plan.read"), "Просмотр плана")
ENTER = guard(can("plan.enter"), "Внесение показателей")
SET_UP = guard(can("plan.set_up"), "Чтение строк плана")
municipality_of = town_of
whole = number_in


def lens_of(request: HttpRequest) -> Lens | None:
    """Return the plan that the address asks for."""
    year = whole(request, "year")
    return look(
        municipality=municipality_of(request),
        today=actor_of(request).today,
        year=year if year and 1900 < year < 3000 else None,
        quarter=whole(request, "quarter"),
        edition_code=request.GET.get("edition", "")[:40],
    )


def opened(request: HttpRequest) -> Glance | None:
    """Return the plan of today, remembered while nothing changes; None when the address asks for another quarter."""
    if request.GET.get("edition"):
        return None
    found = opening(
        municipality=municipality_of(request),
        today=actor_of(request).today,
        also=PROPOSALS,
        clock=time.monotonic(),
        calendar=frame.of(request).calendar,
    )
    if found.lens is None or found.lens.pack is None:
        return None
    quarter = found.lens.quarter
    year, number = whole(request, "year"), whole(request, "quarter")
    if (year or quarter.year, number or quarter.number) != (quarter.year, quarter.number):
        return None
    return found


def need_lens(request: HttpRequest) -> Lens:
    """Return the plan that the address asks for.

    :raises Http404: when the municipality has no regulation with a plan on that day.
    """
    lens = lens_of(request)
    if lens is None or lens.pack is None:
        raise Http404
    return lens


def here(quarter: Quarter, **more: Any) -> dict[str, Any]:
    """Return the parameters that keep the quarter in an address."""
    return {
        "year": quarter.year,
        "quarter": quarter.number,
        **{key: value for key, value in more.items() if value},
    }


def at_quarter(view: str, quarter: Quarter, *args: Any, **more: Any) -> str:
    """Return the address of a page of the plan in this quarter."""
    return reverse(view, args=args or None, query=here(quarter, **more))


def year_chips(lens: Lens, view: str, *args: Any, **more: Any) -> list[dict[str, Any]]:
    """Return the years of the programme as chips."""
    return [
        {
            "title": str(year),
            "url": reverse(
                view, args=args or None,
                query={"year": year, **({"quarter": lens.quarter.number} if year == lens.year else {}),
                       **{key: value for key, value in more.items() if value}},
            ),
            "is_current": year == lens.year,
        }
        for year in lens.years
    ]  # fmt: skip


def quarter_chips(lens: Lens, view: str, *args: Any, **more: Any) -> list[dict[str, Any]]:
    """Return the quarters of the year as chips; those to come stand too, for their plan is known."""
    return [
        {
            "title": ROMAN[number - 1],
            "url": at_quarter(view, Quarter(lens.year, number), *args, **more),
            "is_current": number == lens.quarter.number,
        }
        for number in (1, 2, 3, 4)
    ]


def clauses(edition: Edition) -> dict[str, Callable[[str], str]]:
    """Return the functions by which a template writes references to clauses."""

    def text(ref: str) -> str:
        address = addresses_of(edition).get(ref)
        return f"{address.title} {address.text}".strip() if address else ""

    return {
        "clause_url": lambda ref: clause_url(edition, ref),
        "clause_title": lambda ref: clause_title(edition, ref),
        "clause_text": text,
    }


def attempt(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do the act of a valid form; a refusal goes to the fields."""
    try:
        return act()
    except Refusal as refusal:
        for problem in refusal.problems:
            text = f"{problem.text} {problem.mend}".strip()
            form.add_error(problem.field if problem.field in form.fields else None, text)
    return None


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    cancel_url: str,
    crumbs: list[tuple[str, str]],
    note: str = "",
    draft: str = "",
    kind: str = "primary",
) -> HttpResponse:
    """Answer with the page of one form; a form that was sent and not accepted answers 422."""
    context = {
        "form": form, "title": title, "submit": submit, "cancel_url": cancel_url, "crumbs": crumbs, "note": note,
        "draft": draft, "kind": kind,
    }  # fmt: skip
    return page(request, "plan/form.html", context, status=422 if form.is_bound else 200)
