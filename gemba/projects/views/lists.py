"""The register of projects, the board by stage, export, kept filters, suggestions while typing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gemba.kernel.problems import Refusal
from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation
from gemba.organisation.queries.lists import options
from gemba.projects.actions import portfolio as acts
from gemba.projects.listing import cards_of, rows_of
from gemba.projects.models import Project, SavedFilter
from gemba.projects.objects import offered
from gemba.projects.places import waiting_count
from gemba.projects.queries import register as queries
from gemba.projects.queries.listed import page_of
from gemba.projects.queries.register import COLUMNS, GROUPS, USUAL, VIEWS, Filters
from gemba.projects.queries.settings import acts_on
from gemba.projects.rules.stages import MONITORING
from gemba.projects.views.base import READ, WORK, actor_of, now, number_in, people_of, with_query
from gemba.ui import exports
from gemba.ui.pages import go_to, notify, page

MOST_EXPORTED = 10_000


def filters_of(request: HttpRequest, actor: Actor) -> Filters:
    """Read the filters from the address; what is not known is left out."""
    get = request.GET.get
    view, group = get("view", ""), get("group", "")
    year, stage = number_in(request, "year"), number_in(request, "stage")
    return Filters(
        view=view if view in VIEWS else "all",
        group=group if group in GROUPS else "",
        stage=stage if stage and stage < 100 else None,
        words=get("q", "").replace("\x00", "").strip()[:200],
        aim=get("aim", "")[:40].replace("\x00", ""),
        scale=get("scale", "")[:40].replace("\x00", ""),
        organisation_id=number_in(request, "organisation"),
        direction_id=number_in(request, "direction"),
        portfolio_id=number_in(request, "portfolio"),
        year=year if year and 1990 <= year <= 2200 else None,
    )


def _columns(request: HttpRequest) -> list[str]:
    chosen = [code for code in request.GET.getlist("columns") if code in COLUMNS]
    return chosen or list(USUAL)


@READ
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the register with what is asked."""
    actor = actor_of(request)
    town = actor.municipality_id or 0
    filters = filters_of(request, actor)
    cut = page_of(
        actor=actor,
        filters=filters,
        after=number_in(request, "after"),
        before=number_in(request, "before"),
    )
    offered = queries.choices(actor=actor)
    found = acts_on(municipality_id=town, day=actor.today)
    red = queries.red_by_stage(actor=actor) if filters.view == "red" else []
    n_red = sum(n for _, n in red) if filters.view == "red" else queries.count_red(actor=actor)
    counts = {"waiting": waiting_count(request), "red": n_red}
    titles = {kind.number: kind.title for kind in found.stages}
    columns = _columns(request)
    context = {
        "filters": filters,
        "rows": rows_of(cut.rows, columns, titles, actor.today),
        "query": _query(request),
        "next_url": with_query(request, after=cut.after) if cut.after else "",
        "previous_url": with_query(request, before=cut.before) if cut.before else "",
        "tab_items": [
            {
                "title": title,
                "url": f"{request.path}?view={code}",
                "is_current": filters.view == code,
                "count": _shown(counts[code]) if code in counts else None,
            }
            for code, title in VIEWS.items()
        ],
        "chip_items": [
            {
                "title": "Все",
                "url": with_query(request, group="", stage=""),
                "is_current": not (filters.group or filters.stage),
                "count": None,
            },
            *(
                {
                    "title": title,
                    "url": with_query(request, group=code, stage=""),
                    "is_current": filters.group == code,
                    "count": None,
                }
                for code, (title, _) in GROUPS.items()
            ),
        ],
        "red_items": [
            {
                "title": f"{number}. {titles.get(number, 'этап')}",
                "url": with_query(request, stage=number),
                "is_current": filters.stage == number,
                "count": n,
            }
            for number, n in red
        ],
        "columns": columns,
        "all_columns": COLUMNS,
        "directions": offered.directions,
        "portfolios": offered.portfolios,
        "found": found,
        "saved": offered.kept,
        "organisation": Organisation.objects.filter(pk=filters.organisation_id, municipality_id=town).first()
        if filters.organisation_id
        else None,
        "clear_organisation": with_query(request, organisation=""),
        "may_create": actor.may("projects.work"),
        "may_set_rules": actor.may("projects.set_rules"),
        "is_filtered": filters.is_any or "columns" in request.GET,
    }
    return page(request, "projects/list.html", context)


def _shown(count: int) -> int | str:
    return f"{queries.MOST}+" if count >= queries.MOST else count


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()


