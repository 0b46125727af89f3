"""Lists: mine, the queue, everything, the catalogue."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from gemba.organisation.access import Actor
from gemba.proposals.models import Category, SavedFilter
from gemba.proposals.queries import lists
from gemba.proposals.queries.lists import Filters
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.typos import meant
from gemba.proposals.rules.states import State
from gemba.proposals.rules.terms import ProposalRules
from gemba.proposals.views.base import READ, actor_of, now, number_in, with_query
from gemba.proposals.views.rows import draw_rows
from gemba.statements import written
from gemba.ui.pages import page


@READ
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show a list of proposals, by default what concerns the actor most."""
    actor = actor_of(request)
    at = now()
    rules = rules_of(actor.municipality_id or 0)
    filters = filters_of(request, actor)
    has_office = len(lists.views_of(actor)) > 2
    cut = lists.shown(
        actor=actor,
        filters=filters,
        rules=rules,
        at=at,
        after=number_in(request, "after"),
        before=number_in(request, "before"),
    )
    context = {
        "filters": filters,
        "rows": cut.rows,
        "draw_rows": draw_rows,
        "today": actor.today,
        "next_url": with_query(request, after=cut.after) if cut.after else "",
        "previous_url": with_query(request, before=cut.before) if cut.before else "",
        "chip_items": _chips(request, actor, filters, rules, at),
        "tab_items": [
            {
                "title": title,
                "url": f"{request.path}?view={code}",
                "is_current": filters.view == code,
                "count": None,
            }
            for code, title in lists.views_of(actor).items()
        ],
        "query": _query(request),
        "clear_organisation": with_query(request, organisation=""),
        "saved": _saved(user_id=actor.user_id) if actor.user_id else [],
        "may": {
            code: actor.may(f"proposals.{code}")
            for code in ("submit", "register", "issue_codes", "import", "statistics", "set_rules")
        },
        "has_office": has_office,
        "categories": Category.choices,
        "is_filtered": filters.is_any,
        "meant": "" if cut.rows else _meant(actor, filters, rules, at),
    }
    if context["meant"]:
        context["meant_url"] = with_query(request, q=context["meant"])
    return page(request, "proposals/list.html", context)


@written
def _saved(*, user_id: int) -> "QuerySet[SavedFilter]":
    return SavedFilter.objects.filter(user_id=user_id).order_by("title")


def _meant(actor: Actor, filters: Filters, rules: ProposalRules, at: datetime) -> str:
    """Return the words without their mistakes, when these find something that the actor sees."""
    if not filters.words:
        return ""
    words = meant(municipality_id=actor.municipality_id or 0, words=filters.words)
    if not words:
        return ""
    better = lists.without(filters, words=words)
    return words if lists.found(actor=actor, filters=better, rules=rules, at=at).exists() else ""


def filters_of(request: HttpRequest, actor: Actor) -> Filters:
    """Read the filters from the address; what is not known is left out."""
    known = lists.views_of(actor)
    view = request.GET.get("view", "")
    if view not in known:
        view = "queue" if "queue" in known else "mine"
    group, state, trouble = (request.GET.get(name, "") for name in ("group", "state", "trouble"))
    category = request.GET.get("category", "")
    year = number_in(request, "year")
    organisation_id = number_in(request, "organisation")
    place, branch = lists.place_with_branch(actor, organisation_id) if organisation_id else ("", ())
    return Filters(
        view=view,
        group=group if group in lists.GROUPS else "",
        state=state if state in set(State) and state != State.DRAFT else "",
        trouble=trouble if trouble in lists.TROUBLES and view in ("queue", "all") else "",
        words=request.GET.get("q", "").strip()[:200],
        category=category if category in Category.values else "",
        organisation_id=organisation_id,
        branch=branch,
        place=place,
        year=year if year and 1990 <= year <= 2200 else None,
    )


def _chips(
    request: HttpRequest, actor: Actor, filters: Filters, rules: ProposalRules, at: datetime
) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    troubles: dict[str, int] = {}
    if filters.view != "mine":
        states, troubles = lists.numbers(actor=actor, filters=filters, rules=rules, at=at)
        counts = lists.group_counts(states)
        if filters.view in ("queue", "all") and not filters.organisation_id:
            # The menu asks the same number a moment later.
            request.proposal_states = states  # type: ignore[attr-defined]
    chips: list[dict[str, Any]] = [
        {
            "title": "Все", "url": with_query(request, group="", state="", trouble=""), "count": None,
            "is_current": not (filters.group or filters.state or filters.trouble),
        }
    ]  # fmt: skip
    hidden = {"catalogue": ("waiting", "returned", "refused"), "queue": ("refused",)}.get(filters.view, ())
    for code, (title, _) in lists.GROUPS.items():
        if code in hidden:
            continue
        chips.append(
            {
                "title": title, "url": with_query(request, group=code, state="", trouble=""),
                "is_current": filters.group == code, "count": counts.get(code) if counts else None,
            }
        )  # fmt: skip
    for code, count in troubles.items():
        chips.append(
            {
                "title": lists.TROUBLES[code], "url": with_query(request, group="", state="", trouble=code),
                "is_current": filters.trouble == code, "count": "100+" if count >= 100 else count,
            }
        )  # fmt: skip
    return chips


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()
