"""Accounts and roles; the table «Кто что может»; the municipality itself."""

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from PIL import Image

from gemba.organisation import actions
from gemba.organisation.access import can, visible_people, visible_users
from gemba.organisation.acts import Act, all_acts
from gemba.organisation.forms.accounts import (
    ChangeDirectionForm,
    CoatForm,
    DirectionForm,
    GrantForm,
    InviteForm,
    MunicipalityForm,
    RevokeForm,
    SwitchForm,
)
from gemba.organisation.models import Direction, RoleGrant, User
from gemba.organisation.queries.lists import keyset
from gemba.organisation.queries.lists import users as found_users
from gemba.organisation.requests import actor_of, now, number_in, town_of, with_query
from gemba.organisation.roles import CARDS, WITHOUT_ACCOUNT, Role
from gemba.organisation.views.base import attempt, fetch, form_page, rights
from gemba.organisation.views.organisations import timeline
from gemba.ui.guards import guard, signed_in
from gemba.ui.pages import go_to, page

EDIT = guard(can("organisation.edit_users"), "Ведение учётных записей и ролей")
EDIT_MUNICIPALITY = guard(can("organisation.edit_municipality"), "Настройки округа")
EDIT_REGISTER = guard(can("organisation.edit"), "Ведение реестра организаций")
_STATES = {"open": "Действуют", "closed": "Отключены", "all": "Все"}
COAT_PIXELS = 256


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Пользователи и роли", reverse("organisation:users")), *more]


def _card_url(user: User) -> str:
    return reverse("organisation:user", kwargs={"pk": user.pk})


@EDIT
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the accounts with their roles of today."""
    actor = actor_of(request)
    state = request.GET.get("state", "open")
    state = state if state in _STATES else "open"
    words = request.GET.get("q", "")[:200]
    found = found_users(visible=visible_users(actor), words=words, state=state, day=actor.today)
    cut = keyset(
        found=found, key="login", after=number_in(request, "after"), before=number_in(request, "before")
    )
    context = {
        "rows": cut.rows,
        "words": words,
        "state": state,
        "state_chips": [
            {
                "title": title,
                "url": with_query(request, state=code, after=None, before=None),
                "is_current": state == code,
            }
            for code, title in _STATES.items()
        ],
        "next_url": with_query(request, after=cut.after, before=None) if cut.after else "",
        "previous_url": with_query(request, before=cut.before, after=None) if cut.before else "",
    }
    return page(request, "organisation/users.html", context)


@EDIT
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account: its owner, roles now and before, what was done with it."""
    return _card(request, fetch(visible_users(actor_of(request)), pk))


def _card(request: HttpRequest, shown: User, password: str = "") -> HttpResponse:
    actor = actor_of(request)
    granted = list(shown.grants.select_related("organisation", "body").order_by("-starts_on", "-pk"))
    context: dict[str, Any] = {
        "shown": shown,
        "current": [grant for grant in granted if grant.ends_on is None or grant.ends_on >= actor.today],
        "past": [grant for grant in granted if grant.ends_on is not None and grant.ends_on < actor.today],
        "history": timeline(shown),
        # Shown once, right after it was made; nothing keeps it.
        "password": password,
        "is_self": actor.user_id == shown.pk,
    }
    return page(request, "organisation/user.html", context)


@EDIT
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and show its first password once."""
    actor, municipality = actor_of(request), town_of(request)
    person = visible_people(actor).filter(pk=number_in(request, "person") or 0).first()
    form = InviteForm(request.POST or None, municipality=municipality, initial={"person": person})
    if form.is_valid():
        sent = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.invite_user(
                actor=actor, municipality=municipality, login=sent["login"], person=sent["person"],
                title=sent["title"], at=now(),
            ),
        )  # fmt: skip
        if made is not None:
            user, password = made
            return _card(request, user, password)
    return form_page(
        request, form, title="Новая учётная запись", submit="Создать", cancel_url=reverse("organisation:users"),
        crumbs=_crumbs(), note="Пароль для первого входа появится на следующей странице один раз.",
    )  # fmt: skip


@EDIT
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the account a new password for one sign-in and show it once."""
    actor = actor_of(request)
    shown = fetch(visible_users(actor), pk)
    password = actions.set_password(actor=actor, user=shown, at=now())
    return _card(request, shown, password)


