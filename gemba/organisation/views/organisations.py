"""The register of organisations: list, card, forms."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.audit.queries import history_of
from gemba.audit.words import act_title, changes
from gemba.organisation import actions
from gemba.organisation.access import (
    Actor,
    can,
    require,
    sees_everybody,
    visible_organisations,
    visible_people,
)
from gemba.organisation.forms.register import CloseForm, MergeForm, OrganisationForm
from gemba.organisation.models import Direction, Organisation, OrganisationKind, Position, Unit
from gemba.organisation.queries import card as queries
from gemba.organisation.queries import line_of, positions_on
from gemba.organisation.queries.lists import STATES, OrganisationFilters, keyset, options, organisations
from gemba.organisation.requests import actor_of, now, number_in, town_of, with_query
from gemba.organisation.views.base import attempt, fetch, form_page, rights
from gemba.ui import exports
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

READ = guard(can("organisation.read"), "Просмотр организаций")
EDIT = guard(can("organisation.edit"), "Ведение реестра организаций")

_COLUMNS = [
    exports.Column("Код"),
    exports.Column("Вид"),
    exports.Column("Полное название", "long"),
    exports.Column("Короткое название"),
    exports.Column("Кому подчинена"),
    exports.Column("Направление"),
    exports.Column("ИНН"),
    exports.Column("Численность", "number"),
    exports.Column("Участвует"),
    exports.Column("Создана", "date"),
    exports.Column("Закрыта", "date"),
]


def _filters(request: HttpRequest) -> OrganisationFilters:
    state = request.GET.get("state", "open")
    kind = request.GET.get("kind", "")
    return OrganisationFilters(
        words=request.GET.get("q", "")[:200],
        kind=kind if kind in OrganisationKind.values else "",
        direction_id=number_in(request, "direction"),
        state=state if state in STATES else "open",
    )


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Организации", reverse("organisation:organisations")), *more]


def _card_url(organisation: Organisation) -> str:
    return reverse("organisation:organisation", kwargs={"pk": organisation.pk})


@READ
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the register, fifty at a time."""
    actor, filters = actor_of(request), _filters(request)
    found = organisations(visible=visible_organisations(actor), filters=filters, day=actor.today)
    cut = keyset(found=found, after=number_in(request, "after"), before=number_in(request, "before"))
    no_page = {"after": None, "before": None}
    kinds = [("", "Все виды"), *OrganisationKind.choices]
    directions = Direction.objects.filter(municipality_id=actor.municipality_id or 0).order_by("name_key")
    context = {
        "rows": cut.rows,
        "filters": filters,
        "kind_chips": [
            {
                "title": title,
                "url": with_query(request, kind=code, **no_page),
                "is_current": filters.kind == code,
            }
            for code, title in kinds
        ],
        "state_chips": [
            {
                "title": title,
                "url": with_query(request, state=code, **no_page),
                "is_current": filters.state == code,
            }
            for code, title in STATES.items()
        ],
        "directions": directions,
        "next_url": with_query(request, after=cut.after, before=None) if cut.after else "",
        "previous_url": with_query(request, before=cut.before, after=None) if cut.before else "",
        "query": request.GET.urlencode(),
        "may": rights(request, "organisation.edit", "organisation.exchange"),
        "is_empty_register": not cut.rows and not visible_organisations(actor).exists(),
    }
    return page(request, "organisation/organisations.html", context)


@READ
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give what the list shows as a spreadsheet or a CSV file."""
    actor = actor_of(request)
    found = organisations(visible=visible_organisations(actor), filters=_filters(request), day=actor.today)
    rows = _lines(found.order_by("name_key", "pk").iterator(chunk_size=1000))
    if kind == "csv":
        return exports.csv(columns=_COLUMNS, rows=rows, file_name="Организации")
    return exports.workbook(title="Организации", columns=_COLUMNS, rows=rows, file_name="Организации")


def _lines(found: Iterator[Any]) -> Iterator[list[Any]]:
    for row in found:
        yield [
            row.code, row.get_kind_display(), row.name, row.short_name, str(row.parent or ""),
            str(row.direction or ""), row.inn, row.people, "да" if row.participates else "нет",
            row.starts_on, row.ends_on,
        ]  # fmt: skip


@READ
@require_GET
def organisation_options(request: HttpRequest) -> HttpResponse:
    """Offer organisations while a person types."""
    words = str(next(iter(request.GET.values()), ""))[:200]
    actor = actor_of(request)
    found = options(found=visible_organisations(actor).on(actor.today), words=words)
    return page(
        request, "organisation/options.html", {"rows": [(f"{row.code} — {row}", row.name) for row in found]}
    )


@READ
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything the register knows of one organisation."""
    actor = actor_of(request)
    town, day = actor.municipality_id or 0, actor.today
    shown = next(iter(queries.organisation_card(municipality_id=town, pk=pk)), None)
    if shown is None:
        raise Http404
    allowed = rights(
        request, "organisation.edit_units", "organisation.edit_people", "organisation.read_people",
        organisation_id=shown.pk,
    ) | rights(request, "organisation.edit")  # fmt: skip
    people = _people_shown(actor, shown)
    context = {
        "shown": shown,
        "line": line_of(shown),
        "is_open": shown.is_on(day),
        "children": queries.children_of(municipality_id=town, parent_id=shown.pk, day=day),
        "units": _as_tree(queries.units_of(organisation_id=shown.pk, day=day)),
        "people": people[: queries.PEOPLE_SHOWN],
        "more_people": len(people) > queries.PEOPLE_SHOWN,
        "head": next(
            (position for position in people if position.is_head and position.unit_id is None), None
        ),
        "headcounts": queries.headcounts_of(organisation_id=shown.pk),
        "participation": queries.participation_of(organisation_id=shown.pk),
        "predecessors": queries.predecessors_of(organisation_id=shown.pk),
        "bodies": queries.bodies_of(municipality_id=town, organisation_id=shown.pk, day=day),
        "history": timeline(shown),
        "may": allowed,
    }
    return page(request, "organisation/organisation.html", context)