@READ
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show projects in work by stage, those with the nearest term first."""
    actor = actor_of(request)
    filters = filters_of(request, actor)
    found = acts_on(municipality_id=actor.municipality_id or 0, day=actor.today)
    shown = queries.board(actor=actor, filters=filters)
    columns = []
    for kind in found.stages:
        if kind.code == MONITORING:
            continue
        column = shown.get(kind.number)
        columns.append(
            {
                "code": str(kind.number),
                "title": f"{kind.number}. {kind.title}",
                "limit": None,
                "cards": cards_of(column.cards, actor.today) if column else [],
                "total": column.total if column else 0,
                "more_url": f"{reverse('projects:list')}?stage={kind.number}",
            }
        )
    return page(
        request, "projects/board.html", {"columns": columns, "filters": filters, "query": _query(request)}
    )


@READ
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give what the register shows as a spreadsheet, with the chosen columns."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    actor = actor_of(request)
    found = acts_on(municipality_id=actor.municipality_id or 0, day=actor.today)
    titles = {one.number: one.title for one in found.stages}
    rows = queries.light(queries.found(actor=actor, filters=filters_of(request, actor))).order_by("-pk")
    columns = _columns(request)
    head = ["Номер", "Проект", *(COLUMNS[code] for code in columns)]
    body = [
        [row.number_text, row.title, *(cell_of(row, code, titles) for code in columns)]
        for row in rows[:MOST_EXPORTED]
    ]
    return _file(kind, head, body)


def _file(kind: str, head: list[str], body: list[list[Any]]) -> HttpResponseBase:
    kinds = {
        COLUMNS["effect"]: "money",
        COLUMNS["term"]: "date",
        COLUMNS["opened"]: "date",
        COLUMNS["closed"]: "date",
    }
    columns = [exports.Column(title, kinds.get(title, "text")) for title in head]
    if kind == "csv":
        return exports.csv(columns=columns, rows=body, file_name="Проекты.csv")
    return exports.workbook(title="Проекты", columns=columns, rows=body, file_name="Проекты.xlsx")


def cell_of(row: Project, code: str, titles: dict[int, str]) -> Any:
    """Return what stands in a column of the register."""
    values: dict[str, Any] = {
        "status": row.place.title,
        "stage": f"{row.stage}. {titles.get(row.stage, '')}" if row.edition_number else "",
        "organisation": str(row.organisation),
        "leader": str(row.leader or ""),
        "customer": str(row.customer or ""),
        "term": row.stage_end_on,
        "direction": str(row.direction or ""),
        "portfolio": str(row.portfolio or ""),
        "effect": row.money_a_year or None,
        "opened": row.opened_on,
        "closed": row.closed_on,
    }
    return values[code]


@READ
@require_POST
def filter_keep(request: HttpRequest) -> HttpResponse:
    """Keep the filter that is shown under a name."""
    query = request.POST.get("query", "")[:1000]
    try:
        acts.keep_filter(actor=actor_of(request), title=request.POST.get("title", ""), query=query, at=now())
    except Refusal as refusal:
        notify(request, refusal.problems[0].text)
    return go_to(request, f"{reverse('projects:list')}?{query}")


@READ
@require_POST
def filter_drop(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Forget a kept filter."""
    if not SavedFilter.objects.filter(pk=filter_id, user_id=actor_of(request).user_id or 0).exists():
        raise Http404
    acts.drop_filter(actor=actor_of(request), filter_id=filter_id, at=now())
    return go_to(request, reverse("projects:list"))


def _typed(request: HttpRequest) -> str:
    typed = next((value for key, value in request.GET.items() if value and key != "csrfmiddlewaretoken"), "")
    return str(typed).replace("\x00", "").strip()[:100]


@WORK
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Offer colleagues while a name is typed."""
    words = _typed(request)
    found = options(found=people_of(request), words=words, limit=12) if len(words) > 1 else []
    return page(request, "projects/people.html", {"people": found})


@WORK
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Offer organisations while a name is typed."""
    words, actor = _typed(request), actor_of(request)
    known = Organisation.objects.filter(municipality_id=actor.municipality_id or 0).on(actor.today)
    found = options(found=known, words=words, limit=12) if len(words) > 1 else []
    return page(request, "projects/places.html", {"places": found})


@WORK
@require_GET
def objects(request: HttpRequest) -> HttpResponse:
    """Offer what a ground may be linked to while it is typed."""
    words = _typed(request)
    found = offered(actor_of(request), words) if len(words) > 1 else []
    return page(request, "projects/objects.html", {"objects": found})
