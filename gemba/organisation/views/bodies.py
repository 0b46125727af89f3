"""Bodies: list, card with the composition as of a day, acts on them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation import actions
from gemba.organisation.access import can, visible_bodies, visible_people
from gemba.organisation.forms.bodies import (
    ActingChairForm,
    BodyForm,
    CloseBodyForm,
    CompositionForm,
    FillSeatForm,
    SeatSet,
    seats_of,
)
from gemba.organisation.models import ActingChair, Body, BodyKind, BodyMembership, BodyRole
from gemba.organisation.queries import composition_on
from gemba.organisation.queries.lists import STATES, keyset
from gemba.organisation.queries.lists import bodies as found_bodies
from gemba.organisation.requests import actor_of, now, number_in, town_of, with_query
from gemba.organisation.views.base import attempt, day_asked, fetch, form_page, rights
from gemba.organisation.views.organisations import timeline
from gemba.ui import exports
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

READ = guard(can("organisation.read"), "Просмотр органов")
EDIT = guard(can("organisation.edit_bodies"), "Ведение органов и их состава")
_STATES = {"open": "Действующие", "closed": "Упразднённые", "all": "Все"}


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Органы и состав", reverse("organisation:bodies")), *more]


def _card_url(body: Body) -> str:
    return reverse("organisation:body", kwargs={"pk": body.pk})


@READ
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the bodies with their chairs."""
    actor = actor_of(request)
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    state, kind = state if state in STATES else "open", kind if kind in BodyKind.values else ""
    words = request.GET.get("q", "")[:200]
    found = found_bodies(visible=visible_bodies(actor), words=words, kind=kind, state=state, day=actor.today)
    cut = keyset(found=found, after=number_in(request, "after"), before=number_in(request, "before"))
    no_page = {"after": None, "before": None}
    context = {
        "rows": cut.rows,
        "words": words,
        "kind": kind,
        "state": state,
        "kind_chips": [
            {"title": title, "url": with_query(request, kind=code, **no_page), "is_current": kind == code}
            for code, title in [("", "Все виды"), *BodyKind.choices]
        ],
        "state_chips": [
            {"title": title, "url": with_query(request, state=code, **no_page), "is_current": state == code}
            for code, title in _STATES.items()
        ],
        "next_url": with_query(request, after=cut.after, before=None) if cut.after else "",
        "previous_url": with_query(request, before=cut.before, after=None) if cut.before else "",
        "may": rights(request, "organisation.edit_bodies"),
    }
    return page(request, "organisation/bodies.html", context)


@READ
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a body as of a day: composition, who acts as chair, the acts behind it."""
    actor = actor_of(request)
    shown = fetch(visible_bodies(actor).select_related("organisation"), pk)
    day = day_asked(request, actor.today)
    composition = composition_on(body=shown, day=day)
    acting = ActingChair.objects.filter(membership__body=shown).select_related("membership__person")
    changes = (
        BodyMembership.objects.filter(body=shown)
        .order_by("-starts_on")
        .values_list("starts_on", flat=True)
        .distinct()
    )
    context = {
        "shown": shown,
        "day": day,
        "composition": composition,
        "roles": [(role, title, composition.of_role(role)) for role, title in BodyRole.choices],
        "acting_all": list(acting.order_by("-starts_on")[:20]),
        "change_days": [start for start in changes[:12] if start],
        "is_today": day == actor.today,
        "is_open": shown.is_on(actor.today),
        "history": timeline(shown),
        "may": rights(request, "organisation.edit_bodies", "organisation.read_people"),
    }
    return page(request, "organisation/body.html", context)


@READ
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the composition as of the day as a spreadsheet."""
    actor = actor_of(request)
    shown = fetch(visible_bodies(actor), pk)
    day = day_asked(request, actor.today)
    columns = [
        exports.Column("№", "number", 6), exports.Column("Роль"), exports.Column("Фамилия, имя, отчество"),
        exports.Column("Должность", "long"), exports.Column("В составе с", "date"), exports.Column("Акт", "long"),
    ]  # fmt: skip
    rows = [
        [
            number, place.get_role_display(), str(place.person or "вакантно"),
            f"и.о. {place.seat}" if place.is_acting else place.seat, place.starts_on, place.act_title,
        ]
        for number, place in enumerate(composition_on(body=shown, day=day).members, 1)
    ]  # fmt: skip
    above = [shown.name, f"Состав на {day:%d.%m.%Y}"]
    return exports.workbook(
        title="Состав", columns=columns, rows=rows, file_name=f"Состав {day:%d.%m.%Y}", above=above
    )