def _people_shown(actor: Actor, shown: Organisation) -> list[Position]:
    if sees_everybody(actor):
        return queries.people_of(organisation_id=shown.pk, day=actor.today)
    found = positions_on(day=actor.today, organisation_ids=[shown.pk])
    return list(found.filter(person__in=visible_people(actor))[: queries.PEOPLE_SHOWN + 1])


def timeline(subject: Any) -> list[dict[str, Any]]:
    """Put the acts on one object into words for the timeline."""
    items = []
    for act in history_of(subject=subject):
        lines = [
            f"{change.title}: {change.before} → {change.after}"
            if act.before
            else f"{change.title}: {change.after}"
            for change in changes(act.before, act.after)
        ]
        text = "; ".join(lines[:6]) + ("…" if len(lines) > 6 else "")
        if act.reason:
            text = f"{text}. Основание: {act.reason}" if text else f"Основание: {act.reason}"
        items.append(
            {
                "title": act_title(act.act),
                "at": act.at,
                "who": act.actor_name,
                "text": text,
                "icon": "",
                "state": "",
            }
        )
    return items


def _as_tree(units: list[Unit]) -> list[tuple[int, Unit]]:
    """Order units as a tree with the depth of each."""
    below: dict[int | None, list[Unit]] = {}
    known = {unit.pk for unit in units}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    ordered: list[tuple[int, Unit]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for unit in below.get(parent_id, []):
            ordered.append((depth, unit))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return ordered


@EDIT
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    actor, municipality = actor_of(request), town_of(request)
    form = OrganisationForm(request.POST or None, municipality=municipality)
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.create_organisation(
                actor=actor, municipality=municipality, fields=form.to_fields(), at=now(),
                participates=bool(form.cleaned_data["participates"]),
            ),
        )  # fmt: skip
        if made is not None:
            return go_to(request, _card_url(made), f"Организация «{made}» внесена в реестр.")
    return form_page(
        request, form, title="Новая организация", submit="Внести в реестр",
        cancel_url=reverse("organisation:organisations"), crumbs=_crumbs(),
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the register says of an organisation."""
    actor, municipality = actor_of(request), town_of(request)
    shown = fetch(visible_organisations(actor).select_related("parent", "direction"), pk)
    form = OrganisationForm(request.POST or None, municipality=municipality, organisation=shown)
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_organisation(
                actor=actor,
                organisation=shown,
                version=form.cleaned_data["version"],
                fields=form.to_fields(),
                at=now(),
            ),
        )
        if changed is not None:
            return go_to(request, _card_url(changed), "Изменения сохранены.")
    return form_page(
        request, form, title=f"Изменить: {shown}", submit="Сохранить", cancel_url=_card_url(shown),
        crumbs=_crumbs((str(shown), _card_url(shown))),
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an organisation."""
    actor = actor_of(request)
    shown = fetch(visible_organisations(actor), pk)
    form = CloseForm(request.POST or None, version=shown.version)
    if form.is_valid():
        data = form.cleaned_data
        closed = attempt(
            form,
            lambda: actions.close_organisation(
                actor=actor, organisation=shown, version=data["version"], last_day=data["last_day"],
                ground=data["ground"], at=now(),
            ),
        )  # fmt: skip
        if closed is not None:
            return go_to(request, _card_url(closed), f"Организация «{closed}» закрыта.")
    return form_page(
        request, form, title=f"Закрыть: {shown}", submit="Закрыть организацию", kind="danger",
        cancel_url=_card_url(shown), crumbs=_crumbs((str(shown), _card_url(shown))),
        note="В этот же день закончатся её подразделения, должности и участие в программе. Прошлое останется.",
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Reorganise: join this organisation to another one."""
    actor, municipality = actor_of(request), town_of(request)
    shown = fetch(visible_organisations(actor), pk)
    require(actor, "organisation.edit")
    form = MergeForm(request.POST or None, municipality=municipality)
    if form.is_valid():
        data = form.cleaned_data
        heir = attempt(
            form,
            lambda: actions.merge_organisations(
                actor=actor, closing=[shown], successor=data["successor"], last_day=data["last_day"],
                ground=data["ground"], at=now(),
            ),
        )  # fmt: skip
        if heir is not None:
            return go_to(request, _card_url(heir), f"«{shown}» присоединена к «{heir}».")
    return form_page(
        request, form, title=f"Реорганизация: {shown}", submit="Присоединить", kind="danger",
        cancel_url=_card_url(shown), crumbs=_crumbs((str(shown), _card_url(shown))),
        note="Организация закроется, её результаты и подчинённые организации перейдут к правопреемнику.",
    )  # fmt: skip