@EDIT
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account for signing in, or open it again."""
    actor = actor_of(request)
    shown = fetch(visible_users(actor), pk)
    act = actions.suspend_user if shown.is_active else actions.restore_user
    form = SwitchForm(request.POST or None, version=shown.version)
    if form.is_valid():
        sent = form.cleaned_data
        done = attempt(
            form,
            lambda: act(actor=actor, user=shown, version=sent["version"], reason=sent["reason"], at=now()),
        )
        if done is not None:
            return go_to(request, _card_url(shown), "Вход открыт." if done.is_active else "Вход закрыт.")
    verb = "Отключить" if shown.is_active else "Включить"
    return form_page(
        request, form, title=f"{verb}: {shown}", submit=verb, kind="danger" if shown.is_active else "primary",
        cancel_url=_card_url(shown), crumbs=_crumbs((str(shown), _card_url(shown))),
        note="Сделанное этим человеком останется." if shown.is_active else "",
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant a role."""
    actor, municipality = actor_of(request), town_of(request)
    shown = fetch(visible_users(actor), pk)
    form = GrantForm(request.POST or None, municipality=municipality, initial={"starts_on": actor.today})
    if form.is_valid():
        made = attempt(
            form, lambda: actions.grant_role(actor=actor, user=shown, at=now(), **form.cleaned_data)
        )
        if made is not None:
            return go_to(request, _card_url(shown), f"Роль назначена: {made.get_role_display()}.")
    return form_page(
        request, form, title=f"Назначить роль: {shown}", submit="Назначить", cancel_url=_card_url(shown),
        crumbs=_crumbs((str(shown), _card_url(shown))),
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a granted role."""
    actor = actor_of(request)
    found = RoleGrant.objects.filter(user__in=visible_users(actor)).select_related(
        "user__person", "organisation"
    )
    kept = fetch(found, pk)
    form = RevokeForm(request.POST or None, initial={"last_day": actor.today})
    if form.is_valid():
        sent = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.revoke_role(
                actor=actor, grant=kept, last_day=sent["last_day"], ground=sent["ground"], at=now()
            ),
        )
        if done is not None:
            return go_to(request, _card_url(kept.user), "Последний день роли записан.")
    return form_page(
        request, form, title=f"Снять роль: {kept.get_role_display()}", submit="Снять роль", kind="danger",
        cancel_url=_card_url(kept.user), crumbs=_crumbs((str(kept.user), _card_url(kept.user))),
    )  # fmt: skip


@guard(can("organisation.read_rights"), "Просмотр прав")
@require_GET
def role_table(request: HttpRequest) -> HttpResponse:
    """Show the complete table role × act in Russian: who may do what."""
    roles = [role for role in Role if role not in WITHOUT_ACCOUNT]
    sections: dict[str, list[Act]] = {}
    for act in all_acts():
        sections.setdefault(MODULES.get(act.module, act.module), []).append(act)
    context = {
        "roles": roles,
        "cards": CARDS,
        "sections": sections,
        "mine": actor_of(request).roles,
        "may": rights(request, "organisation.edit_users"),
    }
    return page(request, "organisation/rights.html", context)


MODULES = {
    "organisation": "Организации и люди",
    "audit": "Журнал действий",
    "regulations": "Положение",
    "documents": "Документы",
    "notices": "Уведомления",
    "plan": "План и отчёты",
    "scorecards": "Оценки",
    "proposals": "Предложения по улучшению",
    "workspace": "Рабочий стол",
}


@EDIT_MUNICIPALITY
@require_http_methods(["GET", "POST"])
def municipality(request: HttpRequest) -> HttpResponse:
    """Change names, look and settings of the municipality."""
    actor, shown = actor_of(request), town_of(request)
    form = MunicipalityForm(request.POST or None, municipality=shown)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            changed = attempt(
                form,
                lambda: actions.change_municipality(
                    actor=actor, municipality=shown, version=form.cleaned_data["version"], fields=form.to_fields(),
                    at=now(),
                ),
            )  # fmt: skip
            if changed is not None:
                return go_to(request, reverse("organisation:municipality"), "Изменения сохранены.")
    directions = Direction.objects.filter(municipality=shown).order_by("name_key")
    context = {
        "shown": shown,
        "form": form,
        "coat_form": CoatForm(),
        "direction_form": DirectionForm(),
        "directions": list(directions),
        "history": timeline(shown),
    }
    return page(request, "organisation/municipality.html", context, status=status)


@EDIT_MUNICIPALITY
@require_http_methods(["GET", "POST"])
def set_coat(request: HttpRequest) -> HttpResponse:
    """Take the coat of arms; the picture is drawn anew, so nothing hidden in the file is kept."""
    actor, shown = actor_of(request), town_of(request)
    form = CoatForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        done = attempt(
            form,
            lambda: actions.set_coat_of_arms(
                actor=actor, municipality=shown, picture=_drawn(form.cleaned_data["picture"]), at=now()
            ),
        )
        if done is not None:
            return go_to(request, reverse("organisation:municipality"), "Герб заменён.")
    return form_page(
        request, form, title="Герб округа", submit="Загрузить", cancel_url=reverse("organisation:municipality"),
        crumbs=[("Округ", reverse("organisation:municipality"))],
    )  # fmt: skip


def _drawn(file: Any) -> bytes:
    file.seek(0)
    with Image.open(file) as picture:
        picture.thumbnail((COAT_PIXELS, COAT_PIXELS))
        stream = io.BytesIO()
        picture.convert("RGBA").save(stream, "PNG")
    return stream.getvalue()


@EDIT_REGISTER
@require_http_methods(["GET", "POST"])
def add_direction(request: HttpRequest) -> HttpResponse:
    """Add a direction of activity."""
    actor, shown = actor_of(request), town_of(request)
    form = DirectionForm(request.POST or None)
    back = reverse(
        "organisation:municipality"
        if actor.may("organisation.edit_municipality")
        else "organisation:organisations"
    )
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.add_direction(
                actor=actor, municipality=shown, name=form.cleaned_data["name"], at=now()
            ),
        )
        if made is not None:
            return go_to(request, back, f"Направление «{made}» добавлено.")
    return form_page(
        request, form, title="Новое направление", submit="Добавить", cancel_url=back,
        crumbs=[("Организации", reverse("organisation:organisations"))],
    )  # fmt: skip


@EDIT_REGISTER
@require_http_methods(["GET", "POST"])
def change_direction(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a direction or stop offering it."""
    actor = actor_of(request)
    shown = fetch(Direction.objects.filter(municipality_id=actor.municipality_id or 0), pk)
    initial = {"name": shown.name, "is_active": shown.is_active}
    form = ChangeDirectionForm(request.POST or None, version=shown.version, initial=initial)
    back = reverse("organisation:organisations")
    if actor.may("organisation.edit_municipality"):
        back = reverse("organisation:municipality")
    if form.is_valid():
        sent = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.change_direction(
                actor=actor, direction=shown, version=sent["version"], name=sent["name"],
                is_active=sent["is_active"], at=now(),
            ),
        )  # fmt: skip
        if done is not None:
            return go_to(request, back, "Изменения сохранены.")
    return form_page(
        request, form, title=f"Направление: {shown}", submit="Сохранить", cancel_url=back,
        crumbs=[("Организации", reverse("organisation:organisations"))],
    )  # fmt: skip


@signed_in
@require_GET
def coat(request: HttpRequest) -> FileResponse:
    """Give the coat of arms of one's own municipality.

    :raises Http404: when there is none.
    """
    shown = actor_of(request).municipality
    if shown is None or not shown.coat_of_arms:
        raise Http404
    try:
        response = FileResponse(shown.coat_of_arms.open("rb"), content_type="image/png")
    except FileNotFoundError:
        raise Http404 from None
    # The address carries the version, so a browser may keep the picture.
    response["Cache-Control"] = "private, max-age=604800"
    return response


@guard(can("organisation.read_region"), "Перечень округов региона")
@require_GET
def region(request: HttpRequest) -> HttpResponse:
    """Show the municipalities of the region in numbers; no names of people, no cards."""
    from gemba.organisation.queries.regional import municipalities_in_numbers

    actor = actor_of(request)
    rows = municipalities_in_numbers(region_id=actor.region_id or 0, day=actor.today)
    return page(request, "organisation/region.html", {"rows": rows})