@EDIT
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a body."""
    actor, municipality = actor_of(request), town_of(request)
    form = BodyForm(request.POST or None, municipality=municipality)
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.create_body(
                actor=actor, municipality=municipality, fields=form.to_fields(), at=now()
            ),
        )
        if made is not None:
            return go_to(
                request,
                reverse("organisation:body_composition", kwargs={"pk": made.pk}),
                "Теперь внесите состав.",
            )
    return form_page(
        request,
        form,
        title="Новый орган",
        submit="Внести",
        cancel_url=reverse("organisation:bodies"),
        crumbs=_crumbs(),
    )


@EDIT
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said about a body."""
    actor, municipality = actor_of(request), town_of(request)
    shown = fetch(visible_bodies(actor).select_related("organisation"), pk)
    form = BodyForm(request.POST or None, municipality=municipality, body=shown)
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_body(
                actor=actor,
                body=shown,
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
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the composition from a day by an act; «Добавить места» gives more empty rows and saves nothing."""
    actor = actor_of(request)
    shown = fetch(visible_bodies(actor), pk)
    people = visible_people(actor)
    initial = seats_of(composition_on(body=shown, day=actor.today))
    data = _with_more_rows(request) if request.method == "POST" else None
    is_asked_for_rows = request.method == "POST" and "more" in request.POST
    form = CompositionForm(data, version=shown.version, initial={"from_day": actor.today})
    seats = SeatSet(data, initial=initial, form_kwargs={"people": people})
    status = 200
    if request.method == "POST" and not is_asked_for_rows:
        status = 422
        if form.is_valid() and seats.is_valid():
            sent = form.cleaned_data
            places = [seat for row in seats if (seat := row.to_seat()) is not None]
            changed = attempt(
                form,
                lambda: actions.set_composition(
                    actor=actor, body=shown, version=sent["version"], seats=places, from_day=sent["from_day"],
                    act_kind=sent["act_kind"], act_number=sent["act_number"], act_on=sent["act_on"], at=now(),
                ),
            )  # fmt: skip
            if changed is not None:
                url = f"{_card_url(shown)}?on={sent['from_day']:%d.%m.%Y}"
                return go_to(request, url, "Состав записан.")
    context = {
        "shown": shown,
        "form": form,
        "seats": seats,
        "crumbs": _crumbs((str(shown), _card_url(shown))),
    }
    return page(request, "organisation/composition.html", context, status=status)


def _with_more_rows(request: HttpRequest) -> Any:
    data = request.POST.copy()
    if "more" in data:
        total = data.get("form-TOTAL_FORMS", "0")
        data["form-TOTAL_FORMS"] = str(min(int(total) if total.isdigit() else 0, 80) + 5)
    return data


@EDIT
@require_http_methods(["GET", "POST"])
def fill_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a person into a vacant place."""
    actor = actor_of(request)
    places = BodyMembership.objects.filter(body__in=visible_bodies(actor)).select_related("body", "person")
    place = fetch(places, pk)
    form = FillSeatForm(request.POST or None, people=visible_people(actor), initial={"from_day": actor.today})
    if form.is_valid():
        sent = form.cleaned_data
        filled = attempt(
            form,
            lambda: actions.fill_seat(
                actor=actor, membership=place, person=sent["person"], from_day=sent["from_day"], at=now()
            ),
        )
        if filled is not None:
            return go_to(request, _card_url(place.body), f"{filled.person} теперь в составе.")
    return form_page(
        request, form, title=f"Занять место: {place.seat}", submit="Записать", cancel_url=_card_url(place.body),
        crumbs=_crumbs((str(place.body), _card_url(place.body))),
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def act_as_chair(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a deputy exercises the powers of the chair."""
    actor = actor_of(request)
    shown = fetch(visible_bodies(actor), pk)
    deputies = [
        place
        for place in composition_on(body=shown, day=actor.today).of_role(BodyRole.DEPUTY)
        if place.person_id
    ]
    form = ActingChairForm(request.POST or None, deputies=deputies, initial={"first_day": actor.today})
    if form.is_valid():
        sent = form.cleaned_data

        def act() -> ActingChair:
            place = next((place for place in deputies if str(place.pk) == sent["membership"]), None)
            if place is None:
                raise Refusal(Problem("Этого заместителя уже нет в составе.", field="membership"))
            return actions.act_as_chair(
                actor=actor, membership=place, first_day=sent["first_day"], last_day=sent["last_day"],
                ground=sent["ground"], at=now(),
            )  # fmt: skip

        if attempt(form, act) is not None:
            return go_to(request, _card_url(shown), "Замещение председателя записано.")
    note = "" if deputies else "В составе сейчас нет заместителя. Сначала внесите его в состав."
    return form_page(
        request, form, title=f"Замещение председателя: {shown}", submit="Записать", cancel_url=_card_url(shown),
        crumbs=_crumbs((str(shown), _card_url(shown))), note=note,
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a body."""
    actor = actor_of(request)
    shown = fetch(visible_bodies(actor), pk)
    form = CloseBodyForm(request.POST or None, version=shown.version)
    if form.is_valid():
        sent = form.cleaned_data
        closed = attempt(
            form,
            lambda: actions.close_body(
                actor=actor, body=shown, version=sent["version"], last_day=sent["last_day"], ground=sent["ground"],
                at=now(),
            ),
        )  # fmt: skip
        if closed is not None:
            return go_to(request, _card_url(closed), "Орган упразднён.")
    return form_page(
        request, form, title=f"Упразднить: {shown}", submit="Упразднить", kind="danger", cancel_url=_card_url(shown),
        crumbs=_crumbs((str(shown), _card_url(shown))), note="В этот же день закончатся все места в составе.",
    )  # fmt: skip
