"""People: list, card, positions."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.organisation import actions
from gemba.organisation.access import (
    Actor,
    can,
    may,
    require,
    sees_contacts,
    visible_organisations,
    visible_people,
)
from gemba.organisation.actions.people import require_person
from gemba.organisation.forms.people import DismissForm, NewPersonForm, PersonForm, PositionForm
from gemba.organisation.models import BodyMembership, Person, Position
from gemba.organisation.queries.lists import STATES, PeopleFilters, keyset, options
from gemba.organisation.queries.lists import people as found_people
from gemba.organisation.requests import actor_of, now, number_in, town_of, with_query
from gemba.organisation.views.base import attempt, fetch, form_page, rights
from gemba.organisation.views.organisations import timeline
from gemba.ui import exports
from gemba.ui.guards import guard, signed_in
from gemba.ui.pages import go_to, page

READ = guard(can("organisation.read_people"), "Просмотр сотрудников")
EDIT = guard(can("organisation.edit_people"), "Ведение сотрудников")
_STATES = {"open": "Работают", "closed": "Уволены", "all": "Все"}
_COLUMNS = [
    exports.Column("Код"),
    exports.Column("Фамилия"),
    exports.Column("Имя"),
    exports.Column("Отчество"),
    exports.Column("Должность", "long"),
    exports.Column("Подразделение"),
    exports.Column("Организация"),
    exports.Column("Работает с", "date"),
]


def _filters(request: HttpRequest) -> PeopleFilters:
    state = request.GET.get("state", "open")
    return PeopleFilters(
        words=request.GET.get("q", "")[:200],
        organisation_id=number_in(request, "organisation"),
        state=state if state in STATES else "open",
    )


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Сотрудники", reverse("organisation:people")), *more]


def _card_url(person: Person) -> str:
    return reverse("organisation:person", kwargs={"pk": person.pk})


@READ
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show people, fifty at a time."""
    actor, filters = actor_of(request), _filters(request)
    found = found_people(visible=visible_people(actor), filters=filters, day=actor.today)
    cut = keyset(found=found, after=number_in(request, "after"), before=number_in(request, "before"))
    no_page = {"after": None, "before": None}
    organisation = (
        visible_organisations(actor).filter(pk=filters.organisation_id).first()
        if filters.organisation_id
        else None
    )
    context = {
        "rows": cut.rows,
        "filters": filters,
        "organisation": organisation,
        "all_url": with_query(request, organisation=None, **no_page),
        "state_chips": [
            {
                "title": title,
                "url": with_query(request, state=code, **no_page),
                "is_current": filters.state == code,
            }
            for code, title in _STATES.items()
        ],
        "next_url": with_query(request, after=cut.after, before=None) if cut.after else "",
        "previous_url": with_query(request, before=cut.before, after=None) if cut.before else "",
        "query": request.GET.urlencode(),
        "may": rights(request, "organisation.edit_people", "organisation.exchange"),
    }
    return page(request, "organisation/people.html", context)


@READ
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give what the list shows as a spreadsheet or a CSV file, without phones and mail."""
    actor = actor_of(request)
    found = found_people(visible=visible_people(actor), filters=_filters(request), day=actor.today)
    rows = _lines(found.order_by("name_key", "pk").iterator(chunk_size=500))
    if kind == "csv":
        return exports.csv(columns=_COLUMNS, rows=rows, file_name="Сотрудники")
    return exports.workbook(title="Сотрудники", columns=_COLUMNS, rows=rows, file_name="Сотрудники")


def _lines(found: Iterator[Any]) -> Iterator[list[Any]]:
    for person in found:
        names = [person.code, person.family_name, person.given_name, person.patronymic]
        for position in person.now or [None]:
            if position is None:
                yield [*names, "", "", "", None]
            else:
                unit = str(position.unit or "")
                yield [*names, position.full_title, unit, str(position.organisation), position.starts_on]


@READ
@require_GET
def person_options(request: HttpRequest) -> HttpResponse:
    """Offer people while a person types."""
    words = str(next(iter(request.GET.values()), ""))[:200]
    found = options(found=visible_people(actor_of(request)), words=words)
    return page(
        request, "organisation/options.html", {"rows": [(f"{row.code} — {row}", "") for row in found]}
    )


@signed_in
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person: positions now and before, bodies, contacts to those whose duty it is."""
    actor = actor_of(request)
    shown = fetch(visible_people(actor), pk)
    positions = list(
        Position.objects.filter(person=shown)
        .select_related("organisation", "unit")
        .order_by("-ends_on", "-starts_on", "-pk")
    )
    positions.sort(key=lambda position: not position.is_on(actor.today))
    places = frozenset(position.organisation_id for position in positions)
    memberships = (
        BodyMembership.objects.filter(person=shown).select_related("body").order_by("-starts_on", "-pk")
    )
    allowed = any(may(actor, "organisation.edit_people", place) for place in places)
    context = {
        "shown": shown,
        "positions": positions,
        "memberships": list(memberships),
        "contacts": sees_contacts(actor, shown, places),
        "history": timeline(shown) if allowed else [],
        "user": getattr(shown, "user", None) if may(actor, "organisation.edit_users") else None,
        "may": {"edit_people": allowed, **rights(request, "organisation.edit_users")},
        "is_self": actor.person_id == shown.pk,
    }
    return page(request, "organisation/person.html", context)


@EDIT
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a person with the first position."""
    actor, municipality = actor_of(request), town_of(request)
    place = visible_organisations(actor).filter(pk=number_in(request, "organisation") or 0).first()
    form = NewPersonForm(request.POST or None, municipality=municipality, organisation=place)
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.create_person(
                actor=actor, municipality=municipality, fields=form.person_fields(), position=form.to_fields(),
                at=now(), allow_namesake=bool(form.cleaned_data["is_namesake"]),
            ),
        )  # fmt: skip
        if made is not None:
            return go_to(request, _card_url(made), f"Сотрудник {made} внесён в список.")
    return form_page(
        request, form, title="Новый сотрудник", submit="Внести", cancel_url=reverse("organisation:people"),
        crumbs=_crumbs(),
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said about a person."""
    actor = actor_of(request)
    shown = fetch(visible_people(actor), pk)
    require_person(actor, shown)
    form = PersonForm(request.POST or None, person=shown)
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_person(
                actor=actor,
                person=shown,
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
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoint a person to one more position."""
    actor, municipality = actor_of(request), town_of(request)
    shown = fetch(visible_people(actor), pk)
    form = PositionForm(request.POST or None, municipality=municipality, initial={"starts_on": actor.today})
    if form.is_valid():
        made = attempt(
            form, lambda: actions.appoint(actor=actor, person=shown, fields=form.to_fields(), at=now())
        )
        if made is not None:
            return go_to(request, _card_url(shown), f"Должность записана: {made.full_title}.")
    return form_page(
        request, form, title=f"Назначить: {shown}", submit="Назначить", cancel_url=_card_url(shown),
        crumbs=_crumbs((str(shown), _card_url(shown))),
    )  # fmt: skip


def _position(actor: Actor, pk: int) -> Position:
    found = Position.objects.filter(person__in=visible_people(actor)).select_related(
        "person", "organisation", "unit"
    )
    shown = fetch(found, pk)
    require(actor, "organisation.edit_people", shown.organisation_id)
    return shown


@EDIT
@require_http_methods(["GET", "POST"])
def edit_position(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a position."""
    actor, municipality = actor_of(request), town_of(request)
    shown = _position(actor, pk)
    form = PositionForm(request.POST or None, municipality=municipality, position=shown)
    if form.is_valid():
        changed = attempt(
            form,
            lambda: actions.change_position(
                actor=actor,
                position=shown,
                version=form.cleaned_data["version"],
                fields=form.to_fields(),
                at=now(),
            ),
        )
        if changed is not None:
            return go_to(request, _card_url(shown.person), "Изменения сохранены.")
    return form_page(
        request, form, title=f"Должность: {shown.person}", submit="Сохранить", cancel_url=_card_url(shown.person),
        crumbs=_crumbs((str(shown.person), _card_url(shown.person))),
        note="Здесь исправляют ошибки. Перевод — это конец одной должности и начало другой.",
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """End a position."""
    actor = actor_of(request)
    shown = _position(actor, pk)
    form = DismissForm(request.POST or None, version=shown.version, initial={"last_day": actor.today})
    if form.is_valid():
        data = form.cleaned_data
        ended = attempt(
            form,
            lambda: actions.dismiss(
                actor=actor, position=shown, version=data["version"], last_day=data["last_day"],
                ground=data["ground"], at=now(),
            ),
        )  # fmt: skip
        if ended is not None:
            return go_to(request, _card_url(shown.person), "Последний день записан.")
    return form_page(
        request, form, title=f"Закончить работу: {shown.person}", submit="Записать последний день", kind="danger",
        cancel_url=_card_url(shown.person), crumbs=_crumbs((str(shown.person), _card_url(shown.person))),
        note=f"{shown.full_title}, {shown.organisation}. Прошлое останется: старые протоколы не изменятся.",
    )  # fmt: skip
